//! From what was written to what is meant. Every violation is collected; what is generated takes only checked models.

pub(crate) mod container;
mod duration;
pub(crate) mod event;
pub(crate) mod expression;
pub(crate) mod field;
pub(crate) mod function;
pub(crate) mod options;
pub(crate) mod pattern;
pub(crate) mod rule;
pub(crate) mod set;
pub(crate) mod shape;
pub(crate) mod words;
