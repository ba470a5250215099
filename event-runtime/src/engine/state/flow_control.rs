//! Flow control: what is remembered, for each function and key, about events that are held back, skipped or spread.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::engine::milliseconds;
use crate::engine::model::{EventKey, FlowKey};
#[cfg(any(test, feature = "testing"))]
use crate::engine::store::{Result, StoreError};
use crate::function::Options;
use crate::function::options::{RateLimit, Throttle};

/// What kind of flow control a state belongs to: one of each for a function and a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum FlowKind {
    // 0 was a throttle of format 1.
    Throttle = 5,
    RateLimit = 1,
    Debounce = 2,
    Batch = 3,
}

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum FlowState {
    /// When the next start would be due at an even rate (the generic cell rate algorithm), in microseconds.
    Throttle(i64),
    /// Likewise.
    RateLimit(i64),
    /// The newest event and its time, when the first came, and when the run is due.
    Debounce {
        event: EventKey,
        #[serde(default)]
        ts: i64,
        first: i64,
        due: i64,
    },
    /// The events so far, and when the run is due.
    Batch { events: Vec<EventKey>, due: i64 },
}

impl FlowState {
    pub(crate) const fn kind(&self) -> FlowKind {
        match self {
            Self::Throttle(_) => FlowKind::Throttle,
            Self::RateLimit(_) => FlowKind::RateLimit,
            Self::Debounce { .. } => FlowKind::Debounce,
            Self::Batch { .. } => FlowKind::Batch,
        }
    }

    /// The events that are held back.
    pub(crate) fn events(&self) -> &[EventKey] {
        match self {
            Self::Debounce { event, .. } => std::slice::from_ref(event),
            Self::Batch { events, .. } => events,
            Self::Throttle(_) | Self::RateLimit(_) => &[],
        }
    }

