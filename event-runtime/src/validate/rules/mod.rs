//! The rules. The generated code calls one function a rule; each is a quick check, and a cold path that says what is
//! wrong.

mod at;
mod class;
mod collection;
mod constant;
mod custom;
mod fit;
mod format;
mod length;
mod number;
mod pattern;
mod said;
mod text;

pub use at::At;
pub use class::Class;
pub use collection::{Elements, Entries, inner, keys, unique};
pub use constant::{Constant, assert_in_order};
pub use custom::{Invalid, custom, refine};
pub use format::{
    DATETIME, UUID, date, datetime, email, hostname, ip, ipv4, ipv6, is_datetime, read_uuid, time,
    uri_reference, url, url_of, uuid, uuid_of,
};
pub use length::{Length, length};
pub use number::{Integer, Number, multiple_of, one_of_numbers, range};
pub use pattern::{Scan, pattern, regex, scanned};
pub use said::{is_empty, said};
pub use text::{Text, contains, ends_with, one_of_texts, starts_with};
