//! Limits on sizes and counts, and retention.

use std::time::Duration;

use serde::Serialize;

/// The longest key of an option that is stored as it is, in bytes; a longer one is stored shortened, with a hash.
pub(crate) const MAX_KEY_BYTES: usize = 1_024;

/// Limits on sizes and counts. The defaults are Inngest's.
///
/// Some lengths are the same everywhere: the id of an event and the id of a step have 1 to 255 bytes, `user` has at most 32 KiB, the
/// expression of `matching` at most 4,096 bytes; of the message of an error 16 KiB are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Limits {
    /// The greatest payload of an event, in bytes of JSON. 524,288 (512 KiB) unless set.
    pub event_bytes: usize,
    /// The most events of one `send_all`. 5,000 unless set.
    pub events_per_send: usize,
    /// The greatest result of a step or of a function, in bytes of JSON. 4,194,304 (4 MiB) unless set.
    pub step_output_bytes: usize,
    /// The greatest size of all results of a run together, in bytes of JSON. 33,554,432 (32 MiB) unless set.
    pub run_state_bytes: usize,
    /// The most steps of a run. 1,000 unless set.
    pub steps_per_run: u32,
    /// How many events may wait to be stored. One more waits until there is room, or is refused: see
    /// [`when_full`](Self::when_full). 10,000 unless set.
    pub queued_events: usize,
    /// What `send` does when the queue is full.
    pub when_full: WhenFull,
}

/// What `send` does when the queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WhenFull {
    /// It waits until there is room.
    #[default]
    Wait,
    /// It fails with [`SendError::Full`](crate::SendError::Full).
    Fail,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            event_bytes: 512 * 1024,
            events_per_send: 5_000,
            step_output_bytes: 4 * 1024 * 1024,
            run_state_bytes: 32 * 1024 * 1024,
            steps_per_run: 1_000,
            queued_events: 10_000,
            when_full: WhenFull::Wait,
        }
    }
}

/// How long ended runs are kept, by age and by count. Older or surplus runs are removed a few at a time while the engine is
/// running; an event is removed with the last run that it started.
///
/// ```
/// use std::time::Duration;
/// use event_runtime::embedded::Retention;
///
/// let mut retention = Retention::default();
/// assert_eq!(retention.age, Some(Duration::from_hours(30 * 24)));
/// retention.runs = Some(1_000_000);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retention {
    /// How long a run is kept after its end; `None` for no limit. 30 days unless set.
    pub age: Option<Duration>,
    /// The most ended runs that are kept; `None` for any number, the default.
    pub runs: Option<u64>,
}

impl Default for Retention {
    fn default() -> Self {
        Self { age: Some(Duration::from_hours(30 * 24)), runs: None }
    }
}

impl Retention {
    /// Keeps everything.
    pub const FOREVER: Self = Self { age: None, runs: None };
}
