//! An application of events and functions of another crate, with a feedback loop that is meant.
#![deny(warnings)]

use event_consumer::{OrderEvent, OrderPlaced, OrderShipped, Warehouse, shadowed};
use event_runtime::prelude::*;

registry! {
    /// Every event, all of another crate.
    pub AppEvents = [OrderEvent, shadowed::UserEvent];
}

/// Orders the same again.
#[function(id = "order-shipped-repetition", emits(OrderPlaced), allow_cycle)]
async fn repeat(ctx: &Context<OrderShipped>) -> Result<()> {
    let lines = Vec::from([event_consumer::Comparable { product: "ABC-1".into() }]);
    let again = OrderPlaced { id: ctx.event.id, r#type: "again".into(), lines, coupon: None };
    ctx.step.send("again", again).await?;
    Ok(())
}

functions! {
    /// Every function.
    pub AppFunctions in AppEvents = [event_consumer::reserve, repeat, Warehouse, shadowed::UserFunctions];
}

fn main() {
    let app = App::<AppFunctions>::builder("app").provide(Warehouse { city: "Ulm".into() }).build().unwrap();
    assert_eq!(app.functions().count(), 5);
}
