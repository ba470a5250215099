//! Crons: when functions start by themselves, and how far each of them has come.

use std::cmp::Ordering;
#[cfg(any(test, feature = "testing"))]
use std::collections::BTreeSet;

use super::timers::{Timer, Timers};
use crate::engine::model::{CronRow, FunctionIndex};
use crate::engine::rules::Rules;
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
    pub(crate) expression: &'static str,
    schedule: Schedule,
    /// When it has fired for the last time, or was new.
    fired: i64,
    /// Its timer; `None` at the end of the calendar.
    due: Option<i64>,
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
    pub(crate) fn take_up(
        rules: &Rules,
        stored: &[CronRow],
        now: i64,
        timers: &mut Timers,
    ) -> Result<(Self, Vec<CronRow>)> {
        let (mut crons, mut new) = (Self::default(), Vec::new());
        for rules in rules.iter() {
            for &expression in rules.options().crons {
                let schedule = Schedule::parse(expression).map_err(|problem| {
                    let function = rules.descriptor.id;
                    format!("the cron `{expression}` of the function `{function}` cannot be read: {problem}")
                })?;
                let is_it = |row: &&CronRow| row.function == rules.function && *row.cron == *expression;
                let fired = stored.iter().filter(is_it).map(|row| row.fired).max();
                let cron = Cron {
                    function: rules.function,
                    expression,
                    schedule,
                    fired: fired.unwrap_or(now),
                    due: None,
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
        let known = (0..).zip(&self.0).filter_map(|(index, cron)| Some((cron.due?, Timer::Cron(index))));
        let set = timers.iter().filter(|(_, timer)| matches!(timer, Timer::Cron(_)));
        if known.collect::<BTreeSet<_>>() != set.collect() {
            return Err(StoreError::broken("each cron has one timer"));
        }
        let is_put_off = |cron: &Cron| cron.due > cron.schedule.next(now);
        if self.0.iter().any(is_put_off) {
            return Err(StoreError::broken("no cron is put off"));
        }
        Ok(())
    }
}

impl Cron {
    /// What is to be done now that its timer for `due` is.
    pub(crate) fn firing(&self, due: i64, now: i64) -> Firing {
        match now.cmp(&self.fired) {
            Ordering::Less if self.has_come_before(now) => Firing::Unless(due),
            Ordering::Less => Firing::For(due),
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
        if let Some(before) = self.due.take() {
            timers.clear(before, Timer::Cron(index));
        }
        self.due = self.schedule.next(after);
        if let Some(due) = self.due {
            timers.set(due, Timer::Cron(index));
        }
    }

    fn row(&self) -> CronRow {
        CronRow { function: self.function, cron: self.expression.into(), fired: self.fired }
    }
}

fn absent() -> StoreError {
    StoreError::broken("the timer of a cron belongs to one")
}
