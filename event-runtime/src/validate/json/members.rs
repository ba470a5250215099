//! The members of objects that are made of several: with a tag beside them, or with the fields of another type.

use super::{Absent, Json, Name, Shown};
use crate::const_text::{Message, same};
use crate::validate::Field;
use crate::validate::nested::Probe;

/// The members of a payload; empty if it is not an object.
#[must_use]
pub const fn members_of<T: Json>() -> &'static [Field] {
    members_or_none(T::MEMBERS)
}

/// The members, if there are some; empty otherwise.
#[must_use]
pub const fn members_or_none(members: Option<&'static [Field]>) -> &'static [Field] {
    match members {
        Some(members) => members,
        None => &[],
    }
}

/// The members of a type that is an object in JSON; with another type it fails to compile, with `message`.
///
/// # Panics
///
/// In a constant, so that the panic is a compile error.
#[must_use]
#[track_caller]
pub const fn fields_of(members: Option<&'static [Field]>, message: &str) -> &'static [Field] {
    match members {
        Some(members) => members,
        None => panic!("{}", message),
    }
}

/// The members of a type that stands beside a tag, of which none may have the name of the tag.
///
/// # Panics
///
/// In a constant, so that the panic is a compile error.
#[must_use]
#[track_caller]
pub const fn fields_beside_tag(
    members: Option<&'static [Field]>,
    tag: &str,
    message: &str,
) -> &'static [Field] {
    let fields = fields_of(members, message);
    if has(fields, tag, 0) {
        Message::new().add(&["a field here is `", tag, "` in JSON as the tag is: rename one of them"]).fail();
    }
    fields
}

/// These fields, of which some are from what is flattened: two with one name fail to compile.
///
/// # Panics
///
/// In a constant, so that the panic is a compile error.
#[must_use]
#[track_caller]
pub const fn distinct(fields: &'static [Field]) -> &'static [Field] {
    let mut at = 0;
    while at < fields.len() {
        let name = fields[at].name;
        if has(fields, name, at + 1) {
            let message = ["`", name, "` is there twice, here and in what is flattened: rename one of them"];
            Message::new().add(&message).fail();
        }
        at += 1;
    }
    fields
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

macro_rules! concatenations {
    ($count:ident, $concat:ident, $type:ty, $none:expr) => {
        /// How many there are in all.
        #[must_use]
        pub const fn $count(parts: &[&[$type]]) -> usize {
            let (mut count, mut part) = (0, 0);
            while part < parts.len() {
                count += parts[part].len();
                part += 1;
            }
            count
        }

        /// All parts, one after the other.
        #[must_use]
        pub const fn $concat<const N: usize>(parts: &[&[$type]]) -> [$type; N] {
            let mut all = [$none; N];
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
    };
}

concatenations!(count_fields, concat_fields, Field, tag_field(""));
concatenations!(count_names, concat_names, Name, Absent::NAME);

/// The field in which a tag is.
#[must_use]
pub const fn tag_field(name: &'static str) -> Field {
    const SHOWN: Shown = Probe::<String>::TYPE.shown();
    Field::new(name, "", &[], SHOWN)
}
