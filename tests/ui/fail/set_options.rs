//! Owners, deprecation, common fields and integers that JavaScript reads.

use event_runtime::prelude::*;

/// A line of an order.
#[payload]
pub struct Line {
    quantity: u32,
    weights: Vec<u64>,
}

/// The life of an order.
#[domain_events(owner = sales, deprecated(since = "January", notes = "all of them"))]
pub enum OrderEvent {
    /// Placed.
    #[event(ownr = "sales", deprecated(since = "2026-02-30", note = " "))]
    Placed { id: u64 },
    /// Paid.
    #[event(owner = "", deprecated())]
    Paid { id: u64 },
}

/// The life of a parcel.
#[domain_events(common(tenant: String, #[validate(lenght(min = 1))] region: String, tenant: u8))]
pub enum ParcelEvent {
    /// Sent.
    Sent { id: u64, region: u8 },
    /// Lost.
    Lost,
}

/// The life of a letter.
#[domain_events(common)]
pub enum LetterEvent {
    /// Sent.
    Sent { id: u64 },
}

/// The life of a card.
#[domain_events(common(tenant))]
pub enum CardEvent {
    /// Sent.
    Sent { id: u64 },
}

/// The life of a ship.
#[domain_events(js_safe, comon(tenant: String))]
pub enum ShipEvent {
    /// Launched.
    Launched { id: u64 },
}

fn main() {}
