use event_runtime::prelude::*;

/// Who does something, and for whom.
#[payload]
pub struct AppMeta {
    tenant: String,
}

/// Where something is done.
#[payload]
pub struct OtherMeta {
    region: String,
}

/// The life of a user.
#[domain_events]
pub enum UserEvent {
    /// A user was created.
    Created { id: u64 },
}

registry! {
    /// Every event.
    pub AppEvents with AppMeta = [UserEvent];
}

registry! {
    /// Every event, and nothing with it.
    pub PlainEvents = [UserEvent];
}

pub async fn sign_up(client: &Client<AppEvents, AppMeta>, plain: &Client<PlainEvents>) {
    client.with_meta(OtherMeta { region: "eu".into() }).send(UserCreated { id: 1 }).await.unwrap();
    client.send(UserCreated { id: 1 }.with_meta(OtherMeta { region: "eu".into() })).await.unwrap();
    plain.with_meta(AppMeta { tenant: "acme".into() }).send(UserCreated { id: 1 }).await.unwrap();
}

/// Greets.
#[function(id = "user-created-greeter")]
async fn greet(ctx: &Context<UserCreated, AppMeta>) -> Result<String> {
    Ok(ctx.meta.app.tenant.clone())
}

functions! {
    /// The metadata is that of the registry.
    pub AppFunctions in AppEvents = [greet];
}

functions! {
    /// The registry names none.
    pub PlainFunctions in PlainEvents = [greet];
}

pub fn app() {
    let _ = App::<AppFunctions>::builder("app").default_meta(OtherMeta { region: "eu".into() }).build();
}

fn main() {}
