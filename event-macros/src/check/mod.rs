//! The second stage: from syntax to checked models. Every violation is reported here, so that the third stage cannot fail.

pub(crate) mod bounds;
pub(crate) mod choice;
mod common;
pub(crate) mod container;
pub(crate) mod controller;
mod duration;
pub(crate) mod event;
mod event_options;
pub(crate) mod expression;
pub(crate) mod field;
pub(crate) mod flow_control;
pub(crate) mod format;
pub(crate) mod function;
mod key;
pub(crate) mod list;
mod marker;
mod naming;
pub(crate) mod normalize;
pub(crate) mod number;
pub(crate) mod options;
mod owned;
pub(crate) mod ownership;
pub(crate) mod pattern;
pub(crate) mod payload;
pub(crate) mod rule;
pub(crate) mod runtime;
pub(crate) mod set;
pub(crate) mod shape;
mod signature;
pub(crate) mod steps;
mod words;

pub(crate) use controller::controller;
pub(crate) use function::free_function;
pub(crate) use list::{functions, lookup, registry};
pub(crate) use payload::{payload, validated};
pub(crate) use set::set;
