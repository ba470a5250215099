//! What is stored as JSON: payloads of events, and parts of them.

use proc_macro2::TokenStream;
use syn::{Fields, Generics, Ident, ItemStruct, Path, Visibility};

use super::choice::{Choice, choice};
use super::container::{Container, container};
use super::field::{Field, fields};
use super::key::no_key;
use super::{owned, runtime};
use crate::errors::Errors;
use crate::fallback::Fallback;
use crate::parse::documentation::Documentation;
use crate::parse::item::StoredItem;
use crate::parse::{option, own_serde};

/// What carries `#[payload]`.
pub(crate) enum Stored {
    Struct(Payload),
    Enum(Choice),
}

/// A struct that is stored as JSON, or what a variant holds.
pub(crate) struct Payload {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) form: Form,
    pub(crate) fields: Vec<Field>,
    /// The number of its first field: the variants of an enum count on, since their code stands in one block.
    pub(crate) first: usize,
    pub(crate) documentation: Documentation,
    /// Traits that are derived beside `Debug` and `Clone`.
    pub(crate) derives: Vec<Path>,
    /// The attributes above it.
    pub(crate) container: Container,
}

/// How a struct or a variant is written.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Form {
    /// `Name`.
    Unit,
    /// `Name { .. }`.
    Named,
    /// `Name(..)`: in JSON the value alone.
    Transparent,
}

impl Form {
    pub(super) const fn of(fields: &Fields) -> Self {
        match fields {
            Fields::Unit => Self::Unit,
            Fields::Named(_) => Self::Named,
            Fields::Unnamed(_) => Self::Transparent,
        }
    }
}

impl Form {
    /// The form with these fields: without the value that did not pass the checks, nothing is held.
    pub(super) fn with(self, fields: &[Field]) -> Self {
        if self == Self::Transparent && fields.is_empty() { Self::Unit } else { self }
    }
}

impl Payload {
    /// The value of a struct that has no other: none of a struct that did not pass the checks.
    pub(crate) fn transparent(&self) -> Option<&Field> {
        self.fields.first().filter(|_| self.form == Form::Transparent)
    }

    /// Returns `true` if a field is shown nowhere.
    pub(crate) fn has_secrets(&self) -> bool {
        self.fields.iter().any(|field| field.sensitive)
    }

    /// Returns `true` if a type may be one that is not `Clone`, or not `Debug`.
    pub(crate) fn has_unknown_types(&self) -> bool {
        self.fields.iter().any(Field::is_of_unknown_type)
    }
}

/// What to do about a type of a shape that a payload does not have.
pub(super) const OR_DERIVE: &str = "Or leave `#[payload]` away, and derive `Debug`, `Clone`, `serde::Serialize`, \
    `serde::Deserialize` and `schemars::JsonSchema`: a field may be of any such type";

/// Checks a struct or an enum with `#[payload]`.
pub(crate) fn payload(options: TokenStream, mut item: StoredItem, errors: &mut Errors) -> Stored {
    let (mut runtime, mut open) = (None, None);
    for option in option::parse(options, errors) {
        match option.name().as_str() {
            "crate" => runtime = option.path(errors),
            "open" => {
                option.flag(errors);
                open = Some(option);
            }
            _ => option.unknown("option", &["crate", "open"], errors),
        }
    }
    let runtime = runtime::or_usual(runtime);
    let (generics, held) = match &mut item {
        StoredItem::Struct(item) => (&item.generics, vec![&mut item.fields]),
        StoredItem::Enum(item) => {
            (&item.generics, item.variants.iter_mut().map(|variant| &mut variant.fields).collect())
        }
    };
    let message = "a payload has no generics: it is stored and decoded by its name";
    // What borrows cannot be read by serde's traits either.
    if generics.type_params().next().is_some() {
        no_generics(generics, &format!("{message}. {OR_DERIVE}"), errors);
    } else {
        no_generics(generics, message, errors);
    }
    for fields in held {
        owned::retain(fields, generics, errors);
    }
    match item {
        StoredItem::Struct(item) => {
            if let Some(open) = open {
                errors.at(&open, "`open` is about enums: it keeps variants that are not known. A struct takes unknown fields anyway");
            }
            Stored::Struct(of_struct(item, runtime, errors))
        }
        StoredItem::Enum(item) => Stored::Enum(choice(item, runtime, open.is_some(), errors)),
    }
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
    let form = Form::of(&item.fields);
    let mut fields = fields(item.fields, None, container.rename_all, &item.ident.to_string(), errors);
    no_key(&mut fields, errors);
    Payload {
        runtime,
        documentation: Documentation::of(&item.attrs),
        form: form.with(&fields),
        fields,
        first: 0,
        ident: item.ident,
        vis: item.vis,
        derives: Vec::new(),
        container,
    }
}
