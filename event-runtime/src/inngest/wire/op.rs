//! The operations of an answer (section 5.1.1).

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use sha1::{Digest, Sha1};

use super::event::UnnamedEvent;
use crate::hex;

/// One operation of an answer.
#[derive(Debug, Serialize)]
pub(crate) struct Op {
    pub(crate) id: String,
    #[serde(rename = "op")]
    pub(crate) code: OpCode,
    /// The step's id. Servers take it for the time of a sleep or the event of a wait where `opts` lacks them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(rename = "displayName", skip_serializing_if = "Option::is_none")]
    pub(crate) display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) userland: Option<Userland>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) opts: Option<Opts>,
    /// `null` where there is none.
    pub(crate) data: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<UserError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timing: Option<Timing>,
}

/// The operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum OpCode {
    StepRun,
    StepError,
    StepFailed,
    StepPlanned,
    StepNotFound,
    Sleep,
    WaitForEvent,
    WaitForSignal,
    InvokeFunction,
    RunComplete,
    DiscoveryRequest,
}

/// The id as the function wrote it, and how often it was used before.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Userland {
    id: String,
    #[serde(skip_serializing_if = "is_first")]
    index: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_first(index: &u32) -> bool {
    *index == 0
}

/// The options of an operation.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Opts {
    #[serde(flatten)]
    kind: Option<KindOpts>,
    #[serde(rename = "parallelMode", skip_serializing_if = "Option::is_none")]
    parallel_mode: Option<&'static str>,
}

impl From<KindOpts> for Opts {
    fn from(kind: KindOpts) -> Self {
        Self { kind: Some(kind), parallel_mode: None }
    }
}

/// The options of a kind of operation.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum KindOpts {
    Sleep {
        duration: String,
    },
    Wait {
        event: &'static str,
        timeout: String,
        #[serde(rename = "if", skip_serializing_if = "Option::is_none")]
        condition: Option<String>,
    },
    Signal {
        signal: String,
        timeout: String,
        /// What is done when another step waits for the same signal.
        conflict: &'static str,
    },
    Invoke {
        function_id: String,
        payload: UnnamedEvent,
        #[serde(skip_serializing_if = "Option::is_none")]
        timeout: Option<String>,
    },
    /// The kind of step that a server's UI shows.
    Type {
        #[serde(rename = "type")]
        kind: &'static str,
    },
}

/// Why something failed (section 4.4.3).
#[derive(Debug, Clone, Serialize)]
pub(crate) struct UserError {
    pub(crate) name: String,
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stack: Option<String>,
    /// The error as a value: a server keeps it as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<Value>,
}

/// When a body began, and how long it took, in nanoseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Timing {
    #[serde(rename = "a")]
    pub(crate) began: i64,
    #[serde(rename = "b")]
    pub(crate) took: i64,
}

impl Op {
    /// An operation on the step of this id, which was used so often before.
    pub(crate) fn step(code: OpCode, hash: &str, id: &str, index: u32) -> Self {
        Self {
            name: Some(id.to_owned()),
            display_name: Some(id.to_owned()),
            userland: Some(Userland { id: id.to_owned(), index }),
            ..Self::bare(code, hash.to_owned())
        }
    }

    /// An operation on the run.
    pub(crate) fn bare(code: OpCode, id: String) -> Self {
        Self {
            id,
            code,
            name: None,
            display_name: None,
            userland: None,
            opts: None,
            data: None,
            error: None,
            timing: None,
        }
    }

    /// Asks the server to call the function as soon as this step has ended, though other steps are open. Otherwise it waits until
    /// all that were reported together have ended.
    pub(crate) fn racing(mut self) -> Self {
        self.opts.get_or_insert_default().parallel_mode = Some("race");
        self
    }

    /// The run has returned this. The id is that of the TypeScript SDK.
    pub(crate) fn complete(data: Box<RawValue>) -> Self {
        Self { data: Some(data), ..Self::bare(OpCode::RunComplete, hash("complete")) }
    }
}

/// The id of a step on the wire (section 5.1.2).
pub(crate) fn hash(key: &str) -> String {
    hex::encode(&Sha1::digest(key.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_hashed_as_the_specification_says() {
        assert_eq!(hash("my-step-id"), "e7d8a2f140845095749d60246ff1110c9d01d76a");
        // From the recordings: the third use of `loop`, and the end of a run.
        assert_eq!(hash("loop:2"), "dd014976323740b5623326fd7169be3055c1b536");
        assert_eq!(hash("complete"), "0737c22d3bfae812339732d14d8c7dbd6dc4e09c");
    }

    #[test]
    fn an_operation_says_that_it_has_no_data() {
        let op = Op::step(OpCode::StepPlanned, "ab", "load", 1);
        let json = serde_json::to_string(&op).unwrap();
        assert_eq!(
            json,
            r#"{"id":"ab","op":"StepPlanned","name":"load","displayName":"load","userland":{"id":"load","index":1},"data":null}"#
        );
    }
}
