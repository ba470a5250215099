//! The way to the rules inside the value of a field.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Index, Type};

use super::docs::type_text;
use super::tokens::{local, private, respan};
use crate::check::field::Field;
use crate::check::payload::Payload;
use crate::check::shape::{Argument, Shape};

/// The imports that bring the ways into scope.
pub(super) fn uses(private: &TokenStream) -> TokenStream {
    quote! {
        #[allow(unused_imports)]
        use #private::probes::*;
    }
}

// Input:  `lines: Vec<(u8, Line)>`
// Output: `fn enter_0(value: &Vec<(u8, Line)>, path: &Path<'_>, issues: &mut Issues) { .. }`
pub(super) fn function(payload: &Payload, field: &Field, index: usize) -> TokenStream {
    let (runtime, private, ty, shape) =
        (&payload.runtime, private(&payload.runtime), &field.ty, field.shape());
    let asserts = [assert_reached(&private, &shape), assert_rules(&private, field)];
    let asserts =
        asserts.iter().any(|assert| !assert.is_empty()).then(|| quote!(const _: () = { #(#asserts)* };));
    let function = is_function(&shape).then(|| {
        let (name, code) = (local("enter_", index), statements(&private, &shape));
        let cfgs = &field.cfgs;
        quote_spanned! {Span::mixed_site()=>
            #(#cfgs)*
            #[allow(clippy::ptr_arg)]
            fn #name(value: &#ty, path: &#runtime::validate::Path<'_>, issues: &mut #runtime::Issues) {
                #code
            }
        }
    });
    quote!(#asserts #function)
}

/// The way in, as data: `Some(enter_0)`. None where there is nothing to enter, whatever the types are.
pub(super) fn inside(payload: &Payload, field: &Field, index: usize) -> Option<TokenStream> {
    let private = private(&payload.runtime);
    match field.shape() {
        Shape::Primitive => None,
        Shape::Named(ty) => Some(quote!(#private::Probe::<#ty>::ENTER)),
        _ => {
            let name = local("enter_", index);
            Some(quote!(::core::option::Option::Some(#name)))
        }
    }
}

/// The way in where it is another than that of the field's type: of a type that serde alone knows, or none.
pub(super) fn beyond_type(payload: &Payload, field: &Field, index: usize) -> Option<TokenStream> {
    if field.skip {
        return Some(quote!(::core::option::Option::None));
    }
    if field.is_leaf() {
        let (private, ty) = (private(&payload.runtime), &field.ty);
        return (!field.shape().is_primitive()).then(|| quote!(#private::Probe::<#ty>::ENTER));
    }
    inside(payload, field, index)
}

const fn is_function(shape: &Shape<'_>) -> bool {
    matches!(shape, Shape::Tuple(_) | Shape::Generic(..))
}

/// Enters `value`, which stands at `path`.
fn statements(private: &TokenStream, shape: &Shape<'_>) -> TokenStream {
    match shape {
        Shape::Primitive => TokenStream::new(),
        Shape::Named(ty) => {
            quote_spanned!(Span::mixed_site()=> #private::enter(#private::Probe::<#ty>::ENTER, value, path, issues);)
        }
        Shape::Tuple(parts) => {
            let parts = parts.iter().enumerate().filter(|(_, part)| !part.is_primitive());
            let parts = parts.map(|(index, part)| {
                let (place, code) = (Index::from(index), statements(private, part));
                quote_spanned!(Span::mixed_site()=> { let value = &value.#place; let path = &path.index(#index); #code })
            });
            quote!(#(#parts)*)
        }
        Shape::Generic(_, arguments) => {
            let each = arguments.iter().map(|argument| argument_inside(private, argument));
            quote_spanned!(Span::mixed_site()=> (&&&#private::Enter(value, (#(#each,)*))).enter_rules(path, issues);)
        }
    }
}

fn argument_inside(private: &TokenStream, Argument { ty, shape }: &Argument<'_>) -> TokenStream {
    if is_function(shape) {
        let code = statements(private, shape);
        quote_spanned!(Span::mixed_site()=> #private::inside::<#ty>(|value, path, issues| { #code }))
    } else {
        quote_spanned!(Span::mixed_site()=> #private::Probe::<#ty>::ENTER)
    }
}

/// A generic type that hides values with rules is an error where it is written.
fn assert_reached(private: &TokenStream, shape: &Shape<'_>) -> TokenStream {
    let asserts = shape.generics().into_iter().map(|(ty, arguments)| {
        let (each, text) = (arguments.iter().map(|argument| argument.ty), type_text(ty));
        let have_rules = arguments.iter().flat_map(|argument| argument.shape.types());
        let have_rules = have_rules.map(|ty| has_rules(private, ty));
        let is_reached = has_rules(private, ty);
        let message = format!(
            "the rules inside `{text}` would not be checked: it is not a container of the standard library and does not implement `Validate`.\n\
             Implement `Validate` for it, or write `#[validate(skip)]` above the field if they are not to be checked"
        );
        let assert = quote! {
            const _: () = #private::assert_entered(
                #private::Reached::<#ty, (#(#private::Inside<#each>,)*)>::AS_CONTAINER || #is_reached,
                &[#(#have_rules),*],
                #message,
            );
        };
        respan(assert, ty.span())
    });
    asserts.collect()
}

/// `nested` above a value without rules is an error where it is written.
fn assert_rules(private: &TokenStream, field: &Field) -> TokenStream {
    let Some(span) = field.nested() else { return TokenStream::new() };
    let text = type_text(&field.ty);
    let have_rules = Shape::of(&field.ty).types().into_iter().map(|ty| has_rules(private, ty));
    let message = format!(
        "`{text}` has no validation rules: put `#[payload]` or `#[derive(Validate)]` on the type, or remove `nested`"
    );
    let assert = quote! {
        const _: () = #private::assert_rules(&[#(#have_rules),*], #message);
    };
    respan(assert, span)
}

fn has_rules(private: &TokenStream, ty: &Type) -> TokenStream {
    let ty = ty.to_token_stream();
    quote!(#private::Probe::<#ty>::HAS_RULES)
}
