//! Places at which tests let the engine fail or die: only there with the feature `fail-points`.

use std::sync::OnceLock;

/// Asked at each place, by its name: whether the engine fails there.
type Hook = Box<dyn Fn(&'static str) -> bool + Send + Sync>;

static HOOK: OnceLock<Hook> = OnceLock::new();

/// Sets what is asked, once in a process.
pub fn set(hook: impl Fn(&'static str) -> bool + Send + Sync + 'static) {
    // A second hook is none.
    let _ = HOOK.set(Box::new(hook));
}

/// An error as if the store had failed.
#[derive(Debug)]
pub(super) struct Failure(&'static str);

pub(super) fn reach(place: &'static str) -> Result<(), Failure> {
    match HOOK.get() {
        Some(hook) if hook(place) => Err(Failure(place)),
        _ => Ok(()),
    }
}

impl From<Failure> for super::core::store::StoreError {
    fn from(Failure(place): Failure) -> Self {
        Self(format!("the fail point `{place}`"))
    }
}

impl From<Failure> for super::EngineError {
    fn from(Failure(place): Failure) -> Self {
        Self::Store(format!("the fail point `{place}`"))
    }
}

impl From<Failure> for rusqlite::Error {
    fn from(Failure(place): Failure) -> Self {
        Self::InvalidPath(format!("the fail point `{place}`").into())
    }
}
