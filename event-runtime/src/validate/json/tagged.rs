//! Enums whose variants a tag tells apart.

use event_conventions::nearest;
use serde_json::Value;
use serde_json::value::RawValue;

use super::reader::{Kind, Mark};
use super::{Reader, Writer};
use crate::validate::{Field, Issue, Path, Unknown, code};

/// An enum whose variants a tag tells apart. Implemented by `#[payload]`.
pub trait Tagged: Sized {
    /// Where the tag stands.
    const TAGGING: Tagging;
    /// The variants, in the order of the declaration.
    const VARIANTS: &'static [Variant];
    /// Makes the variant that keeps unknown ones, in an open enum.
    const KEEP: Option<fn(Unknown) -> Self>;

    /// Reads what the variant at a place holds, or nothing where it holds nothing.
    fn read_held(place: usize, reader: &mut Reader<'_>, path: &Path<'_>) -> Option<Self>;
}

/// Where the tag of an enum stands.
#[derive(Debug, Clone, Copy)]
pub enum Tagging {
    /// `"cash"`, or `{ "card": .. }`.
    External,
    /// `{ "type": "card", .. }`.
    Internal {
        /// The name of the field.
        tag: &'static str,
    },
    /// `{ "type": "card", "data": .. }`.
    Adjacent {
        /// The name of the field of the tag.
        tag: &'static str,
        /// The name of the field of what a variant holds.
        content: &'static str,
    },
}

/// A variant as data.
#[derive(Debug)]
pub struct Variant {
    /// The tag.
    pub tag: &'static str,
    /// The documentation comment.
    pub description: &'static str,
    /// Whether it carries `#[deprecated]`.
    pub deprecated: bool,
    /// What it holds.
    pub held: Held,
}

