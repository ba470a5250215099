//! The events of orders, payments and workflows.

use event_runtime::prelude::*;

/// One line of an order.
#[payload]
pub(crate) struct Line {
    /// The product, such as `tea-100`.
    #[validate(pattern("^[a-z0-9-]+$"), length(max = 40), example = "tea-100")]
    pub(crate) product: String,
    /// The number of pieces.
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
        /// The e-mail address for the receipt.
        #[validate(email, example = "ada@example.org")]
        customer: String,
        /// The card to charge, which the console hides.
        #[event(sensitive)]
        #[validate(length(min = 12, max = 23), example = "4242 4242 4242 4242")]
        card: String,
        /// The lines of the order.
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

/// The life of a payment.
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
        /// The name for people.
        #[validate(length(min = 1, max = 80), example = "Weekly report")]
        name: String,
        /// The number of its steps.
        #[validate(range(min = 1, max = 10), example = 3)]
        steps: u32,
    },
}

registry! {
    /// Every event of the application.
    pub(crate) AppEvents = [OrderEvent, PaymentEvent, WorkflowEvent];
}
