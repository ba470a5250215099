use event_runtime::prelude::*;
use event_runtime::testing::TestEngine;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed { id: u64 },
}

/// Prices an order.
#[function(id = "order-placed-pricing")]
async fn price(ctx: &Context<OrderPlaced>) -> Result<u64> {
    Ok(ctx.event.id)
}

/// Ships an order.
#[function(id = "order-placed-shipping")]
async fn ship(ctx: &Context<OrderPlaced>) -> Result<u64> {
    Ok(ctx.event.id)
}

registry! { pub AppEvents = [OrderEvent]; }
functions! { pub AppFunctions in AppEvents = [price]; }

fn main() {
    let app = App::<AppFunctions>::builder("shop").build().unwrap();
    let mut engine = TestEngine::new(&app);
    engine.mock_step::<Price>("ask", &7);
    engine.mock_step::<Ship>("load", &7);
}
