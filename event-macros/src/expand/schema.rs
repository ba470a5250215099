//! The rules as data, and the JSON Schema made of them.

use proc_macro2::TokenStream;
use quote::quote;

use super::payload::{Payload, glue, local};
use super::serde::each;
use crate::attr::Numeral;
use crate::check::field::Field;
use crate::check::rule::{Limit, RuleKind};

/// A constant for each field, `FIELD_0`, and `FIELDS` with all of them.
pub(crate) fn constants(payload: &Payload<'_>) -> TokenStream {
    let private = payload.private();
    let fields = each(payload, |field, index| {
        let (constant, Field { name, documentation, .. }) = (local("FIELD_", index), field);
        let rules = field.rules.iter().filter_map(|one| rule(&private, &one.kind));
        quote!(const #constant: #private::Field = #private::Field::new(#name, #documentation, &[#(#rules),*]);)
    });
    quote!(#(#fields)*)
}

/// The list of the constants.
pub(crate) fn field_list(payload: &Payload<'_>) -> TokenStream {
    let fields = each(payload, |_, index| {
        let constant = local("FIELD_", index);
        quote!(#constant)
    });
    quote!(&[#(#fields),*])
}

// Output: `impl JsonSchema for WorkflowCreated { .. schema.field::<Uuid>(&FIELD_0, false); .. }`
pub(crate) fn expand(payload: &Payload<'_>) -> TokenStream {
    let (private, ident, name) = (payload.private(), &payload.ident, payload.ident.to_string());
    let description = &payload.description;
    let fields = each(payload, |Field { ty, default, .. }, index| {
        let (constant, has_default) = (local("FIELD_", index), default.is_some());
        quote!(schema.field::<#ty>(&#constant, #has_default);)
    });
    let schema = if payload.fields.is_empty() { quote!(let schema) } else { quote!(let mut schema) };
    glue(&quote! {
        impl #private::JsonSchema for #ident {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(#name)
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::concat!(::core::module_path!(), "::", #name))
            }

            fn json_schema(generator: &mut #private::SchemaGenerator) -> #private::Schema {
                #schema = #private::ObjectSchema::new(generator);
                #(#fields)*
                schema.finish(#description)
            }
        }
    })
}

fn rule(private: &TokenStream, rule: &RuleKind) -> Option<TokenStream> {
    Some(match rule {
        RuleKind::Length { min, max } => {
            let (min, max) = (option(min.map(|min| quote!(#min))), option(max.map(|max| quote!(#max))));
            quote!(#private::Rule::Length { min: #min, max: #max })
        }
        RuleKind::Range { min, max } => {
            let bound = |limit: &Option<Limit>| option(limit.as_ref().map(|limit| bound(private, limit)));
            let (min, max) = (bound(min), bound(max));
            quote!(#private::Rule::Range { min: #min, max: #max })
        }
        RuleKind::Email => quote!(#private::Rule::Email),
        RuleKind::Url => quote!(#private::Rule::Url),
        RuleKind::Uuid => quote!(#private::Rule::Uuid),
        RuleKind::Pattern(pattern) => quote!(#private::Rule::Pattern(#pattern)),
        RuleKind::Nested => return None,
    })
}

fn bound(private: &TokenStream, limit: &Limit) -> TokenStream {
    match limit.number {
        Numeral::Integer(number) => quote!(#private::Bound::Integer(#number)),
        Numeral::Float(number) => quote!(#private::Bound::Float(#number)),
    }
}

fn option(tokens: Option<TokenStream>) -> TokenStream {
    match tokens {
        Some(tokens) => quote!(::core::option::Option::Some(#tokens)),
        None => quote!(::core::option::Option::None),
    }
}
