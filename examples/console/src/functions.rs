//! The functions of the shop: they charge, wait, ship and fail now and then.

use event_runtime::prelude::*;

use crate::events::{
    AppEvents, OrderPlaced, OrderShipped, PaymentReceived, PaymentRequested, WorkflowCreated,
};

/// Sees orders through.
pub(crate) struct Shop;

#[controller]
impl Shop {
    /// Asks for the money, waits for it, fetches line by line, and ships.
    #[function(id = "order-placed-fulfilment", name = "Fulfil an order", emits(OrderShipped))]
    async fn fulfil(&self, ctx: &Context<OrderPlaced>) -> Result<u32> {
        let OrderPlaced { number, lines, .. } = &ctx.event;
        let cents = 1_000 * u64::try_from(lines.len()).unwrap_or_default();
        ctx.step.invoke::<RequestPayment>("charge", PaymentRequested { number: *number, cents }).await?;
        ctx.step.sleep("second-thoughts", Duration::from_secs(2)).await?;
        let mut pieces = 0;
        for line in lines {
            pieces += ctx.step.run("fetch", async || Ok(fetch(&line.product, line.quantity).await)).await?;
        }
        ctx.step.send("ship", OrderShipped { number: *number, pieces }).await?;
        Ok(pieces)
    }

    /// Asks the bank, which does not always answer.
    #[function(id = "payment-requested-bank", name = "Ask the bank", concurrency = 5, retries = 3)]
    async fn request_payment(&self, ctx: &Context<PaymentRequested>) -> Result<String> {
        let PaymentRequested { number, cents } = ctx.event;
        let reference = ctx.step.run("ask", async || {
            tokio::time::sleep(Duration::from_millis(150)).await;
            match number % 7 {
                3 if ctx.meta.attempt == 0 && number % 2 == 0 => {
                    Err(Error::msg("the bank did not answer in time"))
                }
                5 => Err(Error::non_retriable("the bank declined the card")),
                _ => Ok(format!("{cents} cents for order {number}")),
            }
        });
        Ok(reference.await?)
    }

    /// Waits for the money, and says whether it came.
    #[function(id = "order-shipped-collection", name = "Collect the money")]
    async fn collect(&self, ctx: &Context<OrderShipped>) -> Result<bool> {
        let paid = ctx.step.wait_for_event::<PaymentReceived>("payment");
        let paid =
            paid.matching("async.data.number == event.data.number").timeout(Duration::from_mins(10)).await?;
        Ok(paid.is_some())
    }

    /// Counts parcels once a minute at most.
    #[function(id = "order-shipped-counter", rate_limit(limit = 1, period = "1m"))]
    async fn count(&self, ctx: &Context<OrderShipped>) -> Result<u32> {
        Ok(ctx.event.pieces)
    }

    /// Takes one step after the other.
    #[function(id = "workflow-created-runner", name = "Run a workflow")]
    async fn run_workflow(&self, ctx: &Context<WorkflowCreated>) -> Result<u32> {
        for step in 0..ctx.event.steps {
            let taken = ctx.step.run("step", async || {
                tokio::time::sleep(Duration::from_millis(400)).await;
                Ok(step)
            });
            taken.await?;
            ctx.step.sleep("pause", Duration::from_secs(1)).await?;
        }
        Ok(ctx.event.steps)
    }
}

/// Fetches from a shelf: here the real work would be.
async fn fetch(product: &str, quantity: u32) -> u32 {
    tokio::time::sleep(Duration::from_millis(80 * u64::try_from(product.len()).unwrap_or(1))).await;
    quantity
}

functions! {
    /// Every function of the application.
    pub(crate) AppFunctions in AppEvents = [Shop];
}
