//! The names of domains, actions, events and functions: what is wrong with one, and what to write instead.

pub(crate) mod action;
pub(crate) mod domain;
pub(crate) mod event;
pub(crate) mod function_id;
pub(crate) mod rule;
mod suggest;
pub(crate) mod violation;