/// What a variant holds.
#[derive(Debug)]
pub enum Held {
    /// Nothing.
    Nothing,
    /// Named fields.
    Fields {
        /// The fields.
        fields: &'static [Field],
        /// An example of them, and its gaps.
        example: Option<(&'static str, &'static [&'static str])>,
    },
    /// A value without a name.
    Value(Field),
}

impl Held {
    /// Whether there must be something in its place.
    pub(crate) fn is_required(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Fields { .. } => true,
            Self::Value(value) => !(value.shown.is_optional)(),
        }
    }
}

/// Reads an enum.
pub fn read_tagged<T: Tagged>(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<T> {
    match T::TAGGING {
        Tagging::External => read_external(reader, path),
        Tagging::Internal { tag } => read_internal(tag, reader, path),
        Tagging::Adjacent { tag, content } => read_adjacent((tag, content), reader, path),
    }
}

/// The place of a variant.
fn place<T: Tagged>(tag: &str) -> Option<usize> {
    T::VARIANTS.iter().position(|variant| variant.tag == tag)
}

/// Reads `"cash"`, or `{ "card": .. }`.
fn read_external<T: Tagged>(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<T> {
    let start = reader.mark();
    match reader.kind()? {
        Kind::Text => {
            let tag = reader.text(path)?;
            match place::<T>(&tag).map(|place| (place, &T::VARIANTS[place])) {
                Some((place, Variant { held: Held::Nothing, .. })) => T::read_held(place, reader, path),
                Some((_, variant)) => {
                    let message = format!("must be an object with the key `{}`, is a text", variant.tag);
                    reader.issues().push(Issue::new(path, code::INVALID_TYPE, message));
                    None
                }
                None => unknown(&tag, start, path, reader),
            }
        }
        Kind::Object => read_external_object(start, reader, path),
        _ => {
            reader.wrong_type("a text or an object", path);
            None
        }
    }
}

fn read_external_object<T: Tagged>(start: Mark, reader: &mut Reader<'_>, path: &Path<'_>) -> Option<T> {
    if !reader.begin_object(path) {
        return None;
    }
    let Some(key) = reader.next_key(true) else {
        if !reader.is_broken() {
            reader.issues().push(not_one_key::<T>(path));
        }
        return None;
    };
    let tag = key.text().unwrap_or_default();
    let Some(place) = place::<T>(tag) else {
        reader.skip();
        return if ends_here::<T>(reader, path) { unknown(tag, start, path, reader) } else { None };
    };
    let variant = &T::VARIANTS[place];
    if matches!(variant.held, Held::Nothing) {
        reader.skip();
        if ends_here::<T>(reader, path) {
            let message = format!("must be the text `{}`, is an object", variant.tag);
            reader.issues().push(Issue::new(path, code::INVALID_TYPE, message));
        }
        return None;
    }
    let value = T::read_held(place, reader, &path.field(variant.tag));
    if ends_here::<T>(reader, path) { value } else { None }
}

/// Whether the object ends after its first member; an issue if not.
fn ends_here<T: Tagged>(reader: &mut Reader<'_>, path: &Path<'_>) -> bool {
    let mut count = 1;
    while reader.next_key(false).is_some() {
        reader.skip();
        count += 1;
    }
    if count > 1 && !reader.is_broken() {
        reader.issues().push(not_one_key::<T>(path));
    }
    count == 1 && !reader.is_broken()
}

fn not_one_key<T: Tagged>(path: &Path<'_>) -> Issue {
    let message = "must be an object with the name of a variant as its only key";
    Issue::new(path, code::INVALID_TYPE, message).with("options", options::<T>())
}

fn options<T: Tagged>() -> Value {
    T::VARIANTS.iter().map(|variant| variant.tag).collect()
}

/// Reads `{ "type": "card", .. }`: looks for the tag, which is the first member in most cases, and then reads all of it.
fn read_internal<T: Tagged>(key: &'static str, reader: &mut Reader<'_>, path: &Path<'_>) -> Option<T> {
    let start = reader.mark();
    if !reader.begin_object(path) {
        return None;
    }
    let mut is_first = true;
    loop {
        match reader.next_key(std::mem::replace(&mut is_first, false)) {
            Some(found) if found.text() == Some(key) => break,
            Some(_) => reader.skip(),
            None if reader.is_broken() => return None,
            None => return no_tag(reader, &path.field(key)),
        }
    }
    let tag = reader.text(&path.field(key));
    reader.rewind(start);
    let Some(tag) = tag else {
        reader.skip();
        return None;
    };
    match place::<T>(&tag) {
        Some(place) => reader.with_tag(key, path, |reader| T::read_held(place, reader, path)),
        None => {
            reader.skip();
            unknown(&tag, start, &path.field(key), reader)
        }
    }
}

/// Reads `{ "type": "card", "data": .. }`. What comes before its tag is read afterwards.
fn read_adjacent<T: Tagged>(
    (key, content): (&'static str, &'static str),
    reader: &mut Reader<'_>,
    path: &Path<'_>,
) -> Option<T> {
    let start = reader.mark();
    if !reader.begin_object(path) {
        return None;
    }
    let (tag_path, content_path) = (path.field(key), path.field(content));
    let (mut tag, mut held, mut is_first, mut is_twice) = (None, None, true, false);
    while let Some(found) = reader.next_key(std::mem::replace(&mut is_first, false)) {
        match found.text() {
            Some(found) if found == key && tag.is_none() => tag = Some(reader.text(&tag_path)),
            Some(found) if found == content && held.is_none() => {
                held = Some(reader.mark());
                reader.skip();
            }
            Some(found) if found == key || found == content => {
                is_twice = true;
                reader.refuse(Issue::new(
                    &path.field(if found == key { key } else { content }),
                    code::INVALID_TYPE,
                    "is there twice",
                ));
            }
            _ => reader.skip(),
        }
    }
    if reader.is_broken() {
        return None;
    }
    let Some(tag) = tag else { return no_tag(reader, &tag_path) };
    let tag = tag?;
    let Some(place) = place::<T>(&tag) else { return unknown(&tag, start, &tag_path, reader) };
    let value = match (&T::VARIANTS[place].held, held) {
        (Held::Nothing, _) => T::read_held(place, reader, &content_path),
        (_, Some(held)) => {
            let end = reader.mark();
            reader.rewind(held);
            let value = T::read_held(place, reader, &content_path);
            reader.rewind(end);
            value
        }
        (held, None) if held.is_required() => {
            reader.issues().push(Issue::new(&content_path, code::REQUIRED, "is required"));
            None
        }
        // What stands for a missing value stands for `null` too.
        (_, None) => T::read_held(place, &mut Reader::new("null"), &content_path),
    };
    value.filter(|_| !is_twice)
}

#[cold]
fn no_tag<T: Tagged>(reader: &mut Reader<'_>, path: &Path<'_>) -> Option<T> {
    let issue = Issue::new(path, code::REQUIRED, "is required");
    reader.issues().push(issue.with("options", options::<T>()));
    None
}

/// Keeps the value of a variant that is not known, which was passed over; or notes the issue.
#[cold]
fn unknown<T: Tagged>(tag: &str, start: Mark, at: &Path<'_>, reader: &mut Reader<'_>) -> Option<T> {
    let Some(keep) = T::KEEP else {
        reader.issues().push(invalid_tag(at, tag, T::VARIANTS));
        return None;
    };
    reader.rewind(start);
    let json = RawValue::from_string(reader.raw()?.to_owned());
    json.ok().map(|json| keep(Unknown::new(tag, json)))
}

/// Passes over what stands beside the tag of a variant that holds nothing. Returns `true` if it is JSON.
pub fn pass_over<T: Tagged>(reader: &mut Reader<'_>) -> bool {
    if let Tagging::Internal { .. } = T::TAGGING {
        // Every member is one that no field has.
        if reader.begin_object(&Path::root()) {
            reader.first_field(&[]);
        }
    }
    !reader.is_broken()
}

/// Writes a variant that is not known, as it was read.
pub fn write_unknown(unknown: &Unknown, writer: &mut Writer) {
    writer.push(unknown.json());
}

/// Writes a variant that holds nothing.
pub fn write_unit<T: Tagged>(tag: &str, writer: &mut Writer) {
    match T::TAGGING {
        Tagging::External => writer.text(tag),
        Tagging::Internal { tag: key } | Tagging::Adjacent { tag: key, .. } => {
            writer.bracket('{');
            writer.field(key, |writer| writer.text(tag));
            writer.bracket('}');
        }
    }
}

/// Writes a variant, and what it holds.
pub fn write_held<T: Tagged>(tag: &'static str, writer: &mut Writer, held: impl FnOnce(&mut Writer)) {
    writer.bracket('{');
    match T::TAGGING {
        Tagging::External => writer.field(tag, held),
        Tagging::Internal { tag: key } => {
            writer.field(key, |writer| writer.text(tag));
            writer.members(held);
        }
        Tagging::Adjacent { tag: key, content } => {
            writer.field(key, |writer| writer.text(tag));
            writer.field(content, held);
        }
    }
    writer.bracket('}');
}

/// The issue of a tag that no variant has.
#[cold]
pub(super) fn invalid_tag(path: &Path<'_>, tag: &str, variants: &[Variant]) -> Issue {
    let tags: Vec<&'static str> = variants.iter().map(|variant| variant.tag).collect();
    let listed: Vec<String> = tags.iter().take(MOST_LISTED).map(|tag| format!("`{tag}`")).collect();
    let more = if tags.len() > MOST_LISTED {
        format!(" and {} others", tags.len() - MOST_LISTED)
    } else {
        String::new()
    };
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
