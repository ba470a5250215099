//! A call (section 4.4.1).

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::event::Incoming;

/// The recorded results of a run, by the hashed id of their step.
pub(crate) type Steps<'a> = HashMap<String, &'a RawValue>;

/// The body of a call.
#[derive(Deserialize)]
pub(crate) struct Call<'a> {
    #[serde(borrow, default)]
    pub(crate) event: Option<Incoming<'a>>,
    #[serde(borrow, default)]
    pub(crate) events: Option<Vec<Incoming<'a>>>,
    #[serde(borrow, default)]
    pub(crate) steps: Option<Steps<'a>>,
    pub(crate) ctx: Ctx,
}

/// The context of a call: its run, and the call itself.
#[derive(Debug, Deserialize)]
pub(crate) struct Ctx {
    pub(crate) run_id: String,
    #[serde(default)]
    pub(crate) attempt: u32,
    /// The most attempts of a step, or of the function. Not in the specification; a server tells it.
    #[serde(default)]
    pub(crate) max_attempts: Option<u32>,
    #[serde(default)]
    pub(crate) disable_immediate_execution: bool,
    #[serde(default)]
    pub(crate) use_api: bool,
    #[serde(default)]
    pub(crate) stack: Option<Stack>,
    /// What the next four name is told when results are reported during the call (section 10.3.1).
    #[serde(default)]
    pub(crate) fn_id: Option<String>,
    #[serde(default)]
    pub(crate) qi_id: Option<String>,
    #[serde(default)]
    pub(crate) request_id: Option<String>,
    #[serde(default)]
    pub(crate) generation_id: Option<u64>,
}

impl Ctx {
    /// Whether there is no attempt after this one, which is counted from 0.
    pub(crate) fn is_last(&self, attempt: u32) -> bool {
        self.max_attempts.is_some_and(|max| attempt.saturating_add(1) >= max)
    }
}

/// In which order results were recorded (section 5.4).
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Stack {
    #[serde(default)]
    pub(crate) stack: Option<Vec<String>>,
}
