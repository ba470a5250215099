//! Services that publish events with a client: controllers, and what stands before the engine.

use std::sync::Arc;

use event_runtime::SendError;
use event_runtime::prelude::*;
use event_runtime::testing::{TestEngine, crash_everywhere};

use crate::events::{Events, OrderPaid, OrderPlaced, OrderPriced, placed};

/// Takes payments.
struct Payments {
    events: Client<Events>,
    /// Whether a payment has an id of its own.
    careful: bool,
}

impl Payments {
    async fn take(&self, id: u64) -> Result<bool> {
        let paid = OrderPaid { id, cents: 100 };
        let receipt = if self.careful {
            self.events.send(paid.with_id(format!("payment-{id}"))).await?
        } else {
            self.events.send(paid).await?
        };
        Ok(receipt.duplicate)
    }
}

/// Has a service that publishes.
struct Till {
    payments: Arc<Payments>,
}

#[controller]
impl Till {
    /// Takes the payment of an order, and waits for the event of it.
    #[function(id = "order-placed-till")]
    async fn take(&self, ctx: &Context<OrderPlaced>) -> Result<bool> {
        let OrderPlaced { id, .. } = ctx.event;
        let body = async || self.payments.take(id).await.map(drop);
        let paid = ctx.step.wait_for_event::<OrderPaid>("paid").matching("async.data.id == event.data.id");
        let (paid, taken) = tokio::join!(paid.timeout(Duration::from_hours(1)), ctx.step.run("take", body));
        taken?;
        Ok(paid?.is_some())
    }

    /// Keeps the registry handled.
    #[function(id = "order-priced-till")]
    async fn priced(&self, ctx: &Context<OrderPriced>) -> Result<u64> {
        let payments = Arc::clone(&self.payments);
        let id = ctx.event.id;
        let body = async || Ok(tokio::spawn(async move { payments.take(id).await }).await??);
        let _ = ctx.step.run("elsewhere", body).await?;
        Ok(id)
    }
}

functions! { TillApp in Events = [Till]; }

fn app(careful: bool) -> (App<TillApp>, Arc<Payments>) {
    let app = App::<TillApp>::builder("test");
    let payments = Arc::new(Payments { events: app.client(), careful });
    (app.provide(Till { payments: Arc::clone(&payments) }).build().unwrap(), payments)
}

#[tokio::test]
async fn a_controller_publishes_in_its_steps() {
    let (app, payments) = app(true);
    let error = payments.take(1).await.unwrap_err();
    assert_eq!(error.downcast_ref::<SendError>(), Some(&SendError::NotStarted));
    let mut engine = TestEngine::new(&app);
    engine.run(placed(1)).await.completed_with(&true);
    assert_eq!(engine.sent::<OrderPaid>().len(), 1);
    engine.nothing_else_sent();
    drop(engine);
    let error = payments.take(1).await.unwrap_err();
    assert_eq!(error.downcast_ref::<SendError>(), Some(&SendError::Closed));
}

#[tokio::test]
async fn what_stands_before_the_engine_publishes_too() {
    let (app, payments) = app(true);
    let mut engine = TestEngine::new(&app);
    engine.send(placed(2)).await;
    assert!(payments.take(2).await.unwrap(), "the function has sent it before");
    engine.client().send_all((placed(3), OrderPriced { id: 4 })).await.unwrap();
    assert_eq!(engine.runs().len(), 3, "they are stored at once");
    engine.run_to_the_end().await;
    assert_eq!(engine.runs_of_function::<Take>().len(), 2);
    for run in engine.runs() {
        run.completed();
    }
    assert_eq!((engine.sent::<OrderPaid>().len(), engine.sent::<OrderPlaced>().len()), (3, 1));
    engine.sent::<OrderPriced>();
    engine.nothing_else_sent();
}

#[tokio::test]
async fn each_order_of_what_happens_leads_to_the_same() {
    for seed in 0..50 {
        let (app, _) = app(true);
        let mut engine = TestEngine::with_seed(&app, seed).reenter_at_every_step();
        engine.run(placed(1)).await.completed_with(&true);
        assert_eq!(engine.sent::<OrderPaid>().len(), 1, "seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_of_another_thread_is_answered_while_the_engine_waits_for_it() {
    let (app, _) = app(true);
    let mut engine = TestEngine::new(&app);
    for id in 1..=100 {
        engine.run(OrderPriced { id }).await.completed_with(&id);
    }
    assert_eq!(engine.sent::<OrderPaid>().len(), 100);
}

#[tokio::test]
async fn what_a_client_sends_is_as_large_as_a_host_would_take() {
    let (app, _) = app(true);
    let engine = TestEngine::new(&app);
    let events = vec![placed(1); 5_001];
    assert_eq!(
        engine.client().send_all(events).await,
        Err(SendError::TooMany { events: 5_001, limit: 5_000 })
    );
    let large = OrderPlaced { id: 1, account: "x".repeat(600_000) };
    assert!(matches!(engine.client().send(large).await, Err(SendError::Rejected(_))));
    let json = br#"{ "name": "order/paidd", "data": {} }"#;
    let error = engine.client().send_json(json).await.unwrap_err();
    assert!(error.to_string().contains("did you mean `order/paid`?"), "{error}");
}

/// Pays, and returns whether it was the first to do so.
struct Cashier {
    payments: Payments,
}

#[controller]
impl Cashier {
    /// Pays in a step.
    #[function(id = "order-placed-cashier")]
    async fn pay(&self, ctx: &Context<OrderPlaced>) -> Result<()> {
        Ok(ctx.step.run("pay", async || self.payments.take(ctx.event.id).await.map(drop)).await?)
    }

    /// Counts payments.
    #[function(id = "order-paid-counter")]
    async fn count(&self, ctx: &Context<OrderPaid>) -> Result<u64> {
        Ok(ctx.event.id)
    }

    /// Keeps the registry handled.
    #[function(id = "order-priced-cashier")]
    async fn price(&self, ctx: &Context<OrderPriced>) -> Result<u64> {
        Ok(ctx.event.id)
    }
}

functions! { CashierApp in Events = [Cashier]; }

#[tokio::test]
async fn an_event_that_is_published_twice_after_a_crash_is_found() {
    let app = |careful| {
        move || {
            let app = App::<CashierApp>::builder("test");
            let payments = Payments { events: app.client(), careful };
            app.provide(Cashier { payments }).build().unwrap()
        }
    };
    crash_everywhere(app(true), placed(1)).await.is_idempotent();
    let report = crash_everywhere(app(false), placed(1)).await;
    let twice = "the result of `order-paid-counter` (run 2)";
    assert!(report.differences.iter().any(|difference| difference.what == twice), "{report}");
}
