//! A payload: the struct, and its implementations.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{Ident, Path};

use super::tokens::{impls_at, respan};
use super::{choice, clone, debug, docs, exact, example, json, newtype, object, schema, validate};
use crate::check::field::Field;
use crate::check::payload::{Form, Payload, Stored};

// Input:  `#[payload] pub struct Step { key: String }`
// Output: the struct, its implementations, and a test of its example
pub(crate) fn expand(stored: &Stored) -> TokenStream {
    let payload = match stored {
        Stored::Struct(payload) => payload,
        Stored::Enum(of_variants) => return choice::expand(of_variants),
    };
    let (cfgs, integers) = (&payload.container.cfgs, exact::implement(payload));
    let (item, impls, allow, test) =
        (item(payload, &[]), impls(payload), allow(payload), example::test(payload));
    let uses = validate::uses(&payload.runtime, &payload.fields);
    let newtype = newtype::expand(payload);
    quote! {
        #(#cfgs)*
        #item
        #(#cfgs)*
        #allow
        const _: () = { #uses #impls #newtype };
        #integers
        #test
    }
}

/// The struct. `more` is documented after the user's words.
pub(super) fn item(payload: &Payload, more: &[String]) -> TokenStream {
    let Payload { ident, vis, derives, container, .. } = payload;
    let more: Vec<String> = more.iter().cloned().chain(example::section(payload)).collect();
    let (documentation, more) = (payload.documentation.attributes(), docs::paragraphs(&more));
    let span = ident.span();
    let keyword = quote_spanned!(span=> struct);
    let own = (payload.has_secrets() || payload.has_unknown_types(), payload.has_unknown_types());
    let derives = derive(ident, own, derives);
    let vis = respan(vis.to_token_stream(), span);
    let attributes = &container.attributes;
    let (body, end) = (body(payload), (payload.form != Form::Named).then(|| quote_spanned!(span=> ;)));
    quote! {
        #documentation
        #more
        #derives
        #(#attributes)*
        #vis #keyword #ident #body #end
    }
}

/// The `#[derive(..)]` of a struct or an enum: `Debug` and `Clone`, unless they are written out, and the traits the user asks for.
pub(super) fn derive(
    ident: &Ident,
    (own_debug, own_clone): (bool, bool),
    more: &[Path],
) -> Option<TokenStream> {
    let debug = (!own_debug).then(|| quote!(::core::fmt::Debug,));
    let clone = (!own_clone).then(|| quote!(::core::clone::Clone,));
    let usual = respan(quote!(#debug #clone), ident.span());
    let is_any = !usual.is_empty() || !more.is_empty();
    is_any.then(|| quote!(#[derive(#usual #(#more),*)]))
}

/// What follows the name of a struct or a variant.
pub(super) fn body(payload: &Payload) -> TokenStream {
    let (span, fields) = (payload.ident.span(), payload.fields.iter().map(|one| field(payload, one)));
    match payload.form {
        Form::Unit => TokenStream::new(),
        Form::Named => quote_spanned!(span=> { #(#fields)* }),
        Form::Transparent => quote_spanned!(span=> (#(#fields)*)),
    }
}

fn field(payload: &Payload, field: &Field) -> TokenStream {
    let Field { ident, vis, ty, cfgs, attributes, .. } = field;
    if payload.form == Form::Transparent {
        return quote!(#(#cfgs)* #(#attributes)* #vis #ty);
    }
    // The visibility may be that of the enum: there the compiler would begin to show the field.
    let vis = respan(vis.to_token_stream(), ident.span());
    let (documentation, constraints) =
        (docs::field_summary(field).attributes(), docs::paragraphs(&docs::constraints(field)));
    quote! {
        #documentation
        #constraints
        #(#cfgs)*
        #(#attributes)*
        #vis #ident: #ty,
    }
}

/// The implementations for the struct.
pub(super) fn impls(payload: &Payload) -> TokenStream {
    let json = json::expand(payload);
    let validate = validate::expand(payload);
    let object = object::expand(payload);
    let schema = schema::expand(payload);
    let (debug, clone) = (debug::of_struct(payload), clone::of_struct(payload));
    impls_at(quote!(#json #validate #object #schema #debug #clone), &payload.ident)
}

/// Generated code that uses something deprecated is not to be warned of.
pub(super) fn allow(payload: &Payload) -> Option<TokenStream> {
    let deprecated = payload.container.deprecated || payload.fields.iter().any(|field| field.deprecated);
    deprecated.then(|| quote!(#[allow(deprecated)]))
}
