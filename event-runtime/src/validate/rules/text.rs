//! Texts: what they are, how they begin and end, what is in them, which there are.

use std::borrow::Cow;

use super::At;
use super::fit::Textual;
use crate::validate::{Issue, Issues, code};

/// What the rules about text fit. Implement it for a newtype to allow them on it.
pub trait Text {
    /// The text; `None` when there is none.
    fn text(&self) -> Option<&str>;
}

macro_rules! text {
    ($($type:ty),*) => {$(
        impl Text for $type {
            #[inline]
            fn text(&self) -> Option<&str> {
                Some(self)
            }
        }
    )*};
}

text!(str, String, &str, Box<str>, std::rc::Rc<str>, std::sync::Arc<str>, Cow<'_, str>);

impl<T: Text> Text for Option<T> {
    #[inline]
    fn text(&self) -> Option<&str> {
        self.as_ref()?.text()
    }
}

/// Whether there is no text, or one that `valid` accepts.
#[inline]
pub(super) fn none_or<T: Text + ?Sized>(value: &T, valid: impl FnOnce(&str) -> bool) -> bool {
    value.text().is_none_or(valid)
}

/// Checks how the text begins.
#[inline]
pub fn starts_with<T: Textual + ?Sized>(value: &T, prefix: &'static str, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, |text| text.starts_with(prefix)) {
        report("starts_with", "must start with", prefix, at, issues);
    }
}

/// Checks how the text ends.
#[inline]
pub fn ends_with<T: Textual + ?Sized>(value: &T, suffix: &'static str, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, |text| text.ends_with(suffix)) {
        report("ends_with", "must end with", suffix, at, issues);
    }
}

/// Checks that something is in the text.
#[inline]
pub fn contains<T: Textual + ?Sized>(value: &T, part: &'static str, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, |text| text.contains(part)) {
        report("contains", "must contain", part, at, issues);
    }
}

#[cold]
fn report(format: &'static str, must: &str, what: &'static str, at: At<'_>, issues: &mut Issues) {
    let issue = Issue::new(&at.path(), code::INVALID_FORMAT, [must, " `", what, "`"].concat());
    issues.push(issue.with("format", format).with(format, what));
}

/// Checks that the text is one of some.
#[inline]
pub fn one_of_texts<T: Textual + ?Sized>(
    value: &T,
    options: &[&'static str],
    at: At<'_>,
    issues: &mut Issues,
) {
    if !none_or(value, |text| options.contains(&text)) {
        report_options(options, at, issues);
    }
}

#[cold]
fn report_options(options: &[&'static str], at: At<'_>, issues: &mut Issues) {
    let quoted: Vec<String> = options.iter().map(|option| format!("`{option}`")).collect();
    let message = format!("must be one of {}", quoted.join(", "));
    issues.push(Issue::new(&at.path(), code::INVALID_VALUE, message).with("options", options));
}
