//! The fields as data, for the JSON Schema and for `Diagnose`: the slow path that reports every issue of a value that does not
//! decode.

use proc_macro2::TokenStream;
use quote::quote;

use super::serde::default;
use super::tokens::{each, glue, local, option, private};
use super::validate::refine;
use super::{enter, rules};
use crate::check::field::Field;
use crate::check::payload::{Form, Payload};

// Input:  `#[validate(email)] owner_email: String`
// Output: `impl Diagnose for WorkflowCreated { const FIELDS: &[Field] = &[Field::new("owner_email", ..)]; }`
pub(super) fn expand(payload: &Payload) -> TokenStream {
    if payload.form == Form::Transparent {
        return TokenStream::new();
    }
    let (private, ident) = (private(&payload.runtime), &payload.ident);
    let (fields, refined) = (fields(payload), refined(payload));
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
fn refined(payload: &Payload) -> Option<TokenStream> {
    let (runtime, private) = (&payload.runtime, private(&payload.runtime));
    let refine = refine(&payload.runtime, &payload.container, &quote!(&value));
    (!payload.container.refine.is_empty()).then(|| {
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

/// The fields and their rules as data.
pub(super) fn fields(payload: &Payload) -> Vec<TokenStream> {
    let private = private(&payload.runtime);
    each(payload, |field, index| {
        let Field { name, documentation, rules, ty, .. } = field;
        let rules = rules.iter().filter_map(|one| rules::rule(&private, &one.kind));
        let code = typed(payload, field, index);
        let deprecated = field.deprecated.then(|| quote!(.deprecated()));
        let kind = field.may_be_no_number().then(|| quote!(.of_kind(#private::Probe::<#ty>::KIND)));
        let sensitive = field.sensitive.then(|| quote!(.sensitive()));
        let normalized = field.normalize.map(|normalize| {
            let names = normalize.names();
            quote!(.normalized(&[#(#names),*]))
        });
        quote!(#private::Field::new(#name, #documentation, &[#(#rules),*], #code)#kind #deprecated #sensitive #normalized)
    })
}

/// The code of a field, whose type is all that the compiler meets of it.
fn typed(payload: &Payload, field: &Field, index: usize) -> TokenStream {
    let (private, ty) = (private(&payload.runtime), &field.ty);
    let diagnose = if field.is_diagnosed_plainly() {
        quote!(#private::diagnose_plain::<#ty>)
    } else {
        quote!(#private::Probe::<#ty>::DIAGNOSE)
    };
    let check = option(field.has_own_rules().then(|| local("check_", index)));
    let enter = enter::inside(payload, field, index).unwrap_or_else(|| quote!(::core::option::Option::None));
    let default = option(field.default.as_ref().map(default));
    let typed = quote!(#private::Typed::<#ty> { diagnose: #diagnose, check: #check, enter: #enter, default: #default });
    if field.is_leaf() {
        quote!(&#typed)
    } else {
        quote!(&#private::Described { typed: #typed, schema: #private::Probe::<#ty>::SCHEMA })
    }
}
