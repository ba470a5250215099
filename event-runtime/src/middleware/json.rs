//! Results as they are recorded.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::function::{Error, Result, encode_output};

/// A result as JSON. Cheap to clone. `Debug` shows its length and not its content, which may be private.
#[derive(Clone, PartialEq, Eq)]
pub struct Json(Arc<str>);

impl Json {
    /// Writes a value as JSON.
    ///
    /// # Errors
    ///
    /// When JSON has no form for it.
    ///
    /// ```
    /// use event_runtime::middleware::Json;
    ///
    /// let json = Json::of(&vec![1, 2]).unwrap();
    /// assert_eq!(json.as_str(), "[1,2]");
    /// assert_eq!(json.read::<Vec<u8>>().unwrap(), [1, 2]);
    /// ```
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self> {
        encode_output(value).map(Self)
    }

    /// Reads the value.
    ///
    /// # Errors
    ///
    /// When it is not a `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.0).map_err(Error::non_retriable)
    }

    /// The JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) const fn new(text: Arc<str>) -> Self {
        Self(text)
    }

    pub(crate) fn into_text(self) -> Arc<str> {
        self.0
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({} bytes)", self.0.len())
    }
}
