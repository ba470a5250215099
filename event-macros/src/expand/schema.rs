//! The JSON Schema, made from the fields as data.

use proc_macro2::TokenStream;
use quote::quote;

use super::example;
use super::tokens::{glue, option, private};
use crate::check::ownership::Ownership;
use crate::check::payload::Payload;

// Output: `impl JsonSchema for WorkflowCreated { .. object_schema(generator, FIELDS, "A workflow was created.", false) .. }`
pub(super) fn expand(payload: &Payload) -> TokenStream {
    let (private, ident, name) = (private(&payload.runtime), &payload.ident, payload.ident.to_string());
    let (description, deprecated) = (&payload.documentation, payload.container.ownership.is_deprecated());
    let example = example::schema(payload);
    let schema = quote!(#private::object_schema(generator, <Self as #private::Object>::FIELDS, #description, #deprecated, #example));
    let schema = ownership(&private, &payload.container.ownership, schema);
    glue(&quote! {
        impl #private::JsonSchema for #ident {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(#name)
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::concat!(::core::module_path!(), "::", #name))
            }

            fn json_schema(generator: &mut #private::SchemaGenerator) -> #private::Schema {
                #schema
            }
        }
    })
}

// Output: `with_ownership(object_schema(..), Some("payments"), None, None)`
fn ownership(private: &TokenStream, ownership: &Ownership, schema: TokenStream) -> TokenStream {
    match ownership.details() {
        [None, None, None] => schema,
        details => {
            let details = details.map(option);
            quote!(#private::with_ownership(#schema, #(#details),*))
        }
    }
}
