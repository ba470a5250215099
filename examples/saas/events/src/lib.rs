//! The events of the service, in four domains, and the types that their payloads share.

mod contact;
mod invoice;
mod money;
mod subscription;
mod user;

use event_runtime::registry;

pub use contact::{Contact, ContactChanged, ContactEvent, ContactImported, ContactListUploaded};
pub use invoice::{InvoiceEvent, InvoiceIssued, InvoicePaid, InvoicePaymentRequested, InvoiceWrittenOff};
pub use money::{Currency, Email, Money, PaymentMethod};
pub use subscription::{Plan, SubscriptionCancelled, SubscriptionEvent, SubscriptionStarted};
pub use user::{UserDeleted, UserEmailConfirmed, UserEvent, UserSignedUp};

registry! {
    /// Every event of the service.
    pub SaasEvents = [UserEvent, SubscriptionEvent, InvoiceEvent, ContactEvent];
}
