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

registry! {
    /// Every event.
    pub AppEvents with AppMeta = [UserEvent];
}

pub async fn sign_up(client: &Client<AppEvents, AppMeta>) {
    client.send(UserCreated { id: 1 }).await.unwrap();
    client.send(UserCreated { id: 1 }.with_id("1")).await.unwrap();
    client.send_all([UserCreated { id: 1 }]).await.unwrap();
    client.with_meta(AppMeta { tenant: "acme".into() }).send(UserCreated { id: 1 }).await.unwrap();
    client.send(UserCreated { id: 1 }.with_meta(AppMeta { tenant: "acme".into() })).await.unwrap();
}

fn main() {}
