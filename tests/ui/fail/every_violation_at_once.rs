use event_runtime::prelude::*;

/// The life of orders.
#[domain_events]
pub enum OrdersEvent {
    /// An order is placed.
    Place {
        #[validate(lenght(min = 1))]
        title: String,
        #[validate(range(min = 9, max = 1))]
        count: u32,
    },
    Shipped(u64, u64),
}

/// The types are there all the same: this is no error.
pub fn title(order: &OrdersPlace) -> &str {
    &order.title
}

fn main() {}
