//! The fields of a payload as a table: for the JSON Schema and for the catalogue of events.

use std::fmt::{self, Debug};

use super::default::DefaultValue;
use super::json::Shown;
use super::schema::TypeTree;
use super::{Issues, Rule};

/// One field of a payload: its name, documentation and rules.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Field {
    /// The name in JSON.
    pub name: &'static str,
    /// The documentation comment.
    pub description: &'static str,
    /// The rules, as written.
    pub rules: &'static [Rule],
    /// Whether it carries `#[deprecated]`.
    pub deprecated: bool,
    /// Whether its value is shown nowhere: `#[event(sensitive)]`.
    pub sensitive: bool,
    /// How its text is made uniform when it is read, in the order in which that is done: `#[normalize(..)]`.
    pub normalize: &'static [&'static str],
    /// Whether it is the key of the event, or part of it: see [`key`](crate::key).
    pub key: bool,
    pub(crate) shown: Shown,
    pub(super) tree: Option<&'static TypeTree>,
    pub(super) default: Option<&'static dyn DefaultValue>,
}

/// What a value is in JSON, as far as its type tells.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    Text,
    Boolean,
    Unknown,
}

impl Field {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        name: &'static str,
        description: &'static str,
        rules: &'static [Rule],
        shown: Shown,
    ) -> Self {
        Self {
            name,
            description,
            rules,
            deprecated: false,
            key: false,
            sensitive: false,
            normalize: &[],
            shown,
            tree: None,
            default: None,
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn normalized(self, normalize: &'static [&'static str]) -> Self {
        Self { normalize, ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn deprecated(self) -> Self {
        Self { deprecated: true, ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn key(self) -> Self {
        Self { key: true, ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn made_of(self, tree: &'static TypeTree) -> Self {
        Self { tree: Some(tree), ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn defaulted(self, default: &'static dyn DefaultValue) -> Self {
        Self { default: Some(default), ..self }
    }

    /// What is wrong with the default: such a field is required, since JSON without it is refused.
    pub(super) fn wrong_default(&self) -> Issues {
        self.default.map(|default| default.issues(self.name)).unwrap_or_default()
    }
}

impl Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field")
            .field("name", &self.name)
            .field("description", &self.description)
            .field("rules", &self.rules)
            .field("deprecated", &self.deprecated)
            .field("key", &self.key)
            .field("sensitive", &self.sensitive)
            .field("normalize", &self.normalize)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        let shown = |field: &Self| {
            let flags = (field.deprecated, field.key, field.sensitive);
            (field.name, field.description, field.rules, flags, field.normalize)
        };
        shown(self) == shown(other)
    }
}
