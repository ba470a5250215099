//! What the engine keeps in memory, in parts.

pub(crate) mod flow_control;
pub(crate) mod quarantine;
pub(crate) mod run_queue;
pub(crate) mod timers;
pub(crate) mod wait_index;
