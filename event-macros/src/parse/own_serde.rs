//! serde's attributes above a type with its own serde implementation: those count that say where in the JSON a value is read.

use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Meta, Token, parse_quote};

/// Where serde reads a value.
#[derive(Default)]
pub(crate) struct Place {
    /// Among the fields of the struct itself.
    pub(crate) flatten: bool,
    /// In the place of the struct.
    pub(crate) transparent: bool,
    /// Nowhere.
    pub(crate) skip: bool,
}

/// Takes serde's attributes off, and leaves the names that are read: of `rename(deserialize = "a")` it leaves `rename = "a"`.
pub(crate) fn take(attributes: &mut Vec<Attribute>) -> Place {
    let (mut place, mut names) = (Place::default(), Vec::<Meta>::new());
    for option in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")).flat_map(options) {
        match option.path().get_ident().map(ToString::to_string).as_deref() {
            Some("flatten") => place.flatten = true,
            Some("transparent") => place.transparent = true,
            Some("skip" | "skip_deserializing") => place.skip = true,
            Some("rename" | "rename_all") => names.extend(as_read(option)),
            _ => {}
        }
    }
    attributes.retain(|attribute| !attribute.path().is_ident("serde"));
    attributes.extend(names.iter().map(|name| -> Attribute { parse_quote!(#[serde(#name)]) }));
    place
}

fn options(attribute: &Attribute) -> Vec<Meta> {
    let parsed = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    parsed.map(|options| options.into_iter().collect()).unwrap_or_default()
}

/// The name that is read, as if it were the only one.
fn as_read(option: Meta) -> Option<Meta> {
    let Meta::List(list) = option else { return Some(option) };
    let pairs = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
    let name: Expr = pairs.into_iter().find_map(|pair| match pair {
        Meta::NameValue(pair) if pair.path.is_ident("deserialize") => Some(pair.value),
        _ => None,
    })?;
    let key = list.path;
    syn::parse2(quote!(#key = #name)).ok()
}
