//! The Rust side: prices the orders that the TypeScript side places.

use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed, by the TypeScript side.
    Placed {
        /// Its number.
        order: u32,
        /// Without tax.
        #[validate(range(min = 0))]
        cents: i64,
    },
    /// An order was priced: the TypeScript side shows it.
    #[event(unhandled)]
    Priced {
        /// Its number.
        order: u32,
        /// With tax.
        total: i64,
    },
}

registry! {
    /// The events that both sides know.
    pub ShopEvents = [OrderEvent];
}

functions! {
    /// The functions of the Rust side.
    pub ShopFunctions in ShopEvents = [price];
}

/// Adds the tax, and tells.
#[function(id = "order-placed-pricing", emits(OrderPriced))]
async fn price(ctx: &Context<OrderPlaced>) -> Result<i64> {
    let total = ctx.step.run("tax", async || Ok(ctx.event.cents * 119 / 100)).await?;
    ctx.step.send("tell", OrderPriced { order: ctx.event.order, total }).await?;
    println!("order {} is priced at {total}", ctx.event.order);
    Ok(total)
}
