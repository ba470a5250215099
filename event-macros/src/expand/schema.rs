//! The JSON Schema, made from the fields as data.

use proc_macro2::TokenStream;
use quote::quote;

use syn::Ident;

use super::tokens::{glue, option, private};
use super::{example, object};
use crate::check::container::Container;
use crate::check::field::Field;
use crate::check::ownership::Ownership;
use crate::check::payload::Payload;
use crate::parse::option::path_text;

// Output: `impl JsonSchema for WorkflowCreated { .. object_schema(generator, FIELDS, "A workflow was created.", false) .. }`
pub(super) fn expand(payload: &Payload) -> TokenStream {
    let private = private(&payload.runtime);
    let (description, deprecated) = (&payload.documentation, payload.container.ownership.is_deprecated());
    let example = example::schema(payload);
    let code = match payload.transparent() {
        Some(value) => {
            let shown = quote!(<Self as #private::Newtype>::TYPE.shown());
            let value = object::field(&private, value, &shown);
            quote!(#private::value_schema(generator, &#value, #description, #deprecated, #example))
        }
        None => quote! {
            #private::object_schema::<Self>(generator, #description, #deprecated, #example)
        },
    };
    let code = ownership(&private, &payload.container.ownership, code);
    let code = refine(&private, &payload.container, code);
    // What is written in a word or two needs no definition of its own.
    let is_inline = payload.transparent().is_some_and(Field::is_leaf);
    implement(&payload.runtime, &payload.ident, &code, is_inline)
}

/// `JsonSchema` by this code.
pub(super) fn implement(
    runtime: &TokenStream,
    ident: &Ident,
    code: &TokenStream,
    is_inline: bool,
) -> TokenStream {
    let (private, name) = (private(runtime), ident.to_string());
    let inline = is_inline.then(|| {
        quote!(
            fn inline_schema() -> bool {
                true
            }
        )
    });
    glue(&quote! {
        impl #private::JsonSchema for #ident {
            #inline

            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(#name)
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::concat!(::core::module_path!(), "::", #name))
            }

            fn json_schema(generator: &mut #private::SchemaGenerator) -> #private::Schema {
                #code
            }
        }
    })
}

// Output: `with_refine(object_schema(..), &["ends_after_begin"])`
fn refine(private: &TokenStream, container: &Container, schema: TokenStream) -> TokenStream {
    if container.refine.is_empty() {
        return schema;
    }
    let paths = container.refine.iter().map(path_text);
    quote!(#private::with_refine(#schema, &[#(#paths),*]))
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
