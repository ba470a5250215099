//! What billing does.

use event_runtime::prelude::*;
use example_saas_events::{
    Currency, InvoiceEvent, InvoiceIssued, InvoicePaid, InvoicePaymentRequested, InvoiceWrittenOff, Money,
    Plan, SubscriptionCancelled, SubscriptionStarted,
};
use example_saas_mail::Mailer;
use jiff::{SignedDuration, Timestamp};

use crate::{Bank, Declined, Ledger};

/// The days between attempts to charge for an invoice.
const DUNNING_DAYS: [u64; 3] = [3, 4, 7];

/// Bills customers.
pub struct Billing {
    /// Takes the money.
    pub bank: Bank,
    /// Tells customers.
    pub mailer: Mailer,
    /// Knows who has access.
    pub ledger: Ledger,
}

#[controller]
impl Billing {
    /// Opens the access of a new subscription, and issues its first invoice.
    #[function(id = "subscription-started-invoice", name = "Issue the first invoice", emits(InvoiceIssued))]
    async fn issue(&self, ctx: &Context<SubscriptionStarted>) -> Result<Uuid> {
        let SubscriptionStarted { id, customer, plan, seats, method, .. } = &ctx.event;
        ctx.step.run("open-access", async || Ok(self.ledger.set_access(*id, true)?)).await?;
        // Both follow from the event and are the same in every execution, so no step is needed.
        let due = Timestamp::try_from(ctx.meta.ts)? + SignedDuration::from_hours(14 * 24);
        let invoice = Uuid::new_v5(id, b"first invoice");
        let issued = InvoiceIssued {
            id: invoice,
            subscription: *id,
            customer: customer.clone(),
            total: price(plan, *seats),
            method: method.clone(),
            due,
        };
        ctx.step.send("issue", issued).await?;
        Ok(invoice)
    }

    /// Charges for an invoice: one attempt at a time, retried while the bank cannot be reached.
    #[function(
        id = "invoice-payment-requested-charge",
        name = "Charge",
        retries = 3,
        concurrency(limit = 1, key)
    )]
    pub(crate) async fn charge(&self, ctx: &Context<InvoicePaymentRequested>) -> Result<String> {
        let InvoicePaymentRequested { id, total, method } = &ctx.event;
        let body = async || {
            // The invoice is the idempotency key: a body that runs twice charges once.
            let charged = self.bank.charge(&id.to_string(), method, total);
            // Another attempt would be declined too.
            charged.map_err(|declined| Error::non_retriable(Error::typed(declined)))
        };
        Ok(ctx.step.run("charge", body).await?)
    }

    /// Collects an invoice: charges, reminds and charges again for two weeks. Then takes the access back, which is the
    /// compensation, and writes the invoice off. A cancelled subscription ends it.
    #[function(
        id = "invoice-issued-dunning",
        name = "Collect an invoice",
        cancel_on(event = SubscriptionCancelled, if = "async.data.id == event.data.subscription"),
        emits(InvoicePaid, InvoiceWrittenOff)
    )]
    pub(crate) async fn collect(&self, ctx: &Context<InvoiceIssued>) -> Result<bool> {
        let InvoiceIssued { id, subscription, customer, total, method, .. } = &ctx.event;
        for days in DUNNING_DAYS {
            let request = InvoicePaymentRequested { id: *id, total: total.clone(), method: method.clone() };
            match ctx.step.invoke::<Charge>("charge", request).await {
                Ok(receipt) => {
                    let paid =
                        InvoicePaid { id: *id, customer: customer.clone(), total: total.clone(), receipt };
                    ctx.step.send("paid", paid).await?;
                    return Ok(true);
                }
                Err(error) => {
                    // Only the customer can do something about a card that is declined; anything else fails the run.
                    let Some(declined) = error.downcast::<Declined>() else { return Err(error.into()) };
                    let key = format!("{id}-reminder-{days}");
                    let text = format!("please pay: {declined}");
                    ctx.step.run("remind", async || Ok(self.mailer.send(&*key, customer, &text)?)).await?;
                    ctx.step.sleep("next-attempt", Duration::from_hours(days * 24)).await?;
                }
            }
        }
        ctx.step.run("close-access", async || Ok(self.ledger.set_access(*subscription, false)?)).await?;
        ctx.step.send("write-off", InvoiceWrittenOff { id: *id, subscription: *subscription }).await?;
        Ok(false)
    }

    /// Mails a receipt.
    #[function(id = "invoice-paid-receipt", name = "Mail a receipt", on_failure = report_unsent_receipt)]
    pub(crate) async fn mail_receipt(&self, ctx: &Context<InvoicePaid>) -> Result<()> {
        let InvoicePaid { id, customer, receipt, .. } = &ctx.event;
        let key = format!("{id}-receipt");
        let text = format!("thank you, {receipt}");
        Ok(ctx.step.run("mail", async || Ok(self.mailer.send(&*key, customer, &text)?)).await?)
    }
}

/// Tells the team of a receipt that could not be sent.
#[function(id = "invoice-paid-receipt-failure", name = "Report a receipt that was not sent")]
async fn report_unsent_receipt(ctx: &Context<Failed<InvoicePaid>>) -> Result<()> {
    let Failed { event, error, .. } = &ctx.event;
    eprintln!("the receipt of invoice {} was not sent: {error}", event.id);
    Ok(())
}

/// Writes every event of an invoice into the journal of the bookkeepers.
#[function(id = "invoice-journal", name = "Keep the books")]
async fn keep_books(ctx: &Context<InvoiceEvent>) -> Result<String> {
    Ok(match &ctx.event {
        InvoiceEvent::Issued(issued) => format!("{}: {} cents are owed", issued.id, issued.total.cents),
        InvoiceEvent::PaymentRequested(requested) => format!("{}: payment requested", requested.id),
        InvoiceEvent::Paid(paid) => format!("{}: {} cents were paid", paid.id, paid.total.cents),
        InvoiceEvent::WrittenOff(off) => format!("{}: written off", off.id),
    })
}

functions! {
    /// The functions of billing.
    pub BillingFunctions = [Billing, report_unsent_receipt, keep_books];
}

/// What a plan costs a month.
fn price(plan: &Plan, seats: u32) -> Money {
    let cents = match plan {
        Plan::Team => 1_200,
        Plan::Business => 2_900,
    };
    Money { currency: Currency::Eur, cents: cents * u64::from(seats) }
}
