use event_runtime::prelude::*;

/// The life of users.
#[domain_events]
pub enum UsersEvent {
    /// A user was created.
    Created { id: Uuid },
}

/// The life of companies.
#[domain_events(domain = "companies")]
pub enum CompanyEvent {
    /// A company was founded.
    Founded { id: Uuid },
}

fn main() {}
