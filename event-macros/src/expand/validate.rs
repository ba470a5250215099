//! `Validate`: straight-line code, one function for each field that has rules.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, LitStr};

use super::enter;
use super::tokens::{each, glue, local, member, private, respan};
use crate::check::container::Container;
use crate::check::field::Field;
use crate::check::number::Limit;
use crate::check::pattern::Take;
use crate::check::payload::{Form, Payload};
use crate::check::rule::{Rule, RuleKind};

// Output: the implementation for a struct that stays as it is
pub(crate) fn expand_derive(payload: &Payload) -> TokenStream {
    let implementation = expand(payload);
    quote!(const _: () = { #implementation };)
}

// Input:  `#[validate(length(min = 1))] name: String`
// Output: `fn check_0(value: &String, ..) { .. }  impl Validate for WorkflowCreated { .. check_0(&self.name, ..) .. }`
pub(super) fn expand(payload: &Payload) -> TokenStream {
    let (uses, functions) = (uses(&payload.runtime, &payload.fields), functions(payload));
    let calls = each(payload, |field, index| {
        let member = member(payload, field);
        call(payload, field, index, &quote!(&self.#member))
    });
    let is_used = payload.fields.iter().any(is_checked);
    let implementation = implement(&payload.runtime, &payload.ident, &payload.container, &quote!(#(#calls)*), is_used);
    quote!(#uses #functions #implementation)
}

/// The functions that the fields are checked with, one after the other.
pub(super) fn functions(payload: &Payload) -> TokenStream {
    let checks = each(payload, |field, index| {
        let check = field.has_own_rules().then(|| check(payload, field, index));
        check.into_iter().collect()
    });
    let enters = each(payload, |field, index| enter::function(payload, field, index));
    quote!(#(#checks)* #(#enters)*)
}

/// The imports that the functions need.
pub(super) fn uses<'f>(runtime: &TokenStream, fields: impl IntoIterator<Item = &'f Field>) -> Option<TokenStream> {
    fields.into_iter().any(may_enter).then(|| enter::uses(&private(runtime)))
}

/// `Validate` by these calls, and by the functions that look at the whole value.
pub(super) fn implement(
    runtime: &TokenStream,
    ident: &Ident,
    container: &Container,
    calls: &TokenStream,
    is_used: bool,
) -> TokenStream {
    let before = (!container.refine.is_empty()).then(|| quote!(let before = issues.len();));
    let refine = refine(runtime, container, &quote!(self));
    let (path, issues) = if before.is_some() || is_used {
        (quote!(path), quote!(issues))
    } else {
        (quote!(_), quote!(_))
    };
    glue(&quote! {
        impl #runtime::Validate for #ident {
            fn validate_into(&self, #path: &#runtime::validate::Path<'_>, #issues: &mut #runtime::Issues) {
                #before
                #calls
                #refine
            }
        }
    })
}

/// Returns `true` if there is something to check of a field.
pub(super) fn is_checked(field: &Field) -> bool {
    field.has_own_rules() || may_enter(field)
}

fn may_enter(field: &Field) -> bool {
    !field.shape().is_primitive()
}

/// The function with a field's own rules.
fn check(payload: &Payload, field: &Field, index: usize) -> TokenStream {
    let (runtime, private, ty, check) =
        (&payload.runtime, private(&payload.runtime), &field.ty, local("check_", index));
    let rules = field.rules.iter().map(|rule| call_rule(&private, rule));
    quote_spanned! {Span::mixed_site()=>
        #[inline]
        fn #check(value: &#ty, at: #private::rules::At<'_>, issues: &mut #runtime::Issues) {
            #(#rules)*
        }
    }
}

/// The call of a rule, at the place of its key: there the compiler says that the rule does not fit the type.
fn call_rule(private: &TokenStream, rule: &Rule) -> TokenStream {
    let span = Span::mixed_site().located_at(rule.span);
    let rules = respan(quote!(#private::rules), span);
    let call = |function: &str, arguments: TokenStream| {
        let function = Ident::new(function, span);
        quote_spanned!(span=> #rules::#function(value, #arguments at, issues);)
    };
    match &rule.kind {
        RuleKind::Length { min, max } => {
            let (min, max) = (min.unwrap_or(0), max.map_or_else(|| quote!(usize::MAX), |max| quote!(#max)));
            call("length", quote_spanned!(span=> #min, #max,))
        }
        RuleKind::Range { min, max } => {
            let (min, max) = (limit(min.as_ref(), span), limit(max.as_ref(), span));
            call("range", quote_spanned!(span=> #min, #max,))
        }
        RuleKind::MultipleOf(number) => call("multiple_of", quote_spanned!(span=> #number,)),
        RuleKind::OneOfTexts(texts) => call("one_of_texts", quote_spanned!(span=> &[#(#texts),*],)),
        RuleKind::OneOfNumbers(numbers) => {
            let numbers = numbers.iter().map(|number| &number.tokens);
            call("one_of_numbers", quote_spanned!(span=> &[#(#numbers),*],))
        }
        RuleKind::Format(format) => call(format.name(), TokenStream::new()),
        RuleKind::Pattern(pattern) => match &pattern.scan {
            Some(takes) => {
                let (literal, takes) = (&pattern.literal, takes.iter().map(take));
                call("scanned", quote_spanned!(span=> |text| text #(#takes)* .end(), #literal,))
            }
            None => matched(private, &pattern.literal, span),
        },
        RuleKind::Part(part, text) => call(part.name(), quote_spanned!(span=> #text,)),
        RuleKind::Unique => call("unique", TokenStream::new()),
        RuleKind::Inner(rules) => {
            let (inner, private) =
                (rules.iter().map(|rule| call_rule(private, rule)), respan(private.clone(), span));
            quote_spanned!(span=> #private::rules::inner(value, at, issues, |value, at, issues| { #(#inner)* });)
        }
        RuleKind::Custom(path) => call("custom", quote_spanned!(span=> #path,)),
        RuleKind::Nested => TokenStream::new(),
    }
}

/// One class of a scanner.
fn take(take: &Take) -> TokenStream {
    let min = literal(take.min);
    let max = take.max.map_or_else(|| quote!(usize::MAX), literal);
    let ranges = take.class.iter().map(|range| {
        let (start, end) = (range.start(), range.end());
        quote!(#start..=#end)
    });
    quote!(.take(#min, #max, |byte| ::core::matches!(byte, #(#ranges)|*)))
}

fn literal(number: u32) -> TokenStream {
    Literal::usize_suffixed(usize::try_from(number).unwrap_or(usize::MAX)).into_token_stream()
}

/// A pattern that is not a scan: compiled when it is first needed.
fn matched(private: &TokenStream, pattern: &LitStr, span: Span) -> TokenStream {
    quote_spanned! {span=> {
        static REGEX: ::std::sync::LazyLock<#private::Regex> =
            ::std::sync::LazyLock::new(|| #private::rules::regex(#pattern));
        #private::rules::pattern(value, &REGEX, #pattern, at, issues);
    }}
}

/// A bound, as the user wrote it: there the compiler says that it is out of the type's range.
fn limit(limit: Option<&Limit>, span: Span) -> TokenStream {
    match limit {
        Some(Limit { tokens, .. }) => quote_spanned!(span=> ::core::option::Option::Some(#tokens)),
        None => quote_spanned!(span=> ::core::option::Option::None),
    }
}

/// The calls for a field, whose value is `value`: its own rules, then those inside. What is found of a value that is shown
/// nowhere says nothing about it.
pub(super) fn call(payload: &Payload, field: &Field, index: usize, value: &TokenStream) -> TokenStream {
    let (private, name) = (private(&payload.runtime), &field.name);
    let (at, path) = if field.flatten.is_some() || payload.form == Form::Transparent {
        (quote!(value(path)), quote!(path))
    } else {
        (quote!(field(path, #name)), quote!(&path.field(#name)))
    };
    let check = local("check_", index);
    let own = field
        .has_own_rules()
        .then(|| quote!(#check(#value, #private::rules::At::#at, issues);));
    let inside = enter::inside(payload, field, index)
        .map(|inside| quote!(#private::enter(#inside, #value, #path, issues);));
    match (own.is_none() && inside.is_none(), field.sensitive) {
        (true, _) => TokenStream::new(),
        (false, false) => quote!({ #own #inside }),
        (false, true) => quote!({ let found = issues.len(); #own #inside #private::redact(#path, found, issues); }),
    }
}

/// The functions that look at all fields, when nothing is wrong with any of them.
pub(super) fn refine(runtime: &TokenStream, container: &Container, value: &TokenStream) -> TokenStream {
    let private = private(runtime);
    let calls = container.refine.iter().map(|path| {
        // The names of `validate_into` and `decode`, at the place of the user's path.
        let span = Span::call_site().located_at(path.span());
        let refine = respan(quote!(#private::rules::refine), span);
        quote_spanned!(span=> #refine(#value, #path, before, path, issues);)
    });
    quote!(#(#calls)*)
}
