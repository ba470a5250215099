//! Encryption at rest: payloads and the results of steps are sealed before they reach a host, and opened after.
#![doc = include_str!("../../docs/encryption.md")]

mod expression;
mod keys;
mod members;
mod sealed;
mod sensitive;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use serde_json::value::RawValue;

use self::members::{members, object};
use self::sealed::Sealed;
use self::sensitive::SensitiveFields;
use crate::clock::{Random, SystemRandom};
use crate::event::{EventDescriptor, FAILURE_EVENT, FailureData, RawEnvelope};
use crate::function::{Error, Result};
use crate::middleware::{Expression, Host, Json, Middleware, Place, SentEvent};

pub use keys::{Key, KeyError, KeyRing};

/// The middleware that seals what an application sends and records, and opens what it gets. See [the module](self).
///
/// Register it first, so that every other middleware sees what is open.
pub struct Encryption {
    ring: KeyRing,
    covers: Covers,
    sensitive: SensitiveFields,
    random: Arc<dyn Random>,
}

/// Which fields of payloads are sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Covers {
    /// All but the key of the event.
    Payloads,
    /// Only fields with `#[event(sensitive)]`, nested ones included.
    Sensitive,
}

impl fmt::Debug for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ring, covers, .. } = self;
        f.debug_struct("Encryption").field("ring", ring).field("covers", covers).finish_non_exhaustive()
    }
}

impl Encryption {
    /// Seals every field of every payload but the key of its event, and every result of a step and of a function.
    #[must_use]
    pub fn new(ring: KeyRing) -> Self {
        let (sensitive, random) = (SensitiveFields::default(), Arc::new(SystemRandom));
        Self { ring, covers: Covers::Payloads, sensitive, random }
    }

    /// Seals of payloads only the fields that carry `#[event(sensitive)]`, and those that hold such a field. Results are sealed
    /// as a whole.
    #[must_use]
    pub fn only_sensitive_fields(mut self) -> Self {
        self.covers = Covers::Sensitive;
        self
    }

    /// Sets the source of the nonces. Default: the operating system's. A source that repeats itself, such as that of a test, is
    /// no protection: who sees two texts sealed with the same nonce learns about both.
    #[must_use]
    pub fn random(mut self, random: impl Random) -> Self {
        self.random = Arc::new(random);
        self
    }

    /// Whether a field of an event is sealed. Of an event that nobody has declared every field is.
    fn covers(&self, event: Option<&EventDescriptor>, field: &str) -> bool {
        let is_key = event.is_some_and(|event| event.key.contains(&field));
        !is_key
            && match (self.covers, event) {
                (Covers::Payloads, _) => true,
                (Covers::Sensitive, None) => false,
                (Covers::Sensitive, Some(event)) => self.sensitive.of(event).contains(field),
            }
    }

    /// Seals a value, which stands in this place.
    fn seal(&self, host: Host, place: &str, value: &str) -> Result<Box<RawValue>> {
        let sealed = match host {
            Host::Inngest => Sealed::for_inngest(self.ring.current(), &*self.random, value),
            Host::Engine => Sealed::new(self.ring.current(), &*self.random, place, value),
        };
        sealed?.into_json()
    }

    /// Opens a value of which this is said in an error, unless it is open.
    fn open(&self, place: &str, what: fmt::Arguments<'_>, value: &RawValue) -> Result<Option<Box<RawValue>>> {
        let Some(sealed) = Sealed::read(value.get()) else { return Ok(None) };
        let opened = sealed.open(&self.ring, place);
        opened.map(Some).map_err(|problem| {
            Error::non_retriable(Error::msg(format!("{what} cannot be decrypted: {problem}")))
        })
    }

    /// Opens every field of a payload that is sealed.
    fn open_payload(&self, event: &str, data: &mut Box<RawValue>) -> Result<()> {
        if !sealed::may_hold(data.get()) {
            return Ok(());
        }
        // The reader reports a payload that is not an object.
        let Some(fields) = members(data) else { return Ok(()) };
        let mut opened = Vec::with_capacity(fields.len());
        for (field, value) in &fields {
            let what = format_args!("the field `{field}` of the event `{event}`");
            let open = self.open(&place_of_field(event, field), what, value)?;
            opened.push((&**field, open.unwrap_or_else(|| (*value).to_owned())));
        }
        *data = object(opened)?;
        Ok(())
    }

    /// Opens the events that an event of a failure tells of.
    fn open_failure(&self, data: &mut Box<RawValue>) -> Result<()> {
        let Ok(mut failure) = serde_json::from_str::<FailureData<'_>>(data.get()) else { return Ok(()) };
        let originals = std::iter::once(&mut failure.event).chain(&mut failure.events);
        for original in originals {
            let Ok(mut event) = serde_json::from_str::<RawEnvelope>(original.get()) else { continue };
            self.open_payload(&event.name, &mut event.data)?;
            *original = serde_json::value::to_raw_value(&event)?;
        }
        let opened = serde_json::value::to_raw_value(&failure)?;
        *data = opened;
        Ok(())
    }
}

/// The place of a field: a sealed value that is moved to another one is not opened.
fn place_of_field(event: &str, field: &str) -> String {
    format!("event {event} {field}")
}

/// The place of every result: that of a function is opened where the function was invoked.
const RESULT: &str = "result";

impl Middleware for Encryption {
    fn send(&self, event: &mut SentEvent<'_>) -> Result<()> {
        let Some(fields) = members(event.data) else { return Ok(()) };
        let mut sealed = Vec::with_capacity(fields.len());
        for (field, value) in &fields {
            let value = if self.covers(event.descriptor, field) {
                self.seal(event.host, &place_of_field(event.name, field), value.get())?
            } else {
                (*value).to_owned()
            };
            sealed.push((&**field, value));
        }
        let sealed = object(sealed)?;
        *event.data = sealed;
        Ok(())
    }

    fn receive(&self, event: &mut RawEnvelope) -> Result<()> {
        if event.name == FAILURE_EVENT && sealed::may_hold(event.data.get()) {
            return self.open_failure(&mut event.data);
        }
        self.open_payload(&event.name, &mut event.data)
    }

    fn record(&self, place: &Place<'_>, result: Json) -> Result<Json> {
        // It says nothing, and an Inngest server shows it as what it is.
        if result.as_str() == "null" {
            return Ok(result);
        }
        let sealed = self.seal(place.host, RESULT, result.as_str())?;
        Ok(Json::new(sealed.get().into()))
    }

    fn recall(&self, place: &Place<'_>, result: Json) -> Result<Json> {
        let Some(sealed) = Sealed::read(result.as_str()) else { return Ok(result) };
        match sealed.open(&self.ring, RESULT) {
            Ok(open) => Ok(Json::new(open.get().into())),
            Err(problem) => {
                let what = place.step.map_or_else(
                    || format!("the result of the function `{}`", place.function_id),
                    |(step, _)| format!("the result of the step `{step}`"),
                );
                Err(Error::non_retriable(Error::msg(format!("{what} cannot be decrypted: {problem}"))))
            }
        }
    }

    fn review(&self, expression: &Expression<'_>) -> Result<(), String> {
        expression::review(expression, |event, read| match read {
            Some(field) => self.covers(Some(event), field).then(|| field.to_owned()),
            None => {
                let sensitive = self.sensitive.of(event);
                let names = event.fields.iter().map(|field| field.name.to_owned());
                let mut names = names.chain(sensitive.iter().cloned());
                names.find(|field| self.covers(Some(event), field))
            }
        })
    }
}
