//! The engine: what happens to events, runs and steps, as a state machine without threads, clock or randomness of its own.
//!
//! A host hands it inputs, one after the other, with a store whose transaction is open. A stage carries each input out on the
//! state and in the store, and queues what follows from it; when nothing is queued any more, the runs that have their turn
//! begin. What the host must do is left as effects: the host commits, and only then carries them out. So nobody learns of
//! anything that is not on disk, and what is in memory follows from what is on disk: when a commit fails, the host throws the
//! engine away.

/// A place at which tests let the engine fail. Without the feature `fail-points` there is nothing.
macro_rules! fail_point {
    ($place:literal) => {
        #[cfg(feature = "fail-points")]
        crate::engine::fail_points::reach($place)?;
    };
}

pub(crate) mod execution;
pub(crate) mod expression;
#[cfg(feature = "fail-points")]
pub mod fail_points;
mod fields;
pub(crate) mod keys;
mod limits;
pub(crate) mod message;
pub(crate) mod model;
mod recovery;
pub(crate) mod rules;
mod schedule;
mod settings;
pub(crate) mod slots;
mod stage;
pub(crate) mod state;
pub(crate) mod store;
mod tx;
mod work;

use std::collections::VecDeque;
use std::sync::Arc;

pub use limits::{Limits, Retention, WhenFull};
pub(crate) use settings::Settings;
pub(crate) use tx::Tx;

use self::message::{Effect, Input, Question, Reply};
use self::model::RunKey;
use self::stage::{
    admission, call, clock, command, dispatch, ending, event, pause, retention, signal, step, timer, undo,
};
use self::state::State;
use self::store::{Result, Store};
use self::work::Work;
use crate::function::Application;

/// How many timers are carried out before other inputs have their turn.
const MAX_TIMERS_AT_ONCE: usize = 512;

/// A clock that goes back by less is not said to be set back, in milliseconds.
const STEP_BACK_MS: i64 = 1_000;

/// The engine.
pub(crate) struct Engine {
    state: State,
    /// The latest time that it has seen since the clock was set back.
    latest: i64,
    /// What follows from the input at hand; empty between two inputs. It keeps its room.
    work: VecDeque<Work>,
}

impl Engine {
    /// Takes up what a store holds.
    pub(crate) fn open_store(
        application: Arc<Application>,
        settings: Settings,
        store: &mut dyn Store,
        now: i64,
    ) -> Result<Self> {
        let state = recovery::recover(application, settings, store, now)?;
        Ok(Self { state, latest: now, work: VecDeque::new() })
    }

    /// How many runs have not ended.
    pub(crate) fn open(&self) -> usize {
        self.state.runs.open()
    }

    /// How many runs wait for their turn.
    pub(crate) fn waiting(&self) -> usize {
        self.state.queue.waiting()
    }

    /// How many runs execute.
    pub(crate) fn active(&self) -> usize {
        self.state.queue.active()
    }

    /// The runs whose executions wait in memory.
    pub(crate) fn idle_runs(&self) -> Vec<RunKey> {
        self.state.runs.idle_runs()
    }

    /// When the engine wants to be called again, if nothing comes before: at once if the clock was set back, or an event has not
    /// reached everybody.
    pub(crate) fn next_due(&self, now: i64) -> Option<i64> {
        if self.state.is_draining() {
            return None;
        }
        let is_due = is_set_back(self.latest, now) || !self.state.wakes.is_empty();
        if is_due { Some(now) } else { self.state.timers.next() }
    }

