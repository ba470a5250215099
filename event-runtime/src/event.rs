//! Events and their sets.

use crate::envelope::Envelope;

/// A set of events: an enum that carries `#[domain_events]`.
pub trait EventSet: Sized + Send + Sync + 'static {}

/// One event: the payload of a variant.
pub trait Event: serde::Serialize + serde::de::DeserializeOwned + Clone + Send + Sync + 'static {
    /// The enum that declares it.
    type Set: EventSet;
    /// `domain/action`.
    const NAME: &'static str;

    /// This event in an envelope with an idempotency key, 1 to 255 bytes.
    fn with_id(self, id: impl Into<String>) -> Envelope<Self> {
        Envelope::from(self).with_id(id)
    }
}
