//! A run that is in memory: it executes, waits for its turn, or waits for little.

use std::sync::Arc;

use super::store::{FunctionIndex, Parent, RunKey, StoredRun};
use super::{Answer, EntryId};
use crate::envelope::RawEnvelope;
use crate::function::{Outcome, StepKind};

/// A recorded result.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::embedded) struct Memo {
    pub(in crate::embedded) key: Arc<str>,
    pub(in crate::embedded) kind: StepKind,
    /// Its place in the order of the results.
    pub(in crate::embedded) ord: u32,
    pub(in crate::embedded) outcome: Outcome,
}

/// A step without a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::embedded) struct Pending {
    pub(in crate::embedded) key: Arc<str>,
    pub(in crate::embedded) kind: StepKind,
    /// Failed attempts of a body.
    pub(in crate::embedded) attempts: u32,
    /// Of a body when it is tried again, of a sleep its end, of others when they are given up.
    pub(in crate::embedded) due: i64,
    /// Of a wait: the name of the event, and the condition.
    pub(in crate::embedded) wait: Option<(Arc<str>, Option<Arc<str>>)>,
}

impl Pending {
    /// The slot of its wait in the index.
    pub(in crate::embedded) fn slot(&self) -> u64 {
        event_conventions::hash_name(&self.key)
    }
}

/// What a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::embedded) enum State {
    /// It waits for its turn.
    Ready,
    /// It executes: it holds its slots.
    Active,
    /// Its entry is in memory and waits.
    Idle,
}

/// A run that is in memory.
#[derive(Debug)]
pub(in crate::embedded) struct Run {
    pub(in crate::embedded) key: RunKey,
    pub(in crate::embedded) id: Arc<str>,
    pub(in crate::embedded) function: FunctionIndex,
    pub(in crate::embedded) events: Arc<[Arc<RawEnvelope>]>,
    pub(in crate::embedded) attempt: u32,
    pub(in crate::embedded) created: i64,
    pub(in crate::embedded) started: Option<i64>,
    /// Whether `started` is on disk.
    pub(in crate::embedded) start_is_stored: bool,
    pub(in crate::embedded) due: i64,
    pub(in crate::embedded) order: i64,
    pub(in crate::embedded) slots: [u64; 2],
    pub(in crate::embedded) recoveries: u32,
    pub(in crate::embedded) deadline: Option<i64>,
    pub(in crate::embedded) parent: Option<Parent>,
    /// Results for the next entry.
    pub(in crate::embedded) memos: Vec<Memo>,
    pub(in crate::embedded) pending: Vec<Pending>,
    /// The place of the next result.
    pub(in crate::embedded) next_ord: u32,
    /// The size of all results, in bytes.
    pub(in crate::embedded) result_bytes: usize,
    pub(in crate::embedded) state: State,
    /// On disk it is parked.
    pub(in crate::embedded) parked: bool,
    /// The entry that executes it.
    pub(in crate::embedded) entry: Option<EntryId>,
    /// How many answers that entry was given.
    pub(in crate::embedded) answers: u32,
    /// Answers that it gets once it has its turn.
    pub(in crate::embedded) inbox: Vec<Answer>,
}

impl Run {
    /// A run as it was left.
    pub(in crate::embedded) fn of_stored(stored: StoredRun) -> Self {
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
            entry: None,
            answers: 0,
            inbox: Vec::new(),
        }
    }

    pub(in crate::embedded) fn pending(&self, key: &str) -> Option<&Pending> {
        self.pending.iter().find(|pending| &*pending.key == key)
    }

    pub(in crate::embedded) fn take_pending(&mut self, key: &str) -> Option<Pending> {
        let place = self.pending.iter().position(|pending| &*pending.key == key)?;
        Some(self.pending.swap_remove(place))
    }
}
