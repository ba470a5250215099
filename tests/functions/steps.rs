//! Waiting for events, calling functions, sending.

use event_runtime::prelude::*;
use event_runtime::testing::TestEngine;

use crate::events::{Events, OrderCancelled, OrderPaid, OrderPlaced, OrderPriced, placed, placed_by};

/// Waits for the payment of an order, an hour at most.
#[function(id = "order-placed-payment")]
async fn await_payment(ctx: &Context<OrderPlaced>) -> Result<Option<u64>> {
    let paid = ctx.step.wait_for_event::<OrderPaid>("paid").matching("async.data.id == event.data.id");
    Ok(paid.timeout(Duration::from_hours(1)).await?.map(|paid| paid.cents))
}

/// What an order costs. Of order 0 there is none, and for order 9 it takes an hour.
#[function(id = "order-priced-total", retries = 1)]
pub async fn total(ctx: &Context<OrderPriced>) -> Result<u64> {
    if ctx.event.id == 0 {
        return Err(Error::non_retriable(Error::msg("there is no such order")));
    }
    if ctx.event.id == 9 {
        ctx.step.sleep("ponder", Duration::from_hours(1)).await?;
    }
    Ok(ctx.step.run("look-up", async || Ok(ctx.event.id * 100)).await?)
}

/// Asks for the price of an order.
#[function(id = "order-placed-price", retries = 0)]
async fn ask_price(ctx: &Context<OrderPlaced>) -> Result<String> {
    let priced = OrderPriced { id: ctx.event.id };
    match ctx.step.invoke::<Total>("price", priced).timeout(Duration::from_mins(1)).await {
        Ok(cents) => Ok(format!("{cents} cents")),
        Err(error) => Ok(error.to_string()),
    }
}

functions! { Waiting in Events = [await_payment, total]; }
functions! { Calling in Events = [ask_price, total]; }
functions! { CallingNobody in Events = [ask_price]; }

fn waiting() -> TestEngine<Waiting> {
    TestEngine::new(&App::<Waiting>::builder("test").build().unwrap())
}

#[tokio::test]
async fn an_event_that_is_waited_for_wakes_the_run_it_matches() {
    let mut engine = waiting();
    engine.send(placed(1)).await;
    engine.send(placed(2)).await;
    engine.send(OrderPaid { id: 2, cents: 200 }).await;
    let runs = engine.runs();
    assert!(runs[0].is_open(), "another order was paid");
    runs[1].completed_with(&Some(200));
    // The second event for the same wait says nothing any more.
    engine.send(OrderPaid { id: 2, cents: 999 }).await;
    engine.send(OrderPaid { id: 1, cents: 100 }).await;
    engine.runs()[0].completed_with(&Some(100));
}

#[tokio::test]
async fn nothing_came_in_time() {
    let mut engine = waiting();
    engine.send(OrderPaid { id: 1, cents: 100 }).await;
    engine.send(placed(1)).await;
    engine.advance(Duration::from_mins(59)).await;
    assert!(engine.runs()[0].is_open(), "what was sent before the wait does not count");
    engine.advance(Duration::from_mins(1)).await;
    engine.runs()[0].completed_with(&None::<u64>);
}

#[tokio::test]
async fn a_wait_outlives_a_crash() {
    let mut engine = waiting();
    engine.send(placed(7)).await;
    engine.crash().await;
    engine.send(OrderPaid { id: 7, cents: 70 }).await;
    engine.runs()[0].completed_with(&Some(70));
}

#[tokio::test]
async fn a_function_that_is_called_returns_its_result() {
    let app = App::<Calling>::builder("test").build().unwrap();
    let mut engine = TestEngine::new(&app).reenter_at_every_step();
    let run = engine.run(placed(3)).await;
    run.completed_with(&"300 cents");
    let called = &engine.runs_of_function::<Total>()[0];
    called.completed_with(&300).step("look-up").ran_once();
    assert_eq!(engine.runs().len(), 2, "the event of a call starts nothing else");
    engine.nothing_else_sent();
}

#[tokio::test]
async fn the_failure_of_a_function_that_is_called_is_that_of_the_step() {
    let app = App::<Calling>::builder("test").build().unwrap();
    let run = TestEngine::new(&app).run(placed(0)).await;
    run.completed_with(&"step `price` failed: there is no such order");
}

#[tokio::test]
async fn a_function_that_takes_too_long_fails_the_step_and_goes_on() {
    let app = App::<Calling>::builder("test").build().unwrap();
    let mut engine = TestEngine::new(&app);
    let run = engine.run(placed(9)).await;
    run.completed_with(&"step `price` failed: the function did not return in time");
    engine.runs_of_function::<Total>()[0].completed_with(&900);
}

#[tokio::test]
async fn a_function_that_is_not_listed_is_not_called() {
    let app = App::<CallingNobody>::builder("test").build().unwrap();
    let run = TestEngine::new(&app).run(placed(5)).await;
    run.completed_with(
        &"step `price` calls the function `order-priced-total`, which the application does not list",
    );
}

#[tokio::test]
async fn a_mocked_step_gives_what_the_test_says() {
    let app = App::<Calling>::builder("test").build().unwrap();
    let mut engine = TestEngine::new(&app);
    engine.mock_step::<AskPrice>("price", &7);
    engine.run(placed(5)).await.completed_with(&"7 cents").step("price").gave(&7);
    assert_eq!(engine.runs().len(), 1, "nothing was called");
}

