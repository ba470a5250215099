//! The trigger of a function that is told of failures.

use std::ops::Deref;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{InvalidEvents, Reading, Trigger, TriggerEvents, TriggerKind, decode_internal};
use crate::event::RawEnvelope;
use crate::validate::Issues;

/// The failure of a run whose trigger was `T`: the trigger of the function that the option `on_failure` names. It runs once the
/// run has failed for good.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Failed<T> {
    /// What started the run that failed. It dereferences to the payload; see [`Original`] for an event that cannot be decoded.
    pub event: Original<T>,
    /// Why it failed.
    pub error: String,
    /// The id of the function that failed.
    pub function_id: String,
    /// The id of the run that failed.
    pub run_id: String,
}

/// The event that started a failed run; it dereferences to the payload. A run may have failed because this build cannot decode
/// its event: then [`raw`](Self::raw) has what was stored.
#[derive(Debug, Clone)]
pub struct Original<T> {
    decoded: Result<T, Issues>,
    raw: Vec<Arc<RawEnvelope>>,
}

impl<T> Original<T> {
    /// The payload.
    ///
    /// # Errors
    ///
    /// The issues because of which this build cannot decode it.
    pub fn decoded(&self) -> Result<&T, &Issues> {
        self.decoded.as_ref()
    }

    /// The event as it is stored; of a batch, all of them.
    pub fn raw(&self) -> impl Iterator<Item = &RawEnvelope> {
        self.raw.iter().map(|event| &**event)
    }
}

impl<T: PartialEq> PartialEq for Original<T> {
    fn eq(&self, other: &Self) -> bool {
        self.decoded == other.decoded
    }
}

impl<T> Deref for Original<T> {
    type Target = T;

    /// # Panics
    ///
    /// When this build cannot decode the event: then the function fails, and says why.
    /// [`decoded`](Original::decoded) does not panic.
    #[track_caller]
    fn deref(&self) -> &T {
        match &self.decoded {
            Ok(payload) => payload,
            Err(issues) => panic!(
                "the event of the run that failed cannot be decoded, see `Original::decoded`: {issues}"
            ),
        }
    }
}

/// The name that Inngest gives the event of a failure.
pub(crate) const FAILURE_EVENT: &str = "inngest/function.failed";

/// The data of that event.
#[derive(Deserialize, serde::Serialize)]
pub(crate) struct FailureData<'a> {
    pub(crate) function_id: std::borrow::Cow<'a, str>,
    pub(crate) run_id: std::borrow::Cow<'a, str>,
    pub(crate) error: FailureError<'a>,
    pub(crate) event: Box<RawValue>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) events: Vec<Box<RawValue>>,
}

/// The error in it.
#[derive(Deserialize, serde::Serialize)]
pub(crate) struct FailureError<'a> {
    pub(crate) name: std::borrow::Cow<'a, str>,
    pub(crate) message: std::borrow::Cow<'a, str>,
}

impl<T: Trigger> Trigger for Failed<T> {
    type Sets = T::Sets;
    const EVENTS: TriggerEvents =
        TriggerEvents { prefixes: T::EVENTS.prefixes, ..TriggerEvents::none(TriggerKind::EVENTS) };

    fn decode_event(_: &str, _: u32, json: &str, reading: Reading) -> Result<Self, Issues> {
        let data: FailureData<'_> = decode_internal(json)?;
        let raw = if data.events.is_empty() { std::slice::from_ref(&data.event) } else { &data.events };
        let events = raw.iter().map(|json| decode_internal::<RawEnvelope>(json.get()).map(Arc::new));
        let mut raw = events.collect::<Result<Vec<_>, _>>()?;
        let decoded = if data.error.name == InvalidEvents::NAME {
            // The others were handled.
            raw.retain(|event| T::decode(std::slice::from_ref(event), reading).is_err());
            T::decode(&raw, reading)
        } else {
            T::decode_valid(&raw, reading).map(|(trigger, _)| trigger)
        };
        Ok(Self {
            event: Original { decoded, raw },
            error: data.error.message.into_owned(),
            function_id: data.function_id.into_owned(),
            run_id: data.run_id.into_owned(),
        })
    }
}
