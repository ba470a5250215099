//! What happens to orders.

use event_runtime::prelude::*;

/// One line of an order.
#[payload]
pub(crate) struct Line {
    /// What is ordered, such as `tea-100`.
    #[validate(pattern("^[a-z0-9-]+$"), length(max = 40))]
    pub(crate) product: String,
    #[validate(range(min = 1, max = 99))]
    pub(crate) quantity: u32,
}

/// The life of an order.
#[domain_events]
pub(crate) enum OrderEvent {
    /// A customer placed an order.
    Placed {
        /// Chosen by the customer's program, so that it can place the order again after a lost connection.
        id: Uuid,
        #[validate(email)]
        customer: String,
        #[validate(length(min = 1, max = 50))]
        lines: Vec<Line>,
    },
    /// Everything that was ordered is packed.
    Packed {
        id: Uuid,
        #[validate(range(min = 1))]
        pieces: u32,
    },
}

registry! {
    /// Every event of the shop.
    pub(crate) ShopEvents = [OrderEvent];
}
