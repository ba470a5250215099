//! The test kit finds what is not safe to repeat.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use event_runtime::prelude::*;
use event_runtime::testing::crash_everywhere;

use crate::events::{Events, OrderPaid, OrderPlaced, OrderPriced, placed};

/// Counts what it has charged.
pub struct Cashier {
    charged: AtomicU32,
}

#[controller]
impl Cashier {
    /// Charges, and does not look whether it has.
    #[function(id = "order-placed-careless")]
    async fn careless(&self, ctx: &Context<OrderPlaced>) -> Result<u32> {
        let count =
            ctx.step.run("charge", async || Ok(self.charged.fetch_add(1, Ordering::SeqCst) + 1)).await?;
        ctx.step.sleep("cool-down", Duration::from_secs(1)).await?;
        Ok(count)
    }
}

/// Charges by the id of the order, and tells.
#[function(id = "order-placed-careful", emits(OrderPaid))]
pub async fn careful(ctx: &Context<OrderPlaced>) -> Result<String> {
    let receipt = ctx.step.run("charge", async || Ok(format!("receipt-{}", ctx.event.id))).await?;
    ctx.step.send("tell", OrderPaid { id: ctx.event.id, cents: 100 }).await?;
    Ok(receipt)
}

/// Depends on how often it was entered.
pub struct Forgetful {
    entries: AtomicU32,
}

#[controller]
impl Forgetful {
    /// Returns what no step has recorded.
    #[function(id = "order-placed-forgetful")]
    async fn forget(&self, ctx: &Context<OrderPlaced>) -> Result<u32> {
        let entries = self.entries.fetch_add(1, Ordering::SeqCst);
        ctx.step.run("work", async || Ok(())).await?;
        Ok(entries)
    }
}

/// Keeps the registry handled.
#[function(id = "order-priced-nothing")]
async fn nothing(ctx: &Context<OrderPriced>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

functions! { CarelessApp in Events = [Cashier, nothing]; }
functions! { CarefulApp in Events = [careful, nothing]; }
functions! { Forgetting in Events = [Forgetful, nothing]; }

#[tokio::test]
async fn a_step_that_is_not_safe_to_repeat_is_found() {
    let app = || {
        App::<CarelessApp>::builder("test").provide(Cashier { charged: AtomicU32::new(0) }).build().unwrap()
    };
    let report = crash_everywhere(app, placed(1)).await;
    let difference = &report.differences[0];
    assert!(difference.repeats);
    assert_eq!(
        difference.to_string().split(',').next(),
        Some("step `charge` of `order-placed-careless`"),
        "{report}"
    );
    assert_eq!((&*difference.expected, &*difference.found), ("1", "2"));
}

#[tokio::test]
async fn a_function_that_is_safe_to_repeat_passes() {
    let report = crash_everywhere(|| App::<CarefulApp>::builder("test").build().unwrap(), placed(1)).await;
    report.is_idempotent();
    assert!(report.crashes >= 10, "{report}");
}

#[tokio::test]
async fn a_function_that_depends_on_its_entries_is_found() {
    let app = || {
        App::<Forgetting>::builder("test").provide(Forgetful { entries: AtomicU32::new(0) }).build().unwrap()
    };
    let report = crash_everywhere(app, placed(1)).await;
    assert!(
        report.differences.iter().any(|difference| difference.what.starts_with("the result of")),
        "{report}"
    );
}

/// Sends mails that nobody counts but who looks into the box.
#[derive(Clone, Default)]
struct Mailer {
    sent: Arc<Mutex<Vec<u64>>>,
}

#[controller]
impl Mailer {
    /// Sends a mail, and has nothing to show for it.
    #[function(id = "order-placed-mailer")]
    async fn mail(&self, ctx: &Context<OrderPlaced>) -> Result<()> {
        let body = async || {
            self.sent.lock().unwrap().push(ctx.event.id);
            Ok(())
        };
        Ok(ctx.step.run("mail", body).await?)
    }
}

functions! { Mailing in Events = [Mailer, nothing]; }

#[tokio::test]
async fn an_effect_that_happens_twice_is_found_when_it_is_observed() {
    let mailer = Mailer::default();
    let app = || {
        mailer.sent.lock().unwrap().clear();
        App::<Mailing>::builder("test").provide(mailer.clone()).build().unwrap()
    };
    crash_everywhere(app, placed(1)).await.is_idempotent();
    let report =
        crash_everywhere(app, placed(1)).observing("mails", || mailer.sent.lock().unwrap().len()).await;
    let difference = &report.differences[0];
    assert_eq!((&*difference.what, &*difference.expected, &*difference.found), ("mails", "1", "2"));
    assert!(difference.repeats, "{report}");
}

/// Sleeps over several nights.
#[function(id = "order-placed-sleeper")]
async fn sleep_long(ctx: &Context<OrderPlaced>) -> Result<u64> {
    ctx.step.sleep("three-days", Duration::from_hours(72)).await?;
    Ok(ctx.event.id)
}

/// Runs every night.
#[function(id = "order-nightly", cron = "0 0 * * *")]
async fn nightly(ctx: &Context<Cron>) -> Result<u32> {
    Ok(ctx.step.run("count", async || Ok(1)).await?)
}

functions! { Sleeping in Events = [sleep_long, nightly, nothing]; }

#[tokio::test]
async fn a_cron_of_the_application_makes_no_difference() {
    let report = crash_everywhere(|| App::<Sleeping>::builder("test").build().unwrap(), placed(1)).await;
    report.is_idempotent();
    assert!(report.crashes >= 10, "{report}");
}
