//! Variants that an open enum does not know.

use std::fmt::{self, Debug};
use std::hash::{Hash, Hasher};

use serde_json::value::RawValue;

/// A variant that an enum with `#[payload(open)]` does not know: the JSON as it came, which is written back unchanged.
///
/// ```
/// use event_runtime::prelude::*;
///
/// /// How something is paid.
/// #[payload(open)]
/// #[serde(tag = "type", rename_all = "snake_case")]
/// pub enum Method {
///     Cash,
///     Card { last4: String },
/// }
///
/// let Ok(Method::Unknown(unknown)) = Method::parse(br#"{"type":"cheque","number":7}"#) else { panic!() };
/// assert_eq!(unknown.tag(), "cheque");
/// assert_eq!(serde_json::to_string(&Method::Unknown(unknown)).unwrap(), r#"{"type":"cheque","number":7}"#);
/// ```
#[derive(Clone)]
pub struct Unknown {
    tag: Box<str>,
    json: Box<RawValue>,
}

impl Unknown {
    pub(crate) fn new(tag: impl Into<Box<str>>, json: Box<RawValue>) -> Self {
        Self { tag: tag.into(), json }
    }

    /// The tag that is not known.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The whole value as JSON.
    #[must_use]
    pub fn json(&self) -> &str {
        self.json.get()
    }
}

impl Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What a newer program means to be sensitive is not known here.
        f.debug_struct("Unknown").field("tag", &self.tag).finish_non_exhaustive()
    }
}

impl PartialEq for Unknown {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

impl Eq for Unknown {}

impl Hash for Unknown {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.json().hash(state);
    }
}
