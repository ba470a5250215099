//! The output in place of an expansion, made so that the only errors shown are the real ones.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::ToTokens;

use crate::errors::Errors;

/// The attributes that only our macros know.
const OURS: &[&str] = &["validate", "event", "normalize"];

/// The output of a macro that stops before its last stage, beside the errors.
pub(crate) struct Fallback(TokenStream);

impl Fallback {
    pub(crate) fn nothing() -> Self {
        Self(TokenStream::new())
    }

    /// The user's item, as it is.
    pub(crate) fn item(item: impl ToTokens) -> Self {
        Self(item.into_token_stream())
    }

    /// Reports the error of the parser, beside what rustc says by itself.
    pub(crate) fn unparsable(error: syn::Error, errors: &mut Errors) -> Self {
        errors.push(error);
        Self::nothing()
    }

    /// Reports that the attribute stands on an item of the wrong kind; the item stays, without the attributes that only our
    /// macros know.
    pub(crate) fn misplaced(attribute: &str, right: &str, item: TokenStream, errors: &mut Errors) -> Self {
        errors.at_span(Span::call_site(), format!("`#[{attribute}]` goes on {right}"));
        Self(without_ours(item))
    }

    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0
    }
}

fn without_ours(tokens: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if is_ours(&group) && is_pound(kept.last()) => drop(kept.pop()),
            TokenTree::Group(group) => {
                let mut inside = Group::new(group.delimiter(), without_ours(group.stream()));
                inside.set_span(group.span());
                kept.push(inside.into());
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

/// `[validate(..)]`
fn is_ours(group: &Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket
        && matches!(first, Some(TokenTree::Ident(name)) if OURS.iter().any(|ours| name == ours))
}

fn is_pound(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == '#')
}
