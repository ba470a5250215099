//! A run that is in memory: it executes, waits for its turn, or waits for little.

use std::sync::Arc;

use super::store::{FunctionIndex, Parent, RunKey, StoredRun};
use super::{Answer, ExecutionId};
use crate::envelope::RawEnvelope;
use crate::function::{Outcome, StepKind};

/// A recorded result.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Memo {
    pub(crate) key: Arc<str>,
    pub(crate) kind: StepKind,
    /// Its place in the order of the results.
    pub(crate) ord: u32,
    pub(crate) outcome: Outcome,
}

/// A step without a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pending {
    pub(crate) key: Arc<str>,
    pub(crate) kind: StepKind,
    /// Failed attempts of a body.
    pub(crate) attempts: u32,
    /// Of a body when it is tried again, of a sleep its end, of others when they are given up.
    pub(crate) due: i64,
    /// Of a wait: the name of the event, and the condition.
    pub(crate) wait: Option<(Arc<str>, Option<Arc<str>>)>,
}

impl Pending {
    /// The slot of its wait in the index.
    pub(crate) fn slot(&self) -> u64 {
        event_conventions::hash_name(&self.key)
    }
}

/// What a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It waits for its turn.
    Ready,
    /// It executes: it holds its slots.
    Active,
    /// Its execution is in memory and waits.
    Idle,
}

/// A run that is in memory.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) key: RunKey,
    pub(crate) id: Arc<str>,
    pub(crate) function: FunctionIndex,
    pub(crate) events: Arc<[Arc<RawEnvelope>]>,
    pub(crate) attempt: u32,
    pub(crate) created: i64,
    pub(crate) started: Option<i64>,
    /// Whether `started` is on disk.
    pub(crate) start_is_stored: bool,
    pub(crate) due: i64,
    pub(crate) order: i64,
    pub(crate) slots: [u64; 2],
    pub(crate) recoveries: u32,
    pub(crate) deadline: Option<i64>,
    pub(crate) parent: Option<Parent>,
    /// Results for the next execution.
    pub(crate) memos: Vec<Memo>,
    pub(crate) pending: Vec<Pending>,
    /// The place of the next result.
    pub(crate) next_ord: u32,
    /// The size of all results, in bytes.
    pub(crate) result_bytes: usize,
    pub(crate) state: State,
    /// On disk it is parked.
    pub(crate) parked: bool,
    /// The execution that executes it.
    pub(crate) execution: Option<ExecutionId>,
    /// How many answers that execution was given.
    pub(crate) answers: u32,
    /// What it counts for, of what is kept of runs that wait for their turn.
    pub(crate) ready_bytes: usize,
    /// Answers that it gets once it has its turn.
    pub(crate) inbox: Vec<Answer>,
}

impl Run {
    /// A run as it was left.
    pub(crate) fn of_stored(stored: StoredRun) -> Self {
        let next_ord = stored.memos.last().map_or(0, |memo| memo.ord + 1);
        let row = stored.row;
        Self {
            key: row.key,
            id: row.id,
            function: row.function,
            events: stored.events.into(),
            attempt: stored.attempt,
            created: row.created,
            started: stored.started,
            start_is_stored: stored.started.is_some(),
            due: row.due,
            order: row.order,
            slots: row.slots,
            recoveries: stored.recoveries,
            deadline: row.deadline,
            parent: row.parent,
            next_ord,
            result_bytes: stored.memos.iter().map(|memo| memo.outcome.size()).sum(),
            memos: stored.memos,
            pending: stored.pending,
            state: State::Ready,
            parked: stored.status == super::store::Status::Parked,
            execution: None,
            answers: 0,
            ready_bytes: 0,
            inbox: Vec::new(),
        }
    }

    pub(crate) fn pending(&self, key: &str) -> Option<&Pending> {
        self.pending.iter().find(|pending| &*pending.key == key)
    }

    pub(crate) fn take_pending(&mut self, key: &str) -> Option<Pending> {
        let place = self.pending.iter().position(|pending| &*pending.key == key)?;
        Some(self.pending.swap_remove(place))
    }
}
