//! Invoices.

use event_runtime::prelude::*;
use jiff::Timestamp;

use crate::{Email, Money, PaymentMethod};

/// The life of an invoice.
#[domain_events]
pub enum InvoiceEvent {
    /// An invoice was sent to the customer.
    Issued {
        #[event(key)]
        id: Uuid,
        subscription: Uuid,
        customer: Email,
        total: Money,
        method: PaymentMethod,
        due: Timestamp,
    },
    /// A payment was requested from the bank.
    PaymentRequested {
        #[event(key)]
        id: Uuid,
        total: Money,
        method: PaymentMethod,
    },
    /// A customer paid an invoice.
    Paid {
        #[event(key)]
        id: Uuid,
        customer: Email,
        total: Money,
        /// The bank's name for the payment.
        #[validate(length(min = 1))]
        receipt: String,
    },
    /// Nobody paid an invoice, and nobody is asked to any more.
    WrittenOff {
        #[event(key)]
        id: Uuid,
        subscription: Uuid,
    },
}