    /// What two states say together: those of a function under its former name and under the one that it has.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Throttle(one), Self::Throttle(other)) => Self::Throttle(one.max(other)),
            (Self::RateLimit(one), Self::RateLimit(other)) => Self::RateLimit(one.max(other)),
            (Self::Batch { events: one, due }, Self::Batch { events: other, due: then }) => {
                let mut events = [one, other].concat();
                events.sort_unstable();
                Self::Batch { events, due: due.min(then) }
            }
            (
                Self::Debounce { event, ts, first, due },
                Self::Debounce { event: e, ts: t, first: f, due: d },
            ) => {
                let (ts, event) = (ts, event).max((t, e));
                Self::Debounce { event, ts, first: first.min(f), due: due.max(d) }
            }
            (_, other) => other,
        }
    }

    /// The state as it can be under these options: nothing is put off for longer than if it had begun now. The options may have
    /// been changed, or the clock was set back.
    pub(crate) fn within(self, options: &Options, now: i64) -> Self {
        match self {
            Self::Debounce { event, ts, first, due } => {
                let period = options.debounce.map_or(0, |debounce| milliseconds(debounce.period));
                // Events that come from now on are newer, whatever their times are.
                let ts = if first > now { i64::MIN } else { ts };
                Self::Debounce { event, ts, first: first.min(now), due: due.min(now.saturating_add(period)) }
            }
            Self::Batch { events, due } => {
                let timeout = options.batch.map_or(0, |batch| milliseconds(batch.timeout));
                Self::Batch { events, due: due.min(now.saturating_add(timeout)) }
            }
            Self::Throttle(next) => Self::Throttle(
                options.throttle.map_or(next, |option| Rate::of_throttle(option).within(next, now)),
            ),
            Self::RateLimit(next) => Self::RateLimit(
                options.rate_limit.map_or(next, |option| Rate::of_rate_limit(option).within(next, now)),
            ),
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

/// The states that are remembered. Each has a number, by which a timer finds it.
#[derive(Debug, Default)]
pub(crate) struct FlowControl {
    states: HashMap<FlowKey, (u64, FlowState)>,
    by_number: HashMap<u64, FlowKey>,
    next_number: u64,
    /// The events that are held back, and how often.
    held_back: HashMap<EventKey, u32>,
}

impl FlowControl {
    pub(crate) fn get(&self, key: &FlowKey) -> Option<&FlowState> {
        self.states.get(key).map(|(_, state)| state)
    }

    /// Takes up what was remembered: the state as it is now, and its number.
    pub(crate) fn take_up(&mut self, key: FlowKey, state: FlowState) -> (u64, FlowState) {
        let state = match self.get(&key) {
            Some(before) => before.clone().and(state),
            None => state,
        };
        (self.set(key, state.clone()).0, state)
    }

    /// Whether an event is held back.
    pub(crate) fn holds_back(&self, event: EventKey) -> bool {
        self.held_back.contains_key(&event)
    }

    /// Events are held back, if not here.
    pub(crate) fn hold_back(&mut self, events: &[EventKey]) {
        for event in events {
            *self.held_back.entry(*event).or_default() += 1;
        }
    }

    pub(crate) fn let_go(&mut self, events: &[EventKey]) {
        for event in events {
            if let Some(times) = self.held_back.get_mut(event) {
                *times -= 1;
                if *times == 0 {
                    self.held_back.remove(event);
                }
            }
        }
    }

    /// Remembers a state. Its number, and the state before it.
    pub(crate) fn set(&mut self, key: FlowKey, state: FlowState) -> (u64, Option<FlowState>) {
        self.hold_back(state.events());
        if let Some(before) = self.get(&key).cloned() {
            self.let_go(before.events());
        }
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
        self.let_go(state.events());
        self.by_number.remove(&number);
        Some((number, state))
    }

    pub(crate) fn key(&self, number: u64) -> Option<FlowKey> {
        self.by_number.get(&number).cloned()
    }

    /// Every state, with its key.
    pub(crate) fn to_vec(&self) -> Vec<(FlowKey, FlowState)> {
        self.states.iter().map(|(key, (_, state))| (key.clone(), state.clone())).collect()
    }

    /// Whether events are held back.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn any_due(&self) -> bool {
        self.states.values().any(|(_, state)| state.due().is_some())
    }

    /// When states let their events go, and their numbers.
    pub(crate) fn timers(&self) -> impl Iterator<Item = (i64, u64)> {
        self.states.values().filter_map(|(number, state)| Some((state.due()?, *number)))
    }

    /// Checks that each state has its number, and that every event that a state holds back is known to be.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn check(&self) -> Result<()> {
        let is_numbered = |(key, (number, _)): (&FlowKey, &(u64, FlowState))| {
            self.by_number.get(number).is_some_and(|of| of == key)
        };
        if self.states.len() != self.by_number.len() || !self.states.iter().all(is_numbered) {
            return Err(StoreError::broken("each state of flow control has one number"));
        }
        let mut held_back = self.states.values().flat_map(|(_, state)| state.events());
        if !held_back.all(|event| self.holds_back(*event)) {
            return Err(StoreError::broken("every event that flow control holds back is noted"));
        }
        Ok(())
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
    pub(crate) fn of_throttle(throttle: Throttle) -> Self {
        let period_ms = milliseconds(throttle.period);
        Self { limit: throttle.limit, period_ms, burst: throttle.burst }
    }

    pub(crate) fn of_rate_limit(limit: RateLimit) -> Self {
        Self { limit: limit.limit, period_ms: milliseconds(limit.period), burst: limit.limit }
    }

    /// How long one takes of what may come, in microseconds.
    fn interval(self) -> i64 {
        self.period_ms * 1_000 / i64::from(self.limit.max(1))
    }

    /// The state in which nothing may come before `start` (milliseconds), and then one.
    pub(crate) fn used_up_until(self, start: i64) -> i64 {
        let burst = self.interval().saturating_mul(i64::from(self.burst.saturating_sub(1)));
        start.saturating_mul(1_000).saturating_add(burst)
    }

    /// A state (microseconds) as this rate can have led to it at `now` (milliseconds).
    fn within(self, next: i64, now: i64) -> i64 {
        let most = self.interval().saturating_mul(i64::from(self.burst.max(1)));
        next.min(now.saturating_mul(1_000).saturating_add(most))
    }

    /// When one more may come that comes at `now` (milliseconds), after `next` (microseconds); and the state if it does.
    /// A state that this rate cannot have led to, because the rate was another or the clock was ahead, is brought within it.
    pub(crate) fn admit(self, next: Option<i64>, now: i64) -> (i64, i64) {
        let next = self.within(next.unwrap_or(i64::MIN), now);
        let (now, interval) = (now.saturating_mul(1_000), self.interval());
        let next = next.max(now);
        let earliest = next - interval * i64::from(self.burst.saturating_sub(1));
        // Rounded up, so that nothing comes early.
        let start = earliest.max(now).div_euclid(1_000) + i64::from(earliest.max(now).rem_euclid(1_000) != 0);
        (start, next + interval)
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;

    /// When `count` start that all wait from 0 on.
    fn starts(rate: Rate, count: usize) -> Vec<i64> {
        let (mut next, mut now, mut starts) = (None, 0, Vec::new());
        for _ in 0..count {
            (now, _) = rate.admit(next, now);
            next = Some(rate.admit(next, now).1);
            starts.push(now);
        }
        starts
    }

    #[test]
    fn a_rate_that_has_changed_holds_at_once() {
        let slow = Rate { limit: 1, period_ms: 3_600_000, burst: 1 };
        let (_, next) = slow.admit(None, 0);
        assert_eq!(slow.admit(Some(next), 0).0, 3_600_000);
        let quick = Rate { limit: 100, period_ms: 1_000, burst: 1 };
        assert_eq!(quick.admit(Some(next), 0).0, 10);
    }

    #[test]
    fn a_rate_is_even_after_its_burst() {
        assert_eq!(starts(Rate { limit: 2, period_ms: 1_000, burst: 1 }, 4), [0, 500, 1_000, 1_500]);
        assert_eq!(starts(Rate { limit: 2, period_ms: 1_000, burst: 3 }, 5), [0, 0, 0, 500, 1_000]);
        assert_eq!(starts(Rate { limit: 3, period_ms: 1_000, burst: 1 }, 3), [0, 334, 668]);
    }
}
