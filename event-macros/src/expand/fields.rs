//! The fields as data, for the JSON Schema and for `Diagnose`: the slow path that reports every issue of a value that does not
//! decode.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::serde::default;
use super::tokens::{each, glue, local, option, private, respan};
use super::validate::refine;
use super::{enter, rules};
use crate::check::container::Container;
use crate::check::field::Field;
use crate::check::payload::Payload;

// Input:  `#[validate(email)] owner_email: String`
// Output: `impl Diagnose for WorkflowCreated { const FIELDS: &[Field] = &[Field::new("owner_email", ..)]; }`
pub(super) fn expand(payload: &Payload) -> TokenStream {
    if let Some(value) = payload.transparent() {
        return of_value(payload, value);
    }
    let (private, ident) = (private(&payload.runtime), &payload.ident);
    let (own, refined) = (fields(payload), refined(payload));
    let fields = with_flattened(payload, &quote!(&[#(#own),*]));
    let probes = payload.fields.iter().any(|field| !field.is_diagnosed_plainly() || field.may_be_no_number());
    let uses = probes.then(
        || quote!(#[allow(unused_imports)] use #private::{ReadPlain as _, UnknownKind as _, ViaSerde as _};),
    );
    let implementation = glue(&quote! {
        #[doc(hidden)]
        impl #private::Diagnose for #ident {
            const FIELDS: &'static [#private::Field] = #fields;

            #refined
        }
    });
    let object = glue(&quote! {
        impl #private::Object for #ident {
            const FIELDS: &'static [#private::Field] = <Self as #private::Diagnose>::FIELDS;
        }
    });
    quote!(#uses #implementation #object)
}

/// The fields, and those of the types that are flattened.
fn with_flattened(payload: &Payload, own: &TokenStream) -> TokenStream {
    let private = private(&payload.runtime);
    let flattened = each(payload, |field, _| {
        let ty = &field.ty;
        let Some(span) = field.flatten else { return TokenStream::new() };
        respan(quote!(#private::fields_of::<#ty>(),), span)
    });
    if flattened.iter().all(TokenStream::is_empty) {
        return own.clone();
    }
    quote! {{
        const PARTS: &[&[#private::Field]] = &[#own, #(#flattened)*];
        const ALL: &[#private::Field] = &#private::concat_fields::<{ #private::count_fields(PARTS) }>(PARTS);
        const _: () = #private::assert_distinct(ALL);
        ALL
    }}
}

/// The diagnosis of a struct around one value.
fn of_value(payload: &Payload, value: &Field) -> TokenStream {
    let (runtime, private, ident, ty, fields) =
        (&payload.runtime, private(&payload.runtime), &payload.ident, &value.ty, fields(payload));
    let refined = refine_decoded(payload.runtime.clone(), &payload.container);
    let before = (!refined.is_empty()).then(|| quote!(let before = issues.len();));
    let reader = super::serde::reader(&private, value);
    let normalize = value.normalize.map(|how| super::newtype::normalize(&private, how, &quote!(value)));
    let mutable = normalize.as_ref().map(|_| quote!(mut));
    let implementation = glue(&quote! {
        #[doc(hidden)]
        impl #private::Diagnose for #ident {
            fn diagnose(value: &#private::Value, path: &#runtime::validate::Path<'_>, issues: &mut #runtime::Issues) {
                #before
                #private::diagnose_value(&#(#fields)*, value, path, issues);
                #refined
            }

            fn decode(value: &#private::Value) -> ::core::option::Option<Self> {
                let #mutable value: #ty = #private::decode_value(value, #reader)?;
                #normalize
                ::core::option::Option::Some(Self(value))
            }
        }
    });
    quote! {
        #[allow(unused_imports)]
        use #private::{ReadPlain as _, UnknownKind as _, ViaSerde as _};
        #implementation
    }
}

/// The functions that look at the whole of what was decoded.
pub(super) fn refine_decoded(runtime: TokenStream, container: &Container) -> TokenStream {
    if container.refine.is_empty() {
        return TokenStream::new();
    }
    let (private, refine) = (private(&runtime), refine(&runtime, container, &quote!(&value)));
    quote! {
        if let ::core::option::Option::Some(value) = <Self as #private::Diagnose>::decode(value) {
            #refine
        }
    }
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
        if field.flatten.is_some() {
            return TokenStream::new();
        }
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
    .into_iter()
    .filter(|field| !field.is_empty())
    .collect()
}

/// The function that checks a field's own rules, of a text once it is uniform.
fn check(payload: &Payload, field: &Field, index: usize) -> TokenStream {
    let (private, check) = (private(&payload.runtime), local("check_", index));
    let Some(how) = field.normalize else { return check.to_token_stream() };
    let normalize = super::newtype::normalize(&private, how, &quote!(value));
    quote! {
        |value, at, issues| {
            let mut value = ::core::clone::Clone::clone(value);
            #normalize
            #check(&value, at, issues);
        }
    }
}

/// The code of a field, whose type is all that the compiler meets of it.
fn typed(payload: &Payload, field: &Field, index: usize) -> TokenStream {
    let (private, ty) = (private(&payload.runtime), &field.ty);
    let diagnose = if field.is_diagnosed_plainly() {
        quote!(#private::diagnose_plain::<#ty>)
    } else {
        quote!(#private::Probe::<#ty>::DIAGNOSE)
    };
    let check = option(field.has_own_rules().then(|| check(payload, field, index)));
    let enter = enter::inside(payload, field, index).unwrap_or_else(|| quote!(::core::option::Option::None));
    let default = option(field.default.as_ref().map(default));
    let typed = quote!(#private::Typed::<#ty> { diagnose: #diagnose, check: #check, enter: #enter, default: #default });
    if field.is_leaf() {
        quote!(&#typed)
    } else {
        quote!(&#private::Described { typed: #typed, schema: #private::Probe::<#ty>::SCHEMA })
    }
}
