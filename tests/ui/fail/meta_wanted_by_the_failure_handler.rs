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
    Created { id: u64 },
}

/// Greets.
#[function(id = "user-created-greeter", on_failure = tell)]
async fn greet(ctx: &Context<UserCreated>) -> Result<u64> {
    Ok(ctx.event.id)
}

/// Is told of failures.
#[function(id = "user-created-told")]
async fn tell(ctx: &Context<Failed<UserCreated>, AppMeta>) -> Result<String> {
    Ok(ctx.meta.app.tenant.clone())
}

fn main() {}
