//! Attributes on the user's items.

use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

use super::documentation::is_documentation;

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

/// The attributes that are left as they are: with none of these names, and no documentation.
pub(crate) fn others(attributes: &[Attribute], read: &[&str]) -> Vec<Attribute> {
    let is_read = |attribute: &&Attribute| {
        is_documentation(attribute) || read.iter().any(|name| attribute.path().is_ident(name))
    };
    attributes.iter().filter(|attribute| !is_read(attribute)).cloned().collect()
}
