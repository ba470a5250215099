//! `Debug`, written out where a field is shown nowhere, or may be of a type that cannot be shown.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::tokens::{each, glue, local, member, private};
use crate::check::choice::Choice;
use crate::check::field::Field;
use crate::check::payload::{Form, Payload};

// Input:  `#[event(sensitive)] token: String`
// Output: `impl Debug for Login { .. debug.field("token", &HIDDEN); .. }`
pub(super) fn of_struct(payload: &Payload) -> Option<TokenStream> {
    let is_own = payload.has_secrets() || payload.has_unknown_types();
    is_own.then(|| implement(&payload.ident, &[arm(payload, &payload.ident, &quote!(Self))]))
}

/// The same for an enum.
pub(super) fn of_choice(choice: &Choice) -> Option<TokenStream> {
    if !choice.has_secrets() && !choice.has_unknown_types() {
        return None;
    }
    let arms = choice.variants.iter().map(|variant| {
        let (cfgs, ident) = (&variant.payload.container.cfgs, &variant.ident);
        let arm = arm(&variant.payload, ident, &quote!(Self::#ident));
        quote!(#(#cfgs)* #arm)
    });
    let unknown = choice
        .open
        .then(|| quote!(Self::Unknown(unknown) => f.debug_tuple("Unknown").field(unknown).finish(),));
    let arms: Vec<TokenStream> = arms.chain(unknown).collect();
    Some(implement(&choice.ident, &arms))
}

fn implement(ident: &Ident, arms: &[TokenStream]) -> TokenStream {
    glue(&quote! {
        impl ::core::fmt::Debug for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self { #(#arms)* }
            }
        }
    })
}

fn arm(payload: &Payload, name: &Ident, path: &TokenStream) -> TokenStream {
    let (private, name) = (private(&payload.runtime), name.to_string());
    let bound = each(payload, |field, index| {
        let (member, value) = (member(payload, field), local("field_", index));
        if field.sensitive { TokenStream::new() } else { quote!(#member: #value,) }
    });
    let shown = each(payload, |field, index| {
        let (name, value) = (field.ident.to_string(), local("field_", index));
        let name = (payload.form == Form::Named).then(|| quote!(#name,));
        let value = match field {
            Field { sensitive: true, .. } => quote!(&#private::HIDDEN),
            field if field.is_of_unknown_type() => quote!(#private::Part(#value).shown()),
            _ => quote!(#value),
        };
        quote!(debug.field(#name #value);)
    });
    let debug = if payload.form == Form::Named { quote!(debug_struct) } else { quote!(debug_tuple) };
    quote! {
        #path { #(#bound)* .. } => {
            #[allow(unused_imports)]
            use #private::Unfit as _;
            let mut debug = f.#debug(#name);
            #(#shown)*
            debug.finish()
        }
    }
}
