//! Validation: every issue of a value at once, each with a path, a code and the rule's parameters.
//!
//! Rules are written on the fields of an event (or of a type with `#[payload]` or `#[derive(Validate)]`):
//!
//! ```
//! use event_runtime::prelude::*;
//!
//! /// The life of a user.
//! #[domain_events]
//! pub enum UserEvent {
//!     /// A user was created.
//!     Created {
//!         #[validate(length(min = 1, max = 40))]
//!         name: String,
//!         #[validate(email)]
//!         email: String,
//!     },
//! }
//!
//! let issues = UserCreated::parse(br#"{ "name": "", "email": "nobody" }"#).unwrap_err();
//! let found: Vec<_> = issues.iter().map(|issue| (issue.path.as_str(), issue.code.as_ref())).collect();
//! assert_eq!(found, [("name", "too_small"), ("email", "invalid_format")]);
//! ```
//!
//! | rule | fits | meaning |
//! |---|---|---|
//! | `length(min = 1, max = 120)`, `length(equal = 2)` | text, lists, sets, maps | code points of a text, elements of a collection; both bounds included |
//! | `range(min = 1, max = 10)` | numbers | both bounds included |
//! | `range(above = 0.0, below = 1.0)` | numbers | both bounds excluded; `min` with `below` and `above` with `max` go together too |
//! | `multiple_of(5)` | integers | a multiple of this number |
//! | `one_of("eu", "us")`, `one_of(1, 2)` | text, numbers | one of these values |
//! | `email` | text | `local@domain`: a dot-atom of RFC 5321 at a host name |
//! | `url` | text | an absolute URL: a URI of RFC 3986 that the URL Standard parses |
//! | `url(scheme("https", "ftp"))` | text | an absolute URL with one of these schemes, in upper or lower case |
//! | `uri_reference` | text | a URI, or a reference relative to one, such as `/orders?page=2` (RFC 3986) |
//! | `hostname` | text | a host name (RFC 1123), with punycode that stands for letters, marks and digits (RFC 5891) |
//! | `uuid` | text | a UUID with hyphens (RFC 9562) |
//! | `uuid(version = 7)` | text, `Uuid` | a UUID of this version |
//! | `ip`, `ip(v4)`, `ip(v6)` | text | an IP address |
//! | `datetime` | text | a date and time with its offset (RFC 3339) |
//! | `date` | text | a date (RFC 3339: `full-date`) |
//! | `time` | text | a time of day with its offset, such as `08:30:00Z` (RFC 3339: `full-time`) |
//! | `pattern("^[a-z]+$")` | text | a regular expression that is found in the text; anchor it to mean all of it |
//! | `starts_with("a")`, `ends_with("z")`, `contains("-")` | text | its beginning, its end, a part of it |
//! | `or_empty` | text | the empty text is exempt from the other rules of the field |
//! | `unique` | lists | no element occurs twice |
//! | `inner(..)` | lists, sets, maps | rules of each element; of a map, of each value |
//! | `keys(..)` | maps | rules of each key |
//! | `custom = path` | everything | a function `fn(&T) -> Result<(), E>` with `E: Into<`[`Invalid`]`>` |
//! | `refine = path` on the variant | all fields | such a function of the payload, called when nothing else is wrong with it |
//! | `nested` | types with rules inside | asserts that the type has rules; rules inside are checked without it |
//! | `skip` | everything | the rules inside are not checked; the JSON Schema still has them |
//!
//! The guide [Events](crate::guide::events#rules) shows each rule with its JSON Schema and its issue.
//!
//! On an `Option`, a rule holds for the value inside; `None` is valid.
//!
//! The bounds of `length` and `range` are numbers, sums of them such as `60 * 60`, or constants: `max = MAX_NAME`. The JSON
//! Schema has the value of a constant; the documentation, which is written before the compiler knows it, has its name.
//!
//! # Messages
//!
//! Every rule except `inner` and `keys`, whose rules have their own, takes `message = ".."`, the message of its issues. Code and
//! parameters remain those of the rule.
//!
//! ```
//! use event_runtime::prelude::*;
//!
//! const MAX_NAME: usize = 40;
//!
//! /// A guest.
//! #[payload]
//! pub struct Guest {
//!     #[validate(length(min = 1, max = MAX_NAME, message = "please give a name"))]
//!     name: String,
//!     #[validate(url(scheme("https")), or_empty)]
//!     website: String,
//! }
//!
//! let issues = Guest::parse(br#"{ "name": "", "website": "" }"#).unwrap_err();
//! assert_eq!(issues.to_string(), "name: please give a name");
//! ```
//!
//! # Patterns
//!
//! A pattern has the meaning of ECMA-262 (with the flag `u`), as in JSON Schema, and is matched in linear time. `\d`, `\w`, `\s`,
//! their negations and `.` are expanded for both the JSON Schema and Rust: `\d` is `[0-9]`, not the digits of every alphabet. A
//! needless backslash before punctuation is removed. `\p{L}`, `\p{Script=Greek}` and other properties of characters are kept; which
//! characters they include depends on the reader's version of Unicode. Look-around and back-references are refused, since they need
//! backtracking.
//!
//! # Defaults
//!
//! The JSON Schema contains the `default` of a field with `#[serde(default)]`, if it is the same each time. A default that breaks a
//! rule of its field cannot be used: the field is then required, and the generated test of the payload fails.
//!
//! # Nested types
//!
//! The rules of a nested type, one with `#[payload]`, `#[derive(Validate)]` or an [`impl Validate`](Validate) of your own, are
//! checked wherever its values occur: in every container of the standard library (options, boxes, lists, queues, arrays,
//! sets, tuples, keys and values of maps, `Result`, ranges, ..), nested to any depth. Paths lead there:
//! `lines[0].name`, `prices["7"].cents`, `pair[1].name`, `outcome.Ok.name`; the elements of a set are counted in its order.
//!
//! Enums, newtypes and flattened fields with `#[payload]` may have rules, too: see [`payload`](macro@crate::payload).
//!
//! Any other type, such as an enum with serde's derives, is accepted without rules. A *generic* type of your own or of another crate
//! must say what is inside: if one of its arguments has rules and the type has no `Validate`, that is a compile error, unless the
//! field says `skip`:
//!
//! ```
//! use event_runtime::prelude::*;
//! use event_runtime::validate::{Issues, Path};
//!
//! /// A line of an order.
//! #[payload]
//! pub struct Line {
//!     #[validate(range(min = 1))]
//!     quantity: u8,
//! }
//!
//! /// A page of something.
//! pub struct Page<T> {
//!     items: Vec<T>,
//! }
//!
//! impl<T: Validate> Validate for Page<T> {
//!     fn validate_into(&self, path: &Path<'_>, issues: &mut Issues) {
//!         self.items.validate_into(&path.field("items"), issues);
//!     }
//! }
//!
//! #[derive(Validate)]
//! pub struct Order {
//!     pages: Vec<Page<Line>>,
//! }
//!
//! let order = Order { pages: vec![Page { items: vec![Line { quantity: 0 }] }] };
//! assert_eq!(order.validate().unwrap_err().iter().next().unwrap().path, "pages[0].items[0].quantity");
//! ```
//!
//! What stands behind an alias is entered when each type inside has rules or is known to have none, as in
//! `type Pair = (u8, Line)`.

