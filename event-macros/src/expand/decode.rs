//! `Decode`: the slow path that reports every issue of a value that does not decode.

use proc_macro2::TokenStream;
use quote::quote;

use super::payload::{Payload, glue, local};
use super::serde::each;
use super::validate::refine;
use crate::check::field::Field;

// Input:  `#[validate(email)] owner_email: String`
// Output: `let field_0 = decode_field(object, "owner_email", .., check_0); ... Some(Self { owner_email: field_0? })`
pub(crate) fn expand(payload: &Payload<'_>) -> TokenStream {
    let (runtime, private, ident) = (&payload.runtime, payload.private(), &payload.ident);
    let fields = each(payload, |field, index| {
        let (slot, Field { name, ty, .. }) = (local("field_", index), field);
        let check = if field.has_own_rules() {
            let check = local("check_", index);
            quote!(#check)
        } else {
            quote!(|_, _, _| {})
        };
        let default = match &field.default {
            Some(default) => quote!(::core::option::Option::Some(#default)),
            None => quote!(::core::option::Option::None),
        };
        quote! {
            let #slot: ::core::option::Option<#ty> = #private::decode_field(
                object,
                (#name, #default),
                path,
                issues,
                |value, path, issues| (&#private::Probe::<#ty>::new()).decode(value, path, issues),
                #check,
            );
        }
    });
    let values = each(payload, |Field { ident, .. }, index| {
        let slot = local("field_", index);
        quote!(#ident: #slot?,)
    });
    let before = (!payload.refine.is_empty()).then(|| quote!(let before = issues.len();));
    let refine = refine(payload, &quote!(&value));
    let object = if payload.fields.is_empty() { quote!(_object) } else { quote!(object) };
    glue(&quote! {
        impl #private::Decode for #ident {
            #[allow(unused_imports)]
            fn decode(
                value: &#private::Value,
                path: &#runtime::validate::Path<'_>,
                issues: &mut #runtime::Issues,
            ) -> ::core::option::Option<Self> {
                use #private::{ViaDecode as _, ViaSerde as _};
                let #object = #private::decode_object(value, path, issues)?;
                #before
                #(#fields)*
                let value = #ident { #(#values)* };
                #refine
                ::core::option::Option::Some(value)
            }
        }
    })
}
