//! Actions and payloads that are named by hand are checked as the derived ones are.

use event_runtime::prelude::*;

/// The life of an address.
#[domain_events]
pub enum AddressEvent {
    /// Named in another tense.
    #[event(action = "assign-ipv4")]
    IPv4Assigned { id: u64 },
    /// Named without a verb.
    #[event(action = "ipv4-frobnication")]
    IPv4Frobnicated { id: u64 },
    /// Not in kebab-case.
    #[event(action = "IPv6Assigned")]
    IPv6Assigned { id: u64 },
    /// Not a text.
    #[event(action = released)]
    Released { id: u64 },
    /// Not in `PascalCase`.
    #[event(payload = address_lost)]
    Lost { id: u64 },
    /// Not a name.
    #[event(payload = "AddressFound")]
    Found { id: u64 },
    /// Not a name either.
    #[event(payload = super::AddressMoved)]
    Moved { id: u64 },
    /// Misspelled.
    #[event(payloda = AddressSold, acton = "sold")]
    Sold { id: u64 },
    /// It has the name that the next one follows to.
    #[event(payload = AddressBought)]
    Acquired { id: u64 },
    /// Two payloads of one name.
    Bought { id: u64 },
    /// Two events of one name.
    #[event(action = "bought")]
    Purchased { id: u64 },
}

/// The payload is named like the enum.
#[domain_events(domain = "invoice")]
pub enum InvoicePaid {
    /// An invoice was paid.
    Paid { id: u64 },
    /// An invoice was sent.
    #[event(payload = InvoicePaid)]
    Sent { id: u64 },
}

/// Of another system.
#[domain_events(foreign)]
pub enum GithubEvent {
    /// Its name is written whole.
    #[event(name = "push", action = "pushed")]
    Pushed { id: u64 },
}

fn main() {}
