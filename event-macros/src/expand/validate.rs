//! `Validate`: straight-line code, one function for each field that has rules.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::payload::{Payload, glue, local, respan};
use super::serde::each;
use crate::check::field::Field;
use crate::check::rule::{Limit, Rule, RuleKind};

// Input:  `#[validate(length(min = 1))] name: String`
// Output: `fn check_0(value: &String, ..) { .. }  impl Validate for WorkflowCreated { .. check_0(&self.name, ..) .. }`
pub(crate) fn expand(payload: &Payload<'_>) -> TokenStream {
    let (runtime, private, ident) = (&payload.runtime, payload.private(), &payload.ident);
    let checks =
        each(
            payload,
            |field, index| {
                if field.has_own_rules() { check(payload, field, index) } else { TokenStream::new() }
            },
        );
    let calls = each(payload, |field, index| call(payload, field, index));
    let enters = payload.fields.iter().any(Field::may_be_nested);
    let uses = enters.then(|| quote!(use #private::{ViaNothing as _, ViaValidate as _};));
    let (path, issues) = if payload
        .fields
        .iter()
        .any(|field| field.has_own_rules() || field.may_be_nested() || field.requires_rules())
    {
        (quote!(path), quote!(issues))
    } else {
        (quote!(_), quote!(_))
    };
    let implementation = glue(&quote! {
        impl #runtime::Validate for #ident {
            fn validate_into(&self, #path: &#runtime::validate::Path<'_>, #issues: &mut #runtime::Issues) {
                #uses
                #(#calls)*
            }
        }
    });
    quote!(#(#checks)* #implementation)
}

/// The function with a field's own rules.
fn check(payload: &Payload<'_>, field: &Field, index: usize) -> TokenStream {
    let (runtime, private, ty, check) =
        (&payload.runtime, payload.private(), &field.ty, local("check_", index));
    let rules = field.rules.iter().map(|rule| call_rule(&private, rule));
    quote_spanned! {Span::mixed_site()=>
        #[inline]
        fn #check(value: &#ty, path: &#runtime::validate::Path<'_>, issues: &mut #runtime::Issues) {
            #(#rules)*
        }
    }
}

/// The call of a rule, at the place of its key: there the compiler says that the rule does not fit the type.
fn call_rule(private: &TokenStream, rule: &Rule) -> TokenStream {
    let span = Span::mixed_site().located_at(rule.span);
    let private = respan(private.clone(), span);
    match &rule.kind {
        RuleKind::Length { min, max } => {
            let (min, max) = (min.unwrap_or(0), max.map_or_else(|| quote!(usize::MAX), |max| quote!(#max)));
            quote_spanned!(span=> #private::rules::length(value, #min, #max, path, issues);)
        }
        RuleKind::Range { min, max } => {
            let (min, max) = (limit(min.as_ref(), span), limit(max.as_ref(), span));
            quote_spanned!(span=> #private::rules::range(value, #min, #max, path, issues);)
        }
        RuleKind::Email => quote_spanned!(span=> #private::rules::email(value, path, issues);),
        RuleKind::Url => quote_spanned!(span=> #private::rules::url(value, path, issues);),
        RuleKind::Uuid => quote_spanned!(span=> #private::rules::uuid(value, path, issues);),
        RuleKind::Pattern(pattern) => quote_spanned! {span=> {
            static REGEX: ::std::sync::LazyLock<#private::Regex> =
                ::std::sync::LazyLock::new(|| #private::rules::regex(#pattern));
            #private::rules::pattern(value, &REGEX, path, issues);
        }},
        RuleKind::Nested => TokenStream::new(),
    }
}

/// A bound, as the user wrote it: there the compiler says that it is out of the type's range.
fn limit(limit: Option<&Limit>, span: Span) -> TokenStream {
    match limit {
        Some(Limit { tokens, .. }) => quote_spanned!(span=> ::core::option::Option::Some(#tokens)),
        None => quote_spanned!(span=> ::core::option::Option::None),
    }
}

/// What is done for a field: its own rules, then those inside its value.
fn call(payload: &Payload<'_>, field: &Field, index: usize) -> TokenStream {
    let (runtime, private, Field { ident, name, .. }) = (&payload.runtime, payload.private(), field);
    let check = local("check_", index);
    let own = field.has_own_rules().then(|| quote!(#check(&self.#ident, &path.field(#name), issues);));
    let inside = if field.requires_rules() {
        let span =
            field.rules.iter().find(|rule| matches!(rule.kind, RuleKind::Nested)).map(|rule| rule.span);
        let span = Span::mixed_site().located_at(span.unwrap_or_else(Span::mixed_site));
        let value = quote!(&self.#ident);
        let arguments = quote!(&path.field(#name), issues);
        quote_spanned!(span=> #runtime::Validate::validate_into(#value, #arguments);)
    } else if field.may_be_nested() {
        quote!((&#private::Enter(&self.#ident)).enter(&path.field(#name), issues);)
    } else {
        TokenStream::new()
    };
    quote!({ #own #inside })
}
