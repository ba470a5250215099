use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// A number is not an object.
    Counted(u32),
    /// Two values.
    Compared(u8, u8),
    /// None.
    Closed(),
}

fn main() {}
