//! Enums whose variants a tag tells apart.

use event_conventions::nearest;

use serde_json::Value;

use super::decode::diagnose_plain;
use super::field::Typed;
use super::{Field, Issue, Path, Unknown, code};
use crate::const_text::{Message, same};

/// An enum whose variants a tag tells apart. Implemented by `#[payload]`.
pub trait Tagged: Sized {
    /// Where the tag stands.
    const TAGGING: Tagging;
    /// The variants, in the order of the declaration.
    const VARIANTS: &'static [Variant];
    /// Whether variants that are not known are kept.
    const OPEN: bool;

    /// The variant at a place, with what it holds; none if that does not decode.
    fn decode_held(place: usize, held: &Value) -> Option<Self>;

    /// The variant that keeps what is not known.
    fn keep(unknown: Unknown) -> Option<Self> {
        drop(unknown);
        None
    }
}

/// Where the tag of an enum stands.
#[derive(Debug, Clone, Copy)]
pub enum Tagging {
    /// `"cash"`, or `{ "card": .. }`.
    External,
    /// `{ "type": "card", .. }`.
    Internal { tag: &'static str },
    /// `{ "type": "card", "data": .. }`.
    Adjacent { tag: &'static str, content: &'static str },
}

/// A variant as data.
#[derive(Debug)]
pub struct Variant {
    pub tag: &'static str,
    pub description: &'static str,
    pub deprecated: bool,
    pub held: Held,
}

/// What a variant holds.
#[derive(Debug)]
pub enum Held {
    Nothing,
    /// Named fields, and an example of them with its gaps.
    Fields { fields: &'static [Field], example: Option<(&'static str, &'static [&'static str])> },
    /// A value without a name.
    Value(Field),
}

impl Held {
    /// Whether there must be something in its place.
    pub(super) fn is_required(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Fields { .. } => true,
            Self::Value(value) => value.code.is_required(),
        }
    }
}

/// What is written as a JSON object. Implemented by `#[domain_events]` and `#[payload]`.
pub trait Object {
    /// The fields that it may have.
    const FIELDS: &'static [Field];
}

impl<T: Object> Object for &T {
    const FIELDS: &'static [Field] = T::FIELDS;
}

impl<T: Object> Object for Box<T> {
    const FIELDS: &'static [Field] = T::FIELDS;
}

/// What is written as a JSON object, as the compiler tells it: with one implementation, which is not to be recommended.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not known to be a JSON object, which it must be here",
    label = "not an object",
    note = "the payload of an event is an object, and so is what stands beside a tag or is flattened: use a struct with `#[payload]`",
    note = "for another value in a variant, name the field in which it stands: `#[serde(tag = \"type\", content = \"value\")]`"
)]
pub trait AnObject: Object {}

#[diagnostic::do_not_recommend]
impl<T: Object> AnObject for T {}

/// The fields of an object: a type that is none is an error.
#[must_use]
pub const fn fields_of<T: AnObject>() -> &'static [Field] {
    T::FIELDS
}

/// The fields of an object that stands beside a tag: a type that is none is an error, and a field with the name of the tag.
///
/// # Panics
///
/// In a constant, so that the panic is a compile error.
#[must_use]
#[track_caller]
pub const fn fields_beside_tag<T: AnObject>(tag: &'static str) -> &'static [Field] {
    if has(T::FIELDS, tag, 0) {
        Message::new().add(&["a field here is `", tag, "` in JSON as the tag is: rename one of them"]).fail();
    }
    T::FIELDS
}

/// Fails to compile when two fields have one name, of which one is from what is flattened.
///
/// # Panics
///
/// In a constant, so that the panic is a compile error.
#[track_caller]
pub const fn assert_distinct(fields: &'static [Field]) {
    let mut at = 0;
    while at < fields.len() {
        if has(fields, fields[at].name, at + 1) {
            Message::new().add(&["`", fields[at].name, "` is there twice, here and in what is flattened: rename one of them"]).fail();
        }
        at += 1;
    }
}

const fn has(fields: &[Field], name: &str, from: usize) -> bool {
    let mut at = from;
    while at < fields.len() {
        if same(fields[at].name, name) {
            return true;
        }
        at += 1;
    }
    false
}

/// How many fields there are in all.
#[must_use]
pub const fn count_fields(parts: &[&[Field]]) -> usize {
    let (mut count, mut part) = (0, 0);
    while part < parts.len() {
        count += parts[part].len();
        part += 1;
    }
    count
}

/// The fields of all parts, one after the other.
#[must_use]
pub const fn concat_fields<const N: usize>(parts: &[&[Field]]) -> [Field; N] {
    let mut all = [tag_field(""); N];
    let (mut count, mut part) = (0, 0);
    while part < parts.len() {
        let mut at = 0;
        while at < parts[part].len() {
            all[count] = parts[part][at];
            count += 1;
            at += 1;
        }
        part += 1;
    }
    all
}

/// The field in which a tag is.
#[must_use]
pub const fn tag_field(name: &'static str) -> Field {
    Field::new(name, "", &[], TAG)
}

const TAG: &Typed<String> = &Typed { diagnose: diagnose_plain::<String>, check: None, enter: None, default: None };

/// The issue of a tag that no variant has.
#[cold]
pub(super) fn invalid_tag(path: &Path<'_>, tag: &str, variants: &[Variant]) -> Issue {
    let tags: Vec<&'static str> = variants.iter().map(|variant| variant.tag).collect();
    let listed: Vec<String> = tags.iter().take(MOST_LISTED).map(|tag| format!("`{tag}`")).collect();
    let more = if tags.len() > MOST_LISTED { format!(" and {} others", tags.len() - MOST_LISTED) } else { String::new() };
    let meant = nearest(tag, tags.iter().copied());
    let hint = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
    let message = format!("must be one of {}{more}{hint}", listed.join(", "));
    let issue = Issue::new(path, code::INVALID_TAG, message).with("options", tags);
    match meant {
        Some(meant) => issue.with("nearest", meant),
        None => issue,
    }
}

/// How many tags a message lists.
const MOST_LISTED: usize = 20;
