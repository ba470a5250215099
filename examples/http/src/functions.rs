//! What the shop does about them, in durable steps.

use event_runtime::prelude::*;

use crate::events::{Line, OrderPacked, OrderPlaced, ShopEvents};

/// Packs orders.
pub(crate) struct Warehouse;

#[controller]
impl Warehouse {
    /// Leaves the customer a moment to think again, then packs line by line, and publishes that it is done.
    #[function(id = "order-placed-packing", name = "Pack an order", emits(OrderPacked))]
    async fn pack(&self, ctx: &Context<OrderPlaced>) -> Result<u32> {
        let OrderPlaced { id, lines, .. } = &ctx.event;
        ctx.step.sleep("second-thoughts", Duration::from_secs(1)).await?;
        let mut pieces = 0;
        for line in lines {
            pieces += ctx.step.run("fetch", async || Ok(Self::fetch(line))).await?;
        }
        ctx.step.send("tell", OrderPacked { id: *id, pieces }).await?;
        Ok(pieces)
    }

    /// Calls the carrier.
    #[function(id = "order-packed-carrier", name = "Call the carrier")]
    async fn call_carrier(&self, ctx: &Context<OrderPacked>) -> Result<String> {
        let OrderPacked { id, pieces } = ctx.event;
        Ok(ctx.step.run("call", async || Ok(format!("{pieces} pieces of {id}"))).await?)
    }
}

impl Warehouse {
    /// Fetches a line from its shelf: here the real work would be.
    fn fetch(line: &Line) -> u32 {
        println!("fetched {} {}", line.quantity, line.product);
        line.quantity
    }
}

functions! {
    /// Every function of the shop.
    pub(crate) ShopFunctions in ShopEvents = [Warehouse];
}
