//! Attributes under a condition: `#[cfg_attr(feature = "mail", validate(email))]`.
//!
//! Whether a condition holds, rustc knows and a macro does not. So the item is written once for each outcome, under `#[cfg(..)]`
//! and with its macro above it, and rustc expands the one that is left.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::check;

// Input:  `#[cfg_attr(x, validate(email))] to: String`
// Output: `#[cfg(x)] #[domain_events] .. #[validate(email)] to: String ..  #[cfg(not(x))] #[domain_events] .. to: String ..`
/// Returns the item with and without the attributes under the first condition, if there is one no deeper than in `depth` groups.
pub(crate) fn outcomes(
    attribute: &str,
    options: &TokenStream,
    item: &TokenStream,
    depth: usize,
) -> Option<TokenStream> {
    let condition = first(item.clone(), depth)?;
    let (runtime, attribute) = (check::runtime::written(options.clone()), format_ident!("{attribute}"));
    let (with, without) = (settle(item, depth, &condition, true), settle(item, depth, &condition, false));
    Some(quote! {
        #[cfg(#condition)]
        #[#runtime::#attribute(#options)]
        #with
        #[cfg(not(#condition))]
        #[#runtime::#attribute(#options)]
        #without
    })
}

/// The first condition of a `cfg_attr`.
fn first(tokens: TokenStream, depth: usize) -> Option<TokenStream> {
    let mut is_attribute = false;
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            let found = match conditional(group).filter(|_| is_attribute) {
                Some(conditional) => Some(conditional.condition),
                None if may_hold_attributes(group) && depth > 0 => first(group.stream(), depth - 1),
                None => None,
            };
            if found.is_some() {
                return found;
            }
        }
        is_attribute = is_pound(&token);
    }
    None
}

/// The tokens with what stands under the condition as if it were written alone, or without it.
fn settle(tokens: &TokenStream, depth: usize, condition: &TokenStream, holds: bool) -> TokenStream {
    let (wanted, mut settled) = (condition.to_string(), Vec::<TokenTree>::new());
    for token in tokens.clone() {
        let TokenTree::Group(group) = &token else {
            settled.push(token);
            continue;
        };
        let conditional = conditional(group).filter(|found| found.condition.to_string() == wanted);
        match conditional.filter(|_| settled.last().is_some_and(is_pound)) {
            Some(conditional) => {
                let pound = settled.pop();
                for attribute in conditional.attributes.into_iter().filter(|_| holds) {
                    settled.extend(pound.clone());
                    settled.push(regroup(group, attribute));
                }
            }
            None if may_hold_attributes(group) && depth > 0 => {
                settled.push(regroup(group, settle(&group.stream(), depth - 1, condition, holds)));
            }
            None => settled.push(token),
        }
    }
    settled.into_iter().collect()
}

/// `[cfg_attr(condition, attribute, ..)]`
struct Conditional {
    condition: TokenStream,
    attributes: Vec<TokenStream>,
}

fn conditional(group: &Group) -> Option<Conditional> {
    let mut tokens = ungrouped(group.stream()).into_iter();
    match (group.delimiter(), tokens.next(), tokens.next(), tokens.next()) {
        (Delimiter::Bracket, Some(TokenTree::Ident(name)), Some(TokenTree::Group(inside)), None)
            if name == "cfg_attr" =>
        {
            let inside: Vec<TokenTree> = inside.stream().into_iter().collect();
            let mut parts = inside.split(is_comma).map(|part| part.iter().cloned().collect::<TokenStream>());
            // What lacks a condition or a comma is rustc's to refuse.
            let condition = parts.next().filter(|condition| !condition.is_empty())?;
            let attributes: Vec<TokenStream> = parts.filter(|part| !part.is_empty()).collect();
            inside.iter().any(is_comma).then_some(Conditional { condition, attributes })
        }
        _ => None,
    }
}

/// What a `macro_rules!` has passed on, out of its invisible group.
fn ungrouped(tokens: TokenStream) -> TokenStream {
    let mut inside = tokens.clone().into_iter();
    match (inside.next(), inside.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            ungrouped(group.stream())
        }
        _ => tokens,
    }
}

/// Returns `true` for what may be the body of an item or of a variant.
fn may_hold_attributes(group: &Group) -> bool {
    matches!(group.delimiter(), Delimiter::Brace | Delimiter::Parenthesis)
}

fn regroup(group: &Group, tokens: TokenStream) -> TokenTree {
    let mut regrouped = Group::new(group.delimiter(), tokens);
    regrouped.set_span(group.span());
    regrouped.into()
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}

fn is_pound(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '#')
}
