use event_runtime::prelude::*;

/// The life of an order.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed { id: u64 },
}

registry! { pub AppEvents = [OrderEvent]; }

/// Sends mail.
#[function(id = "order-placed-mailer")]
async fn mail(_: &Context<OrderPlaced>) -> Result<()> {
    Ok(())
}

/// Was another function, which is still there.
#[function(id = "order-placed-sender", was = "order-placed-mailer")]
async fn send(_: &Context<OrderPlaced>) -> Result<()> {
    Ok(())
}

/// Was split from the one below.
#[function(id = "order-placed-audit", was("order-placed-books", "order-placed-notes"))]
async fn audit(_: &Context<OrderPlaced>) -> Result<()> {
    Ok(())
}

/// Was split from the one above.
#[function(id = "order-placed-ledger", was = "order-placed-books")]
async fn ledger(_: &Context<OrderPlaced>) -> Result<()> {
    Ok(())
}

/// Names itself.
#[function(id = "order-placed-self", was = "order-placed-self")]
async fn itself(_: &Context<OrderPlaced>) -> Result<()> {
    Ok(())
}

functions! { pub AppFunctions in AppEvents = [mail, send, audit, ledger]; }

fn main() {}
