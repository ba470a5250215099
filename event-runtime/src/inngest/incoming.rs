//! From the events of a call to those that a function was declared with.
//!
//! A server renames the event of a function that was invoked, and wraps that of a run that failed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};

use super::registration::Callable;
use super::wire::call::Call;
use super::wire::event::{INVOKED, Incoming};
use crate::event::{Cause, Cron, EventDescriptor, FailureData, FailureError, MetaRules, RawEnvelope};
use crate::function::FunctionDescriptor;
use crate::middleware::Chain;

/// Looks an event up in the registry of the application.
pub(super) type Find = fn(&str) -> Option<&'static EventDescriptor>;

/// The id of the application, and what its registry says.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) app: &'a str,
    pub(super) find: Find,
    pub(super) meta: &'a MetaRules,
    pub(super) layers: &'a Chain,
}

/// The fields of an object, still JSON.
type Object<'a> = BTreeMap<String, &'a RawValue>;

/// Where a server keeps what it knows about an invocation, inside the payload.
const INTERNAL: &str = "_inngest";

/// The events that started a run: all of a batch.
///
/// # Errors
///
/// The event of a failure that cannot be read.
pub(super) fn events(
    call: &mut Call<'_>,
    callable: &Callable,
    known: Known<'_>,
) -> serde_json::Result<Vec<RawEnvelope>> {
    let many = call.events.take().filter(|events| !events.is_empty());
    let mut events = many.unwrap_or_else(|| call.event.take().into_iter().collect());
    if callable.function.options.batch.is_none() && callable.failing.is_none() {
        events.truncate(1);
    }
    let restore = |event: Incoming<'_>| match callable.failing {
        Some(failing) => failure(event.into_envelope(false), failing, known),
        None => Ok(restored(event, callable.function, known)),
    };
    events.into_iter().map(restore).collect()
}

/// An event as it was before a function was invoked with it. What a time makes has the default metadata.
fn restored(event: Incoming<'_>, function: &FunctionDescriptor, known: Known<'_>) -> RawEnvelope {
    let Known { find, meta, layers, .. } = known;
    let mut event = event.into_envelope(meta.is_required());
    if event.name == Cron::EVENT {
        event.meta = event.meta.or_else(|| meta.default());
    }
    if event.name != INVOKED {
        return event;
    }
    // A payload that is not an object stays as it is: the function says what is wrong with it.
    if let Ok(mut payload) = serde_json::from_str::<Object<'_>>(event.data.get())
        && payload.remove(INTERNAL).is_some()
        && let Ok(data) = to_raw_value(&payload)
    {
        event.data = data;
    }
    // The name is gone (section 5.3.4): of several triggers it is the first that the payload is valid for.
    let version = event.v.unwrap_or(1);
    let fits = |name: &&&str| {
        let data = layers.receive_data(name, event.v, event.data.clone());
        data.is_ok_and(|data| find(name).is_some_and(|it| it.validate(version, data.get()).is_ok()))
    };
    let names = function.triggers;
    let name = if names.len() > 1 { names.iter().find(fits) } else { None };
    if let Some(name) = name.or(names.first()) {
        (*name).clone_into(&mut event.name);
    }
    event
}

/// A failed run, as a server tells of it. Some fields may be missing.
#[derive(Deserialize)]
struct FailedRun<'a> {
    #[serde(default)]
    function_id: String,
    #[serde(default)]
    run_id: String,
    #[serde(default)]
    error: ToldError,
    #[serde(borrow, default)]
    event: Option<Incoming<'a>>,
    #[serde(borrow, default)]
    events: Vec<Incoming<'a>>,
}

#[derive(Default, Deserialize)]
struct ToldError {
    #[serde(default)]
    name: String,
    #[serde(default)]
    message: String,
}

/// The event of a failure, with the function's own id and the events as they were. Its cause and its metadata follow from the
/// first of these.
fn failure(
    mut event: RawEnvelope,
    failing: &FunctionDescriptor,
    known: Known<'_>,
) -> serde_json::Result<RawEnvelope> {
    let told: FailedRun<'_> = serde_json::from_str(event.data.get())?;
    let of_app = told.function_id.strip_prefix(known.app).and_then(|id| id.strip_prefix('-'));
    let one = told.event.map(|event| restored(event, failing, known));
    let many: Vec<_> = told.events.into_iter().map(|event| restored(event, failing, known)).collect();
    if let Some(first) = one.as_ref().or_else(|| many.first()) {
        event.cause = Some(Box::new(Cause::new(first, &told.run_id, None)));
        event.meta.clone_from(&first.meta);
    }
    let data = FailureData {
        function_id: of_app.unwrap_or(&told.function_id).into(),
        run_id: told.run_id.as_str().into(),
        error: FailureError { name: told.error.name.into(), message: told.error.message.into() },
        // A run of several events tells of all of them, and may leave out the one.
        event: one.map(|event| to_raw_value(&event)).transpose()?.unwrap_or_default(),
        events: many.iter().map(to_raw_value).collect::<Result<_, _>>()?,
    };
    event.data = to_raw_value(&data)?;
    Ok(event)
}

/// The events, shared with the function.
pub(super) fn shared(events: Vec<RawEnvelope>, traceparent: Option<&str>) -> Arc<[Arc<RawEnvelope>]> {
    let traced = |event: RawEnvelope| RawEnvelope { traceparent: traceparent.map(Into::into), ..event };
    events.into_iter().map(|event| Arc::new(traced(event))).collect()
}
