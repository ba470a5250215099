//! The transaction that one input is handled in.

use std::collections::VecDeque;

use super::message::{Effect, Notice};
use super::store::Store;
use super::work::Work;
use crate::clock::Environment;

/// A transaction that is open: what a stage reads and writes besides the state in memory.
pub(crate) struct Tx<'a> {
    pub(crate) store: &'a mut dyn Store,
    pub(crate) now: i64,
    pub(crate) environment: &'a Environment,
    pub(crate) effects: &'a mut Vec<Effect>,
    /// What follows from what was done, in order. It is the engine's own queue, lent while it works.
    pub(super) work: VecDeque<Work>,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(
        store: &'a mut dyn Store,
        now: i64,
        environment: &'a Environment,
        effects: &'a mut Vec<Effect>,
    ) -> Self {
        Self { store, now, environment, effects, work: VecDeque::new() }
    }

    /// Queues what follows from what was done.
    pub(super) fn push(&mut self, work: Work) {
        self.work.push_back(work);
    }

    pub(super) fn notice(&mut self, notice: Notice) {
        self.effects.push(Effect::Notice(notice));
    }
}
