//! The fields of a payload: names, types, rules, and the options of `#[serde(..)]`.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{
    Attribute, Expr, Fields, FieldsUnnamed, GenericArgument, Ident, Path, PathArguments, Type, Visibility,
};

use super::container::Case;
use super::normalize::{Normalize, normalize};
use super::number;
use super::payload::OR_DERIVE;
use super::rule::{Rule, RuleKind, rules};
use super::shape::Shape;
use crate::errors::{Errors, list};
use crate::parse::attributes::{named, others};
use crate::parse::documentation::{Documentation, is_hidden};
use crate::parse::option::{self, Opt};

/// A field of a payload.
#[allow(clippy::struct_excessive_bools, reason = "each says a thing of its own")]
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    /// The name in JSON.
    pub(crate) name: String,
    pub(crate) documentation: Documentation,
    /// It carries `#[doc(hidden)]`.
    pub(crate) hidden: bool,
    pub(crate) rules: Vec<Rule>,
    /// The rules inside are left alone.
    pub(crate) skip: bool,
    /// Its value in examples.
    pub(crate) example: Option<Expr>,
    /// Its value where the JSON lacks it, if it may.
    pub(crate) default: Option<DefaultValue>,
    /// The function that says that it is not written.
    pub(crate) skip_if: Option<Path>,
    /// The place of `flatten`: its fields stand among those of the payload.
    pub(crate) flatten: Option<Span>,
    /// How its text is made uniform when it is read.
    pub(crate) normalize: Option<Normalize>,
    /// Its value is shown nowhere.
    pub(crate) sensitive: bool,
    /// It is the key of the event, or part of it: the place of `key`.
    pub(crate) key: Option<Span>,
    /// It carries `#[deprecated]`.
    pub(crate) deprecated: bool,
    /// `#[cfg(..)]`, for everything that is generated for the field.
    pub(crate) cfgs: Vec<Attribute>,
    /// The user's other attributes.
    pub(crate) attributes: Vec<Attribute>,
}

/// The value of a field that is missing.
pub(crate) enum DefaultValue {
    /// That of its type.
    OfType,
    /// That of a function.
    Function(Path),
}

impl Field {
    /// The places in its value where there may be rules.
    pub(crate) fn shape(&self) -> Shape<'_> {
        if self.skip { Shape::Primitive } else { Shape::of(&self.ty) }
    }

    /// Returns `true` if JSON without the field is accepted: an `Option`, or a field with a default.
    pub(crate) fn may_be_missing(&self) -> bool {
        let is_option = matches!(&self.ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Option"));
        is_option || self.default.is_some()
    }

    /// Returns `true` for a type of the user's, or of another crate: it may lack what a field's type needs, which is told once.
    pub(crate) fn is_of_unknown_type(&self) -> bool {
        !is_made_of(&self.ty, |name| name == "Uuid" || name == "String" || is_primitive(name))
    }

    /// Returns `true` if there is nothing to enter by another way than that of its type, as its name says: a type of the
    /// user with such a name has its own way in.
    pub(crate) fn is_leaf(&self) -> bool {
        self.nested().is_none() && !self.is_of_unknown_type()
    }

    /// The place of `nested`.
    pub(crate) fn nested(&self) -> Option<Span> {
        self.rules.iter().find(|rule| matches!(rule.kind, RuleKind::Nested)).map(|rule| rule.span)
    }

    /// Returns `true` if it has rules that are checked on its own value.
    pub(crate) fn has_own_rules(&self) -> bool {
        self.rules.iter().any(|rule| !matches!(rule.kind, RuleKind::Nested))
    }
}

