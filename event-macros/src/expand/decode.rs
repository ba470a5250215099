//! `Diagnose`: the slow path that reports every issue of a value that does not decode.

use proc_macro2::TokenStream;
use quote::quote;

use super::payload::{Payload, glue, local};
use super::serde::each;
use super::validate::refine;
use crate::check::field::Field;

// Input:  `#[validate(email)] owner_email: String`
// Output: `diagnose_plain::<String>(FieldAt::new(object, "owner_email", path), None, check_0, issues); ..`
pub(crate) fn expand(payload: &Payload<'_>) -> TokenStream {
    let (runtime, private, ident) = (&payload.runtime, payload.private(), &payload.ident);
    let fields = each(payload, |field, index| diagnose(payload, field, index));
    let uses = payload
        .fields
        .iter()
        .any(|field| !field.is_read_plainly())
        .then(|| quote!(#[allow(unused_imports)] use #private::{ViaDiagnose as _, ViaSerde as _};));
    let refine = (!payload.refine.is_empty()).then(|| {
        let refine = refine(payload, &quote!(&value));
        quote! {
            if let ::core::result::Result::Ok(value) = <Self as #private::Deserialize>::deserialize(value) {
                #refine
            }
        }
    });
    let before = refine.is_some().then(|| quote!(let before = issues.len();));
    let object = if payload.fields.is_empty() { quote!(_object) } else { quote!(object) };
    glue(&quote! {
        #[doc(hidden)]
        impl #private::Diagnose for #ident {
            fn diagnose(value: &#private::Value, path: &#runtime::validate::Path<'_>, issues: &mut #runtime::Issues) {
                #uses
                let ::core::option::Option::Some(#object) = #private::object(value, path, issues) else { return };
                #before
                #(#fields)*
                #refine
            }
        }
    })
}

fn diagnose(payload: &Payload<'_>, field: &Field, index: usize) -> TokenStream {
    let (private, Field { name, ty, .. }) = (payload.private(), field);
    let check = if field.has_own_rules() {
        let check = local("check_", index);
        quote!(#check)
    } else {
        quote!(#private::unchecked)
    };
    let default = match &field.default {
        Some(default) => quote!(::core::option::Option::Some(#default)),
        None => quote!(::core::option::Option::None),
    };
    let arguments = quote!(#private::FieldAt::new(object, #name, path), #default, #check, issues);
    if field.is_read_plainly() {
        quote!(#private::diagnose_plain::<#ty>(#arguments);)
    } else {
        quote!((&#private::Probe::<#ty>::new()).diagnose(#arguments);)
    }
}
