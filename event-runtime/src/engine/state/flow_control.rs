//! Flow control: what is remembered, for each function and key, about events that are held back, skipped or spread.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::engine::store::{EventKey, FunctionIndex, RunKey};

/// What kind of flow control a state belongs to: one of each for a function and a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum FlowKind {
    Throttle = 0,
    RateLimit = 1,
    Debounce = 2,
    Batch = 3,
    Singleton = 4,
}

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum FlowState {
    /// When the next start would be due at an even rate (the generic cell rate algorithm), in microseconds.
    Throttle(i64),
    /// Likewise.
    RateLimit(i64),
    /// The last event, when the first came, and when the run is due.
    Debounce { event: EventKey, first: i64, due: i64 },
    /// The events so far, and when the run is due.
    Batch { events: Vec<EventKey>, due: i64 },
    /// The run that is open.
    Singleton(RunKey),
}

impl FlowState {
    pub(crate) const fn kind(&self) -> FlowKind {
        match self {
            Self::Throttle(_) => FlowKind::Throttle,
            Self::RateLimit(_) => FlowKind::RateLimit,
            Self::Debounce { .. } => FlowKind::Debounce,
            Self::Batch { .. } => FlowKind::Batch,
            Self::Singleton(_) => FlowKind::Singleton,
        }
    }

    /// When something must happen.
    pub(crate) const fn due(&self) -> Option<i64> {
        match self {
            Self::Debounce { due, .. } | Self::Batch { due, .. } => Some(*due),
            _ => None,
        }
    }

    /// Whether it says nothing any more.
    pub(crate) const fn is_over(&self, now: i64) -> bool {
        match self {
            Self::Throttle(next) | Self::RateLimit(next) => *next <= now * 1_000,
            _ => false,
        }
    }
}

/// The place of a state.
pub(crate) type FlowKey = (FunctionIndex, FlowKind, Arc<str>);

/// The states that are remembered. Each has a number, by which a timer finds it.
#[derive(Debug, Default)]
pub(crate) struct Flows {
    states: HashMap<FlowKey, (u64, FlowState)>,
    by_number: HashMap<u64, FlowKey>,
    next_number: u64,
}

impl Flows {
    pub(crate) fn get(&self, key: &FlowKey) -> Option<&FlowState> {
        self.states.get(key).map(|(_, state)| state)
    }

    /// Remembers a state. Its number, and the state before it.
    pub(crate) fn set(&mut self, key: FlowKey, state: FlowState) -> (u64, Option<FlowState>) {
        if let Some((number, before)) = self.states.get_mut(&key) {
            return (*number, Some(std::mem::replace(before, state)));
        }
        self.next_number += 1;
        self.by_number.insert(self.next_number, key.clone());
        self.states.insert(key, (self.next_number, state));
        (self.next_number, None)
    }

    pub(crate) fn remove(&mut self, key: &FlowKey) -> Option<(u64, FlowState)> {
        let (number, state) = self.states.remove(key)?;
        self.by_number.remove(&number);
        Some((number, state))
    }

    pub(crate) fn key(&self, number: u64) -> Option<FlowKey> {
        self.by_number.get(&number).cloned()
    }

    /// Whether events are held back.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn any_due(&self) -> bool {
        self.states.values().any(|(_, state)| state.due().is_some())
    }

    /// Forgets what says nothing any more; returns it.
    pub(crate) fn take_over(&mut self, now: i64) -> Vec<(FlowKey, FlowState)> {
        let over: Vec<FlowKey> = self
            .states
            .iter()
            .filter(|(_, (_, state))| state.is_over(now))
            .map(|(key, _)| key.clone())
            .collect();
        over.into_iter().filter_map(|key| self.remove(&key).map(|(_, state)| (key, state))).collect()
    }
}

/// An even rate: `limit` in each `period_ms`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) limit: u32,
    pub(crate) period_ms: i64,
    /// How many may come at once.
    pub(crate) burst: u32,
}

impl Rate {
    /// When one more may come that comes at `now` (milliseconds), after `next` (microseconds); and the state if it does.
    pub(crate) fn admit(self, next: Option<i64>, now: i64) -> (i64, i64) {
        let (now, interval) = (now.saturating_mul(1_000), self.period_ms * 1_000 / i64::from(self.limit));
        let next = next.unwrap_or(now).max(now);
        let earliest = next - interval * i64::from(self.burst.saturating_sub(1));
        // Rounded up, so that nothing comes early.
        let start = earliest.max(now).div_euclid(1_000) + i64::from(earliest.max(now).rem_euclid(1_000) != 0);
        (start, next + interval)
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;

    /// When `count` that all come at 0 may start.
    fn starts(rate: Rate, count: usize) -> Vec<i64> {
        let mut next = None;
        let mut starts = Vec::new();
        for _ in 0..count {
            let (start, after) = rate.admit(next, 0);
            next = Some(after);
            starts.push(start);
        }
        starts
    }

    #[test]
    fn a_rate_is_even_after_its_burst() {
        assert_eq!(starts(Rate { limit: 2, period_ms: 1_000, burst: 1 }, 4), [0, 500, 1_000, 1_500]);
        assert_eq!(starts(Rate { limit: 2, period_ms: 1_000, burst: 3 }, 5), [0, 0, 0, 500, 1_000]);
        assert_eq!(starts(Rate { limit: 3, period_ms: 1_000, burst: 1 }, 3), [0, 334, 667]);
    }
}
