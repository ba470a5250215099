//! Attributes on the user's items.

use syn::Attribute;

use super::documentation::is_documentation;

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
