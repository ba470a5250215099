use event_runtime::prelude::*;

/// Who does something, and for whom.
#[payload]
pub struct AppMeta {
    tenant: String,
}

/// The life of a user.
#[domain_events]
pub enum UserEvent {
    /// A user was created.
    #[event(unhandled)]
    Created { id: u64 },
}

registry! {
    /// `with` is forgotten.
    pub AppEvents AppMeta = [UserEvent];
}

registry! {
    /// The type is forgotten.
    pub MoreEvents with = [UserEvent];
}

registry! {
    /// It is right here.
    pub RightEvents with AppMeta = [UserEvent];
}

functions! {
    /// A list of functions has none of its own.
    pub AppFunctions in RightEvents with AppMeta = [];
}

fn main() {}