    /// Whether something will happen by itself: a run goes on whose function is not paused, or events that are held back come out.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn has_work(&self) -> bool {
        self.open() > self.state.queue.waiting_for_resume() || self.state.flows.any_due()
    }

    /// Checks the invariants of the state, as they hold between two inputs.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn check(&self, now: i64) -> Result<()> {
        self.state.check(now)
    }

    /// Handles one input.
    pub(crate) fn handle(&mut self, tx: &mut Tx<'_>, input: Input) -> Result<()> {
        self.work_in(tx, |state, tx| {
            match input {
                Input::Ask(Question::Send(events), reply) => {
                    let mut receipts = Vec::with_capacity(events.len());
                    for event in events {
                        receipts.push(event::accept(state, tx, event)?);
                        // One event may cancel what another has started.
                        work_off(state, tx)?;
                    }
                    tx.effects.push(Effect::Reply(reply, Reply::Receipts(receipts)));
                }
                Input::Ask(Question::Start { function, event }, reply) => {
                    call::call(state, tx, function, event, reply)?;
                }
                Input::Ask(Question::Pause { function, pauses }, reply) => {
                    let answer = pause::pause(state, tx, &function, pauses)?;
                    tx.effects.push(Effect::Reply(reply, answer));
                }
                Input::Ask(Question::ReplayWith { run, event }, reply) => {
                    command::replay_with(state, tx, &run, event, reply)?;
                }
                #[cfg(any(test, feature = "testing"))]
                Input::Ask(Question::Fire { function }, reply) => {
                    let receipts = timer::start_by_hand(state, tx, function)?;
                    tx.effects.push(Effect::Reply(reply, Reply::Receipts(receipts)));
                }
                Input::Step { run, execution, event } => {
                    reach_first(state, tx, run)?;
                    step::handle(state, tx, run, execution, event)?;
                }
                Input::Ask(Question::Command { run, command }, reply) => {
                    command::command(state, tx, &run, command, reply)?;
                }
                Input::Ask(Question::Signal { address, json }, reply) => {
                    signal::signal(state, tx, &address, json, reply)?;
                }
                Input::Drain => dispatch::drain(state, tx),
            }
            Ok(())
        })
    }

    /// Carries out what is due.
    pub(crate) fn tick(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        if self.state.is_draining() {
            return Ok(());
        }
        self.work_in(tx, |state, tx| {
            if event::reach_part(state, tx)? {
                work_off(state, tx)?;
            }
            // So many at a time, so that others have their turn.
            for _ in 0..MAX_TIMERS_AT_ONCE {
                let Some((due, timer)) = state.timers.pop_due(tx.now) else { break };
                if let Some(run) = timer.run() {
                    reach_first(state, tx, run)?;
                }
                timer::fire(state, tx, due, timer)?;
                // One timer may have made another needless.
                work_off(state, tx)?;
            }
            Ok(())
        })
    }

    /// Does something and whatever follows from it, until nothing does.
    fn work_in(
        &mut self,
        tx: &mut Tx<'_>,
        first: impl FnOnce(&mut State, &mut Tx<'_>) -> Result<()>,
    ) -> Result<()> {
        let Self { state, latest, work } = self;
        std::mem::swap(&mut tx.work, work);
        if is_set_back(*latest, tx.now) {
            tracing::warn!(milliseconds = latest.saturating_sub(tx.now), "the clock was set back");
            clock::set_back(state, tx, *latest)?;
            *latest = tx.now;
        }
        *latest = tx.now.max(*latest);
        first(state, tx)?;
        loop {
            work_off(state, tx)?;
            dispatch::dispatch(state, tx)?;
            if tx.work.is_empty() {
                break;
            }
        }
        std::mem::swap(&mut tx.work, work);
        Ok(())
    }
}

/// Whether a clock that has shown `latest` was set back, and not only corrected.
const fn is_set_back(latest: i64, now: i64) -> bool {
    now.saturating_add(STEP_BACK_MS) <= latest
}

/// Lets the events reach a run that are on their way to it, before something else happens to it.
fn reach_first(state: &mut State, tx: &mut Tx<'_>, run: RunKey) -> Result<()> {
    if state.wakes.concern(run) {
        tx.push(Work::Reach(run));
        work_off(state, tx)?;
    }
    Ok(())
}

/// Pops work until none is left.
fn work_off(state: &mut State, tx: &mut Tx<'_>) -> Result<()> {
    while let Some(work) = tx.work.pop_front() {
        match work {
            Work::Publish { events, then } => event::publish(state, tx, events, then)?,
            Work::Admit { key, event } => admission::admit(state, tx, key, &event)?,
            Work::Start { function, events, origin } => {
                admission::start(state, tx, function, events, origin)?;
            }
            Work::Release(flow) => admission::release(state, tx, &flow)?,
            Work::Reach(run) => event::reach_first(state, tx, run)?,
            Work::Resolve { run, step, outcome } => step::resolve(state, tx, run, step, outcome)?,
            Work::Record(record) => step::record(state, tx, record)?,
            Work::End { run, end } => ending::end(state, tx, run, end)?,
            Work::Undo { run, end } => undo::begin(state, tx, run, &end)?,
            Work::Undone { run, undo, result, options } => {
                undo::undone(state, tx, run, undo, result, options)?;
            }
            Work::Prune => retention::prune(state, tx)?,
        }
    }
    Ok(())
}

/// So many milliseconds after a time.
fn later(time: i64, milliseconds: u64) -> i64 {
    time.saturating_add_unsigned(milliseconds)
}

/// Whole milliseconds.
pub(crate) fn milliseconds(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
