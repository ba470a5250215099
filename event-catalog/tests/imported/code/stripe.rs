use event_runtime::prelude::*;

/// Events of another system: Stripe.
#[domain_events(foreign)]
pub enum StripeEvent {
    /// From 1 sample(s).
    #[event(name = "invoice.paid", unhandled)]
    InvoicePaid {
        object: StripeInvoicePaidObject,
    },
    /// From 2 sample(s).
    #[event(name = "payment_intent.succeeded", unhandled)]
    PaymentIntentSucceeded {
        object: StripePaymentIntentSucceededObject,
        #[serde(skip_serializing_if = "Option::is_none")]
        previous_attributes: Option<StripePaymentIntentSucceededPreviousAttributes>,
    },
}

/// In `invoice.paid.object.lines.data[]`.
#[payload]
pub struct StripeInvoicePaidObjectLinesDataItem {
    amount: u64,
    id: String,
    quantity: u64,
}

/// In `invoice.paid.object.lines`.
#[payload]
pub struct StripeInvoicePaidObjectLines {
    data: Vec<StripeInvoicePaidObjectLinesDataItem>,
    has_more: bool,
    object: String,
}

/// In `invoice.paid.object`.
#[payload]
pub struct StripeInvoicePaidObject {
    amount_due: u64,
    currency: String,
    id: String,
    lines: StripeInvoicePaidObjectLines,
    object: String,
    paid: bool,
}

/// In `payment_intent.succeeded.object.metadata`.
#[payload]
pub struct StripePaymentIntentSucceededObjectMetadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<String>,
}

/// In `payment_intent.succeeded.object`.
#[payload]
pub struct StripePaymentIntentSucceededObject {
    amount: u64,
    currency: String,
    customer: Option<String>,
    description: Option<String>,
    id: String,
    metadata: StripePaymentIntentSucceededObjectMetadata,
    object: String,
    payment_method_types: Vec<String>,
    status: String,
}

/// In `payment_intent.succeeded.previous_attributes`.
#[payload]
pub struct StripePaymentIntentSucceededPreviousAttributes {
    amount: u64,
}
