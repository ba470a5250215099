//! A worker that opens the connection (chapter 8), held to the specification by a gateway on loopback.
#![allow(unreachable_pub, missing_docs, reason = "modules of a test")]

mod gateway;

use std::sync::Arc;

use event_inngest_tests::fake::FakeServer;
use event_runtime::inngest::{ConnectConfig, ConnectError, ConnectionState, InngestConfig, Worker};
use event_runtime::prelude::*;
use gateway::{
    ACK, Ack, CALL, CLOSING, Call, EXTEND, EXTENDED, Envelope, Extended, GATEWAY_HEARTBEAT, Gateway, PAUSE,
    REPLY, REPLY_ACK, Reply, Start, WORKER_HEARTBEAT,
};
use prost::Message as _;
use serde_json::{Value, json};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

/// The life of a parcel.
#[domain_events]
pub enum ParcelEvent {
    /// A parcel was packed.
    Packed { number: u32 },
}

/// Ships parcels.
#[derive(Clone, Default)]
pub struct Shipping {
    /// Is told when the van is there.
    van: Arc<Notify>,
}

#[controller]
impl Shipping {
    /// Ships a parcel: one of number 0 waits for the van, one of number 13 is refused.
    #[function(id = "parcel-packed-shipping")]
    async fn ship(&self, ctx: &Context<ParcelPacked>) -> Result<u32> {
        match ctx.event.number {
            0 => self.van.notified().await,
            13 => return Err(Error::msg("the van is full").retry_after(Duration::from_millis(1_500))),
            _ => {}
        }
        Ok(ctx.event.number + 1)
    }
}

registry! { pub Events = [ParcelEvent]; }
functions! { pub Functions in Events = [Shipping]; }

/// A worker that runs.
struct Running {
    shipping: Shipping,
    shutdown: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), ConnectError>>,
}

impl Running {
    async fn shut_down(self) -> Result<(), ConnectError> {
        self.shutdown.send(()).unwrap();
        self.ended.await.unwrap()
    }
}

fn worker(config: InngestConfig, shipping: &Shipping) -> Worker {
    let app = App::<Functions>::builder("app").provide(shipping.clone()).build().unwrap();
    app.inngest(config).connect(ConnectConfig::default().instance("test").max_concurrency(8))
}

fn run(api: &str) -> Running {
    let shipping = Shipping::default();
    let worker = worker(InngestConfig::dev().api_origin(api).unwrap(), &shipping);
    let (shutdown, asked) = oneshot::channel();
    let ended = tokio::spawn(worker.run(async move { drop(asked.await) }));
    Running { shipping, shutdown, ended }
}

/// A call of the function for a parcel.
fn call(number: u32) -> Call {
    let event = json!({ "id": "e", "name": "parcel/packed", "data": { "number": number }, "ts": 1 });
    let ctx = json!({ "run_id": "r", "attempt": 0, "disable_immediate_execution": false, "use_api": false,
        "stack": { "stack": [], "current": 0 }, "fn_id": "f" });
    let body =
        json!({ "event": event, "events": [event], "steps": {}, "ctx": ctx, "version": 1, "use_api": false });
    Call {
        request_id: format!("request-{number}"),
        app_name: "app".to_owned(),
        function_slug: "app-parcel-packed-shipping".to_owned(),
        step_id: Some("step".to_owned()),
        request_payload: body.to_string().into_bytes(),
        run_id: format!("run-{number}"),
        lease_id: "lease-1".to_owned(),
    }
}

