//! Reading and writing a payload: what the runtime does with its fields, and serde's traits through its JSON text.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::tokens::{glue, private};
use crate::check::field::Field;
use crate::check::payload::Payload;

// Output: `impl Json for WorkflowCreated`, `impl Serialize for WorkflowCreated`, `impl Deserialize for WorkflowCreated`
pub(super) fn expand(payload: &Payload) -> TokenStream {
    let (private, ident) = (private(&payload.runtime), &payload.ident);
    let Some(Field { ty, .. }) = payload.transparent() else {
        let json = glue(&quote! {
            impl #private::Json for #ident {
                type Shown = Self;
                type Way = #private::ByFields;
            }
        });
        let serde = serde(&private, ident);
        return quote!(#json #serde);
    };
    let json = Json {
        consts: quote! {
            const KIND: #private::JsonKind = <Self as #private::Newtype>::TYPE.shown().kind();
            const MEMBERS: ::core::option::Option<&'static [#private::Field]> = #private::Probe::<#ty>::MEMBERS;
        },
        read: quote!(#private::read_newtype(reader, path)),
        write: quote!(#private::write_newtype(self, writer);),
        // Where the value may be missing, the struct may.
        more: quote! {
            fn missing() -> ::core::option::Option<Self> {
                #private::missing_newtype()
            }
        },
    };
    implement(&payload.runtime, ident, &json)
}

/// How a type is read and written.
pub(super) struct Json {
    pub(super) consts: TokenStream,
    pub(super) read: TokenStream,
    pub(super) write: TokenStream,
    pub(super) more: TokenStream,
}

/// `Json` by this code, and serde's traits through it.
pub(super) fn implement(runtime: &TokenStream, ident: &Ident, json: &Json) -> TokenStream {
    let (private, Json { consts, read, write, more }) = (private(runtime), json);
    let json = glue(&quote! {
        impl #private::Json for #ident {
            type Shown = Self;
            type Way = #private::Own;
            #consts

            fn read(reader: &mut #private::Reader<'_>, path: &#runtime::validate::Path<'_>) -> ::core::option::Option<Self> {
                #read
            }

            fn write(&self, writer: &mut #private::Writer) {
                #write
            }

            #more
        }
    });
    let serde = serde(&private, ident);
    quote!(#json #serde)
}

/// serde's traits.
fn serde(private: &TokenStream, ident: &Ident) -> TokenStream {
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
    quote!(#serialize #deserialize)
}
