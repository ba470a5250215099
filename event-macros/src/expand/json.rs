//! Reading and writing a payload: what the runtime does with its fields, and serde's traits through its JSON text.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{glue, private};
use crate::check::payload::Payload;

// Output: `impl Json for WorkflowCreated`, `impl Serialize for WorkflowCreated`, `impl Deserialize for WorkflowCreated`
pub(super) fn expand(payload: &Payload) -> TokenStream {
    let (runtime, private, ident) = (&payload.runtime, private(&payload.runtime), &payload.ident);
    let json = glue(&quote! {
        impl #private::Json for #ident {
            type Shown = Self;

            fn read(reader: &mut #private::Reader<'_>, path: &#runtime::validate::Path<'_>) -> ::core::option::Option<Self> {
                #private::read_object(reader, path)
            }

            fn write(&self, writer: &mut #private::Writer) {
                #private::write_object(self, writer);
            }
        }
    });
    let serialize = glue(&quote! {
        impl #private::Serialize for #ident {
            fn serialize<S: #private::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                #private::serialize(self, serializer)
            }
        }
    });
    let deserialize = glue(&quote! {
        impl<'de> #private::Deserialize<'de> for #ident {
            fn deserialize<D: #private::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                #private::deserialize(deserializer)
            }
        }
    });
    quote!(#json #serialize #deserialize)
}