#[tokio::test]
async fn calls_are_acknowledged_and_answered() {
    let gateway = Gateway::start().await;
    let running = run(&gateway.api.origin);
    let (mut socket, connect) = gateway.accept("10s", "5s").await;
    assert_eq!((connect.instance_id.as_str(), connect.sdk_language.as_str()), ("test", "rust"));
    assert_eq!(connect.connection_id, "01JQX8Z7M0000000000000000A");
    assert_eq!(connect.auth_data.unwrap().session_token, "session");
    assert_eq!(connect.max_worker_concurrency, Some(8));
    assert_eq!(connect.apps[0].app_name, "app");
    let functions: Value = serde_json::from_slice(&connect.apps[0].functions).unwrap();
    assert_eq!(functions[0]["id"], "app-parcel-packed-shipping");
    let runtime = &functions[0]["steps"]["step"]["runtime"];
    assert_eq!(
        *runtime,
        json!({ "type": "ws", "url": "ws://connect?fnId=app-parcel-packed-shipping&stepId=step" })
    );

    socket.say(CALL, &call(1)).await;
    assert_eq!(socket.expect::<Ack>(ACK).await.request_id, "request-1");
    let reply: Reply = socket.expect(REPLY).await;
    assert_eq!((reply.status, &*reply.body, reply.run_id.as_str()), (1, &b"2"[..], "run-1"));
    socket.say(CALL, &call(13)).await;
    let failed: Reply = socket.expect(REPLY).await;
    assert_eq!((failed.status, failed.no_retry, failed.retry_after.as_deref()), (2, false, Some("2")));
    assert!(String::from_utf8_lossy(&failed.body).contains("the van is full"));
    for reply in [reply, failed] {
        socket.say(REPLY_ACK, &Ack { request_id: reply.request_id, ..Ack::default() }).await;
    }
    let ended = tokio::spawn(running.shut_down());
    socket.expect::<Envelope>(PAUSE).await;
    assert_eq!(socket.closed().await.as_deref(), Some("WORKER_SHUTDOWN"));
    ended.await.unwrap().unwrap();
    assert_eq!(gateway.flushed(), [], "what was acknowledged is not brought twice");
}

