//! What is wrong with a value, said so that programs, people and translators can use it.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Path;

/// The codes of the issues that this crate reports. Custom rules may bring their own.
pub mod code {
    /// Shorter, fewer or smaller than allowed; `minimum` says how much is needed.
    pub const TOO_SMALL: &str = "too_small";
    /// Longer, more or greater than allowed; `maximum` says how much is possible.
    pub const TOO_BIG: &str = "too_big";
    /// Not a multiple of `multiple_of`.
    pub const NOT_MULTIPLE_OF: &str = "not_multiple_of";
    /// An unknown variant of an enum: none of the `options`; `nearest` was probably meant.
    pub const INVALID_TAG: &str = "invalid_tag";
    /// None of the `options`.
    pub const INVALID_VALUE: &str = "invalid_value";
    /// An element that occurs before; `index` is its own.
    pub const NOT_UNIQUE: &str = "not_unique";
    /// A violation of a custom rule that has no code of its own.
    pub const CUSTOM: &str = "custom";
    /// Not of the format that `format` names.
    pub const INVALID_FORMAT: &str = "invalid_format";
    /// Not of the JSON type that the field has.
    pub const INVALID_TYPE: &str = "invalid_type";
    /// A required field is missing.
    pub const REQUIRED: &str = "required";
    /// The bytes are not JSON.
    pub const INVALID_JSON: &str = "invalid_json";
    /// The bytes are not UTF-8.
    pub const INVALID_UTF8: &str = "invalid_utf8";
    /// No event of the registry has this name.
    pub const UNKNOWN_EVENT: &str = "unknown_event";
    /// Several events where one is expected; in this build the function takes no batch.
    pub const UNEXPECTED_BATCH: &str = "unexpected_batch";
    /// The version of the payload is not one that the application knows.
    pub const UNKNOWN_VERSION: &str = "unknown_version";
}

/// One thing that is wrong with a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Issue {
    /// The path, such as `steps[3].key`. Empty if the issue is about the value as a whole.
    pub path: String,
    /// The kind of issue, for programs: one of [`code`], or a custom rule's own.
    pub code: Cow<'static, str>,
    /// One English sentence for people. To translate it, use `code` and `params`.
    pub message: Cow<'static, str>,
    /// The rule's parameters, such as `{"minimum": 1}`.
    #[serde(skip_serializing_if = "Params::is_empty")]
    pub params: Params,
}

impl Issue {
    /// Creates an issue at `path`, without parameters.
    #[must_use]
    pub fn new(
        path: &Path<'_>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { path: path.to_text(), code: code.into(), message: message.into(), params: Params::default() }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, param: &'static str, value: impl Into<Value>) -> Self {
        self.params.insert(param, value.into());
        self
    }

    /// The issue of a value that was written and that no handler could read back.
    #[cold]
    pub(crate) fn not_read_back(self) -> Self {
        let message = format!("would not be read back: {}", self.message);
        Self { message: message.into(), ..self }
    }
}

/// The parameters of an issue, by name, in the order in which the rule tells them. Serialises to an object.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Params(Vec<(&'static str, Value)>);

impl Params {
    /// Returns the parameter of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.iter().find(|(param, _)| *param == name).map(|(_, value)| value)
    }

    /// Returns every name and value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    /// Returns true if there are no issues.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps those whose names are accepted.
    pub(crate) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.0.retain(|(param, _)| keep(param));
    }

    /// Sets a parameter.
    pub(crate) fn insert(&mut self, name: &'static str, value: Value) {
        match self.0.iter_mut().find(|(param, _)| *param == name) {
            Some(param) => param.1 = value,
            None => self.0.push((name, value)),
        }
    }
}

impl Serialize for Params {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

/// Every issue found in a value, in the order of its fields; never empty when it is an error.
///
/// Serialises to a list of `{path, code, message, params?}`. At most [`Issues::MAX`] are kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Issues(Vec<Issue>);

impl Issues {
    /// The most issues that are kept.
    pub const MAX: usize = 1_000;

    /// Creates an empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds an issue, unless there are [`Issues::MAX`].
    pub fn push(&mut self, issue: Issue) {
        if self.0.len() < Self::MAX {
            self.0.push(issue);
        }
    }

    /// The issues from a place on.
    pub(crate) fn after_mut(&mut self, start: usize) -> &mut [Issue] {
        self.0.get_mut(start..).unwrap_or_default()
    }

    /// Gives the issues from a place on another message.
    #[cold]
    pub(super) fn say(&mut self, from: usize, message: &'static str) {
        for issue in self.0.iter_mut().skip(from) {
            issue.message = message.into();
        }
    }

    /// Returns the issues, in the order of the fields.
    pub fn iter(&self) -> std::slice::Iter<'_, Issue> {
        self.0.iter()
    }

    /// Returns the number of issues.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns true if there is no issue.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes off the issues from `place` on.
    pub(crate) fn split_off(&mut self, place: usize) -> Self {
        Self(self.0.split_off(place))
    }

    /// The value, or `None` after adding what is wrong with it.
    pub(crate) fn take<T>(&mut self, result: Result<T, Self>) -> Option<T> {
        result.map_err(|found| found.into_iter().for_each(|issue| self.push(issue))).ok()
    }

    /// Returns `Ok(value)` if there is no issue, else the issues.
    pub(crate) fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl From<Issue> for Issues {
    fn from(issue: Issue) -> Self {
        Self(vec![issue])
    }
}

impl IntoIterator for Issues {
    type Item = Issue;
    type IntoIter = std::vec::IntoIter<Issue>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Issues {
    type Item = &'a Issue;
    type IntoIter = std::slice::Iter<'a, Issue>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Issues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, issue) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            fmt::Display::fmt(issue, f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Issues {}
