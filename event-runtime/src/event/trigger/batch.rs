//! A trigger of several events at once.

use std::ops::Deref;
use std::sync::Arc;

use super::{Reading, Trigger, TriggerEvents, TriggerKind, are_for_another_build, no_event};
use crate::event::{EventDescriptor, RawEnvelope};
use crate::validate::Issues;

/// The events of a batch, which the option `batch` has collected: at least one, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch<T>(Vec<T>);

impl<T> Deref for Batch<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'a, T> IntoIterator for &'a Batch<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Trigger> Trigger for Batch<T> {
    type Sets = T::Sets;
    const DESCRIPTORS: &'static [&'static EventDescriptor] = T::DESCRIPTORS;
    const EVENTS: TriggerEvents =
        TriggerEvents { kind: TriggerKind { batch: true, ..T::EVENTS.kind }, ..T::EVENTS };

    fn decode_event(name: &str, version: u32, json: &str, reading: Reading) -> Result<Self, Issues> {
        T::decode_event(name, version, json, reading).map(|event| Self(vec![event]))
    }

    fn decode(events: &[Arc<RawEnvelope>], reading: Reading) -> Result<Self, Issues> {
        if events.is_empty() {
            return Err(no_event());
        }
        let one = |event: &Arc<RawEnvelope>| T::decode(std::slice::from_ref(event), reading);
        events.iter().map(one).collect::<Result<_, _>>().map(Self)
    }

    fn decode_valid(
        events: &[Arc<RawEnvelope>],
        reading: Reading,
    ) -> Result<(Self, Option<InvalidEvents>), Issues> {
        if events.is_empty() {
            return Err(no_event());
        }
        let (mut valid, mut invalid) = (Vec::with_capacity(events.len()), Vec::new());
        for event in events {
            match T::decode(std::slice::from_ref(event), reading) {
                Ok(event) => valid.push(event),
                Err(issues) => invalid.push((&**event, issues)),
            }
        }
        let waits = |(_, issues): &(_, Issues)| reading == Reading::Stored && are_for_another_build(issues);
        let decisive = invalid.iter().position(waits).or(valid.is_empty().then_some(0));
        if let Some(decisive) = decisive {
            return Err(invalid.swap_remove(decisive).1);
        }
        let left_out = (!invalid.is_empty()).then(|| InvalidEvents::new(events, &invalid));
        Ok((Self(valid), left_out))
    }
}

/// The events of a batch that are not valid, while others are. Their run handles the others, and then fails with this.
#[doc(hidden)]
#[derive(Debug, serde::Serialize)]
pub struct InvalidEvents {
    message: String,
}

impl InvalidEvents {
    /// The name under which it is recorded.
    pub(super) const NAME: &'static str = "InvalidEvents";

    fn new(events: &[Arc<RawEnvelope>], invalid: &[(&RawEnvelope, Issues)]) -> Self {
        let tell = |(event, issues): &(&RawEnvelope, Issues)| {
            format!("`{}` (id `{}`): {issues}", event.name, event.id)
        };
        let told: Vec<String> = invalid.iter().map(tell).collect();
        let (are, told) = (if invalid.len() == 1 { "is" } else { "are" }, told.join("; "));
        let message = format!(
            "{} of {} events {are} not valid and left out, while the others were handled: {told}",
            invalid.len(),
            events.len(),
        );
        Self { message }
    }
}

impl std::fmt::Display for InvalidEvents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for InvalidEvents {}
