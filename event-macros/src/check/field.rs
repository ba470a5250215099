//! The fields of a payload: name, type, rules, and what `#[serde(..)]` says.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Fields, GenericArgument, Ident, Path, PathArguments, Type, Visibility};

use super::rule::{Rule, RuleKind, rules};
use crate::ast::{documentation, named, not_named};
use crate::attr::{self, Opt};
use crate::errors::Errors;

/// A field of a payload.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    /// The name in JSON.
    pub(crate) name: String,
    pub(crate) documentation: String,
    pub(crate) rules: Vec<Rule>,
    /// How a missing field is made, if it need not be there.
    pub(crate) default: Option<TokenStream>,
    /// When it is not written.
    pub(crate) skip_if: Option<Path>,
    /// `#[cfg(..)]`, for everything that is generated for the field.
    pub(crate) cfgs: Vec<Attribute>,
    /// What else was written above the field.
    pub(crate) attributes: Vec<Attribute>,
}

impl Field {
    /// Whether the type may have rules of its own, as far as its name tells.
    pub(crate) fn may_be_nested(&self) -> bool {
        !is_leaf(&self.ty) && !self.requires_rules()
    }

    /// Whether `nested` is written.
    pub(crate) fn requires_rules(&self) -> bool {
        self.rules.iter().any(|rule| matches!(rule.kind, RuleKind::Nested))
    }

    /// Whether it has rules that are checked on its own value.
    pub(crate) fn has_own_rules(&self) -> bool {
        self.rules.iter().any(|rule| !matches!(rule.kind, RuleKind::Nested))
    }
}

/// Reads named fields, or none. `vis` is the visibility of fields that are written without one.
pub(crate) fn fields(
    fields: Fields,
    vis: Option<&Visibility>,
    example: &str,
    errors: &mut Errors,
) -> Vec<Field> {
    match fields {
        Fields::Named(fields) => {
            fields.named.into_iter().map(|written| field(written, vis, errors)).collect()
        }
        Fields::Unnamed(unnamed) => {
            errors.at(&unnamed, format!("fields of a payload have names: write `{example} {{ id: u64 }}`"));
            Vec::new()
        }
        Fields::Unit => Vec::new(),
    }
}

fn field(written: syn::Field, vis: Option<&Visibility>, errors: &mut Errors) -> Field {
    let attributes = written.attrs;
    // Named fields have an identifier.
    let ident = written.ident.unwrap_or_else(|| Ident::new("_field", proc_macro2::Span::mixed_site()));
    let mut field = Field {
        name: ident.unraw().to_string(),
        vis: vis.cloned().unwrap_or(written.vis),
        ty: written.ty,
        documentation: documentation(&attributes),
        rules: rules(&attributes, errors),
        default: None,
        skip_if: None,
        cfgs: named(&attributes, &["cfg"]).cloned().collect(),
        attributes: not_named(&attributes, &["cfg", "doc", "validate", "serde"]).cloned().collect(),
        ident,
    };
    if let Type::Reference(reference) = &field.ty {
        let message =
            "a payload owns its fields, since it is stored: write `String` for a text, `Vec<T>` for a list";
        errors.at(reference, message);
    }
    for option in attr::of_attributes(&attributes, "serde", errors) {
        serde_option(&option, &mut field, errors);
    }
    field
}

/// Of serde's attributes those that change one field are taken; the others are refused.
fn serde_option(option: &Opt, field: &mut Field, errors: &mut Errors) {
    match option.name().as_str() {
        "rename" => {
            if let Some(name) = option.text(errors) {
                field.name = name.value();
            }
        }
        "default" => field.default = default(option, errors),
        "skip_serializing_if" => {
            field.skip_if = option.text(errors).and_then(|text| errors.ok(text.parse()));
        }
        other => {
            let message = format!(
                "`#[serde({other})]` is not supported on a field of a payload: {}. There are {}",
                "its JSON Schema and issue paths would not follow it",
                attr::list(&["rename", "default", "skip_serializing_if"]),
            );
            errors.at(option, message);
        }
    }
}

fn default(option: &Opt, errors: &mut Errors) -> Option<TokenStream> {
    if option.to_token_stream().to_string() == "default" {
        return Some(quote!(::core::default::Default::default));
    }
    let text = option.text(errors)?;
    let path: Path = errors.ok(text.parse())?;
    Some(path.into_token_stream())
}

const LEAVES: &[&str] = &[
    "String", "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
    "isize", "f32", "f64", "Uuid",
];

/// Whether a type is known to have no rules of its own: a shortcut that saves the compiler a method resolution.
fn is_leaf(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    match &last.arguments {
        PathArguments::None => LEAVES.iter().any(|leaf| last.ident == leaf),
        PathArguments::AngleBracketed(arguments) if last.ident == "Option" || last.ident == "Vec" => {
            arguments.args.iter().all(|argument| matches!(argument, GenericArgument::Type(ty) if is_leaf(ty)))
        }
        _ => false,
    }
}
