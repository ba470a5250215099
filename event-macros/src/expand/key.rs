//! The key of an event.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;

use super::tokens::{glue, private, respan};
use crate::check::event::Event;
use crate::check::field::Field;

// Input:  `#[event(key)] tenant: String, #[event(key)] id: Uuid`
// Output: `.keyed(&[KeyField::of::<String>("tenant"), ..])` for the descriptor, and
//         `impl Keyed for OrderPlaced { type Kinds = (..); fn event_key(&self) -> .. { Key::of((&self.tenant, &self.id)) } }`
pub(super) fn expand(event: &Event) -> (TokenStream, TokenStream) {
    let (payload, runtime) = (&event.payload, &event.payload.runtime);
    let fields: Vec<&Field> = payload.fields.iter().filter(|field| field.key.is_some()).collect();
    if fields.is_empty() {
        return (TokenStream::new(), TokenStream::new());
    }
    let (private, ident) = (private(runtime), &payload.ident);
    let described = fields.iter().map(|field| {
        let (ty, name) = (&field.ty, &field.name);
        // At the type the compiler says that it is not a key.
        respan(quote!(#private::KeyField::of::<#ty>(#name)), ty.span())
    });
    let kinds = fields.iter().map(|field| {
        let ty = &field.ty;
        respan(quote!(<#ty as #private::KeyPart>::Kind), ty.span())
    });
    let values = fields.iter().map(|Field { ident, ty, .. }| respan(quote!(&self.#ident), ty.span()));
    let (kinds, parts) = match &fields[..] {
        [_] => (quote!(#(#kinds)*), quote!(#(#values)*)),
        _ => (quote!((#(#kinds),*)), quote!((#(#values),*))),
    };
    let implementation = glue(&quote! {
        impl #private::Keyed for #ident {
            type Kinds = #kinds;

            fn event_key(&self) -> #private::Key<Self::Kinds> {
                #private::Key::of(#parts)
            }
        }
    });
    let versions = (1..).zip(&event.options.upcast).map(|(version, older): (u32, _)| {
        let fields = quote!(<#older as #private::Diagnose>::FIELDS);
        let check = quote!(const _: () = #private::assert_key_of_version::<#ident>(#version, #fields););
        respan(check, older.span())
    });
    (quote!(.keyed(&[#(#described),*])), quote!(#implementation #(#versions)*))
}
