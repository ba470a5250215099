//! Crons: when functions start by themselves, and how far each of them has come.

use std::cmp::Ordering;
#[cfg(any(test, feature = "testing"))]
use std::collections::BTreeSet;

use event_conventions::hash_name;

use super::timers::{Timer, Timers};
use crate::engine::milliseconds;
use crate::engine::model::{CronRow, FunctionIndex};
use crate::engine::rules::FunctionRules;
use crate::engine::schedule::Schedule;
use crate::engine::store::{Result, StoreError};

/// A clock that is set back by more than this begins a new time, in which crons fire whatever they have done before: one day.
const NEW_TIME_MS: i64 = 24 * 60 * 60 * 1_000;

/// The crons of all functions. A timer knows each by its index.
#[derive(Default)]
pub(crate) struct Crons(Vec<Cron>);

/// One cron of a function.
pub(crate) struct Cron {
    pub(crate) function: FunctionIndex,
    /// The id of the function.
    id: &'static str,
    pub(crate) expression: &'static str,
    schedule: Schedule,
    /// The longest time by which it is delayed, in milliseconds.
    jitter: i64,
    /// When it has fired for the last time, or was new.
    fired: i64,
    /// The time for which it fires next; `None` at the end of the calendar.
    next: Option<Next>,
}

/// A time for which a cron fires.
#[derive(Clone, Copy)]
struct Next {
    instant: i64,
    /// The time of its timer: later by the jitter.
    due: i64,
}

/// What is to be done when the timer of a cron is due.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Firing {
    /// It fires for this instant.
    For(i64),
    /// It fires for this instant unless it has done so before the clock was set back.
    Unless(i64),
    /// It was set when the clock was wrong: nothing was missed.
    Nothing,
}

impl Crons {
    /// Takes up what a store remembers of the crons of an application, and sets their timers. Those that are new come second,
    /// as they are to be stored.
    pub(crate) fn take_up<'r>(
        rules: impl Iterator<Item = &'r FunctionRules>,
        stored: &[CronRow],
        now: i64,
        timers: &mut Timers,
    ) -> Result<(Self, Vec<CronRow>)> {
        let (mut crons, mut new) = (Self::default(), Vec::new());
        for rules in rules {
            for &expression in rules.options().crons {
                let schedule = Schedule::parse(expression).map_err(|problem| {
                    let function = rules.descriptor.id;
                    format!("the cron `{expression}` of the function `{function}` cannot be read: {problem}")
                })?;
                let is_it = |row: &&CronRow| row.function == rules.function && *row.cron == *expression;
                let fired = stored.iter().filter(is_it).map(|row| row.fired).max();
                let cron = Cron {
                    function: rules.function,
                    id: rules.descriptor.id,
                    expression,
                    schedule,
                    jitter: rules.options().jitter.map_or(0, milliseconds),
                    fired: fired.unwrap_or(now),
                    next: None,
                };
                new.extend(fired.is_none().then(|| cron.row()));
                crons.0.push(cron);
            }
        }
        crons.go_on_from(now, timers);
        Ok((crons, new))
    }

    /// Sets every timer anew: the engine starts, or the clock was set back.
    pub(crate) fn go_on_from(&mut self, now: i64, timers: &mut Timers) {
        for (index, cron) in (0..).zip(&mut self.0) {
            cron.set_timer(index, cron.fired.min(now), timers);
        }
    }

    /// A cron that has a timer.
    pub(crate) fn find(&self, index: u32) -> Result<&Cron> {
        self.0.get(index as usize).ok_or_else(absent)
    }

    /// A cron has fired, or need not: sets its next timer. A time that was missed, while the machine slept or the clock jumped,
    /// is made up for once. Returns what is to be stored, if that has changed.
    pub(crate) fn advance(&mut self, index: u32, now: i64, timers: &mut Timers) -> Result<Option<CronRow>> {
        let cron = self.0.get_mut(index as usize).ok_or_else(absent)?;
        let before = cron.fired;
        if !cron.has_come_before(now) {
            cron.fired = now;
        }
        cron.set_timer(index, now, timers);
        Ok((cron.fired != before).then(|| cron.row()))
    }

    /// Checks that each cron has the one timer that is known of it, and that none waits for longer than for its next time.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn check(&self, timers: &Timers, now: i64) -> Result<()> {
        let known = (0..).zip(&self.0).filter_map(|(index, cron)| Some((cron.next?.due, Timer::Cron(index))));
        let set = timers.iter().filter(|(_, timer)| matches!(timer, Timer::Cron(_)));
        if known.collect::<BTreeSet<_>>() != set.collect() {
            return Err(StoreError::broken("each cron has one timer"));
        }
        let is_put_off = |cron: &Cron| cron.next.map(|next| next.instant) > cron.schedule.next(now);
        if self.0.iter().any(is_put_off) {
            return Err(StoreError::broken("no cron is put off"));
        }
        Ok(())
    }
}

