//! Pieces of generated code that several files need: places, glue, names.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Ident, Index, Member, Path};

use crate::check::field::Field;
use crate::check::payload::{Form, Payload};

/// Generated code that no lint of the user judges, and whose local names meet none of the user's.
pub(super) fn glue(tokens: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> #[automatically_derived] #tokens)
}

/// The tokens, shown by the compiler at `span`. Names resolve where they did.
pub(super) fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    let at = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = TokenTree::Group(Group::new(group.delimiter(), respan(group.stream(), span)));
        }
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.into_iter().map(at).collect()
}

/// Implementations for the type `ident`, of which the compiler shows the heads at its place. What stands in groups keeps its own.
pub(super) fn impls_at(tokens: TokenStream, ident: &Ident) -> TokenStream {
    // From `impl` to the braces, if both are of one origin.
    let mut is_impl = false;
    let at = |mut token: TokenTree| {
        let is_start = matches!(&token, TokenTree::Ident(word) if word == "impl");
        let is_body = matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        if is_start || (is_impl && is_body) {
            token.set_span(ident.span());
            is_impl = is_start;
        }
        token
    };
    tokens.into_iter().map(at).collect()
}

/// The place of the last segment: where an entry's errors are shown.
pub(super) fn end(entry: &Path) -> Span {
    entry.segments.last().map_or_else(Span::call_site, |last| last.ident.span())
}

/// The line that `line!()` would say at `span`.
pub(super) fn line(span: Span) -> u32 {
    u32::try_from(span.start().line).unwrap_or_default()
}

/// The private module of the runtime. Its name carries the version: macros and runtime of two versions do not meet.
pub(super) fn private(runtime: &TokenStream) -> TokenStream {
    let module =
        format_ident!("__private_v{}_{}", env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"));
    quote!(#runtime::#module)
}

/// The name of a local variable or constant for field number `index`.
pub(super) fn local(prefix: &str, index: usize) -> Ident {
    Ident::new(&format!("{prefix}{index}"), Span::mixed_site())
}

/// How a field is named in a pattern, in an expression, and after a dot: by its name, or `0`.
pub(super) fn member(payload: &Payload, field: &Field) -> Member {
    match payload.form {
        Form::Transparent => Member::Unnamed(Index::from(0)),
        Form::Named | Form::Unit => Member::Named(field.ident.clone()),
    }
}

/// An `Option` in the expansion.
pub(super) fn option(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

/// Code for each field for which there is some, under the field's `#[cfg(..)]`.
pub(super) fn each<'p>(
    payload: &'p Payload,
    code: impl Fn(&'p Field, usize) -> TokenStream,
) -> Vec<TokenStream> {
    let numbered = payload.fields.iter().enumerate();
    numbered
        .map(|(index, field)| {
            let (cfgs, code) = (&field.cfgs, code(field, payload.first + index));
            if code.is_empty() { code } else { quote!(#(#cfgs)* #code) }
        })
        .collect()
}
