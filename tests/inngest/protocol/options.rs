//! Options that no recorded function has (section 4.3.2).

use event_inngest_tests::endpoint::ask;
use event_inngest_tests::fake::FakeServer;
use event_runtime::inngest::{Checkpointing, InngestConfig};
use event_runtime::prelude::*;
use serde_json::json;

/// The life of a job.
#[domain_events]
pub enum JobEvent {
    /// A job was started.
    Started { account: String },
}

/// Has them.
#[function(
    id = "job-started-runner",
    retries = 0,
    concurrency(limit = 3, key = "event.data.account", scope = "account"),
    concurrency(limit = 9, key = "'all'", scope = "env"),
    singleton(mode = "cancel"),
    cron("0 9 * * 1", "TZ=Europe/Paris 30 12 * * 6-7", "@daily")
)]
async fn run_job(_: &Context<Either<JobStarted, Cron>>) -> Result<()> {
    Ok(())
}

registry! { pub JobEvents = [JobEvent]; }
functions! { pub JobFunctions in JobEvents = [run_job]; }

#[tokio::test]
async fn scopes_and_modes_are_registered() {
    let server = FakeServer::start(|_| (200, json!({ "ok": true }))).await;
    let settings = Checkpointing::BLENDED;
    let config = InngestConfig::dev().api_origin(&server.origin).unwrap().checkpointing(Some(settings));
    let service = App::<JobFunctions>::builder("app").build().unwrap().inngest(config).service();
    ask(&service, "PUT", "/api/inngest", &[("host", "localhost:3000")], b"").await;
    let registered = server.asked()[0].json()["functions"][0].clone();
    // A server knows neither day 7 nor shorthands.
    let triggers = json!([
        { "event": "job/started" },
        { "cron": "0 9 * * 1" },
        { "cron": "TZ=Europe/Paris 30 12 * * 0,6" },
        { "cron": "0 0 * * *" },
    ]);
    assert_eq!(registered["triggers"], triggers);
    let limits = json!([
        { "limit": 3, "key": "event.data.account", "scope": "account" },
        { "limit": 9, "key": "'all'", "scope": "env" },
    ]);
    assert_eq!(registered["concurrency"], limits);
    assert_eq!(registered["singleton"], json!({ "mode": "cancel" }));
    assert_eq!(registered["steps"]["step"]["retries"], json!({ "attempts": 0 }));
    let checkpoint = json!({ "batch_steps": 3, "batch_interval": "3s", "max_runtime": "0s" });
    assert_eq!(registered["checkpoint"], checkpoint);
}
