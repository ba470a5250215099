//! What nearly every user of this crate needs: `use event_runtime::prelude::*;`.

pub use std::time::Duration;

pub use uuid::Uuid;

pub use crate::{
    App, Client, Context, Envelope, Error, Event, EventSet, Payload, Registry, Result, Step, Upcast,
    Validate, controller, domain_events, function, functions, payload, registry,
};
