//! What happens to orders, payments and workflows.

use event_runtime::prelude::*;

/// One line of an order.
#[payload]
pub(crate) struct Line {
    /// What is ordered, such as `tea-100`.
    #[validate(pattern("^[a-z0-9-]+$"), length(max = 40), example = "tea-100")]
    pub(crate) product: String,
    /// How many of it.
    #[validate(range(min = 1, max = 99), example = 2)]
    pub(crate) quantity: u32,
}

/// The life of an order.
#[domain_events]
pub(crate) enum OrderEvent {
    /// A customer placed an order.
    Placed {
        /// The number of the order.
        #[event(key)]
        #[validate(example = 7)]
        number: u64,
        /// Where the receipt goes.
        #[validate(email, example = "ada@example.org")]
        customer: String,
        /// What is charged. Nobody who looks on sees it.
        #[event(sensitive)]
        #[validate(length(min = 12, max = 23), example = "4242 4242 4242 4242")]
        card: String,
        /// What is ordered.
        #[validate(length(min = 1, max = 20))]
        lines: Vec<Line>,
    },
    /// An order has left the house.
    Shipped {
        #[event(key)]
        number: u64,
        pieces: u32,
    },
}

/// What the bank tells.
#[domain_events]
pub(crate) enum PaymentEvent {
    /// The bank was asked for the money for an order.
    Requested {
        #[event(key)]
        number: u64,
        cents: u64,
    },
    /// The money for an order has arrived.
    #[event(unhandled)]
    Received {
        #[event(key)]
        number: u64,
    },
}

/// The life of a workflow.
#[domain_events]
pub(crate) enum WorkflowEvent {
    /// Somebody wrote a workflow down.
    Created {
        #[event(key)]
        #[validate(example = 1)]
        id: u64,
        /// What it is called.
        #[validate(length(min = 1, max = 80), example = "Weekly report")]
        name: String,
        /// How many steps it has.
        #[validate(range(min = 1, max = 10), example = 3)]
        steps: u32,
    },
}

registry! {
    /// Every event of the application.
    pub(crate) AppEvents = [OrderEvent, PaymentEvent, WorkflowEvent];
}
