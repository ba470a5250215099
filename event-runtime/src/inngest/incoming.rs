//! From the events of a call to those that a function was declared with.
//!
//! A server renames the event of a function that was invoked, and wraps that of a run that failed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};

use super::host::Host;
use super::registration::Callable;
use super::wire::call::Call;
use super::wire::event::{INVOKED, Incoming};
use crate::event::{EventDescriptor, FailureData, FailureError, RawEnvelope};
use crate::function::FunctionDescriptor;

/// Looks an event up in the registry of the application.
pub(super) type Find = fn(&str) -> Option<&'static EventDescriptor>;

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
    host: &Host,
) -> serde_json::Result<Vec<RawEnvelope>> {
    let many = call.events.take().filter(|events| !events.is_empty());
    let mut events = many.unwrap_or_else(|| call.event.take().into_iter().collect());
    if callable.function.options.batch.is_none() && callable.failing.is_none() {
        events.truncate(1);
    }
    let restore = |event: Incoming<'_>| match callable.failing {
        Some(failing) => failure(event.into_envelope(), failing, host),
        None => Ok(restored(event, callable.function, host)),
    };
    events.into_iter().map(restore).collect()
}

/// An event as it was before a function was invoked with it.
fn restored(event: Incoming<'_>, function: &FunctionDescriptor, host: &Host) -> RawEnvelope {
    let mut event = event.into_envelope();
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
        let data = host.core.middleware.receive_data(name, event.v, event.data.clone());
        data.is_ok_and(|data| (host.find)(name).is_some_and(|it| it.validate(version, data.get()).is_ok()))
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
    error: Cause,
    #[serde(borrow, default)]
    event: Option<Incoming<'a>>,
    #[serde(borrow, default)]
    events: Vec<Incoming<'a>>,
}

#[derive(Default, Deserialize)]
struct Cause {
    #[serde(default)]
    name: String,
    #[serde(default)]
    message: String,
}

/// The event of a failure, with the function's own id and the events as they were.
fn failure(
    mut event: RawEnvelope,
    failing: &FunctionDescriptor,
    host: &Host,
) -> serde_json::Result<RawEnvelope> {
    let told: FailedRun<'_> = serde_json::from_str(event.data.get())?;
    let id = told
        .function_id
        .strip_prefix(host.app.as_str())
        .and_then(|id| id.strip_prefix('-'))
        .unwrap_or(&told.function_id);
    let original = |event| to_raw_value(&restored(event, failing, host));
    let data = FailureData {
        function_id: id.into(),
        run_id: told.run_id.as_str().into(),
        error: FailureError { name: told.error.name.into(), message: told.error.message.into() },
        // A run of several events tells of all of them, and may leave out the one.
        event: told.event.map(original).transpose()?.unwrap_or_default(),
        events: told.events.into_iter().map(original).collect::<Result<_, _>>()?,
    };
    event.data = to_raw_value(&data)?;
    Ok(event)
}

/// The events, shared with the function.
pub(super) fn shared(events: Vec<RawEnvelope>, traceparent: Option<&str>) -> Arc<[Arc<RawEnvelope>]> {
    let traced = |event: RawEnvelope| RawEnvelope { traceparent: traceparent.map(Into::into), ..event };
    events.into_iter().map(|event| Arc::new(traced(event))).collect()
}
