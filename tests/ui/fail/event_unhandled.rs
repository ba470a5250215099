//! A warning, which is denied here to be seen.
#![deny(warnings)]

use event_runtime::prelude::*;

mod orders {
    use event_runtime::prelude::*;

    /// The life of an order.
    #[domain_events]
    pub enum OrderEvent {
        /// An order was placed.
        Placed { id: u64 },
        /// An order was shipped.
        Shipped { id: u64 },
        /// An order was archived: nobody needs to know.
        #[event(unhandled)]
        Archived,
        /// Not even there.
        #[cfg(any())]
        Lost,
    }
}

/// Of another system, and private.
#[domain_events(foreign)]
enum AuthEvent {
    /// A user signed up.
    #[event(name = "user.signed_up")]
    SignedUp { id: u64 },
}

registry! {
    /// Every event.
    pub AppEvents = [orders::OrderEvent, AuthEvent];
}

/// Counts.
#[function(id = "order-placed-counter")]
async fn count(ctx: &Context<orders::OrderPlaced>) -> Result<u64> {
    Ok(ctx.event.id)
}

functions! {
    /// The functions of orders, to stand in other lists: not every event is theirs.
    pub OrderFunctions = [count];
}

functions! {
    /// Every function.
    pub AppFunctions in AppEvents = [OrderFunctions];
}

fn main() {}
