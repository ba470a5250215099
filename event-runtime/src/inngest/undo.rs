//! Undoing behind a server: before the failure of a run is answered, each step that brought an `undo` is undone by a step of its own, the
//! last first. It is planned, so that the server counts its attempts by themselves.

use std::sync::Arc;

use super::memo;
use super::step::FoundStep;
use super::wire::call::{Ctx, Steps};
use super::wire::op::{Op, OpCode, hash};
use crate::function::{Error, OpId, UndoTask, undo_key};

/// The steps of a call that can be undone, in the order in which they were done.
pub(super) struct Undos(Vec<UndoStep>);

struct UndoStep {
    step: Arc<str>,
    output: Arc<str>,
    /// The key of its undoing, and its id on the wire.
    key: Arc<str>,
    hash: String,
    /// Whether it is recorded that it was undone, or could not be.
    is_known: bool,
}

/// The next act for a function that has failed.
pub(super) enum NextUndo {
    /// It is tried again, or has nothing to undo.
    NotYet,
    /// A step is to be planned.
    Plan(Box<Op>),
    /// A step that was planned is to be undone.
    Run(UndoTask),
    /// Everything is undone.
    Over,
}

impl Undos {
    /// Collects the steps to undo, from what a server has recorded and what was done in the call.
    pub(super) fn of<'s>(
        steps: impl Iterator<Item = &'s FoundStep>,
        recorded: &Steps<'_>,
        stack: &[String],
        done: &[(OpId, Arc<str>)],
    ) -> Self {
        let undoable = steps.enumerate().filter(|(_, step)| step.options().has_undo);
        let mut undos: Vec<(usize, UndoStep)> = undoable
            .filter_map(|(op, step)| {
                let (place, output) = match recorded.get(&*step.hash) {
                    Some(json) => {
                        let place = stack.iter().position(|hash| **hash == *step.hash);
                        (place.unwrap_or(stack.len()), memo::value(json)?.into())
                    }
                    None => {
                        let place = done.iter().position(|(of, _)| *of == op)?;
                        (stack.len() + 1 + place, Arc::clone(&done[place].1))
                    }
                };
                let key = undo_key(&step.key);
                let hash = hash(&key);
                let is_known = recorded.contains_key(&hash);
                Some((place, UndoStep { step: Arc::clone(&step.key), output, key, hash, is_known }))
            })
            .collect();
        undos.sort_by_key(|(place, _)| *place);
        Self(undos.into_iter().map(|(_, undo)| undo).collect())
    }

    /// Decides what follows an error of the function.
    pub(super) fn next(self, error: &Error, ctx: &Ctx, target: Option<&str>) -> NextUndo {
        let has_begun = self.0.iter().any(|undo| undo.is_known || target == Some(&undo.hash));
        if !has_begun && error.is_retriable() && !ctx.is_last(ctx.attempt) {
            return NextUndo::NotYet;
        }
        match self.0.into_iter().rfind(|undo| !undo.is_known) {
            Some(UndoStep { step, output, hash, .. }) if target == Some(&hash) => {
                NextUndo::Run(UndoTask { step, output, failed: ctx.attempt })
            }
            Some(undo) => NextUndo::Plan(Box::new(op(OpCode::StepPlanned, &undo.key))),
            None if has_begun => NextUndo::Over,
            None => NextUndo::NotYet,
        }
    }
}

/// An operation on the undoing with this key.
pub(super) fn op(code: OpCode, key: &str) -> Op {
    Op::step(code, &hash(key), key, 0)
}
