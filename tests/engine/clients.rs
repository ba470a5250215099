//! Clients that exist before the engine, and several events in one call.

use event_runtime::SendError;
use event_runtime::embedded::{Engine, EventFilter, RunFilter};
use event_runtime::prelude::*;

use crate::support::World;

/// What an order goes through.
#[domain_events]
enum OrderEvent {
    /// An order was placed.
    Placed { id: u64 },
    /// An order was packed.
    Packed {
        #[validate(range(min = 1))]
        id: u64,
    },
}

/// What an invoice goes through.
#[domain_events]
enum InvoiceEvent {
    /// An invoice was sent.
    Sent { order: u64 },
}

registry! { BillingEvents = [InvoiceEvent]; }
registry! { ShopEvents = [OrderEvent, InvoiceEvent]; }

/// Knows its own events alone.
struct Billing {
    events: Client<BillingEvents>,
}

impl Billing {
    async fn send_invoice(&self, order: u64) -> Result<String> {
        Ok(self.events.send(InvoiceSent { order }.with_id(format!("invoice-{order}"))).await?.id)
    }
}

/// Packs, and lets another crate send the invoice.
struct Warehouse {
    billing: Billing,
}

#[controller]
impl Warehouse {
    /// Packs an order.
    #[function(id = "order-placed-packing")]
    async fn pack(&self, ctx: &Context<OrderPlaced>) -> Result<String> {
        let OrderPlaced { id } = ctx.event;
        ctx.step.sleep("think", Duration::from_millis(1)).await?;
        Ok(ctx.step.run("invoice", async || self.billing.send_invoice(id).await).await?)
    }

    /// Tells everybody, with events of two sets, and of one as values of its enum.
    #[function(id = "order-packed-teller", emits(InvoiceSent, OrderPlaced, OrderPacked), allow_cycle)]
    async fn tell(&self, ctx: &Context<OrderPacked>) -> Result<Vec<String>> {
        let OrderPacked { id } = ctx.event;
        if id > 1 {
            return Ok(Vec::new());
        }
        let mixed = (InvoiceSent { order: id }, OrderPlaced { id: 70 }.with_id("seventy"));
        let mut ids = ctx.step.send_all("mixed", mixed).await?;
        let of_a_set =
            [OrderEvent::Packed(OrderPacked { id: 2 }), OrderEvent::Placed(OrderPlaced { id: 71 })];
        ids.extend(ctx.step.send_all("of-a-set", of_a_set).await?);
        Ok(ids)
    }

    /// Keeps invoices.
    #[function(id = "invoice-sent-keeper")]
    async fn keep(&self, ctx: &Context<InvoiceSent>) -> Result<u64> {
        Ok(ctx.event.order)
    }
}

functions! { ShopFunctions in ShopEvents = [Warehouse]; }

fn app() -> (App<ShopFunctions>, Client<ShopEvents>) {
    let app = App::<ShopFunctions>::builder("shop");
    let client = app.client();
    let billing = Billing { events: client.narrow() };
    (app.provide(Warehouse { billing }).build().unwrap(), client)
}

async fn names(engine: &Engine<ShopFunctions>) -> Vec<String> {
    let events = engine.events(&EventFilter::default()).await.unwrap();
    events.iter().rev().map(|event| event.name.clone()).collect()
}

#[tokio::test]
async fn a_controller_sends_with_a_client_that_was_there_before_the_engine() {
    let (world, (app, client)) = (World::new(), app());
    assert_eq!(client.send(OrderPlaced { id: 1 }).await, Err(SendError::NotStarted));
    let engine = app.embedded(world.database()).start().await.unwrap();
    client.send(OrderPlaced { id: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(names(&engine).await, ["order/placed", "invoice/sent"]);
    engine.shutdown().await;
    assert_eq!(client.send(OrderPlaced { id: 2 }).await, Err(SendError::Closed));

    // Another engine of the same application takes its place, and that of the first is not in its way.
    let again = app.embedded(world.database()).start().await.unwrap();
    assert!(app.embedded(world.database()).start().await.is_err(), "the file is in use");
    drop(engine);
    client.send(OrderPlaced { id: 2 }).await.unwrap();
    again.wait_idle().await.unwrap();
    assert_eq!(names(&again).await.len(), 4);
    again.shutdown().await;
    drop(again);
    assert_eq!(app.client().send(OrderPlaced { id: 3 }).await, Err(SendError::Closed));
}

#[tokio::test]
async fn runs_that_are_resumed_at_the_start_find_their_client() {
    let world = World::new();
    let (first, client) = app();
    let engine = first.embedded(world.database()).start().await.unwrap();
    let orders: Vec<u64> = (1..=20).collect();
    client.send_all(orders.iter().map(|id| OrderPlaced { id: *id })).await.unwrap();
    engine.shutdown().await;

    let (second, _) = app();
    let engine = second.embedded(world.database()).start().await.unwrap();
    engine.wait_idle().await.unwrap();
    let totals = engine.totals().await.unwrap();
    assert_eq!((totals.completed, totals.failed), (40, 0));
    engine.shutdown().await;
}

#[tokio::test]
async fn events_of_several_sets_are_stored_together_or_not_at_all() {
    let (world, (app, client)) = (World::new(), app());
    let engine = app.embedded(world.database()).start().await.unwrap();
    let wrong = (OrderPlaced { id: 1 }, OrderPacked { id: 0 }, InvoiceSent { order: 1 }.with_id(""));
    let SendError::Rejected(issues) = client.send_all(wrong).await.unwrap_err() else { panic!() };
    let paths: Vec<&str> = issues.iter().map(|issue| &*issue.path).collect();
    assert_eq!(paths, ["[1].id", "[2].id"]);
    assert_eq!(names(&engine).await, [""; 0]);

    let twice = (
        OrderPlaced { id: 9 }.with_id("nine"),
        InvoiceSent { order: 9 },
        OrderPlaced { id: 9 }.with_id("nine"),
    );
    let receipts = client.send_all(twice).await.unwrap();
    let duplicates: Vec<bool> = receipts.iter().map(|receipt| receipt.duplicate).collect();
    assert_eq!((&*receipts[0].id, &*receipts[2].id, duplicates), ("nine", "nine", vec![false, false, true]));
    engine.wait_idle().await.unwrap();
    assert_eq!(names(&engine).await, ["order/placed", "invoice/sent", "invoice/sent"]);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_step_sends_events_of_several_types_in_their_order() {
    let (world, (app, client)) = (World::new(), app());
    let engine = app.embedded(world.database()).start().await.unwrap();
    let receipt = client.send(OrderPacked { id: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    let filter = RunFilter::new().event_id(receipt.id);
    let output = engine.runs(&filter).await.unwrap()[0].output.clone().unwrap();
    let ids: Vec<String> = serde_json::from_str(&output).unwrap();
    let events = engine.events(&EventFilter::default()).await.unwrap();
    let name = |id: &String| events.iter().find(|event| event.id == *id).unwrap().name.clone();
    let sent: Vec<String> = ids.iter().map(name).collect();
    assert_eq!(sent, ["invoice/sent", "order/placed", "order/packed", "order/placed"]);
    assert_eq!(ids[1], "seventy");
    engine.shutdown().await;
}
