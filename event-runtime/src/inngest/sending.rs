//! Sending the events of a step.

use serde_json::value::{RawValue, to_raw_value};

use super::doubles;
use super::events::Seed;
use super::host::Host;
use super::step::FoundStep;
use crate::event::{Origin, Outgoing, RawEnvelope, check_size};
use crate::function::{Error, Result};
use crate::validate::{Issues, Path};

/// Sends the events of a step. Their ids follow from the run and the step, so that sending them again starts nothing.
pub(super) async fn send(
    host: &Host,
    run: &str,
    step: &FoundStep,
    origin: Option<&Origin>,
    events: &[Outgoing],
) -> Result<Box<RawValue>> {
    check(host, events)?;
    let now = host.environment.now_ms();
    let seal = |event: &Outgoing| {
        let event = with_meta(host, event, origin).map_err(Error::non_retriable)?;
        let cause = origin.map(|origin| Box::new(origin.cause(Some(&step.key))));
        Ok(RawEnvelope { cause, ..event.seal(String::new, now) })
    };
    let events = events.iter().map(seal).collect::<Result<Vec<RawEnvelope>>>()?;
    match host.events.send_all(&events, Seed::of_step(run, &step.hash, now)).await {
        Ok(ids) => Ok(to_raw_value(&serde_json::json!({ "ids": ids }))?),
        Err(refused) if refused.may_pass => Err(refused.reason.into()),
        Err(refused) => Err(Error::non_retriable(refused.reason)),
    }
}

/// An event with the metadata that it goes with: its own, or that of the run.
///
/// # Errors
///
/// The error for metadata that is invalid or missing.
pub(super) fn with_meta(host: &Host, event: &Outgoing, origin: Option<&Origin>) -> Result<Outgoing, Issues> {
    let meta = host.core.meta.inherited(event, origin.map(Origin::event))?;
    let mut issues = Issues::new();
    if let Some(meta) = &meta {
        doubles::check(meta, &Path::root().field("meta"), &mut issues);
    }
    issues.into_result(event.clone().with_meta(meta))
}

/// Checks what only the host knows about events: which are registered, and how large they may be.
fn check(host: &Host, events: &[Outgoing]) -> Result<()> {
    let mut issues = Issues::new();
    for event in events {
        if !(host.core.is_registered)(event.name) {
            let name = event.name;
            let message = format!("`{name}` is not in the registry of the application: add its set there");
            return Err(Error::non_retriable(Error::msg(message)));
        }
        doubles::check(&event.data, &Path::root(), &mut issues);
        check_size(&event.data, host.config.max_event_bytes, &Path::root(), &mut issues);
    }
    if issues.is_empty() { Ok(()) } else { Err(Error::non_retriable(issues)) }
}
