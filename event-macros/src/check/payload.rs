//! Structs that are stored as JSON: payloads of events, and parts of them.

use proc_macro2::TokenStream;
use syn::{Fields, Generics, Ident, ItemStruct, Path, Visibility};

use super::container::{Container, container};
use super::field::{Field, fields};
use super::key::no_key;
use super::{owned, runtime};
use crate::errors::Errors;
use crate::fallback::Fallback;
use crate::parse::documentation::Documentation;
use crate::parse::own_serde;

/// A struct that is stored as JSON.
pub(crate) struct Payload {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) fields: Vec<Field>,
    /// Written as `struct Name;`.
    pub(crate) unit: bool,
    pub(crate) documentation: Documentation,
    /// Traits that are derived beside `Debug` and `Clone`.
    pub(crate) derives: Vec<Path>,
    /// The attributes above it.
    pub(crate) container: Container,
}

/// Checks a struct with `#[payload]`.
pub(crate) fn payload(options: TokenStream, mut item: ItemStruct, errors: &mut Errors) -> Payload {
    let runtime = runtime::only_option(options, errors);
    no_generics(&item.generics, "a payload has no generics: it is stored and decoded by its name", errors);
    owned::retain(&mut item.fields, &item.generics, errors);
    of_struct(item, runtime, errors)
}

/// Checks a struct with `#[derive(Validate)]`, whose serde implementation is the user's own. One with generics has no rules.
pub(crate) fn validated(mut item: ItemStruct, errors: &mut Errors) -> Result<Payload, Fallback> {
    if no_generics(&item.generics, "a type with rules has no generics", errors) {
        return Err(Fallback::nothing());
    }
    owned::retain_values(&mut item.fields, errors);
    let inline = inline(&mut item);
    let mut payload = of_struct(item, runtime::or_usual(None), errors);
    for field in payload.fields.iter_mut().filter(|field| inline.contains(&field.ident)) {
        field.flatten = Some(field.ident.span());
    }
    Ok(payload)
}

/// Takes serde's attributes off, and what serde does not read. Returns the fields whose values stand among those of the struct,
/// or in its place.
fn inline(item: &mut ItemStruct) -> Vec<Ident> {
    let transparent = own_serde::take(&mut item.attrs).transparent;
    let Fields::Named(fields) = &mut item.fields else { return Vec::new() };
    let mut inline = Vec::new();
    for mut field in std::mem::take(&mut fields.named) {
        let place = own_serde::take(&mut field.attrs);
        if place.skip {
            continue;
        }
        inline.extend(field.ident.clone().filter(|_| transparent || place.flatten));
        fields.named.push(field);
    }
    inline
}

/// Reports generics, and returns `true` if there are some.
fn no_generics(generics: &Generics, why: &str, errors: &mut Errors) -> bool {
    let are_there = !generics.params.is_empty();
    if are_there {
        errors.at(generics, why);
    }
    are_there
}

fn of_struct(item: ItemStruct, runtime: TokenStream, errors: &mut Errors) -> Payload {
    let container = container(&item.attrs, errors);
    let unit = matches!(item.fields, Fields::Unit);
    let mut fields = fields(item.fields, None, container.rename_all, &item.ident.to_string(), errors);
    no_key(&mut fields, errors);
    Payload {
        runtime,
        documentation: Documentation::of(&item.attrs),
        unit,
        fields,
        ident: item.ident,
        vis: item.vis,
        derives: Vec::new(),
        container,
    }
}