#[tokio::test]
async fn calls_under_way_end_before_the_worker_does() {
    let gateway = Gateway::start().await;
    let running = run(&gateway.api.origin);
    let shipping = running.shipping.clone();
    let (mut socket, _) = gateway.accept("10s", "5s").await;
    socket.say(CALL, &call(0)).await;
    socket.expect::<Ack>(ACK).await;
    let ended = tokio::spawn(running.shut_down());
    socket.expect::<Envelope>(PAUSE).await;
    // What comes now is not taken: the server gives it to another worker.
    socket.say(CALL, &call(1)).await;
    shipping.van.notify_one();
    let reply: Reply = socket.expect(REPLY).await;
    assert_eq!(reply.request_id, "request-0");
    socket.say(REPLY_ACK, &Ack { request_id: reply.request_id, ..Ack::default() }).await;
    socket.closed().await;
    ended.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_lease_is_extended_by_its_newest_id_until_the_call_ends() {
    let gateway = Gateway::start().await;
    let running = run(&gateway.api.origin);
    let (mut socket, _) = gateway.accept("10s", "20ms").await;
    socket.say(CALL, &call(0)).await;
    let request_id = socket.expect::<Ack>(ACK).await.request_id;
    assert_eq!(socket.expect::<Ack>(EXTEND).await.lease_id, "lease-1");
    let extended = Extended { request_id: request_id.clone(), new_lease_id: Some("lease-2".to_owned()) };
    socket.say(EXTENDED, &extended).await;
    while socket.expect::<Ack>(EXTEND).await.lease_id != "lease-2" {}
    // Without a new lease the server has given the call away.
    socket.say(EXTENDED, &Extended { request_id, new_lease_id: None }).await;
    running.shipping.van.notify_one();
    assert_eq!(socket.expect::<Reply>(REPLY).await.body, b"1");
}

#[tokio::test]
async fn a_result_that_no_gateway_acknowledges_is_brought_by_another_way() {
    let gateway = Gateway::start().await;
    let running = run(&gateway.api.origin);
    let (mut lost, _) = gateway.accept("10s", "5s").await;
    lost.say(CALL, &call(5)).await;
    lost.expect::<Reply>(REPLY).await;
    drop(lost);
    // It connects again, and brings what may be lost.
    let (mut socket, _) = gateway.accept("10s", "5s").await;
    socket.say(CALL, &call(6)).await;
    let request_id = socket.expect::<Reply>(REPLY).await.request_id;
    socket.say(REPLY_ACK, &Ack { request_id, ..Ack::default() }).await;
    let ended = tokio::spawn(running.shut_down());
    socket.closed().await;
    ended.await.unwrap().unwrap();
    let flushed = gateway.flushed();
    assert_eq!(flushed.len(), 1);
    assert_eq!((flushed[0].request_id.as_str(), &*flushed[0].body), ("request-5", &b"6"[..]));
}

/// An attempt to bring a result is made five times, the last more than a second after the first.
#[tokio::test]
async fn heartbeats_do_not_wait_for_an_api_that_takes_no_results() {
    let gateway = Gateway::start_whose_api_takes_results_with(503).await;
    let running = run(&gateway.api.origin);
    let (mut lost, _) = gateway.accept("10s", "5s").await;
    lost.say(CALL, &call(5)).await;
    lost.expect::<Reply>(REPLY).await;
    drop(lost);
    let (mut socket, _) = gateway.accept("20ms", "5s").await;
    for _ in 0..5 {
        socket.expect::<Envelope>(WORKER_HEARTBEAT).await;
        socket.say(GATEWAY_HEARTBEAT, &Envelope::default()).await;
    }
    assert!(gateway.flushed().len() < 5);
    drop(running);
}

#[tokio::test]
async fn a_gateway_that_closes_is_left_for_another_which_gets_the_results() {
    let gateway = Gateway::start().await;
    let running = run(&gateway.api.origin);
    let (mut old, _) = gateway.accept("10s", "5s").await;
    old.say(CALL, &call(0)).await;
    old.expect::<Ack>(ACK).await;
    gateway.api.asked();
    old.say(CLOSING, &Envelope::default()).await;
    let (mut new, _) = gateway.accept("10s", "5s").await;
    let asked = gateway.api.asked();
    assert_eq!(Start::decode(asked[0].body.clone()).unwrap().exclude_gateways, ["gateway-group"]);
    assert_eq!(asked[0].header("content-type"), "application/protobuf");
    assert_eq!(old.closed().await.as_deref(), Some("WORKER_RECONNECT"));
    running.shipping.van.notify_one();
    assert_eq!(new.expect::<Reply>(REPLY).await.request_id, "request-0");
}

#[tokio::test]
async fn a_gateway_that_answers_no_heartbeat_is_lost() {
    let gateway = Gateway::start().await;
    let running = run(&gateway.api.origin);
    let (mut socket, _) = gateway.accept("20ms", "5s").await;
    while socket.next().await.is_some() {}
    gateway.accept("10s", "5s").await;
    drop(running);
}

#[tokio::test]
async fn what_no_attempt_would_mend_ends_the_worker() {
    let shipping = Shipping::default();
    let refusing = FakeServer::start(|_| (401, json!({}))).await;
    let config = InngestConfig::cloud().signing_key("signkey-test-00").api_origin(&refusing.origin).unwrap();
    let refused = worker(config, &shipping);
    let state = refused.state();
    assert_eq!(*state.borrow(), ConnectionState::Connecting);
    assert_eq!(refused.run(std::future::pending()).await, Err(ConnectError::Unauthorized));
    assert_eq!(*state.borrow(), ConnectionState::Closed);
    let keyless = worker(InngestConfig::cloud(), &shipping);
    let error = keyless.run(std::future::pending()).await.unwrap_err();
    assert_eq!(error, ConnectError::MissingSigningKey);
    assert!(error.to_string().contains("INNGEST_SIGNING_KEY"), "{error}");
}
