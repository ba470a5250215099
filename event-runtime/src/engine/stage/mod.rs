//! The stages: each carries out one kind of what may happen, on the state and in the transaction that it is given.
//!
//! No stage calls another: what follows beyond its own matter it queues as [`Work`](super::work::Work).

pub(super) mod admission;
pub(super) mod call;
pub(super) mod clock;
pub(super) mod command;
pub(super) mod dispatch;
pub(super) mod ending;
pub(super) mod event;
pub(super) mod pause;
pub(super) mod retention;
pub(super) mod signal;
pub(super) mod step;
pub(super) mod timer;
pub(super) mod undo;
