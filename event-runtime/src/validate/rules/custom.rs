//! `custom` and `refine`: rules that a user writes as a function.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use super::At;
use crate::validate::{Issue, Issues, Params, Path, code};

/// A violation of a custom rule: returned by the function of a `custom` or `refine` rule.
///
/// ```
/// use event_runtime::prelude::*;
/// use event_runtime::validate::Invalid;
///
/// fn even(seats: &u32) -> Result<(), Invalid> {
///     if seats.is_multiple_of(2) { Ok(()) } else { Err("must be even".into()) }
/// }
///
/// fn ends_after_begin(booking: &BookingConfirmed) -> Result<(), Invalid> {
///     if booking.begin < booking.end {
///         return Ok(());
///     }
///     Err(Invalid::new("too_early", "must be after `begin`").at("end").with("begin", booking.begin))
/// }
///
/// /// The life of a booking.
/// #[domain_events]
/// pub enum BookingEvent {
///     /// A booking was confirmed.
///     #[validate(refine = ends_after_begin)]
///     Confirmed {
///         #[validate(custom = even)]
///         seats: u32,
///         begin: u64,
///         end: u64,
///     },
/// }
///
/// let issues = BookingConfirmed::parse(br#"{ "seats": 2, "begin": 7, "end": 7 }"#).unwrap_err();
/// assert_eq!(issues.to_string(), "end: must be after `begin`");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Invalid {
    field: Option<&'static str>,
    code: Cow<'static, str>,
    message: Cow<'static, str>,
    params: Params,
}

impl Invalid {
    /// Creates a violation with a code for programs and a sentence for people.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { field: None, code: code.into(), message: message.into(), params: Params::default() }
    }

    /// Attributes the violation to a field instead of the whole value.
    pub fn at(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    /// Adds a parameter.
    pub fn with(mut self, param: &'static str, value: impl Into<Value>) -> Self {
        self.params.insert(param, value.into());
        self
    }

    fn into_issue(self, path: &Path<'_>) -> Issue {
        let mut issue = match self.field {
            Some(field) => Issue::new(&path.field(field), self.code, self.message),
            None => Issue::new(path, self.code, self.message),
        };
        issue.params = self.params;
        issue
    }
}

impl From<&'static str> for Invalid {
    /// With the code `custom`.
    fn from(message: &'static str) -> Self {
        Self::new(code::CUSTOM, message)
    }
}

impl From<String> for Invalid {
    /// With the code `custom`.
    fn from(message: String) -> Self {
        Self::new(code::CUSTOM, message)
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Invalid {}

/// Checks a value by a function of the user.
#[inline]
pub fn custom<T: ?Sized, E: Into<Invalid>>(
    value: &T,
    check: impl FnOnce(&T) -> Result<(), E>,
    at: At<'_>,
    issues: &mut Issues,
) {
    if let Err(invalid) = check(value) {
        issues.push(invalid.into().into_issue(&at.path()));
    }
}

/// Checks fields against each other, by a function of the user; only when nothing else is wrong with the value.
#[inline]
pub fn refine<T, E: Into<Invalid>>(
    value: &T,
    check: impl FnOnce(&T) -> Result<(), E>,
    before: usize,
    path: &Path<'_>,
    issues: &mut Issues,
) {
    if issues.len() == before {
        custom(value, check, At::value(path), issues);
    }
}
