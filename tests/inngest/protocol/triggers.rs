//! Functions with more triggers than a server takes.

use event_inngest_tests::endpoint::ask;
use event_inngest_tests::fake::FakeServer;
use event_runtime::BuildError;
use event_runtime::inngest::InngestConfig;
use event_runtime::prelude::*;
use serde_json::{Value, json};

/// The life of a parcel.
#[domain_events]
pub enum ParcelEvent {
    /// A parcel was ordered.
    Ordered {},
    /// A parcel was packed.
    Packed {},
    /// A parcel was weighed.
    Weighed {},
    /// A parcel was labelled.
    Labelled {},
    /// A parcel was collected.
    Collected {},
    /// A parcel was sorted.
    Sorted {},
    /// A parcel was loaded.
    Loaded {},
    /// A parcel was unloaded.
    Unloaded {},
    /// A parcel was delivered.
    Delivered {},
    /// A parcel was returned.
    Returned {},
    /// A parcel was lost.
    Lost {},
}

/// The life of a van.
#[domain_events]
pub enum VanEvent {
    /// A van was parked.
    Parked {},
}

/// Takes all of them, and more.
#[function(id = "parcel-recorder", if = "event.id != 'a' || event.id != 'b'", cron = "@daily")]
async fn record(_: &Context<Either<ParcelEvent, Either<VanParked, Cron>>>) -> Result<()> {
    Ok(())
}

registry! { pub ParcelEvents = [ParcelEvent, VanEvent]; }
functions! { pub ParcelFunctions in ParcelEvents = [record]; }

#[tokio::test]
async fn the_events_of_a_domain_are_one_pattern() {
    let server = FakeServer::start(|_| (200, json!({ "ok": true }))).await;
    let config = InngestConfig::dev().api_origin(&server.origin).unwrap();
    let service = App::<ParcelFunctions>::builder("app").build().unwrap().inngest(config).service();
    ask(&service, "PUT", "/api/inngest", &[("host", "localhost:3000")], b"").await;
    let names = ParcelEvent::DESCRIPTOR.events.iter().map(|event| format!("'{}'", event.name));
    let names = names.collect::<Vec<_>>().join(", ");
    let condition = "event.id != 'a' || event.id != 'b'";
    let triggers = json!([
        { "event": "parcel/*", "expression": format!("event.name in [{names}] && ({condition})") },
        { "event": "van/parked", "expression": condition },
        { "cron": "0 0 * * *" },
    ]);
    assert_eq!(server.asked()[0].json()["functions"][0]["triggers"], triggers);
}

macro_rules! hooks {
    ($($variant:ident $name:literal)*) => {
        /// What another system sends.
        #[domain_events(foreign)]
        pub enum HookEvent {
            $(
                /// Something was done.
                #[event(name = $name)]
                $variant {},
            )*
        }
    };
}

hooks! { Aa "aa" Bb "bb" Cc "cc" Dd "dd" Ee "ee" Ff "ff" Gg "gg" Hh "hh" Ii "ii" Jj "jj" Kk "kk" }

/// Takes all of them.
#[function(id = "hook-recorder", foreign)]
async fn record_hooks(_: &Context<HookEvent>) -> Result<()> {
    Ok(())
}

registry! { pub HookEvents = [HookEvent]; }
functions! { pub HookFunctions in HookEvents = [record_hooks]; }

#[test]
fn names_that_share_no_domain_are_refused_when_the_application_is_built() {
    let error = App::<HookFunctions>::builder("app").build().unwrap_err();
    assert_eq!(error, BuildError::TooManyTriggers { function: "hook-recorder", triggers: 11 });
    assert!(error.to_string().starts_with("the function `hook-recorder` has 11 triggers"), "{error}");
}

#[tokio::test]
async fn what_a_server_says_against_a_registration_is_passed_on() {
    let refusal = "This function exceeds the max number of triggers: 10";
    let server = FakeServer::start(move |_| (400, json!({ "ok": false, "error": refusal }))).await;
    let config = InngestConfig::dev().api_origin(&server.origin).unwrap();
    let service = App::<ParcelFunctions>::builder("app").build().unwrap().inngest(config).service();
    let answer = ask(&service, "PUT", "/api/inngest", &[("host", "localhost:3000")], b"").await;
    assert_eq!((answer.status.as_u16(), &answer.json()["message"]), (500, &Value::from(refusal)));
}
