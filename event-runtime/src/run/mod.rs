//! A run, from outside: what becomes of a function that was started by a call.

#[cfg(feature = "embedded")]
mod bulk;
mod command;
mod error;
mod pause;
#[cfg(feature = "embedded")]
mod replay;

#[cfg(feature = "embedded")]
pub use bulk::{BulkAction, BulkError, BulkReport, Refusal};
pub use command::CommandError;
pub(crate) use command::command_reply;
pub use error::{RunError, StartRunError};
pub use pause::PauseError;
#[cfg(feature = "embedded")]
pub use replay::ReplayError;

use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::engine::model::RunEnd;
use crate::function::{Application, Failure};
use crate::middleware::Place;

/// The output of a run that has ended so, as its function has returned it.
pub(crate) fn output<T: DeserializeOwned>(
    application: &Application,
    (function, run): (&str, &str),
    end: RunEnd,
) -> Result<T, RunError> {
    let run_id = run.to_owned();
    match end {
        RunEnd::Completed(json) => {
            let recalled = application.middleware.recalled(&Place::stored(function, run, None), json);
            let json: Arc<str> = recalled.map_err(|error| RunError::Undecodable {
                run_id: run_id.clone(),
                problem: error.to_string(),
            })?;
            serde_json::from_str(&json)
                .map_err(|error| RunError::Undecodable { run_id, problem: error.to_string() })
        }
        RunEnd::Failed(Failure { message, attempts, typed }) => {
            Err(RunError::Failed { run_id, message, attempts, typed: typed.map(|typed| *typed) })
        }
        RunEnd::Cancelled(Failure { message, .. }) => Err(RunError::Cancelled { run_id, reason: message }),
    }
}

/// An id as it is shown in an error: it may be anything.
pub(crate) fn shown(id: &str) -> String {
    id.chars().take(80).collect()
}
