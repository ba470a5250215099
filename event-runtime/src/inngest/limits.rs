//! What a server takes of a run. It is checked before anything is sent: a server lets a step that is too much run again for each retry,
//! and then fails the run with a text of its own.

use serde_json::value::RawValue;

use super::config::InngestConfig;
use super::doubles;
use super::wire::call::Steps;
use crate::function::{Error, Failure, Result};
use crate::validate::{Issues, Path};

/// The longest result that a server takes, of a step or of a function, in bytes.
const MAX_RESULT_BYTES: usize = 4 * 1024 * 1024;

/// The steps that a run has or asks for, and the bytes of their results.
#[derive(Debug)]
pub(super) struct RunSize {
    steps: usize,
    bytes: usize,
    max_steps: usize,
    max_bytes: usize,
}

impl RunSize {
    /// The size of a run of which this is recorded.
    pub(super) fn of(config: &InngestConfig, recorded: &Steps<'_>) -> Self {
        Self {
            steps: recorded.len(),
            bytes: recorded.values().map(|result| result.get().len()).sum(),
            max_steps: config.max_steps,
            max_bytes: config.max_run_bytes,
        }
    }

    /// Counts a step that is not recorded. It fails where it is one too many.
    pub(super) fn add_step(&mut self) -> Option<Failure> {
        self.steps += 1;
        let limit = self.max_steps;
        let message =
            || format!("the run has more than {limit} steps: split it, or raise `InngestConfig::max_steps`");
        (self.steps > limit).then(|| Failure::new(message(), 0))
    }

    /// Counts the result of a step.
    ///
    /// # Errors
    ///
    /// With this result there would be too many bytes.
    pub(super) fn add_result(&mut self, result: Box<RawValue>) -> Result<Box<RawValue>> {
        let (bytes, limit) = (self.bytes + result.get().len(), self.max_bytes);
        if bytes > limit {
            return Err(Error::non_retriable(Error::msg(format!(
                "the results of the run have more than {limit} bytes together: keep large values elsewhere, and return where"
            ))));
        }
        self.bytes = bytes;
        Ok(result)
    }
}

/// A result that a server keeps as it is, or why it would not.
pub(super) fn carried(result: Box<RawValue>) -> Result<Box<RawValue>> {
    let size = result.get().len();
    if size > MAX_RESULT_BYTES {
        return Err(Error::non_retriable(Error::msg(format!(
            "the result has {size} bytes, and an Inngest server takes {MAX_RESULT_BYTES}: return what is needed, or where it is"
        ))));
    }
    let mut issues = Issues::new();
    doubles::check(&result, &Path::root().field("result"), &mut issues);
    if issues.is_empty() { Ok(result) } else { Err(Error::non_retriable(issues)) }
}
