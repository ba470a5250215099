//! Typed failures: errors that are recorded as values, and can be told apart by their types after a replay.

use std::any::type_name;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The error of a step as a value, recorded with the failure, so that every replay sees the same one.
///
/// It is made by [`Error::typed`](crate::Error::typed), and read by [`StepError::downcast`](crate::StepError::downcast).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedError {
    /// The name of its type, without the modules and parameters.
    name: String,
    value: Value,
}

impl TypedError {
    #[cfg(any(test, feature = "inngest"))]
    pub(crate) const fn new(name: String, value: Value) -> Self {
        Self { name, value }
    }

    /// Records an error.
    pub(super) fn of<E: Serialize>(error: &E) -> serde_json::Result<Self> {
        Ok(Self { name: short_name::<E>().to_owned(), value: serde_json::to_value(error)? })
    }

    /// The name of its type, without modules: what is recorded outlives that a type is moved.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The error as JSON.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the error itself, if its type has the name of `E` and its value is one of `E`.
    #[must_use]
    pub fn downcast<E: DeserializeOwned>(&self) -> Option<E> {
        if self.name != short_name::<E>() {
            return None;
        }
        E::deserialize(&self.value).ok()
    }

    /// What is stored of it, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.name.len() + self.value.to_string().len()
    }
}

/// `Declined` of `shop::billing::Declined<Visa>`.
fn short_name<E>() -> &'static str {
    let name = type_name::<E>();
    let name = name.split_once('<').map_or(name, |(name, _)| name);
    name.rsplit_once("::").map_or(name, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{TypedError, short_name};

    #[test]
    fn a_name_has_neither_modules_nor_parameters() {
        assert_eq!(short_name::<std::collections::HashMap<String, std::rc::Rc<u8>>>(), "HashMap");
        assert_eq!(short_name::<u32>(), "u32");
    }

    #[test]
    fn only_its_own_type_is_read() {
        let error = TypedError::new("u32".to_owned(), json!(7));
        assert_eq!((error.downcast::<u32>(), error.downcast::<u64>()), (Some(7), None));
        assert_eq!(TypedError::new("u32".to_owned(), json!("7")).downcast::<u32>(), None);
    }
}
