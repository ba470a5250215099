//! What nearly every user of this crate needs: `use event_runtime::prelude::*;`.

pub use std::time::{Duration, SystemTime};

pub use uuid::Uuid;

pub use crate::{
    App, Batch, Client, Context, Cron, Either, Envelope, Error, Event, EventSet, Failed, Payload, Registry,
    Result, Step, StepError, Upcast, Validate, controller, domain_events, function, functions, payload,
    registry,
};