/// Checks named fields, or none. `vis` is the visibility of fields that are written without one.
pub(super) fn fields(
    fields: Fields,
    vis: Option<&Visibility>,
    rename_all: Option<Case>,
    example: &str,
    errors: &mut Errors,
) -> Vec<Field> {
    match fields {
        Fields::Named(fields) => {
            let mut read = Vec::<Field>::new();
            for written in fields.named {
                let field = field(written, vis, rename_all, errors);
                if let Some(before) =
                    read.iter().find(|before| before.name == field.name && before.cfgs.is_empty())
                {
                    let message =
                        format!("`{}` and `{}` are both `{}` in JSON", before.ident, field.ident, field.name);
                    errors.at(&field.ident, message + ": rename one of them");
                }
                read.push(field);
            }
            read
        }
        Fields::Unnamed(fields) => unnamed(fields, vis, example, errors),
        Fields::Unit => Vec::new(),
    }
}

fn field(
    written: syn::Field,
    vis: Option<&Visibility>,
    rename_all: Option<Case>,
    errors: &mut Errors,
) -> Field {
    let attributes = written.attrs;
    // Named fields have an identifier.
    let ident = written.ident.unwrap_or_else(|| Ident::new("_field", Span::mixed_site()));
    let plain = ident.unraw().to_string();
    let mut field = Field {
        name: rename_all.map_or_else(|| plain.clone(), |case| case.apply(&plain)),
        vis: vis.cloned().unwrap_or(written.vis),
        ty: written.ty,
        documentation: Documentation::of(&attributes),
        hidden: is_hidden(&attributes),
        rules: Vec::new(),
        skip: false,
        example: None,
        key: None,
        deprecated: named(&attributes, &["deprecated"]).next().is_some(),
        default: None,
        skip_if: None,
        flatten: None,
        normalize: normalize(&attributes, errors),
        sensitive: false,
        cfgs: named(&attributes, &["cfg"]).cloned().collect(),
        attributes: others(&attributes, OURS),
        ident,
    };
    validate_options(&option::of_attributes(&attributes, "validate", errors), &mut field, errors);
    if field.skip
        && let Some(nested) = field.nested()
    {
        errors.at_span(
            nested,
            "`nested` demands that there are rules inside, and `skip` leaves them alone: remove one",
        );
    }
    for option in option::of_attributes(&attributes, "serde", errors) {
        serde_option(&option, &mut field, errors);
    }
    for option in option::of_attributes(&attributes, "event", errors) {
        event_option(&option, &mut field, errors);
    }
    if let Some(flatten) = field.flatten {
        refuse_beside_flatten(&field, flatten, errors);
    }
    field
}

/// Checks the one value of a struct or a variant that holds a value without a name. `vis` is its visibility where it is
/// written without one.
pub(super) fn unnamed(
    fields: FieldsUnnamed,
    vis: Option<&Visibility>,
    example: &str,
    errors: &mut Errors,
) -> Vec<Field> {
    let count = fields.unnamed.len();
    if count != 1 {
        let held = if count == 0 { "nothing".to_owned() } else { format!("{count} values without names") };
        let message = format!(
            "`{example}` holds {held}: write `{example}` alone, one value, `{example}(..)`, or named fields, `{example} {{ .. }}`"
        );
        // The variant of a set has no other way.
        let message = if vis.is_none() { format!("{message}. {OR_DERIVE}") } else { message };
        errors.at(&fields, message);
        return Vec::new();
    }
    for option in fields
        .unnamed
        .iter()
        .flat_map(|one| option::of_attributes(&one.attrs, "serde", &mut Errors::default()))
    {
        let message = format!(
            "`#[serde({})]` is about a field with a name: a value without one stands in the JSON as it is",
            option.name()
        );
        errors.at(&option, message);
    }
    let without_serde = |mut one: syn::Field| {
        one.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
        one
    };
    let mut field = |one| {
        let mut field = field(without_serde(one), vis, None, errors);
        if let Some(key) = field.key.take() {
            errors.at_span(
                key,
                "a key is a field with a name: write the fields of the event, or flatten them beside it",
            );
        }
        field
    };
    fields.unnamed.into_iter().map(&mut field).collect()
}

/// The attributes that are read here, and not passed on.
const OURS: &[&str] = &["cfg", "validate", "serde", "event", "normalize"];

