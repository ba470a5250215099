//! Priorities that are texts or booleans: they would be 0 for every event.

use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed { id: u64, account: String, urgent: bool, note: Option<String> },
}

/// Forgets the numbers.
#[function(id = "order-placed-urgent", priority = "event.data.urgent")]
async fn urgent(ctx: &Context<OrderPlaced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Names a text.
#[function(id = "order-placed-account", priority = "event.data.account")]
async fn account(ctx: &Context<OrderPlaced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Names one in a branch, and one that may be missing.
#[function(id = "order-placed-branch", priority = "event.data.urgent ? 120 : event.data.note")]
async fn branch(ctx: &Context<OrderPlaced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Compares.
#[function(id = "order-placed-comparing", priority = "event.data.account == 'vip'")]
async fn comparing(ctx: &Context<OrderPlaced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Writes numbers in quotes.
#[function(id = "order-placed-quoted", priority = "event.data.urgent ? '120' : '0'")]
async fn quoted(ctx: &Context<OrderPlaced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Is right.
#[function(id = "order-placed-right", priority = "event.data.account.startsWith('vip') ? event.data.id * 2 : 0")]
async fn right(ctx: &Context<OrderPlaced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

fn main() {}
