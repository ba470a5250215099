//! The stages: each carries out one kind of what may happen.

pub(crate) mod admission;
mod command;
mod ending;
pub(crate) mod event;
mod step;
mod timer;
