//! The rules as data, and the JSON Schema made of them.

use proc_macro2::TokenStream;
use quote::quote;

use super::decode::typed;
use super::example;
use super::payload::{Payload, glue};
use super::serde::each;
use crate::attr::{Numeral, path_text};
use crate::check::field::Field;
use crate::check::rule::{Format, Limit, Part, RuleKind};

/// The fields and their rules as data.
pub(crate) fn fields(payload: &Payload<'_>) -> Vec<TokenStream> {
    let private = payload.private();
    each(payload, |field, index| {
        let Field { name, documentation, rules, ty, .. } = field;
        let rules = rules.iter().filter_map(|one| rule(&private, &one.kind));
        let code = typed(payload, field, index);
        let deprecated = field.deprecated.then(|| quote!(.deprecated()));
        let kind = field.may_be_no_number().then(|| quote!(.of_kind(#private::Probe::<#ty>::KIND)));
        quote!(#private::Field::new(#name, #documentation, &[#(#rules),*], #code)#kind #deprecated)
    })
}

// Output: `impl JsonSchema for WorkflowCreated { .. object_schema(generator, FIELDS, "A workflow was created.", false) .. }`
pub(crate) fn expand(payload: &Payload<'_>) -> TokenStream {
    let (private, ident, name) = (payload.private(), &payload.ident, payload.ident.to_string());
    let (description, deprecated) = (&payload.description, payload.deprecated);
    let example = example::schema(payload);
    glue(&quote! {
        impl #private::JsonSchema for #ident {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(#name)
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::concat!(::core::module_path!(), "::", #name))
            }

            fn json_schema(generator: &mut #private::SchemaGenerator) -> #private::Schema {
                #private::object_schema(generator, <Self as #private::Diagnose>::FIELDS, #description, #deprecated, #example)
            }
        }
    })
}

fn rule(private: &TokenStream, rule: &RuleKind) -> Option<TokenStream> {
    let bounds = |min: &Option<Limit>, max: &Option<Limit>| {
        let bound = |limit: &Option<Limit>| option(limit.as_ref().map(|limit| bound(private, limit)));
        (bound(min), bound(max))
    };
    let kind = match rule {
        RuleKind::Length { min, max } => {
            let (min, max) = (option(min.map(|min| quote!(#min))), option(max.map(|max| quote!(#max))));
            quote!(Length { min: #min, max: #max })
        }
        RuleKind::Range { min, max } => {
            let (min, max) = bounds(min, max);
            quote!(Range { min: #min, max: #max })
        }
        RuleKind::MultipleOf(number) => quote!(MultipleOf(#number)),
        RuleKind::OneOfTexts(texts) => quote!(OneOf(&[#(#private::Choice::Text(#texts)),*])),
        RuleKind::OneOfNumbers(numbers) => {
            let numbers = numbers.iter().map(|number| bound(private, number));
            quote!(OneOf(&[#(#private::Choice::Number(#numbers)),*]))
        }
        RuleKind::Format(format) => format_rule(private, *format),
        RuleKind::Pattern(pattern) => {
            let literal = &pattern.literal;
            quote!(Pattern(#literal))
        }
        RuleKind::Part(Part::Start, text) => quote!(StartsWith(#text)),
        RuleKind::Part(Part::End, text) => quote!(EndsWith(#text)),
        RuleKind::Part(Part::Anywhere, text) => quote!(Contains(#text)),
        RuleKind::Unique => quote!(Unique),
        RuleKind::Inner(rules) => {
            let rules = rules.iter().filter_map(|one| self::rule(private, &one.kind));
            quote!(Inner(&[#(#rules),*]))
        }
        RuleKind::Custom(path) => {
            let path = path_text(path);
            quote!(Custom(#path))
        }
        RuleKind::Nested => return None,
    };
    Some(quote!(#private::Rule::#kind))
}

fn format_rule(private: &TokenStream, format: Format) -> TokenStream {
    match format {
        Format::Email => quote!(Email),
        Format::Url => quote!(Url),
        Format::Uuid => quote!(Uuid),
        Format::Ip => quote!(Ip(#private::IpVersion::Any)),
        Format::Ipv4 => quote!(Ip(#private::IpVersion::V4)),
        Format::Ipv6 => quote!(Ip(#private::IpVersion::V6)),
        Format::DateTime => quote!(DateTime),
    }
}

fn bound(private: &TokenStream, limit: &Limit) -> TokenStream {
    match limit.number {
        Numeral::Integer(number) => quote!(#private::Bound::Integer(#number)),
        Numeral::Float(number) => quote!(#private::Bound::Float(#number)),
    }
}

/// An `Option` in the expansion.
pub(crate) fn option(tokens: Option<TokenStream>) -> TokenStream {
    match tokens {
        Some(tokens) => quote!(::core::option::Option::Some(#tokens)),
        None => quote!(::core::option::Option::None),
    }
}
