//! `Diagnose`: the slow path that reports every issue of a value that does not decode.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::enter;
use super::payload::{Payload, glue, local};
use super::schema::{self, option};
use super::validate::refine;
use crate::check::field::Field;

// Input:  `#[validate(email)] owner_email: String`
// Output: `impl Diagnose for WorkflowCreated { const FIELDS: &[Field] = &[Field::new("owner_email", ..)]; }`
pub(crate) fn expand(payload: &Payload<'_>) -> TokenStream {
    let (private, ident) = (payload.private(), &payload.ident);
    let (fields, refined) = (schema::fields(payload), refined(payload));
    let probes = payload.fields.iter().any(|field| !field.is_diagnosed_plainly() || field.may_be_no_number());
    let uses = probes.then(
        || quote!(#[allow(unused_imports)] use #private::{ReadPlain as _, UnknownKind as _, ViaSerde as _};),
    );
    let implementation = glue(&quote! {
        #[doc(hidden)]
        impl #private::Diagnose for #ident {
            const FIELDS: &'static [#private::Field] = &[#(#fields),*];

            #refined
        }
    });
    quote!(#uses #implementation)
}

/// The diagnosis of a payload with rules across its fields.
fn refined(payload: &Payload<'_>) -> Option<TokenStream> {
    let (runtime, private) = (&payload.runtime, payload.private());
    let refine = refine(payload, &quote!(&value));
    (!payload.refine.is_empty()).then(|| {
        quote! {
            fn diagnose(value: &#private::Value, path: &#runtime::validate::Path<'_>, issues: &mut #runtime::Issues) {
                let before = issues.len();
                #private::diagnose_fields(<Self as #private::Diagnose>::FIELDS, value, path, issues);
                if let ::core::result::Result::Ok(value) = <Self as #private::Deserialize>::deserialize(value) {
                    #refine
                }
            }
        }
    })
}

/// The code of a field, whose type is all that the compiler meets of it.
pub(crate) fn typed(payload: &Payload<'_>, field: &Field, index: usize) -> TokenStream {
    let (private, ty) = (payload.private(), &field.ty);
    let diagnose = if field.is_diagnosed_plainly() {
        quote!(#private::diagnose_plain::<#ty>)
    } else {
        quote!(#private::Probe::<#ty>::DIAGNOSE)
    };
    let check = option(field.has_own_rules().then(|| local("check_", index).into_token_stream()));
    let enter = enter::inside(payload, field, index).unwrap_or_else(|| option(None));
    let default = option(field.default.clone());
    let typed = quote!(#private::Typed::<#ty> { diagnose: #diagnose, check: #check, enter: #enter, default: #default });
    if field.is_leaf() {
        quote!(&#typed)
    } else {
        quote!(&#private::Described { typed: #typed, schema: #private::Probe::<#ty>::SCHEMA })
    }
}