impl Cron {
    /// What is to be done now that its timer is due.
    pub(crate) fn firing(&self, now: i64) -> Firing {
        let Some(Next { instant, .. }) = self.next else { return Firing::Nothing };
        match now.cmp(&self.fired) {
            Ordering::Less if self.has_come_before(now) => Firing::Unless(instant),
            Ordering::Less => Firing::For(instant),
            Ordering::Equal | Ordering::Greater => match self.schedule.next(self.fired) {
                Some(missed) if missed <= now => Firing::For(missed),
                _ => Firing::Nothing,
            },
        }
    }

    /// Whether this time comes again, after the clock was set back a little.
    const fn has_come_before(&self, now: i64) -> bool {
        now < self.fired && self.fired <= now.saturating_add(NEW_TIME_MS)
    }

    fn set_timer(&mut self, index: u32, after: i64, timers: &mut Timers) {
        if let Some(before) = self.next.take() {
            timers.clear(before.due, Timer::Cron(index));
        }
        self.next = self.schedule.next(after).map(|instant| Next { instant, due: self.delayed(instant) });
        if let Some(next) = self.next {
            timers.set(next.due, Timer::Cron(index));
        }
    }

    /// Returns the time at which it fires for an instant: the same after a restart, and before its next instant.
    fn delayed(&self, instant: i64) -> i64 {
        let until_next = self.schedule.next(instant).map_or(i64::MAX, |next| next - instant);
        let jitter = self.jitter.min(until_next);
        if jitter == 0 {
            return instant;
        }
        let seed = hash_name(&format!("{} {} {instant}", self.id, self.expression));
        // Of a hash the remainder of a small number is as good as any.
        instant + i64::try_from(seed % jitter.unsigned_abs()).unwrap_or(0)
    }

    fn row(&self) -> CronRow {
        CronRow { function: self.function, cron: self.expression.into(), fired: self.fired }
    }
}

