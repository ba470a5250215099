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
//! | `length(min = 1, max = 120)`, `length(equal = 2)` | text, lists, sets, maps | code points of a text, elements of a list; both bounds included |
//! | `range(min = 1, max = 10)` | numbers | both bounds included |
//! | `email` | text | `local@domain`: a dot-atom of RFC 5321 at a host name |
//! | `url` | text | an absolute URL, as the URL Standard parses it |
//! | `uuid` | text | a UUID with hyphens (RFC 9562) |
//! | `pattern("^[a-z]+$")` | text | a regular expression that is found in the text; anchor it to mean all of it |
//! | `nested` | types with `Validate` | entered by itself; written, it is an error when the type has no rules |
//!
//! On an `Option`, a rule holds for the value inside; `None` is valid.

mod decode;
mod issue;
mod nested;
mod path;
#[doc(hidden)]
pub mod rules;
mod schema;

pub use decode::Payload;
#[doc(hidden)]
pub use decode::{
    Decode, FieldIndex, Probe, ViaDecode, ViaSerde, decode_field, decode_object, missing_field,
    not_of_domain, set_once,
};
pub(crate) use decode::{invalid_json, invalid_utf8};
pub use issue::{Issue, Issues, code};
#[doc(hidden)]
pub use nested::{Enter, ViaNothing, ViaValidate};
pub use path::Path;
pub use rules::{Length, Number, Text};
#[doc(hidden)]
pub use schema::ObjectSchema;
pub use schema::{Bound, Field, Rule};

/// A type with rules. Implemented by `#[domain_events]`, `#[payload]` and `#[derive(Validate)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no validation rules",
    note = "put `#[payload]` or `#[derive(Validate)]` on `{Self}`"
)]
pub trait Validate {
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
