use event_runtime::prelude::*;

/// The life of a user.
#[domain_events]
pub enum UserEvent {
    /// A user was created.
    Created { id: Uuid },
}

/// Greets.
#[function(id = "user-created-greeter")]
pub async fn greet(_ctx: &Context<UserCreated>) -> Result<()> {
    Ok(())
}

registry! {
    /// Every event.
    pub AppEvents = [];
}

functions! {
    /// Every function.
    pub AppFunctions in AppEvents = [greet];
}

fn main() {}
