//! The messages on the wire, as the SDK specification writes them.

pub(super) mod call;
pub(super) mod event;
pub(super) mod extras;
pub(super) mod introspection;
pub(super) mod op;
pub(super) mod registration;
pub(super) mod time;
