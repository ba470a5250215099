//! The settings of an engine.

use super::{Limits, Retention};
use crate::backoff::Backoff;

/// The settings of an engine, whatever its host.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) backoff: Backoff,
    pub(crate) limits: Limits,
    /// `None`: nothing is ever removed, not even what says nothing any more.
    pub(crate) retention: Option<Retention>,
    /// How long ids of events and idempotency keys are remembered, in milliseconds.
    pub(crate) dedupe_window_ms: i64,
    /// How many runs an event reaches at once.
    pub(crate) wake_part: usize,
    /// Whether functions start by their crons.
    pub(crate) crons: bool,
    /// How many runs execute at once.
    pub(crate) max_active: usize,
    /// How many runs that wait stay in memory, and for how long, in milliseconds.
    pub(crate) max_idle: usize,
    pub(crate) idle_ms: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            backoff: Backoff::default(),
            limits: Limits::default(),
            retention: Some(Retention::default()),
            dedupe_window_ms: 24 * 60 * 60 * 1_000,
            wake_part: 512,
            crons: true,
            max_active: 1_000,
            max_idle: 1_000,
            idle_ms: 1_000,
        }
    }
}
