use event_runtime::prelude::*;

registry! {
    /// Every event.
    pub AppEvents = [];
}

pub async fn sign_up(client: &Client<AppEvents>) {
    client.send(42u32).await.unwrap();
}

registry! {
    /// No events.
    pub NoEvents = [String];
}

fn main() {}
