//! The default of a field, for its JSON Schema and for the test of its payload.

use serde::Serialize;
use serde_json::Value;

use super::nested::{Inside, enter};
use super::rules::At;
use super::{Field, Issues, Path};

/// The default of a field of type `T`, and the rules of the field.
#[derive(Debug)]
pub struct Default<T: 'static> {
    /// Makes the value.
    pub make: fn() -> T,
    /// Its own rules.
    pub check: Option<fn(&T, At<'_>, &mut Issues)>,
    /// The rules inside.
    pub enter: Inside<T>,
}

/// The default of a field, whatever its type.
pub trait DefaultValue: Sync {
    /// The value, if it is the same each time.
    fn json(&self) -> Option<Value>;

    /// The rules that it breaks.
    fn issues(&self, name: &'static str) -> Issues;
}

impl<T: Serialize> DefaultValue for Default<T> {
    fn json(&self) -> Option<Value> {
        let made = || serde_json::to_value((self.make)()).ok();
        // No moment and no new identifier.
        made().filter(|value| made().as_ref() == Some(value))
    }

    fn issues(&self, name: &'static str) -> Issues {
        let (value, root, mut issues) = ((self.make)(), Path::root(), Issues::new());
        if let Some(check) = self.check {
            check(&value, At::field(&root, name), &mut issues);
        }
        enter(self.enter, &value, &root.field(name), &mut issues);
        issues
    }
}

/// Fails when a default breaks a rule of its field.
///
/// # Panics
///
/// Then: it is called by the test that the macros write.
#[track_caller]
pub fn assert_defaults(fields: &[Field]) {
    for field in fields {
        if let Some(issue) = field.wrong_default().iter().next() {
            panic!(
                "the default of `{}` breaks a rule, so that JSON without it is refused: {issue}",
                field.name
            );
        }
    }
}
