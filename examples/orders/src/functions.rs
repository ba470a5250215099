//! How the shop reacts: by calling, waiting, cancelling, and in batches.

use std::sync::{Arc, Mutex, PoisonError};

use event_runtime::prelude::*;

use crate::events::{
    OrderCancelled, OrderExpired, OrderPlaced, OrderShipped, PaymentReceived, PaymentRequested, ShopEvents,
};

/// What the shop has told people: its window to the world.
#[derive(Debug, Clone, Default)]
pub struct Outbox(Arc<Mutex<Vec<String>>>);

impl Outbox {
    /// Tells something. A line that was told before is not told again: a body may run twice.
    pub fn tell(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }

    /// Everything that was told.
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Sees orders through.
pub struct Shop {
    /// What it tells people.
    pub outbox: Outbox,
}

#[controller]
impl Shop {
    /// Asks for the money, waits for it, and ships; gives up after three days, and at once when the order is cancelled.
    #[function(
        id = "order-placed-fulfilment",
        name = "Fulfil an order",
        cancel_on(event = OrderCancelled, if = "async.data.id == event.data.id"),
        emits(OrderShipped, OrderExpired)
    )]
    pub async fn fulfil(&self, ctx: &Context<OrderPlaced>) -> Result<String> {
        let OrderPlaced { id, customer, cents } = &ctx.event;
        let request = PaymentRequested { order: *id, cents: *cents };
        let reference = ctx.step.invoke::<RequestPayment>("request", request).await?;

        let paid = ctx.step.wait_for_event::<PaymentReceived>("payment");
        let paid =
            paid.matching("async.data.order == event.data.id").timeout(Duration::from_hours(72)).await?;
        if paid.is_none() {
            ctx.step.send("expire", OrderExpired { id: *id }).await?;
            return Ok(format!("{reference} expired"));
        }
        ctx.step.send("ship", OrderShipped { id: *id, customer: customer.clone() }).await?;
        Ok(format!("{reference} shipped"))
    }

    /// Asks the bank for money: one request at a time, since the bank wants it so.
    #[function(id = "payment-requested-bank", name = "Ask the bank", concurrency = 1, retries = 5)]
    async fn request_payment(&self, ctx: &Context<PaymentRequested>) -> Result<String> {
        let PaymentRequested { order, cents } = ctx.event;
        let reference = ctx.step.run("ask", async || {
            self.outbox.tell(format!("asked the bank for {cents} cents for order {order}"));
            Ok(format!("P{order:04}"))
        });
        Ok(reference.await?)
    }

    /// Tells the carrier what to fetch: up to ten parcels at once, or what there is after a minute.
    #[function(id = "order-shipped-carrier", name = "Call the carrier", batch(max_size = 10, timeout = "1m"))]
    async fn call_carrier(&self, ctx: &Context<Batch<OrderShipped>>) -> Result<usize> {
        let parcels: Vec<u64> = ctx.event.iter().map(|shipped| shipped.id).collect();
        ctx.step
            .run("call", async || {
                self.outbox.tell(format!("called the carrier for {parcels:?}"));
                Ok(())
            })
            .await?;
        Ok(parcels.len())
    }
}

functions! {
    /// Every function of the shop.
    pub ShopFunctions in ShopEvents = [Shop];
}

/// The shop, and what it tells.
pub fn shop() -> Result<(App<ShopFunctions>, Outbox)> {
    let outbox = Outbox::default();
    let app = App::<ShopFunctions>::builder("shop").provide(Shop { outbox: outbox.clone() }).build()?;
    Ok((app, outbox))
}
