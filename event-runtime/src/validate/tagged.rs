//! Enums whose variants a tag tells apart.

use event_conventions::nearest;

use super::{Field, Issue, Path, code};

/// An enum whose variants a tag tells apart. Implemented by `#[payload]`.
pub trait Tagged: Sized {
    /// Where the tag stands.
    const TAGGING: Tagging;
    /// The variants, in the order of the declaration.
    const VARIANTS: &'static [Variant];
    /// Whether variants that are not known are kept.
    const OPEN: bool;
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

/// What is written as a JSON object. Implemented by `#[domain_events]` and `#[payload]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not known to be a JSON object, which it must be here",
    label = "not an object",
    note = "the payload of an event is an object, and so is what stands beside a tag or is flattened: use a struct with `#[payload]`",
    note = "for a value of another kind in a variant, give it a field of its own: `#[serde(tag = \"type\", content = \"value\")]`"
)]
pub trait Object {}

impl<T: Object> Object for &T {}

impl<T: Object> Object for Box<T> {}

/// Fails to compile unless the type is written as an object.
pub const fn assert_object<T: Object>() {}

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
