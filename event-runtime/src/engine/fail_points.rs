//! Places at which tests let the engine fail or die: only there with the feature `fail-points`.

use std::fmt;
use std::sync::OnceLock;

/// Asked at each place, by its name: whether the engine fails there.
type Hook = Box<dyn Fn(&'static str) -> bool + Send + Sync>;

static HOOK: OnceLock<Hook> = OnceLock::new();

/// Sets what is asked, once in a process.
pub fn set(hook: impl Fn(&'static str) -> bool + Send + Sync + 'static) {
    // A second hook is ignored.
    let _ = HOOK.set(Box::new(hook));
}

/// An error as if the store had failed.
#[derive(Debug)]
pub(crate) struct Failure(&'static str);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the fail point `{}`", self.0)
    }
}

pub(crate) fn reach(place: &'static str) -> Result<(), Failure> {
    match HOOK.get() {
        Some(hook) if hook(place) => Err(Failure(place)),
        _ => Ok(()),
    }
}

impl From<Failure> for super::store::StoreError {
    fn from(failure: Failure) -> Self {
        failure.to_string().into()
    }
}

impl From<Failure> for crate::embedded::EngineFailure {
    fn from(failure: Failure) -> Self {
        Self::Store(crate::SharedError::new(failure.to_string()))
    }
}
