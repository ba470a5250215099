//! `Clone`, written out where a field may be of a type that has none: the one error about it is that it cannot be a field.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::tokens::{each, glue, local, member, private};
use crate::check::choice::Choice;
use crate::check::payload::Payload;

// Input:  `plan: Plan`
// Output: `impl Clone for OrderPlaced { .. plan: Part(field_0).duplicate() .. }`
pub(super) fn of_struct(payload: &Payload) -> Option<TokenStream> {
    payload
        .has_unknown_types()
        .then(|| implement(&payload.ident, &payload.runtime, &[arm(payload, &quote!(Self))]))
}

/// The same for an enum.
pub(super) fn of_choice(choice: &Choice) -> Option<TokenStream> {
    if !choice.has_unknown_types() {
        return None;
    }
    let arms = choice.variants.iter().map(|variant| {
        let (cfgs, ident) = (&variant.payload.container.cfgs, &variant.ident);
        let arm = arm(&variant.payload, &quote!(Self::#ident));
        quote!(#(#cfgs)* #arm)
    });
    let unknown = choice
        .open
        .then(|| quote!(Self::Unknown(unknown) => Self::Unknown(::core::clone::Clone::clone(unknown)),));
    let arms: Vec<TokenStream> = arms.chain(unknown).collect();
    Some(implement(&choice.ident, &choice.runtime, &arms))
}

fn implement(ident: &Ident, runtime: &TokenStream, arms: &[TokenStream]) -> TokenStream {
    let private = private(runtime);
    glue(&quote! {
        impl ::core::clone::Clone for #ident {
            fn clone(&self) -> Self {
                #[allow(unused_imports)]
                use #private::Unfit as _;
                match self { #(#arms)* }
            }
        }
    })
}

fn arm(payload: &Payload, path: &TokenStream) -> TokenStream {
    let private = private(&payload.runtime);
    let bound = each(payload, |field, index| {
        let (member, value) = (member(payload, field), local("field_", index));
        quote!(#member: #value,)
    });
    let cloned = each(payload, |field, index| {
        let (member, value) = (member(payload, field), local("field_", index));
        if field.is_of_unknown_type() {
            quote!(#member: #private::Part(#value).duplicate(),)
        } else {
            quote!(#member: ::core::clone::Clone::clone(#value),)
        }
    });
    quote!(#path { #(#bound)* } => #path { #(#cloned)* },)
}
