//! The key of an event.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::tokens::{glue, private, respan};
use crate::check::event::Event;
use crate::check::field::Field;

// Input:  `#[event(key)] tenant: String, #[event(key)] id: Uuid`
// Output: `.keyed::<Self>(&["tenant", "id"])` for the descriptor, and
//         `impl Keyed for OrderPlaced { type Parts<'a> = (&'a String, &'a Uuid); .. (&self.tenant, &self.id) .. }`
pub(super) fn expand(event: &Event) -> (TokenStream, TokenStream) {
    let (payload, runtime) = (&event.payload, &event.payload.runtime);
    let fields: Vec<&Field> = payload.fields.iter().filter(|field| field.key.is_some()).collect();
    if fields.is_empty() {
        return (TokenStream::new(), TokenStream::new());
    }
    let (private, ident) = (private(runtime), &payload.ident);
    let names = fields.iter().map(|field| &field.name);
    // At the type the compiler says that it is not a key.
    let types = fields.iter().map(|Field { ty, .. }| respan(quote!(&'a #ty), ty.span()));
    let values = fields.iter().map(|Field { ident, .. }| quote!(&self.#ident));
    let (types, values) = match &fields[..] {
        [_] => (quote!(#(#types)*), quote!(#(#values)*)),
        several => {
            let at = Span::mixed_site().located_at(several[0].ty.span());
            (quote_spanned!(at=> (#(#types),*)), quote!((#(#values),*)))
        }
    };
    let implementation = glue(&quote! {
        impl #runtime::Keyed for #ident {
            type Parts<'a> = #types;

            fn key_parts(&self) -> Self::Parts<'_> {
                #values
            }
        }
    });
    let versions = (1..).zip(&event.options.upcast).map(|(version, older): (u32, _)| {
        let fields = quote!(#private::members_of::<#older>());
        let check = quote!(const _: () = #private::assert_key_of_version::<#ident>(#version, #fields););
        respan(check, older.span())
    });
    (quote!(.keyed::<Self>(&[#(#names),*])), quote!(#implementation #(#versions)*))
}