fn absent() -> StoreError {
    StoreError::broken("the timer of a cron belongs to one")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Cron, Crons, Firing, NEW_TIME_MS};
    use crate::engine::model::FunctionIndex;
    use crate::engine::schedule::Schedule;
    use crate::engine::state::timers::{Timer, Timers};

    const HOUR: i64 = 3_600_000;

    /// It fires every hour, and has done so for the last time then.
    fn hourly(fired: i64) -> Crons {
        let (function, id, expression) = (FunctionIndex::new(0), "order-report", "0 * * * *");
        let schedule = Schedule::parse(expression).unwrap();
        Crons(vec![Cron { function, id, expression, schedule, jitter: 0, fired, next: None }])
    }

    #[test]
    fn jitter_delays_each_time_by_another_and_the_same_after_a_restart() {
        let (mut crons, mut timers) = (hourly(0), Timers::default());
        crons.0[0].jitter = 300_000;
        crons.go_on_from(0, &mut timers);
        let mut delays = BTreeSet::new();
        for hour in 1..=100 {
            let instant = hour * HOUR;
            let due = timers.next().unwrap();
            assert!((instant..instant + 300_000).contains(&due), "hour {hour}");
            crons.go_on_from(due - 1, &mut timers);
            assert_eq!(timers.pop_due(due), Some((due, Timer::Cron(0))), "hour {hour}");
            assert_eq!(crons.find(0).unwrap().firing(due), Firing::For(instant));
            crons.advance(0, due, &mut timers).unwrap();
            crons.check(&timers, due).unwrap();
            delays.insert(due - instant);
        }
        assert!(delays.len() > 90, "{} different delays", delays.len());
    }

    #[test]
    fn jitter_stays_before_the_next_time() {
        let (mut crons, mut timers) = (hourly(0), Timers::default());
        crons.0[0].jitter = 10 * HOUR;
        for hour in 1..=100 {
            crons.go_on_from(hour * HOUR, &mut timers);
            let due = timers.next().unwrap();
            assert!(due < (hour + 2) * HOUR, "hour {hour}");
            crons.0[0].fired = (hour + 1) * HOUR;
        }
    }

    #[test]
    fn what_was_missed_fires_once() {
        let (mut crons, mut timers) = (hourly(HOUR), Timers::default());
        crons.go_on_from(5 * HOUR + 1, &mut timers);
        crons.check(&timers, 5 * HOUR + 1).unwrap();
        assert_eq!(timers.pop_due(5 * HOUR + 1), Some((2 * HOUR, Timer::Cron(0))));
        assert_eq!(crons.find(0).unwrap().firing(5 * HOUR + 1), Firing::For(2 * HOUR));
        let row = crons.advance(0, 5 * HOUR + 1, &mut timers).unwrap();
        assert_eq!(row.map(|row| row.fired), Some(5 * HOUR + 1));
        assert_eq!(timers.next(), Some(6 * HOUR));
        crons.check(&timers, 5 * HOUR + 1).unwrap();
    }

    #[test]
    fn what_comes_again_within_a_day_is_remembered() {
        let (mut crons, mut timers) = (hourly(100 * HOUR), Timers::default());
        crons.go_on_from(98 * HOUR, &mut timers);
        assert_eq!(timers.next(), Some(99 * HOUR));
        assert_eq!(crons.find(0).unwrap().firing(99 * HOUR), Firing::Unless(99 * HOUR));
        assert_eq!(
            crons.advance(0, 99 * HOUR, &mut timers).unwrap(),
            None,
            "it is known until when it has fired"
        );
        assert_eq!(timers.next(), Some(100 * HOUR));
        // And after more than a day it is a new time.
        let back = 100 * HOUR - NEW_TIME_MS - HOUR;
        crons.go_on_from(back - 1, &mut timers);
        assert_eq!(timers.next(), Some(back));
        assert_eq!(crons.find(0).unwrap().firing(back), Firing::For(back));
        let row = crons.advance(0, back, &mut timers).unwrap();
        assert_eq!(row.map(|row| row.fired), Some(back));
    }

    /// A machine without a clock of its own begins in 1970, until somebody tells it the time.
    #[test]
    fn a_clock_that_was_wrong_for_a_while_misses_nothing() {
        let (mut crons, mut timers) = (hourly(1_000 * HOUR), Timers::default());
        crons.go_on_from(0, &mut timers);
        assert_eq!(timers.next(), Some(HOUR));
        let now = 1_000 * HOUR + 5;
        assert_eq!(crons.find(0).unwrap().firing(now), Firing::Nothing);
        crons.advance(0, now, &mut timers).unwrap();
        assert_eq!(timers.next(), Some(1_001 * HOUR));
        assert_eq!(crons.find(0).unwrap().firing(1_001 * HOUR), Firing::For(1_001 * HOUR));
    }

    #[test]
    fn a_cron_that_is_put_off_is_loud() {
        let (mut crons, mut timers) = (hourly(0), Timers::default());
        crons.go_on_from(100 * HOUR, &mut timers);
        crons.go_on_from(0, &mut timers);
        crons.check(&timers, 0).unwrap();
        crons.0[0].set_timer(0, 100 * HOUR, &mut timers);
        assert!(crons.check(&timers, 0).is_err());
        timers.set(5, Timer::Cron(0));
        assert!(crons.check(&timers, 100 * HOUR).unwrap_err().to_string().contains("one timer"));
        assert!(crons.find(1).is_err());
    }
}
