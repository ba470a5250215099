//! Writes a database with a run in every state, as this version does: `cargo run -p event-crash --example fixture -- <file>`.
//!
//! There is one for each format in `tests/crash/fixtures`, which `tests/upgrade.rs` opens with the version at hand. It is
//! written once, when the format is new, and never again.

use std::path::PathBuf;
use std::time::Duration;

use event_crash::depot::{
    Bodies, ParcelArrived, ParcelLoaded, ParcelLocked, ParcelSorted, ParcelWeighed, WRITTEN, engine,
};
use event_runtime::Event;
use event_runtime::clock::Clock;

/// It is always the same time.
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> std::time::SystemTime {
        event_crash::at(WRITTEN)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let file: PathBuf = std::env::args().nth(1).expect("fixture <file>").into();
    assert!(!file.exists(), "{} is there already: a fixture is written once", file.display());
    let engine = engine(&file, true, &Bodies::default()).clock(Stopped).start().await.expect("it starts");
    let client = engine.client();
    for number in 1..=2 {
        client
            .send(ParcelArrived { number }.with_id(format!("arrived-{number}")))
            .await
            .expect("it is stored");
        client.send(ParcelWeighed { number }).await.expect("it is stored");
        client.send(ParcelSorted { number }).await.expect("it is stored");
        client.send(ParcelLoaded { number }).await.expect("it is stored");
        client.send(ParcelLocked { number }).await.expect("it is stored");
    }
    // What can go on has gone on by then.
    tokio::time::sleep(Duration::from_secs(2)).await;
    engine.shutdown().await;
    let _ = std::fs::remove_file(format!("{}.lock", file.display()));
}
