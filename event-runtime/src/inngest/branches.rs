//! The branches of a function: steps that run together, or race.
//!
//! A server calls a function again when all the steps that were reported together have ended, or, where it is asked to, as soon as
//! one of them has: only then does a race end with its winner, and does each branch go on by itself. The price is a call for each
//! such step, and calls that overlap and find the same steps. So the server is asked only where something may come of it.

use crate::function::OpId;

/// The steps that a function has reached, up to the last result it was given.
#[derive(Debug, Default)]
pub(super) struct Branches {
    /// The steps that the function waits for.
    waiting: usize,
    /// The steps that have no recorded result, and are known to the server or soon will be; those that have lost a race as well.
    pending: usize,
    /// The step that was found by itself.
    alone: Option<OpId>,
    have_parted: bool,
}

impl Branches {
    /// The function has found this many steps at once, the last of which is `last`. `are_bodies` says that each has a body.
    pub(super) fn found(&mut self, steps: usize, last: OpId, are_bodies: bool) {
        let others = self.waiting > 0;
        self.waiting += steps;
        self.alone = (self.waiting == 1).then_some(last);
        self.have_parted |= self.waiting > 1 && (others || !are_bodies);
    }

    /// The function was handed the result of a step. After a failure a server calls at once.
    pub(super) fn delivered(&mut self, op: OpId, has_failed: bool) {
        self.waiting = self.waiting.saturating_sub(1);
        self.have_parted = self.alone != Some(op) && (self.have_parted || has_failed);
    }

    /// The function has lost interest in a step.
    pub(super) fn dropped(&mut self) {
        self.waiting = self.waiting.saturating_sub(1);
        self.have_parted = true;
    }

    /// A step has no recorded result.
    pub(super) fn began(&mut self) {
        self.pending += 1;
    }

    /// It has one now.
    pub(super) fn settled(&mut self) {
        self.pending = self.pending.saturating_sub(1);
    }

    /// The number of steps that have no result.
    pub(super) const fn pending(&self) -> usize {
        self.pending
    }

    /// Whether a step is one of several that have no result.
    pub(super) const fn are_several(&self) -> bool {
        self.pending > 1
    }

    /// Whether no other call can find this step at the same time, as it can where branches lead to calls of their own. A step that
    /// several may find is planned: a server plans it once.
    pub(super) fn is_alone(&self, op: OpId) -> bool {
        self.alone == Some(op) && !self.have_parted
    }
}
