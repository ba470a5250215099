//! The attributes above a payload: above a variant or a struct.

use syn::{Attribute, LitStr, Path};

use super::ownership::{Deprecation, Ownership};
use crate::errors::{Errors, list};
use crate::parse::attributes::{named, others};
use crate::parse::documentation::is_hidden;
use crate::parse::option::{self, Opt};

/// The attributes above a payload.
#[derive(Default)]
pub(crate) struct Container {
    /// The functions that look at all fields.
    pub(crate) refine: Vec<Path>,
    /// The case of the fields' names in JSON.
    pub(crate) rename_all: Option<Case>,
    /// It carries `#[deprecated]`.
    pub(crate) deprecated: bool,
    /// Its owner, and its deprecation, in Rust or as an event.
    pub(crate) ownership: Ownership,
    /// It carries `#[doc(hidden)]`.
    pub(crate) hidden: bool,
    /// `#[cfg(..)]`, for everything that is generated.
    pub(crate) cfgs: Vec<Attribute>,
    /// The user's other attributes.
    pub(crate) attributes: Vec<Attribute>,
}

/// Checks the attributes above a payload.
pub(super) fn container(attributes: &[Attribute], errors: &mut Errors) -> Container {
    Container { rename_all: rename_all(attributes, errors), ..without_serde(attributes, errors) }
}

/// Checks the attributes above a payload, but not those of serde.
pub(super) fn without_serde(attributes: &[Attribute], errors: &mut Errors) -> Container {
    let mut container = Container {
        deprecated: named(attributes, &["deprecated"]).next().is_some(),
        ownership: Ownership { owner: None, deprecation: Deprecation::of_rust(attributes) },
        hidden: is_hidden(attributes),
        cfgs: named(attributes, &["cfg"]).cloned().collect(),
        attributes: others(attributes, &["cfg", "event", "serde", "validate"]),
        ..Container::default()
    };
    for option in option::of_attributes(attributes, "validate", errors) {
        match option.name().as_str() {
            "refine" => container.refine.extend(option.path(errors)),
            _ => errors.at(
                &option.key,
                "above a payload stands `refine = path`; rules of a field stand above the field",
            ),
        }
    }
    container
}

/// Reads `#[serde(rename_all = "..")]` above an enum, a variant or a struct. Of serde's attributes no other is honoured there.
pub(super) fn rename_all(attributes: &[Attribute], errors: &mut Errors) -> Option<Case> {
    let mut case = None;
    for option in option::of_attributes(attributes, "serde", errors) {
        match option.name().as_str() {
            "rename_all" => case = option.text(errors).and_then(|text| Case::parse(&text, errors)),
            _ => refuse(&option, errors),
        }
    }
    case
}

fn refuse(option: &Opt, errors: &mut Errors) {
    let reason = match option.name().as_str() {
        "rename" | "rename_all_fields" => "names of events come from the enum; for fields write `rename_all`",
        "deny_unknown_fields" => "unknown fields are ignored, so that senders can add some",
        "tag" | "content" | "untagged" => "the name of an event stands in its envelope",
        "default" => "write it above the fields that have a default",
        _ => "the JSON Schema and the issues would not follow it",
    };
    errors.at(option, format!("`#[serde({})]` is not supported here: {reason}", option.name()));
}

/// A case for the names of fields in JSON.
#[derive(Clone, Copy)]
pub(crate) enum Case {
    Camel,
    Pascal,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
    Lower,
    Upper,
}

const CASES: [(&str, Case); 8] = [
    ("camelCase", Case::Camel),
    ("PascalCase", Case::Pascal),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
];

impl Case {
    pub(super) fn parse(text: &LitStr, errors: &mut Errors) -> Option<Self> {
        let found = CASES.iter().find(|(name, _)| *name == text.value());
        if found.is_none() {
            let names = CASES.map(|(name, _)| name);
            errors.at(text, format!("unknown case `{}`: there are {}", text.value(), list(&names)));
        }
        found.map(|(_, case)| *case)
    }

    /// Renames a variant, which is written in `PascalCase`, as serde does.
    pub(super) fn apply_to_variant(self, variant: &str) -> String {
        match self {
            Self::Pascal => variant.to_owned(),
            Self::Lower => variant.to_ascii_lowercase(),
            Self::Upper => variant.to_ascii_uppercase(),
            Self::Camel => {
                let mut chars = variant.chars();
                chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
            }
            Self::Snake | Self::ScreamingSnake | Self::Kebab | Self::ScreamingKebab => {
                let mut snake = String::new();
                for (index, char) in variant.char_indices() {
                    if index > 0 && char.is_uppercase() {
                        snake.push('_');
                    }
                    snake.push(char.to_ascii_lowercase());
                }
                self.apply(&snake)
            }
        }
    }

    /// Renames a field, which is written in `snake_case`, as serde does.
    pub(super) fn apply(self, field: &str) -> String {
        let pascal = || -> String {
            let capital = |word: &str| {
                let mut chars = word.chars();
                chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str())
            };
            field.split('_').filter_map(capital).collect()
        };
        match self {
            Self::Snake | Self::Lower => field.to_owned(),
            Self::Pascal => pascal(),
            Self::Camel => {
                let name = pascal();
                let mut chars = name.chars();
                chars.next().map(|first| first.to_ascii_lowercase().to_string()).unwrap_or_default()
                    + chars.as_str()
            }
            Self::ScreamingSnake | Self::Upper => field.to_ascii_uppercase(),
            Self::Kebab => field.replace('_', "-"),
            Self::ScreamingKebab => field.to_ascii_uppercase().replace('_', "-"),
        }
    }
}
