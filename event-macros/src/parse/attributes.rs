//! Attributes on the user's items.

use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Token};

/// The text of the documentation comments among attributes.
pub(crate) fn documentation(attributes: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        if let Meta::NameValue(pair) = &attribute.meta
            && let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value
        {
            // An empty comment is a line too: it parts paragraphs.
            for line in text.value().split('\n') {
                lines.push(line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned());
            }
        }
    }
    lines.join("\n").trim().to_owned()
}

/// Keeps the names alone of serde's attributes: for a type whose serde implementation is the user's own.
pub(crate) fn keep_names_of_serde(attributes: &mut Vec<Attribute>) {
    attributes.retain_mut(|attribute| {
        let Meta::List(list) = &mut attribute.meta else { return true };
        if !list.path.is_ident("serde") {
            return true;
        }
        let options = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default();
        let is_name = |option: &Meta| matches!(option, Meta::NameValue(pair) if pair.path.is_ident("rename") || pair.path.is_ident("rename_all"));
        let names: Vec<Meta> = options.into_iter().filter(is_name).collect();
        list.tokens = quote!(#(#names),*);
        !names.is_empty()
    });
}

/// The attributes with one of these names.
pub(crate) fn named<'a>(
    attributes: &'a [Attribute],
    names: &'a [&str],
) -> impl Iterator<Item = &'a Attribute> {
    attributes.iter().filter(|attribute| names.iter().any(|name| attribute.path().is_ident(name)))
}

/// The attributes with none of these names.
pub(crate) fn not_named<'a>(
    attributes: &'a [Attribute],
    names: &'a [&str],
) -> impl Iterator<Item = &'a Attribute> {
    attributes.iter().filter(|attribute| !names.iter().any(|name| attribute.path().is_ident(name)))
}
