//! A warning, which is denied here to be seen: neither a function nor a helper that nothing uses.
#![deny(dead_code)]

use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed { id: u64, name: String },
    /// An order was paid.
    #[event(unhandled)]
    Paid { id: u64, cents: u64 },
}

registry! { pub AppEvents = [OrderEvent]; }

/// Is listed.
#[function(id = "order-placed-counter")]
async fn count(ctx: &Context<OrderPlaced>) -> Result<u64> {
    Ok(ctx.event.id)
}

/// Was forgotten.
#[function(id = "order-placed-mailer", emits(OrderPaid), concurrency(limit = 1, key = "event.data.id"))]
async fn send_mail(ctx: &Context<OrderPlaced>) -> Result<u64> {
    Ok(ctx.event.id)
}

struct Mailer;

#[controller]
impl Mailer {
    /// Was forgotten with its controller.
    #[function(id = "order-placed-printer")]
    async fn print(&self, ctx: &Context<OrderPlaced>) -> Result<u64> {
        Ok(ctx.event.id)
    }
}

functions! { pub AppFunctions in AppEvents = [count]; }

fn main() {}
