//! The violations of a declaration, collected so that one compile shows all of them.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The violations found so far.
#[derive(Default)]
pub(crate) struct Errors(Vec<syn::Error>);

impl Errors {
    /// Adds a violation that is shown under all of `tokens`.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Adds a violation that is shown at `span`.
    pub(crate) fn at_span(&mut self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Counts them.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds an error of the parser. What stands in several payloads is reported once.
    pub(crate) fn push(&mut self, error: syn::Error) {
        let shown = |error: &syn::Error| format!("{:?} {error}", error.span());
        if !self.0.iter().any(|before| shown(before) == shown(&error)) {
            self.0.push(error);
        }
    }

    /// Returns the value of a result, and adds its error.
    pub(crate) fn ok<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// One `compile_error!` for each violation.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.iter().map(syn::Error::to_compile_error).collect()
    }
}

/// Words in a message: `a`, `b` and `c`.
pub(crate) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().copied().map(quoted).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// A word in a message: `a`.
pub(crate) fn quoted(word: &str) -> String {
    format!("`{word}`")
}
