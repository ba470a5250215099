//! What is still emitted when the input is wrong, so that the only errors shown are the real ones.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::errors::Errors;

/// The attributes that only our macros know.
const OURS: &[&str] = &["validate", "event"];

/// The user's item, without the attributes that only our macros know.
pub(crate) fn item(item: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in item {
        match token {
            TokenTree::Group(group) if is_ours(&group) && is_pound(kept.last()) => drop(kept.pop()),
            TokenTree::Group(group) => {
                let mut inside = Group::new(group.delimiter(), self::item(group.stream()));
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

/// For what does not parse at all: the error of the parser, beside what rustc says by itself.
pub(crate) fn unparsable(error: syn::Error) -> TokenStream {
    let mut errors = Errors::default();
    errors.push(error);
    errors.into_tokens()
}
