//! `js_safe`: no integers beyond 2^53, which JavaScript does not read exactly.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{GenericArgument, Ident, PathArguments, Type};

use super::docs::type_text;
use super::rules;
use super::tokens::{each, glue, private, respan};
use crate::check::bounds::Edge;
use crate::check::choice::Choice;
use crate::check::container::Container;
use crate::check::field::Field;
use crate::check::number::{Limit, Numeral};
use crate::check::payload::Payload;
use crate::check::rule::{Rule, RuleKind};

/// The greatest integer up to which JavaScript has all of them.
const GREATEST: i128 = (1 << 53) - 1;

// Input:  `#[domain_events(js_safe)]`, `total: u64`
// Output: `const _: () = assert_exact(Reach::of(&[Probe::<u64>::REACH]).kept(false, false), "`u64` holds ..");`, at the type
pub(super) fn asserts(payload: &Payload) -> TokenStream {
    let private = private(&payload.runtime);
    let asserts = each(payload, |field, _| {
        let Some(reach) = reach(&private, &payload.ident, field) else { return TokenStream::new() };
        let message = message(&field.ty);
        respan(quote!(const _: () = #private::assert_exact(#reach, #message);), field.ty.span())
    });
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use #private::Exact as _;
            #(#asserts)*
        };
    }
}

// Output: `impl Integers for OrderLine { const REACH: Reach = Reach::of(&[..]); }`, where there may be any
pub(super) fn implement(payload: &Payload) -> TokenStream {
    implement_for(&payload.runtime, &payload.ident, &payload.container, &[payload])
}

/// The same for an enum.
pub(super) fn implement_choice(choice: &Choice) -> TokenStream {
    let held: Vec<&Payload> = choice.variants.iter().map(|variant| &variant.payload).collect();
    implement_for(&choice.runtime, &choice.ident, &choice.container, &held)
}

fn implement_for(
    runtime: &TokenStream,
    ident: &Ident,
    container: &Container,
    held: &[&Payload],
) -> TokenStream {
    let (private, cfgs) = (private(runtime), &container.cfgs);
    let of_one = |payload: &&Payload| {
        each(payload, |field, _| {
            let reach = reach(&private, ident, field);
            reach.map(|reach| quote!(#reach,)).unwrap_or_default()
        })
    };
    let reaches: Vec<TokenStream> = held.iter().flat_map(of_one).collect();
    if reaches.iter().all(TokenStream::is_empty) {
        return TokenStream::new();
    }
    let implementation = glue(&quote! {
        impl #private::Integers for #ident {
            const REACH: #private::Reach = #private::Reach::of(&[#(#reaches)*]);
        }
    });
    quote! {
        #(#cfgs)*
        const _: () = {
            #[allow(unused_imports)]
            use #private::Exact as _;
            #implementation
        };
    }
}

/// How far the integers of a field go. `None` if its types are known to have none that go too far.
fn reach(private: &TokenStream, payload: &Ident, field: &Field) -> Option<TokenStream> {
    // A type that holds itself goes as far as its other fields.
    let is_itself = |ty: &Type| matches!(ty, Type::Path(path) if path.path.is_ident(payload));
    let types: Vec<&Type> =
        leaves(&field.ty).into_iter().filter(|ty| !is_exact(ty) && !is_itself(ty)).collect();
    let (below, above) = kept(private, &field.rules);
    let reach = quote!(#private::Reach::of(&[#(#private::Probe::<#types>::REACH),*]).kept(#below, #above));
    (!types.is_empty()).then_some(reach)
}

/// The types that are written in a type, without those of keys, which are texts in JSON.
fn leaves(ty: &Type) -> Vec<&Type> {
    match ty {
        Type::Group(group) => leaves(&group.elem),
        Type::Paren(paren) => leaves(&paren.elem),
        Type::Array(array) => leaves(&array.elem),
        Type::Slice(slice) => leaves(&slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter().flat_map(leaves).collect(),
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return Vec::new() };
            let PathArguments::AngleBracketed(arguments) = &last.arguments else { return vec![ty] };
            let types = arguments.args.iter().filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            });
            let keys = usize::from(last.ident.to_string().ends_with("Map"));
            std::iter::once(ty).chain(types.skip(keys).flat_map(leaves)).collect()
        }
        _ => vec![ty],
    }
}

const EXACT: &[&str] =
    &["bool", "char", "u8", "u16", "u32", "i8", "i16", "i32", "f32", "f64", "String", "Uuid"];

const UNSIGNED: &[&str] = &["u64", "u128", "usize", "NonZeroU64", "NonZeroU128", "NonZeroUsize"];

const SIGNED: &[&str] = &["i64", "i128", "isize", "NonZeroI64", "NonZeroI128", "NonZeroIsize"];

/// A shortcut that saves the compiler some work.
fn is_exact(ty: &Type) -> bool {
    is_one_of(ty, EXACT)
}

fn is_one_of(ty: &Type, names: &[&str]) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| names.iter().any(|name| last.ident == name)))
}

/// Whether rules keep the integers from going too far below and above, as constant expressions.
fn kept(private: &TokenStream, rules: &[Rule]) -> (TokenStream, TokenStream) {
    let is_exact = |limit: &Limit| match limit.number {
        Numeral::Integer(number) => {
            let is_exact = (-GREATEST..=GREATEST).contains(&number);
            quote!(#is_exact)
        }
        Numeral::Unsigned(_) | Numeral::Float(_) => quote!(false),
        Numeral::Constant => {
            let bound = rules::bound(private, limit);
            quote!(#bound.is_exact())
        }
    };
    let edge =
        |edge: &Option<Edge>| edge.as_ref().map_or_else(|| quote!(false), |edge| is_exact(&edge.limit));
    let (mut below, mut above) = (quote!(false), quote!(false));
    for rule in rules {
        let (more_below, more_above) = match &rule.kind {
            RuleKind::Range { lower, upper } => (edge(lower), edge(upper)),
            RuleKind::OneOfNumbers(numbers) => {
                let each = numbers.iter().map(is_exact);
                let all = quote!((true #(&& #each)*));
                (all.clone(), all)
            }
            RuleKind::Inner(rules) => kept(private, rules),
            _ => continue,
        };
        (below, above) = (quote!(#below || #more_below), quote!(#above || #more_above));
    }
    (below, above)
}

fn message(ty: &Type) -> String {
    let (text, leaves) = (type_text(ty), leaves(ty));
    let is_list = leaves.iter().any(|leaf| {
        !is_one_of(leaf, UNSIGNED) && !is_one_of(leaf, SIGNED) && !is_one_of(leaf, &["Option", "Box"])
    });
    let range = if leaves.iter().any(|leaf| is_one_of(leaf, SIGNED)) {
        Some(format!("range(min = -{GREATEST}, max = {GREATEST})"))
    } else if leaves.iter().any(|leaf| is_one_of(leaf, UNSIGNED)) {
        Some(format!("range(max = {GREATEST})"))
    } else {
        None
    };
    let remedy = match range {
        Some(range) if is_list => format!("write `#[validate(inner({range}))]`, a smaller type, or a text"),
        Some(range) => format!("write `#[validate({range})]`, a smaller type, or a text"),
        None => "write `#[validate(range(..))]` where they stand, a smaller type, or a text".to_owned(),
    };
    format!("`{text}` has integers beyond 2^53, which JavaScript does not read exactly: {remedy}")
}
