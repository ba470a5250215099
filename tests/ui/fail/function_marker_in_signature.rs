//! The marker of a function is named like its own event, which comes from another module.

use event_runtime::prelude::*;
use events::*;

pub mod events {
    use event_runtime::prelude::*;

    /// The life of an order.
    #[domain_events]
    pub enum OrderEvent {
        /// An order was placed.
        Placed {},
    }
}

/// Is named like its event.
#[function(id = "order-placed-keeper")]
async fn order_placed(_: &Context<OrderPlaced>) -> Result<()> {
    Ok(())
}

fn main() {}
