//! serde's traits, written out: to the compiler they cost about half of what the derives cost.

use std::ops::Range;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Index;

use super::payload::{Payload, glue, local};
use crate::check::field::Field;

// Input:  `id: Uuid, name: String`
// Output: `impl Serialize for WorkflowCreated`, `impl Deserialize for WorkflowCreated`
pub(crate) fn expand(payload: &Payload<'_>) -> TokenStream {
    let (serialize, deserialize) = (serialize(payload), deserialize(payload));
    quote!(#serialize #deserialize)
}

fn serialize(payload: &Payload<'_>) -> TokenStream {
    let (private, ident, name) = (payload.private(), &payload.ident, payload.ident.to_string());
    // JSON needs no number of fields in advance.
    let length = payload.fields.len();
    let fields = payload.fields.iter().map(|field| {
        let Field { ident, name, cfgs, .. } = field;
        let write = match &field.skip_if {
            None => quote!(.field(#name, &self.#ident)),
            Some(skip) => quote!(.field_unless(#skip(&self.#ident), #name, &self.#ident)),
        };
        if cfgs.is_empty() {
            quote!(let object = object #write;)
        } else {
            quote!(#(#cfgs)* let object = object #write;)
        }
    });
    glue(&quote! {
        impl #private::Serialize for #ident {
            fn serialize<S: #private::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                let object = #private::SerializeFields::begin(serializer, #name, #length);
                #(#fields)*
                object.end()
            }
        }
    })
}

// Input:  `id: Uuid, name: String`
// Output: `let mut slots_0 = (None, None); .. 0 => set_once(&mut slots_0.0, ..) .. let (field_0, field_1) = slots_0.complete(..)?;`
fn deserialize(payload: &Payload<'_>) -> TokenStream {
    let (private, ident) = (payload.private(), &payload.ident);
    // Also those that are configured out: each field is known by its place.
    let names = payload.fields.iter().map(|field| &field.name);
    let group = group_size(payload);
    let slots = groups(payload, |number, fields| {
        let (slots, none) = (local("slots_", number), fields.map(|_| quote!(::core::option::Option::None,)));
        quote!(let mut #slots = (#(#none)*);)
    });
    let reads = each(payload, |field, index| {
        let (slot, Field { name, ty, .. }) = (slot(index, group), field);
        if field.is_read_plainly() {
            quote!(#index => #private::set_once(&mut #slot, &mut map, #name),)
        } else {
            quote!(#index => (&#private::Probe::<#ty>::new()).read(&mut #slot, &mut map, #name),)
        }
    });
    let defaults = each(payload, |field, index| match &field.default {
        Some(default) => {
            let slot = slot(index, group);
            quote!(#slot.get_or_insert_with(#default);)
        }
        None => TokenStream::new(),
    });
    let completed = groups(payload, |number, fields| {
        let (slots, first) = (local("slots_", number), fields.start);
        let values = fields.map(|index| local("field_", index));
        quote! {
            let (#(#values,)*) =
                #private::Slots::complete(#slots, <Self as #private::ReadObject>::FIELDS, #first)?;
        }
    });
    let values = each(payload, |Field { ident, .. }, index| {
        let value = local("field_", index);
        quote!(#ident: #value,)
    });
    let uses = payload
        .fields
        .iter()
        .any(|field| !field.is_read_plainly())
        .then(|| quote!(#[allow(unused_imports)] use #private::{ReadPlain as _, ReadStrict as _};));
    glue(&quote! {
        #[doc(hidden)]
        impl #private::ReadObject for #ident {
            const FIELDS: &'static [&'static str] = &[#(#names),*];

            fn read<'de, A: #private::MapAccess<'de>>(mut map: A) -> ::core::result::Result<Self, A::Error> {
                #uses
                #slots
                while let ::core::option::Option::Some(field) = #private::next_field::<Self, A>(&mut map)? {
                    match field {
                        #(#reads)*
                        _ => #private::skip(&mut map),
                    }?;
                }
                #(#defaults)*
                #completed
                ::core::result::Result::Ok(Self { #(#values)* })
            }
        }

        #[automatically_derived]
        impl<'de> #private::Deserialize<'de> for #ident {
            fn deserialize<D: #private::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                #private::deserialize_object(deserializer)
            }
        }
    })
}

/// How many fields are completed at once: as many as the runtime has tuples for. With `#[cfg(..)]` each alone.
fn group_size(payload: &Payload<'_>) -> usize {
    if payload.fields.iter().all(|field| field.cfgs.is_empty()) { 8 } else { 1 }
}

/// The place of a field that is being read: `slots_0.3`.
fn slot(index: usize, group: usize) -> TokenStream {
    let (slots, place) = (local("slots_", index / group), Index::from(index % group));
    quote!(#slots.#place)
}

/// Code for each group of fields, under the `#[cfg(..)]` of a field that is alone.
fn groups(payload: &Payload<'_>, code: impl Fn(usize, Range<usize>) -> TokenStream) -> TokenStream {
    let (group, count) = (group_size(payload), payload.fields.len());
    let starts = (0..count).step_by(group).enumerate();
    starts
        .map(|(number, start)| {
            let cfgs = payload.fields[start].cfgs.iter();
            let code = code(number, start..count.min(start + group));
            quote!(#(#cfgs)* #code)
        })
        .collect()
}

/// Code for each field for which there is some, under the field's `#[cfg(..)]`.
pub(crate) fn each<'p>(
    payload: &'p Payload<'_>,
    code: impl Fn(&'p Field, usize) -> TokenStream,
) -> Vec<TokenStream> {
    let numbered = payload.fields.iter().enumerate();
    numbered
        .map(|(index, field)| {
            let (cfgs, code) = (&field.cfgs, code(field, index));
            if code.is_empty() { code } else { quote!(#(#cfgs)* #code) }
        })
        .collect()
}
