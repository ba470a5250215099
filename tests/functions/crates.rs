//! An application of several crates: one that knows only its own events sends through the client of the application.

use event_consumer::{OrderClosed, OrderEvent, OrderShipped, Shop, Warehouse, shadowed};
use event_runtime::prelude::*;
use event_runtime::testing::TestEngine;

/// The life of a lamp.
#[domain_events]
pub enum LampEvent {
    /// The lamp was lit.
    Lit { number: u8 },
}

registry! { pub Everything = [LampEvent, OrderEvent, shadowed::UserEvent]; }

/// Watches lamps.
#[function(id = "lamp-lit-watch")]
async fn watch(ctx: &Context<LampLit>) -> Result<u8> {
    Ok(ctx.event.number)
}

functions! {
    pub AllFunctions in Everything = [watch, event_consumer::reserve, Warehouse, shadowed::UserFunctions];
}

#[tokio::test]
async fn a_crate_sends_its_events_with_a_narrowed_client() {
    let app = App::<AllFunctions>::builder("all");
    let shop = Shop::new(app.client().narrow());
    let app = app.provide(Warehouse { city: "Ulm".into() }).build().unwrap();
    let mut engine = TestEngine::new(&app);
    assert_eq!(shop.close(Uuid::nil()).await.unwrap(), 2);
    engine.run_to_the_end().await;
    assert_eq!((engine.sent::<OrderShipped>().len(), engine.sent::<OrderClosed>().len()), (1, 1));
    let cities = engine
        .runs()
        .iter()
        .filter(|run| run.completed().function_id() == "order-shipped-city-teller")
        .count();
    assert_eq!(cities, 1);

    // Its client knows no other event, by name either.
    let narrowed: Client<event_consumer::ShopEvents> = engine.client().narrow();
    let error = narrowed.send_json(br#"{ "name": "lamp/lit", "data": { "number": 1 } }"#).await.unwrap_err();
    assert!(error.to_string().contains("no event of the registry is named `lamp/lit`"), "{error}");
}