mod carried;
pub(crate) mod choice_schema;
mod containers;
mod dates;
pub(crate) mod decode;
pub(crate) mod default;
pub(crate) mod example;
pub(crate) mod field;
pub(crate) mod integers;
mod issue;
pub(crate) mod json;
mod json_text;
pub(crate) mod nested;
mod newtype;
pub(crate) mod normalize;
pub(crate) mod part;
mod path;
mod rule;
pub(crate) mod rules;
pub(crate) mod schema;
mod segments;
pub(crate) mod sensitive;
mod tree;
mod unknown;
mod values;

pub(crate) use carried::{encode, encode_text};
pub use decode::Payload;
pub(crate) use decode::{invalid_json, invalid_utf8};
pub use field::Field;
pub use issue::{Issue, Issues, Params, code};
pub(crate) use json::encode_payload;
pub use path::Path;
pub use rule::{Bound, Choice, IpVersion, Rule};
pub use rules::{Elements, Entries, Integer, Invalid, Length, Number, Text};
pub use segments::PathSegment;
pub use tree::{FlatIssues, IssueTree};
pub use unknown::Unknown;

/// A type with rules. Implemented by `#[domain_events]`, `#[payload]` and `#[derive(Validate)]`; a container of the standard
/// library has the rules of what it holds.
///
/// A type with rules that no macro writes implements it itself:
///
/// ```
/// use event_runtime::prelude::*;
/// use event_runtime::validate::{Issue, Issues, Path, code};
///
/// /// How something is paid.
/// #[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
/// #[serde(tag = "type", rename_all = "snake_case")]
/// enum Means {
///     Card { exp_month: u8 },
///     Cash,
/// }
///
/// impl Validate for Means {
///     fn validate_into(&self, path: &Path<'_>, issues: &mut Issues) {
///         if let Self::Card { exp_month: 0 | 13.. } = self {
///             issues.push(Issue::new(&path.field("exp_month"), code::TOO_BIG, "must be 1 to 12"));
///         }
///     }
/// }
///
/// let means = vec![Some(Means::Cash), Some(Means::Card { exp_month: 13 })];
/// assert_eq!(means.validate().unwrap_err().to_string(), "[1].exp_month: must be 1 to 12");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no validation rules",
    note = "put `#[payload]` or `#[derive(Validate)]` on `{Self}`"
)]
pub trait Validate {
    /// Whether there are rules: `false` for the types of the standard library, and for containers of such.
    const HAS_RULES: bool = true;

    /// Whether [`validate_into`](Self::validate_into) may find something: rules, or values that JSON has no form for.
    #[doc(hidden)]
    const IS_CHECKED: bool = Self::HAS_RULES;

    /// Checks every rule of every field.
    ///
    /// # Errors
    ///
    /// Every issue found, in the order of the fields.
    fn validate(&self) -> Result<(), Issues> {
        let mut issues = Issues::new();
        self.validate_into(&Path::root(), &mut issues);
        issues.into_result(())
    }

    /// Checks every rule of every field, for a value that stands at `path`; adds to `issues`.
    fn validate_into(&self, path: &Path<'_>, issues: &mut Issues);
}