#[tokio::test]
#[should_panic(
    expected = "the step `prise` of `order-placed-price` is mocked, but was never asked for. Did you mean `price`? Its steps were: `price`"
)]
async fn a_mocked_step_that_does_not_exist_fails_the_test() {
    let app = App::<Calling>::builder("test").build().unwrap();
    let mut engine = TestEngine::new(&app);
    engine.mock_step::<AskPrice>("prise", &7);
    engine.run(placed(5)).await;
}

/// Waits with an expression that is none. One that is a literal the compiler refuses.
#[function(id = "order-placed-nonsense")]
async fn nonsense(ctx: &Context<OrderPlaced>) -> Result<()> {
    ctx.step.wait_for_event::<OrderCancelled>("wait").matching("async.data.id ==".to_owned()).await?;
    Ok(())
}

/// Waits with an expression that could never hold: with a field of either event that there is not, by the order's number.
#[function(id = "order-placed-misspelling")]
async fn misspell(ctx: &Context<OrderPlaced>) -> Result<()> {
    let condition = match ctx.event.id {
        1 => "async.data.idd == event.data.id",
        2 => "[1].exists(x, x == event.data.ids)",
        _ => "async.data.id == event.data.id && ['async.data.x'].exists(event, event.data.y == 1)",
    };
    let wait = ctx.step.wait_for_event::<OrderCancelled>("wait").matching(condition.to_owned());
    wait.timeout(Duration::from_secs(1)).await?;
    Ok(())
}

functions! { MisspellingApp in Events = [misspell, total]; }

#[tokio::test]
async fn a_field_that_no_event_has_fails_the_step() {
    let app = App::<MisspellingApp>::builder("test").build().unwrap();
    let run = TestEngine::new(&app).run(placed(1)).await;
    run.failed_with(
        "step `wait` waits with an expression that reads `async.data.idd`, a field that `order/cancelled` does not have: did you mean `id`?",
    );
    let run = TestEngine::new(&app).run(placed(2)).await;
    run.failed_with("reads `event.data.ids`, a field that `order/placed` does not have: did you mean `id`?");
    TestEngine::new(&app).run(placed(3)).await.completed_with(&());
}

functions! { NonsenseApp in Events = [nonsense, total]; }

#[tokio::test]
async fn an_expression_that_is_none_fails_the_step() {
    let app = App::<NonsenseApp>::builder("test").build().unwrap();
    let run = TestEngine::new(&app).run(placed(1)).await;
    run.failed_with("step `wait` waits with an expression that is not valid CEL");
}

/// Waits with an expression as long as the order's number says.
#[function(id = "order-placed-verbose")]
async fn wait_verbosely(ctx: &Context<OrderPlaced>) -> Result<bool> {
    let condition = "true".to_owned() + &" ".repeat(usize::try_from(ctx.event.id)? - 4);
    let wait = ctx.step.wait_for_event::<OrderCancelled>("wait").matching(condition);
    Ok(wait.timeout(Duration::from_secs(1)).await?.is_some())
}

functions! { VerboseApp in Events = [wait_verbosely, total]; }

#[tokio::test]
async fn an_expression_has_a_greatest_length() {
    let app = App::<VerboseApp>::builder("test").build().unwrap();
    TestEngine::new(&app).run(placed(4_096)).await.completed_with(&false);
    let run = TestEngine::new(&app).run(placed(4_097)).await;
    run.failed_with("step `wait` waits with an expression of more than 4,096 bytes");
}

/// The life of a ghost: of no registry.
#[domain_events]
pub enum GhostEvent {
    /// A ghost was seen.
    Seen { id: u64 },
}

/// Waits for what nobody can send.
#[function(id = "order-placed-ghost")]
async fn hunt(ctx: &Context<OrderPlaced>) -> Result<()> {
    ctx.step.wait_for_event::<GhostSeen>("ghost").await?;
    Ok(())
}

functions! { Hunting in Events = [hunt, total]; }

#[tokio::test]
async fn an_event_that_is_not_registered_is_not_waited_for() {
    let app = App::<Hunting>::builder("test").build().unwrap();
    let run = TestEngine::new(&app).run(placed(1)).await;
    run.failed_with("step `ghost` waits for `ghost/seen`, which is not in the registry");
}

/// Waits for as many days as the order says, in the way that its account says.
#[function(id = "order-placed-patience", retries = 0)]
async fn be_patient(ctx: &Context<OrderPlaced>) -> Result<()> {
    let days = Duration::from_hours(24 * ctx.event.id);
    match ctx.event.account.as_str() {
        "sleep" => ctx.step.sleep("wait", days).await?,
        "until" => {
            ctx.step.sleep_until("wait", ctx.meta.ts + days).await?;
        }
        _ => {
            ctx.step.wait_for_event::<OrderPaid>("wait").timeout(days).await?;
        }
    }
    Ok(())
}

functions! { Patience in Events = [be_patient, total]; }

#[tokio::test]
async fn a_step_may_wait_for_366_days_and_no_longer() {
    let app = App::<Patience>::builder("test").build().unwrap();
    for how in ["sleep", "until", "event"] {
        let mut engine = TestEngine::new(&app);
        let began = engine.now();
        engine.run(placed_by(366, how)).await.completed();
        assert_eq!(engine.now(), began + Duration::from_hours(366 * 24), "{how}");
        let run = TestEngine::new(&app).run(placed_by(367, how)).await;
        run.failed_with("step `wait` waits for more than 366 days");
    }
}
