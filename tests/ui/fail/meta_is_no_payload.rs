use event_runtime::prelude::*;

/// Who does something, and for whom.
#[derive(Debug, Clone)]
pub struct AppMeta {
    pub tenant: String,
}

/// The life of a user.
#[domain_events]
pub enum UserEvent {
    /// A user was created.
    Created { id: u64 },
}

registry! {
    /// The payload is forgotten.
    pub AppEvents with AppMeta = [UserEvent];
}

registry! {
    /// A text is no struct.
    pub TextEvents with String = [UserEvent];
}

fn main() {}
