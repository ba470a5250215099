//! Capture of errors: every failed attempt is handed to a closure, for a service that collects errors.

use std::fmt;

use super::{Failure, Middleware};

/// Hands every failed attempt, of a body or of a function, to a closure: for a service that collects errors.
///
/// ```
/// use event_runtime::middleware::{Failure, OnError};
///
/// let capture = OnError::new(|failure: &Failure<'_>| {
///     // Told already, as the failure of the step; or another attempt follows.
///     if failure.is_of_step || !failure.is_final {
///         return;
///     }
///     let chain: Vec<String> = failure.error.chain().map(ToString::to_string).collect();
///     let (function, run) = (failure.execution.function.id, &failure.execution.run_id);
///     eprintln!("{function} (run {run}, step {:?}): {chain:?}", failure.step);
/// });
/// ```
pub struct OnError<F>(F);

impl<F: Fn(&Failure<'_>) + Send + Sync + 'static> OnError<F> {
    /// Hands failed attempts to `capture`, on the thread on which they fail: it should not block.
    pub const fn new(capture: F) -> Self {
        Self(capture)
    }
}

impl<F> fmt::Debug for OnError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnError").finish_non_exhaustive()
    }
}

impl<F: Fn(&Failure<'_>) + Send + Sync + 'static> Middleware for OnError<F> {
    fn failed(&self, failure: &Failure<'_>) {
        (self.0)(failure);
    }
}
