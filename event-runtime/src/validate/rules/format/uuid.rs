//! `uuid`.

use uuid::{Uuid, Variant};

use super::report;
use crate::validate::rules::fit::Textual;
use crate::validate::rules::text::none_or;
use crate::validate::rules::{At, Text};
use crate::validate::{Issue, Issues, code};

/// What a UUID is, for messages.
pub const UUID: &str = "a UUID, such as `0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f`";

/// The UUID that a text is, with hyphens.
#[must_use]
pub fn read_uuid(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::try_parse(text).ok() } else { None }
}

/// Checks that the text is a UUID in its hyphenated form, the one that JSON Schema accepts.
#[inline]
pub fn uuid<T: Textual + ?Sized>(value: &T, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, |text| read_uuid(text).is_some()) {
        report("uuid", UUID, at, issues);
    }
}

/// What `uuid(version = ..)` fits: texts, and UUIDs.
#[diagnostic::on_unimplemented(
    message = "`uuid` does not fit `{Self}`: it needs a text or a `Uuid`",
    label = "this rule",
    note = "for the elements of a list write `inner(..)`; for a type of your own implement `event_runtime::validate::Text`"
)]
pub trait Identifier {
    /// Whether there is no value, or a UUID of this version.
    fn is_of_version(&self, version: u8) -> bool;
}

#[diagnostic::do_not_recommend]
impl<T: Text + ?Sized> Identifier for T {
    #[inline]
    fn is_of_version(&self, version: u8) -> bool {
        none_or(self, |text| read_uuid(text).is_some_and(|uuid| uuid.is_of_version(version)))
    }
}

#[diagnostic::do_not_recommend]
impl Identifier for Uuid {
    #[inline]
    fn is_of_version(&self, version: u8) -> bool {
        self.get_version_num() == usize::from(version) && self.get_variant() == Variant::RFC4122
    }
}

#[diagnostic::do_not_recommend]
impl Identifier for Option<Uuid> {
    #[inline]
    fn is_of_version(&self, version: u8) -> bool {
        self.as_ref().is_none_or(|uuid| uuid.is_of_version(version))
    }
}

/// Checks that the value is a UUID of a version.
#[inline]
pub fn uuid_of<T: Identifier + ?Sized>(value: &T, version: u8, at: At<'_>, issues: &mut Issues) {
    if !value.is_of_version(version) {
        report_version(version, at, issues);
    }
}

#[cold]
fn report_version(version: u8, at: At<'_>, issues: &mut Issues) {
    let message = format!("must be a UUID of version {version}");
    let issue = Issue::new(&at.path(), code::INVALID_FORMAT, message);
    issues.push(issue.with("format", "uuid").with("version", version));
}
