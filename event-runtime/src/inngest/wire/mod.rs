//! What goes over the wire, as the SDK specification writes it.

pub(super) mod call;
pub(super) mod event;
pub(super) mod introspection;
pub(super) mod op;
pub(super) mod registration;
pub(super) mod time;
