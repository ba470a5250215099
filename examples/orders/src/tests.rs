//! The shop on virtual time.

use event_runtime::prelude::*;
use event_runtime::testing::{TestEngine, crash_everywhere};

use crate::events::{OrderCancelled, OrderExpired, OrderPlaced, OrderShipped, PaymentReceived};
use crate::functions::{Fulfil, Outbox, ShopFunctions, shop};

fn engine() -> (TestEngine<ShopFunctions>, Outbox) {
    let (app, outbox) = shop().unwrap();
    (TestEngine::new(&app), outbox)
}

fn order(id: u64) -> OrderPlaced {
    OrderPlaced { id, customer: "Ada".into(), cents: 1_000 }
}

#[tokio::test]
async fn paid_orders_are_shipped_and_fetched_together() {
    let (mut engine, outbox) = engine();
    for id in 1..=3 {
        engine.send(order(id)).await;
    }
    for id in [3, 1] {
        engine.send(PaymentReceived { order: id, cents: 1_000 }).await;
    }
    engine.advance(Duration::from_mins(1)).await;
    assert_eq!(engine.sent::<OrderShipped>().len(), 2);
    engine.nothing_else_sent();
    assert_eq!(outbox.lines().last().unwrap(), "called the carrier for [3, 1]");
    assert!(engine.runs_of_function::<Fulfil>()[1].is_open(), "nobody paid for order 2");
}

#[tokio::test]
async fn an_order_that_nobody_pays_expires_after_three_days() {
    let (mut engine, _) = engine();
    let began = engine.now();
    engine.run(order(7)).await.completed_with(&"P0007 expired");
    assert_eq!(engine.now(), began + Duration::from_hours(72));
    assert_eq!(engine.sent::<OrderExpired>().len(), 1);
    engine.nothing_else_sent();
}

#[tokio::test]
async fn an_order_that_is_cancelled_is_not_shipped() {
    let (mut engine, _) = engine();
    engine.send(order(7)).await;
    engine.send(OrderCancelled { id: 7 }).await;
    engine.send(PaymentReceived { order: 7, cents: 1_000 }).await;
    engine.run_to_the_end().await;
    engine.runs()[0].cancelled_with("order/cancelled");
    engine.nothing_else_sent();
}

#[tokio::test]
async fn no_crash_makes_a_difference() {
    let report = crash_everywhere(|| shop().unwrap().0, order(7)).await;
    report.is_idempotent();
    assert!(report.crashes > 20, "{report}");
}