/// Reads `#[event(..)]` above a field.
fn event_option(option: &Opt, field: &mut Field, errors: &mut Errors) {
    match option.name().as_str() {
        "sensitive" => {
            option.flag(errors);
            field.sensitive = true;
        }
        "key" => {
            option.flag(errors);
            field.key = Some(option.span());
        }
        _ => option.unknown("option of a field", &["key", "sensitive"], errors),
    }
}

/// Of a field whose own fields stand among the others, only those can have rules.
fn refuse_beside_flatten(field: &Field, flatten: Span, errors: &mut Errors) {
    let beside = [
        (field.has_own_rules(), "rules"),
        (field.default.is_some(), "`default`"),
        (field.skip_if.is_some(), "`skip_serializing_if`"),
        (field.normalize.is_some(), "`normalize`"),
        (field.example.is_some(), "`example`"),
        (!field.cfgs.is_empty(), "`cfg`"),
        (field.key.is_some(), "`key`"),
        (field.sensitive, "`sensitive`"),
    ];
    for (_, what) in beside.iter().filter(|(is_there, _)| *is_there) {
        let message =
            format!("a flattened field has no {what} of its own: write them on the fields of its type");
        errors.at_span(flatten, message);
    }
}

fn validate_options(options: &[Opt], field: &mut Field, errors: &mut Errors) {
    let mut of_value = Vec::new();
    for option in options {
        match option.name().as_str() {
            "example" => {
                field.example = option.value(errors).cloned();
                number::of_example(field.example.as_ref(), errors);
            }
            "skip" => {
                option.flag(errors);
                field.skip = true;
            }
            _ => of_value.push(option),
        }
    }
    field.rules = rules(of_value, errors);
}

/// Takes those of serde's attributes that change one field, and refuses the others.
fn serde_option(option: &Opt, field: &mut Field, errors: &mut Errors) {
    match option.name().as_str() {
        "rename" => {
            if let Some(name) = option.text(errors) {
                field.name = name.value();
            }
        }
        "flatten" => {
            option.flag(errors);
            field.flatten = Some(option.span());
        }
        "default" => field.default = default(option, errors),
        "skip_serializing_if" => {
            field.skip_if = option.text(errors).and_then(|text| errors.ok(text.parse()));
        }
        other => {
            let reason = match other {
                "skip" | "skip_serializing" | "skip_deserializing" => {
                    "what is not in the JSON is not part of the event"
                }
                "with" | "serialize_with" | "deserialize_with" => {
                    "give the field a type with its own serde implementation"
                }
                "alias" => "an event has one spelling; for an older one declare a version",
                _ => "the JSON Schema and the issues would not follow it",
            };
            let known = list(&["rename", "default", "skip_serializing_if", "flatten"]);
            let message =
                format!("`#[serde({other})]` is not supported on a field: {reason}. There are {known}");
            errors.at(option, message);
        }
    }
}

fn default(option: &Opt, errors: &mut Errors) -> Option<DefaultValue> {
    if option.is_bare() {
        return Some(DefaultValue::OfType);
    }
    let text = option.text(errors)?;
    errors.ok(text.parse()).map(DefaultValue::Function)
}

const PRIMITIVES: &[&str] = &[
    "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
    "f32", "f64",
];

/// Returns `true` for a primitive type, which has no rules of its own: a shortcut that saves the compiler some work.
pub(super) fn is_primitive(name: &Ident) -> bool {
    PRIMITIVES.iter().any(|primitive| name == primitive)
}

/// Returns `true` if a type, or the type in an `Option` or a list, is one of those whose names are accepted.
fn is_made_of(ty: &Type, accepted: impl Fn(&Ident) -> bool + Copy) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    match &last.arguments {
        PathArguments::None => accepted(&last.ident),
        PathArguments::AngleBracketed(arguments) if last.ident == "Option" || last.ident == "Vec" => {
            let is_accepted = |argument: &GenericArgument| matches!(argument, GenericArgument::Type(ty) if is_made_of(ty, accepted));
            arguments.args.iter().all(is_accepted)
        }
        _ => false,
    }
}
