//! A payload: the struct, and its implementations.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};

use super::tokens::{impls_at, respan};
use super::{docs, exact, example, json, object, schema, validate};
use crate::check::field::Field;
use crate::check::payload::Payload;

// Input:  `#[payload] pub struct Step { key: String }`
// Output: the struct, its implementations, and a test of its example
pub(crate) fn expand(payload: &Payload) -> TokenStream {
    let (cfgs, integers) = (&payload.container.cfgs, exact::implement(payload));
    let (item, impls, allow, test) =
        (item(payload, &[]), impls(payload), allow(payload), example::test(payload));
    quote! {
        #(#cfgs)*
        #item
        #(#cfgs)*
        #allow
        const _: () = { #impls };
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
    let usual = respan(quote!(::core::fmt::Debug, ::core::clone::Clone), span);
    let derives = quote!(#[derive(#usual #(, #derives)*)]);
    let vis = respan(vis.to_token_stream(), span);
    let attributes = &container.attributes;
    let body = if payload.unit {
        quote_spanned!(span=> ;)
    } else {
        let fields = payload.fields.iter().map(field);
        quote_spanned!(span=> { #(#fields)* })
    };
    quote! {
        #documentation
        #more
        #derives
        #(#attributes)*
        #vis #keyword #ident #body
    }
}

fn field(field: &Field) -> TokenStream {
    let Field { ident, vis, ty, cfgs, attributes, .. } = field;
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
    impls_at(quote!(#json #validate #object #schema), &payload.ident)
}

/// Generated code that uses something deprecated is not to be warned of.
pub(super) fn allow(payload: &Payload) -> Option<TokenStream> {
    let deprecated = payload.container.deprecated || payload.fields.iter().any(|field| field.deprecated);
    deprecated.then(|| quote!(#[allow(deprecated)]))
}
