//! Events of another system, versions, deprecation, and declared emits.

#![deny(warnings)]

use event_runtime::{event, prelude::*};

/// What another system says.
#[domain_events(foreign)]
pub enum AuthEvent {
    /// A user signs up.
    #[event(name = "user.sign_up")]
    SignUp { id: u64 },
}

/// The life of an order.
#[domain_events]
#[serde(rename_all = "camelCase")]
pub enum OrderEvent {
    /// An order was placed.
    #[event(version = 2, upcast = OrderPlacedV1)]
    Placed { order_id: u64, cents: u64 },
    /// An order was shipped.
    #[deprecated = "nothing is shipped any more"]
    #[event(unhandled)]
    Shipped { order_id: u64 },
}

/// The first payload.
#[payload]
pub struct OrderPlacedV1 {
    id: u64,
}

impl Upcast<OrderPlaced> for OrderPlacedV1 {
    fn upcast(self) -> OrderPlaced {
        OrderPlaced { order_id: self.id, cents: 0 }
    }
}

registry! {
    /// Every event.
    pub AppEvents = [AuthEvent, OrderEvent];
}

/// Places a first order.
#[function(id = "sign-up-handler", foreign, emits(OrderPlaced))]
async fn welcome(ctx: &Context<AuthSignUp>) -> Result<()> {
    ctx.step.send("first-order", OrderPlaced { order_id: ctx.event.id, cents: 0 }).await?;
    Ok(())
}

/// Counts.
#[function(id = "order-placed-counter")]
async fn count(ctx: &Context<OrderPlaced>) -> Result<u64> {
    Ok(ctx.event.cents)
}

functions! {
    /// Every function.
    pub AppFunctions in AppEvents = [welcome, count];
}

fn main() {
    assert_eq!(AuthSignUp::NAME, "user.sign_up");
    assert_eq!(event!(AppEvents, "user.sign_up").domain, "auth");
    assert_eq!(OrderPlaced::parse_version(1, r#"{"id":7}"#).unwrap().order_id, 7);
    assert_eq!(OrderPlaced::parse_version(2, r#"{"orderId":7,"cents":1}"#).unwrap().cents, 1);
    assert_eq!(OrderPlaced::parse_version(3, "{}").unwrap_err().to_string(),
        "v: version 3 of `order/placed` is not known: this application knows 1 to 2");
    assert!(event!(AppEvents, "order/shipped").deprecated);
    assert_eq!(event!(AppEvents, "order/shipped").schema().to_value()["deprecated"], true);
    let app = App::<AppFunctions>::builder("app").build().unwrap();
    assert_eq!(app.unhandled_events().count(), 0);
    assert_eq!(app.functions().next().unwrap().emits[0].name, "order/placed");
}
