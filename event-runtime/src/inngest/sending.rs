//! Sending the events of a step.

use serde_json::value::{RawValue, to_raw_value};

use super::doubles;
use super::events::Seed;
use super::host::Host;
use super::step::FoundStep;
use crate::event::{Cause, Outgoing, RawEnvelope, check_size};
use crate::function::{Error, Result};
use crate::validate::{Issues, Path};

/// Sends the events of a step. Their ids follow from the run and the step, so that sending them again starts nothing.
pub(super) async fn send(
    host: &Host,
    run: &str,
    step: &FoundStep,
    cause: Option<Cause>,
    events: &[Outgoing],
) -> Result<Box<RawValue>> {
    check(host, events)?;
    let now = host.environment.now_ms();
    let seal = |event: &Outgoing| RawEnvelope {
        cause: cause.clone().map(Box::new),
        ..event.clone().seal(String::new, now)
    };
    let events: Vec<RawEnvelope> = events.iter().map(seal).collect();
    match host.events.send_all(&events, Seed::of_step(run, &step.hash, now)).await {
        Ok(ids) => Ok(to_raw_value(&serde_json::json!({ "ids": ids }))?),
        Err(refused) if refused.may_pass => Err(refused.reason.into()),
        Err(refused) => Err(Error::non_retriable(refused.reason)),
    }
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
