//! A handler that is called by itself.

use event_runtime::prelude::*;
use event_runtime::testing::{call, cron, failure};

use crate::events::{OrderCancelled, OrderPlaced, OrderPriced, placed, placed_by};
use crate::steps::Total;

async fn everything(ctx: &Context<OrderPlaced>) -> Result<String> {
    ctx.step.sleep("month", Duration::from_hours(720)).await?;
    let both = async || {
        let (one, other) = tokio::join!(
            ctx.step.run("one", async || Ok(1)),
            ctx.step.run("other", async || Err::<u32, _>("no luck".into()))
        );
        (one, other)
    };
    let (one, other) = both().await;
    let cancelled = ctx.step.wait_for_event::<OrderCancelled>("cancelled").await?;
    let sent = ctx.step.send("send", OrderPriced { id: ctx.event.id }).await?;
    Ok(format!("{} {} {} {}", one?, other.unwrap_err(), cancelled.is_none(), sent))
}

#[tokio::test]
async fn its_steps_are_answered_at_once() {
    let said = call(placed(7), everything).await.unwrap();
    assert_eq!(said, "1 step `other` failed: no luck true sent-1");
}

#[tokio::test]
async fn it_calls_nobody() {
    let error = call(placed(7), async |ctx: &Context<OrderPlaced>| {
        Ok::<_, Error>(ctx.step.invoke::<Total>("price", OrderPriced { id: 8 }).await?)
    })
    .await
    .unwrap_err();
    assert!(error.to_string().contains("use a `TestEngine`"), "{error}");
}

#[tokio::test]
async fn what_it_awaits_outside_its_steps_wakes_it() {
    let number = call(placed(7), async |ctx: &Context<OrderPlaced>| {
        tokio::time::sleep(Duration::from_millis(1)).await;
        ctx.event.id
    })
    .await;
    assert_eq!(number, 7);
}

/// Handlers as methods, and what else can start them.
struct Desk {
    name: &'static str,
}

impl Desk {
    async fn several(&self, ctx: &Context<Batch<OrderPlaced>>) -> Result<String> {
        let ids: Vec<u64> = ctx.event.iter().map(|order| order.id).collect();
        let sent = ctx.step.send_all("tell", ids.iter().map(|id| OrderPriced { id: *id })).await?;
        Ok(format!("{} {ids:?} {}", self.name, sent.len()))
    }

    async fn either(&self, ctx: &Context<Either<OrderCancelled, Cron>>) -> Result<String> {
        let name = ctx.step.run("name", async || Ok(self.name.to_owned())).await?;
        Ok(match &ctx.event {
            Either::Left(cancelled) => format!("{} by {name}", cancelled.id),
            Either::Right(time) => format!("{} by {name}", time.cron),
        })
    }
}

async fn told(ctx: &Context<Failed<Batch<OrderPlaced>>>) -> String {
    format!("{} of {}: {}", ctx.event.event.len(), ctx.event.event[0].account, ctx.event.error)
}

#[tokio::test]
async fn whatever_starts_a_function_starts_it_alone() {
    let desk = Desk { name: "desk" };
    let several = [placed(1), placed(2)];
    assert_eq!(call(several, async |ctx| desk.several(ctx).await).await.unwrap(), "desk [1, 2] 2");
    assert_eq!(call(placed(3), async |ctx| desk.several(ctx).await).await.unwrap(), "desk [3] 1");
    let cancelled = OrderCancelled { id: 4 };
    assert_eq!(call(cancelled, async |ctx| desk.either(ctx).await).await.unwrap(), "4 by desk");
    let time = call(cron("0 3 * * *"), async |ctx| desk.either(ctx).await).await.unwrap();
    assert_eq!(time, "0 3 * * * by desk");
    let failed = failure([placed(1), placed_by(2, "b")], "no luck");
    assert_eq!(call(failed, told).await, "2 of acme: no luck");
    // It declares what it sends.
    assert_eq!(call(placed(7), crate::crashes::careful).await.unwrap(), "receipt-7");
}

#[tokio::test]
async fn its_steps_are_mocked() {
    let said = call(placed(7), everything)
        .mock_step("one", &5)
        .mock_failure("other", "mocked")
        .mock_step("send", &["it"]);
    assert_eq!(said.await.unwrap(), "5 step `other` failed: mocked true it");
    let attempt = async |ctx: &Context<OrderPlaced>| ctx.meta.attempt;
    assert_eq!(call(placed(7), attempt).attempt(3).await, 3);
    let price = async |ctx: &Context<OrderPlaced>| {
        Ok::<_, Error>(ctx.step.invoke::<Total>("price", OrderPriced { id: ctx.event.id }).await?)
    };
    assert_eq!(call(placed(7), price).mock_step("price", &70).await.unwrap(), 70);
}

#[tokio::test]
#[should_panic(
    expected = "the step `prise` of `a-handler-alone` is mocked, but was never asked for. Did you mean `price`?"
)]
async fn a_mocked_step_that_it_does_not_have_is_told() {
    let body = async |ctx: &Context<OrderPlaced>| ctx.step.run("price", async || Ok(ctx.event.id)).await;
    let _ = call(placed(7), body).mock_step("prise", &1).await;
}

#[tokio::test]
#[should_panic(expected = "the function does not react to `order/priced`")]
async fn an_event_that_does_not_start_it_is_told() {
    let desk = Desk { name: "desk" };
    let _ = call(OrderPriced { id: 1 }, async |ctx| desk.several(ctx).await).await;
}
