//! The types that stand for lists.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::docs;
use crate::check::list::List;

/// The documentation of a list.
pub(super) struct Documentation {
    /// Its first line, where the user writes none.
    pub(super) usual: &'static str,
    /// The text above the links to its entries.
    pub(super) heading: &'static str,
}

/// The type that stands for the list, documented by links to what is in it.
pub(super) fn item(list: &List, documentation: &Documentation) -> TokenStream {
    let List { vis, name, attributes, entries, .. } = list;
    let Documentation { usual, heading } = documentation;
    let documented = attributes.iter().any(|attribute| attribute.path().is_ident("doc"));
    let usual = (!documented).then(|| quote!(#[doc = #usual]));
    let links: Vec<String> =
        entries.iter().map(|entry| format!("- {}", docs::link(&entry.to_token_stream()))).collect();
    let section = docs::paragraphs(&[format!("{heading}{}", links.join("\n"))]);
    quote! {
        #usual
        #(#attributes)*
        #section
        #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
        #vis struct #name;
    }
}
