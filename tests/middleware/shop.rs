//! A shop whose events and results hold something secret.

use event_runtime::prelude::*;

/// What must not be found in a file.
pub(crate) const SECRET: &str = "DE02120300000000202051";

/// The life of an order.
#[domain_events]
pub(crate) enum OrderEvent {
    /// An order was placed.
    Placed {
        #[event(key)]
        id: String,
        note: String,
        #[event(sensitive)]
        iban: String,
    },
    /// An order was paid.
    Paid {
        #[event(key)]
        order: String,
        #[event(sensitive)]
        iban: String,
    },
    /// An order was charged.
    Charged {
        #[event(sensitive)]
        iban: String,
    },
    /// An order was refused.
    Refused {
        #[event(sensitive)]
        iban: String,
    },
}

registry! {
    /// Every event of the shop.
    pub(crate) ShopEvents = [OrderEvent];
}

functions! {
    /// Every function of the shop.
    pub(crate) ShopFunctions in ShopEvents = [handle, charge, hear, refuse];
}

/// Does one of everything: a body, an event that is sent, one that is awaited, a function that is called.
#[function(id = "order-placed-handler")]
async fn handle(ctx: &Context<OrderPlaced>) -> Result<String> {
    let iban = ctx.step.run("look", async || Ok(format!("iban {}", ctx.event.iban))).await?;
    let paid = ctx.step.wait_for_event::<OrderPaid>("paid").by_key(ctx.event.key());
    let paid = paid.timeout(Duration::from_hours(1)).await?;
    let paid = paid.map(|paid| paid.iban).unwrap_or_default();
    let charged = ctx.step.invoke::<Charge>("charge", OrderCharged { iban: paid }).await?;
    Ok(format!("{iban}, {charged}"))
}

/// Pays on its own, so that the other can wait for it.
#[function(id = "order-placed-payer")]
async fn hear(ctx: &Context<OrderPlaced>) -> Result<()> {
    ctx.step.sleep("a while", Duration::from_millis(50)).await?;
    let paid = OrderPaid { order: ctx.event.id.clone(), iban: ctx.event.iban.clone() };
    ctx.step.send("pay", paid).await?;
    Ok(())
}

/// Is called by the other.
#[function(id = "order-charged-receipt")]
async fn charge(ctx: &Context<OrderCharged>) -> Result<String> {
    Ok(format!("charged {}", ctx.event.iban))
}

/// Fails, and is told of it.
#[function(id = "order-refused-handler", retries = 1, on_failure = apologise)]
async fn refuse(ctx: &Context<OrderRefused>) -> Result<()> {
    ctx.step.run("refuse", async || Err::<(), _>(Error::msg("no"))).await?;
    Ok(())
}

/// Learns from the event of the failure what was refused.
#[function(id = "order-refused-apology")]
async fn apologise(ctx: &Context<Failed<OrderRefused>>) -> Result<String> {
    Ok(format!("sorry, {}", ctx.event.event.iban))
}

pub(crate) fn placed() -> OrderPlaced {
    OrderPlaced { id: "order-7".into(), note: format!("from {SECRET}"), iban: SECRET.into() }
}
