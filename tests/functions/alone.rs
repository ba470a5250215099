//! A handler that is called by itself.

use event_runtime::prelude::*;
use event_runtime::testing::call;

use crate::events::{OrderCancelled, OrderPlaced, OrderPriced, placed};
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
