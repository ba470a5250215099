//! The engine itself: sizes, and the limits in force.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::text;
use crate::embedded::{Limits, Retention, Stats};

/// An engine: what it works with, how large that is, and what it has done since it started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EngineInfo {
    /// The id of the application.
    pub application: String,
    /// The version of this crate.
    pub version: &'static str,
    /// The format of the database.
    pub format: u32,
    /// The path of the database, or `:memory:`.
    pub database: PathBuf,
    /// `running`, `stopping`, `stopped` or `failed`.
    pub state: &'static str,
    /// When it started.
    #[serde(serialize_with = "text::time")]
    pub started: SystemTime,
    /// Sizes and counts.
    pub sizes: Sizes,
    /// The counters since its start.
    pub stats: Stats,
    /// The limits in force.
    pub limits: LimitsInForce,
}

/// The sizes of a database and of its queues.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Sizes {
    /// The database, in bytes; of one in memory, too.
    pub file_bytes: u64,
    /// Of these, what is free for use.
    pub free_bytes: u64,
    /// The write-ahead log, in bytes. It is folded into the database from 16 MiB on, unless somebody reads.
    pub log_bytes: u64,
    /// Events.
    pub events: u64,
    /// Runs, whatever their status.
    pub runs: u64,
    /// Runs that have not ended.
    pub open_runs: u64,
    /// When the oldest event was accepted.
    #[serde(serialize_with = "text::maybe_time")]
    pub oldest_event: Option<SystemTime>,
    /// Events that wait to be stored.
    pub queued_events: u64,
}

/// The limits of an engine, and what it keeps. In JSON durations are milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LimitsInForce {
    /// Limits on sizes and counts.
    #[serde(flatten)]
    pub limits: Limits,
    /// The most runs that execute at once.
    pub concurrent_runs: usize,
    /// The most waiting runs that stay in memory.
    pub waiting_runs_in_memory: usize,
    /// The time for which ids of events are remembered.
    #[serde(serialize_with = "text::duration")]
    pub dedupe_window: Duration,
    /// The time for which runs are kept after their end; `None` for ever.
    #[serde(serialize_with = "text::maybe_duration")]
    pub kept_for: Option<Duration>,
    /// The most ended runs that are kept; `None` for any number.
    pub kept_runs: Option<u64>,
}

impl LimitsInForce {
    pub(crate) fn new(settings: &crate::engine::Settings) -> Self {
        let Retention { age, runs } = settings.retention.unwrap_or(Retention::FOREVER);
        Self {
            limits: settings.limits,
            concurrent_runs: settings.max_active,
            waiting_runs_in_memory: settings.max_idle,
            dedupe_window: Duration::from_millis(settings.dedupe_window_ms.max(0).unsigned_abs()),
            kept_for: age,
            kept_runs: runs,
        }
    }
}
