//! One file under applications that differ: order, options, names and versions. What a deployment before has left goes on.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use event_runtime::embedded::{CommandError, Engine, Retention, RunFilter, RunInfo, RunStatus};
use event_runtime::prelude::*;

use crate::support::{Log, TestClock, World, at, until};

/// Declares what a deployment has: its events, and its functions.
macro_rules! deployment {
    ($name:ident { $($fields:tt)* } [$($function:ident),*] $($item:item)*) => {
        mod $name {
            use super::*;

            /// The life of a job.
            #[domain_events]
            pub enum JobEvent {
                /// A job has come.
                Came { $($fields)* },
                /// A job was finished.
                #[event(unhandled)]
                Finished { number: u32 },
                /// A job was lost.
                #[event(unhandled)]
                Lost { number: u32 },
            }

            registry! { pub Events = [JobEvent]; }
            functions! { pub Functions in Events = [$($function),*]; }

            $($item)*

            #[allow(dead_code, reason = "some set a clock")]
            pub async fn start(file: &Path) -> Engine<Functions> {
                engine(file).start().await.unwrap()
            }

            pub fn engine(file: &Path) -> event_runtime::embedded::Embedded<Functions> {
                App::<Functions>::builder("deployments").build().unwrap().embedded(file)
            }
        }
    };
}

async fn runs<R>(engine: &Engine<R>, function: &str) -> Vec<RunInfo> {
    engine.runs(&RunFilter::new().function(function)).await.unwrap().items
}

async fn until_parked<R>(engine: &Engine<R>, count: u64) {
    for _ in 0..120_000 {
        if engine.stats().runs_started >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("{count} runs have not started");
}

static AT_ONCE: AtomicU32 = AtomicU32::new(0);
static MOST: AtomicU32 = AtomicU32::new(0);

async fn alone(step: &Step) -> Result<()> {
    let body = async || {
        MOST.fetch_max(AT_ONCE.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(20)).await;
        AT_ONCE.fetch_sub(1, Ordering::SeqCst);
        Ok(())
    };
    Ok(step.run("alone", body).await?)
}

deployment! { limited { number: u32 } [single]
    /// One at a time, later.
    #[function(id = "job-came-single", concurrency(limit = 1))]
    async fn single(ctx: &Context<JobCame>) -> Result<()> {
        ctx.step.sleep("later", Duration::from_millis(300)).await?;
        alone(&ctx.step).await
    }
}

deployment! { limited_second { number: u32 } [other, single]
    /// Is new, and listed first.
    #[function(id = "job-came-other")]
    async fn other(_: &Context<JobCame>) -> Result<()> {
        Ok(())
    }

    /// One at a time.
    #[function(id = "job-came-single", concurrency(limit = 5, key = "'all'", scope = "env"), concurrency(limit = 1))]
    async fn single(ctx: &Context<JobCame>) -> Result<()> {
        ctx.step.sleep("later", Duration::from_millis(300)).await?;
        alone(&ctx.step).await
    }
}

#[tokio::test]
async fn a_limit_holds_over_deployments_that_differ_in_order_and_options() {
    let world = World::new();
    let engine = limited::start(&world.database()).await;
    for number in 0..3 {
        engine.client().send(limited::JobCame { number }).await.unwrap();
    }
    until_parked(&engine, 3).await;
    engine.shutdown().await;
    let engine = limited_second::start(&world.database()).await;
    for number in 3..6 {
        engine.client().send(limited_second::JobCame { number }).await.unwrap();
    }
    engine.wait_idle().await.unwrap();
    assert_eq!(runs(&engine, "job-came-single").await.len(), 6);
    assert_eq!(MOST.load(Ordering::SeqCst), 1, "runs of both deployments execute one at a time");
    engine.shutdown().await;
}

deployment! { cancelled { number: u32 } [work]
    /// Is cancelled when its job is lost.
    #[function(id = "job-came-work", cancel_on(event = JobLost, if = "async.data.number == event.data.number"))]
    async fn work(ctx: &Context<JobCame>) -> Result<()> {
        Ok(ctx.step.sleep("long", Duration::from_hours(1)).await?)
    }
}

deployment! { cancelled_second { number: u32 } [work]
    /// Is cancelled by any job that is finished, and by no other.
    #[function(id = "job-came-work", cancel_on(event = JobFinished))]
    async fn work(ctx: &Context<JobCame>) -> Result<()> {
        Ok(ctx.step.sleep("long", Duration::from_hours(1)).await?)
    }
}

#[tokio::test]
async fn a_run_is_cancelled_on_the_terms_on_which_it_came() {
    let world = World::new();
    let engine = cancelled::start(&world.database()).await;
    for number in 1..=2 {
        engine.client().send(cancelled::JobCame { number }).await.unwrap();
    }
    until_parked(&engine, 2).await;
    engine.shutdown().await;
    let engine = cancelled_second::start(&world.database()).await;
    engine.client().send(cancelled_second::JobFinished { number: 1 }).await.unwrap();
    assert!(
        runs(&engine, "job-came-work").await.iter().all(|run| run.ended.is_none()),
        "not by the new terms"
    );
    engine.client().send(cancelled_second::JobLost { number: 1 }).await.unwrap();
    let states: Vec<_> = runs(&engine, "job-came-work").await.iter().map(|run| run.ended.is_some()).collect();
    assert_eq!(states, [false, true], "the newest first: number 1 is cancelled");
    // What happened before the run's own event says nothing about it.
    engine.client().send(cancelled_second::JobLost { number: 2 }.with_ts(at(1_000))).await.unwrap();
    assert_eq!(runs(&engine, "job-came-work").await[0].ended, None);
    engine.shutdown().await;
}

deployment! { keyed { number: u32, account: u32 } [work]
    /// One for each account.
    #[function(id = "job-came-work", singleton(mode = "skip", key = "event.data.account"))]
    async fn work(ctx: &Context<JobCame>) -> Result<u32> {
        let finished = ctx.step.wait_for_event::<JobFinished>("finished");
        finished.matching("async.data.number == event.data.number").await?;
        Ok(ctx.event.number)
    }
}

deployment! { keyed_second { number: u32, account: u32 } [work]
    /// One for each number.
    #[function(id = "job-came-work", singleton(mode = "skip", key = "event.data.number"))]
    async fn work(ctx: &Context<JobCame>) -> Result<u32> {
        let finished = ctx.step.wait_for_event::<JobFinished>("finished");
        finished.matching("async.data.number == event.data.number").await?;
        Ok(ctx.event.number)
    }
}

#[tokio::test]
async fn a_singleton_whose_key_was_changed_and_changed_back_is_not_locked_for_ever() {
    let world = World::new();
    let engine = keyed::start(&world.database()).await;
    engine.client().send(keyed::JobCame { number: 1, account: 7 }).await.unwrap();
    until_parked(&engine, 1).await;
    engine.shutdown().await;
    let engine = keyed_second::start(&world.database()).await;
    engine.client().send(keyed_second::JobFinished { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    engine.shutdown().await;
    let engine = keyed::start(&world.database()).await;
    engine.client().send(keyed::JobCame { number: 2, account: 7 }).await.unwrap();
    engine.client().send(keyed::JobCame { number: 3, account: 7 }).await.unwrap();
    assert_eq!(
        runs(&engine, "job-came-work").await.len(),
        2,
        "the second is the one run of the account, the third is skipped"
    );

    // A run that is opened again holds its place, or is refused while another does.
    let first = runs(&engine, "job-came-work").await.pop().unwrap();
    let open = runs(&engine, "job-came-work").await.remove(0);
    engine.cancel(&open.id).await.unwrap();
    engine.client().send(keyed::JobCame { number: 4, account: 7 }).await.unwrap();
    let refused = engine.retry(&open.id).await.unwrap_err();
    assert!(refused.to_string().contains("singleton"), "{refused}");
    assert_eq!(first.status, RunStatus::Completed);
    engine.client().send(keyed::JobFinished { number: 4 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    engine.retry(&open.id).await.unwrap();
    engine.client().send(keyed::JobCame { number: 5, account: 7 }).await.unwrap();
    assert_eq!(runs(&engine, "job-came-work").await.len(), 3, "the run that was opened again is the one");
    engine.shutdown().await;
}

static THROTTLED: std::sync::LazyLock<Log> = std::sync::LazyLock::new(Log::default);

deployment! { throttled { number: i32 } [work]
    /// One an hour, by mistake.
    #[function(id = "job-came-work", throttle(limit = 1, period = "1h"), priority = "event.data.number")]
    async fn work(ctx: &Context<JobCame>) -> Result<()> {
        THROTTLED.add(ctx.event.number.to_string());
        Ok(())
    }
}

deployment! { throttled_second { number: i32 } [work]
    /// A hundred a second.
    #[function(id = "job-came-work", throttle(limit = 100, period = "1s"), priority = "event.data.number")]
    async fn work(ctx: &Context<JobCame>) -> Result<()> {
        THROTTLED.add(ctx.event.number.to_string());
        Ok(())
    }
}

#[tokio::test]
async fn a_rate_that_is_corrected_holds_at_once_and_priority_counts_among_those_that_wait() {
    let world = World::new();
    let engine = throttled::start(&world.database()).await;
    for number in 0..20 {
        engine.client().send(throttled::JobCame { number: number * 10 }).await.unwrap();
    }
    until_parked(&engine, 1).await;
    engine.shutdown().await;
    assert_eq!(THROTTLED.all(), ["0"]);
    let engine = throttled::start(&world.database()).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    engine.shutdown().await;
    assert_eq!(THROTTLED.all(), ["0"], "a restart does not forget the rate");
    let engine = throttled_second::start(&world.database()).await;
    tokio::time::timeout(Duration::from_mins(2), engine.wait_idle())
        .await
        .expect("nothing waits for an hour")
        .unwrap();
    let mut expected: Vec<String> = (1..20).rev().map(|number| (number * 10).to_string()).collect();
    expected.insert(0, "0".to_owned());
    assert_eq!(THROTTLED.all(), expected);
    engine.shutdown().await;
}

deployment! { plain { number: u32 } [work]
    /// Sleeps at first.
    #[function(id = "job-came-work")]
    async fn work(ctx: &Context<JobCame>) -> Result<u32> {
        ctx.step.sleep("a-moment", Duration::from_hours(1)).await?;
        Ok(ctx.event.number)
    }
}

static TOLD: std::sync::LazyLock<Log> = std::sync::LazyLock::new(Log::default);

deployment! { extended { number: u32, country: String } [work]
    /// Takes a field that its event did not have.
    #[function(id = "job-came-work", on_failure = tell)]
    async fn work(ctx: &Context<JobCame>) -> Result<u32> {
        ctx.step.sleep("a-moment", Duration::from_hours(1)).await?;
        Ok(ctx.event.number)
    }

    /// Is told of failures.
    #[function(id = "job-came-failure")]
    async fn tell(ctx: &Context<Failed<JobCame>>) -> Result<()> {
        let raw: Vec<_> = ctx.event.event.raw().map(|event| event.data.get().to_owned()).collect();
        TOLD.add(format!("{} {}", ctx.event.error, raw.join(" ")));
        Ok(())
    }
}

#[tokio::test]
async fn an_event_that_does_not_fit_any_more_fails_its_run_and_somebody_is_told() {
    let world = World::new();
    let engine = plain::start(&world.database()).await;
    engine.client().send(plain::JobCame { number: 5 }.with_id("the-job")).await.unwrap();
    until_parked(&engine, 1).await;
    engine.shutdown().await;
    let engine = extended::start(&world.database()).await;
    engine.wait_idle().await.unwrap();
    let told = TOLD.all();
    assert_eq!(told.len(), 1, "{told:?}");
    for part in ["job/came", "version 1", "the-job", "job-came-work", "country", r#"{"number":5}"#] {
        assert!(told[0].contains(part), "`{part}` in {told:?}");
    }
    engine.shutdown().await;
}

static GATHERED: std::sync::LazyLock<Log> = std::sync::LazyLock::new(Log::default);

deployment! { gathering { number: u32 } [gather]
    /// Takes three at once.
    #[function(id = "job-came-gatherer", batch(max_size = 3, timeout = "60s"))]
    async fn gather(_: &Context<Batch<JobCame>>) -> Result<()> {
        Ok(())
    }
}

deployment! { gathering_second { number: u32, country: String } [gather]
    /// Takes a field that some of its events do not have.
    #[function(id = "job-came-gatherer", batch(max_size = 3, timeout = "60s"), on_failure = tell)]
    async fn gather(ctx: &Context<Batch<JobCame>>) -> Result<()> {
        let countries: Vec<_> = ctx.event.iter().map(|event| event.country.as_str()).collect();
        GATHERED.add(countries.join(" "));
        Ok(())
    }

    /// Is told of what was left out.
    #[function(id = "job-came-failure")]
    async fn tell(ctx: &Context<Failed<Batch<JobCame>>>) -> Result<()> {
        let raw: Vec<_> = ctx.event.event.raw().map(|event| event.id.as_str()).collect();
        GATHERED.add(format!("{} {}", raw.join(" "), ctx.event.error));
        assert!(ctx.event.event.decoded().is_err());
        Ok(())
    }
}

#[tokio::test]
async fn an_event_of_a_batch_that_does_not_fit_is_left_out_and_told() {
    let world = World::new();
    let engine = gathering::start(&world.database()).await;
    engine.client().send(gathering::JobCame { number: 1 }.with_id("the-old-job")).await.unwrap();
    engine.shutdown().await;
    let engine = gathering_second::start(&world.database()).await;
    for (number, country) in [(2, "nl"), (3, "be")] {
        engine.client().send(gathering_second::JobCame { number, country: country.into() }).await.unwrap();
    }
    engine.wait_idle().await.unwrap();
    let told = GATHERED.all();
    assert_eq!(told[0], "nl be", "{told:?}");
    let expected = "the-old-job 1 of 3 events is not valid and left out, while the others were handled: `job/came` \
                    (id `the-old-job`): country: ";
    assert!(told.len() == 2 && told[1].starts_with(expected), "{told:?}");
    let [run] = &runs(&engine, "job-came-gatherer").await[..] else { panic!("one run") };
    assert_eq!(run.status, RunStatus::Failed);
    engine.shutdown().await;
}

deployment! { tightened {
        #[validate(range(max = 3))]
        number: u32
    } [work]
    /// Is called with what is stored.
    #[function(id = "job-came-work")]
    async fn work(ctx: &Context<JobCame>) -> Result<u32> {
        Ok(ctx.event.number)
    }
}

#[tokio::test]
async fn rules_that_were_tightened_do_not_fail_what_was_accepted_before() {
    let world = World::new();
    let engine = plain::start(&world.database()).await;
    engine.client().send(plain::JobCame { number: 5 }).await.unwrap();
    until_parked(&engine, 1).await;
    engine.shutdown().await;
    let engine = tightened::start(&world.database()).await;
    engine.wait_idle().await.unwrap();
    assert_eq!(runs(&engine, "job-came-work").await[0].output.as_deref(), Some("5"));
    assert!(engine.client().send(tightened::JobCame { number: 5 }).await.is_err(), "what comes is validated");
    engine.shutdown().await;
}

mod newer {
    use super::*;

    /// The life of a job.
    #[domain_events]
    pub enum JobEvent {
        /// A job has come.
        #[event(version = 2, upcast(CameV1))]
        Came { number: u64 },
    }

    /// As it was.
    #[payload]
    pub struct CameV1 {
        number: u32,
    }

    impl Upcast<JobCame> for CameV1 {
        fn upcast(self) -> JobCame {
            JobCame { number: u64::from(self.number) }
        }
    }

    registry! { pub Events = [JobEvent]; }
    functions! { pub Functions in Events = [work]; }

    /// Knows the second version.
    #[function(id = "job-came-work", throttle(limit = 1, period = "1h"))]
    async fn work(ctx: &Context<JobCame>) -> Result<u64> {
        Ok(ctx.event.number)
    }

    pub async fn start(file: &Path) -> Engine<Functions> {
        App::<Functions>::builder("deployments").build().unwrap().embedded(file).start().await.unwrap()
    }
}

#[tokio::test]
async fn a_version_that_a_build_does_not_know_waits_for_one_that_does() {
    let world = World::new();
    let engine = newer::start(&world.database()).await;
    for number in 1..=2 {
        engine.client().send(newer::JobCame { number }).await.unwrap();
    }
    until_parked(&engine, 1).await;
    engine.shutdown().await;
    for _ in 0..12 {
        let engine = tightened::start(&world.database()).await;
        engine.wait_idle().await.unwrap();
        let run = runs(&engine, "job-came-work").await.remove(0);
        let held = run.held.expect("it says why it is not taken up");
        assert!(held.contains("version 2") && held.contains("job/came"), "{held}");
        assert_eq!(run.ended, None);
        engine.shutdown().await;
    }
    let engine = newer::start(&world.database()).await;
    let run = runs(&engine, "job-came-work").await.remove(0);
    assert_eq!((run.held, run.ended), (None, None), "it waits for the throttle, as it did");
    engine.cancel(&run.id).await.unwrap();
    engine.shutdown().await;
}

deployment! { renamed { number: u32 } [labour]
    /// Had another id.
    #[function(id = "job-came-labour", was = "job-came-work", singleton(mode = "skip"))]
    async fn labour(ctx: &Context<JobCame>) -> Result<u32> {
        let finished = ctx.step.wait_for_event::<JobFinished>("finished").await?;
        Ok(finished.map_or(0, |finished| finished.number))
    }
}

deployment! { named_before { number: u32 } [work]
    /// Waits.
    #[function(id = "job-came-work", singleton(mode = "skip"), idempotency = "string(event.data.number)")]
    async fn work(ctx: &Context<JobCame>) -> Result<u32> {
        let finished = ctx.step.wait_for_event::<JobFinished>("finished").await?;
        Ok(finished.map_or(0, |finished| finished.number))
    }
}

deployment! { gone { number: u32 } [other]
    /// Is another function.
    #[function(id = "job-came-other")]
    async fn other(_: &Context<JobCame>) -> Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn runs_of_a_function_that_is_renamed_go_on_and_go_back() {
    let world = World::new();
    let engine = named_before::start(&world.database()).await;
    engine.client().send(named_before::JobCame { number: 1 }).await.unwrap();
    until_parked(&engine, 1).await;
    engine.shutdown().await;
    for _ in 0..2 {
        let engine = renamed::start(&world.database()).await;
        assert_eq!(engine.orphans().await.unwrap(), []);
        engine.client().send(renamed::JobCame { number: 2 }).await.unwrap();
        assert_eq!(
            runs(&engine, "job-came-labour").await.len(),
            1,
            "its run holds the place of the singleton"
        );
        engine.shutdown().await;
        let engine = named_before::start(&world.database()).await;
        assert_eq!(engine.orphans().await.unwrap(), []);
        assert_eq!(runs(&engine, "job-came-work").await.len(), 1);
        engine.shutdown().await;
    }
    let engine = renamed::start(&world.database()).await;
    engine.client().send(renamed::JobFinished { number: 9 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(runs(&engine, "job-came-labour").await[0].output.as_deref(), Some("9"));
    engine.shutdown().await;
}

#[tokio::test]
async fn runs_of_a_function_that_is_gone_can_be_listed_and_ended() {
    let world = World::new();
    let engine = plain::start(&world.database()).await;
    for number in 0..3 {
        engine.client().send(plain::JobCame { number }).await.unwrap();
    }
    until_parked(&engine, 3).await;
    let failed = runs(&engine, "job-came-work").await.remove(0).id;
    engine.cancel(&failed).await.unwrap();
    engine.shutdown().await;

    let engine = gone::start(&world.database()).await;
    engine.wait_idle().await.unwrap();
    let orphans = engine.orphans().await.unwrap();
    assert_eq!(orphans.len(), 1);
    assert_eq!((orphans[0].function_id.as_str(), orphans[0].open_runs), ("job-came-work", 2));
    for refused in [engine.retry(&failed).await, engine.replay(&failed).await.map(drop)] {
        let refused = refused.unwrap_err();
        assert!(matches!(refused, CommandError::Refused { .. }), "{refused}");
    }
    assert_eq!(runs(&engine, "job-came-work").await[0].status, RunStatus::Cancelled, "nothing was changed");
    for run in runs(&engine, "job-came-work").await.iter().filter(|run| run.ended.is_none()) {
        engine.cancel(&run.id).await.unwrap();
    }
    assert_eq!(engine.orphans().await.unwrap(), []);
    assert!(runs(&engine, "job-came-work").await.iter().all(|run| run.status == RunStatus::Cancelled));
    engine.shutdown().await;
}

deployment! { caller { number: u32 } [work, helper]
    /// Calls another function.
    #[function(id = "job-came-work")]
    async fn work(ctx: &Context<JobCame>) -> Result<u32> {
        Ok(ctx.step.invoke::<Helper>("help", JobFinished { number: ctx.event.number }).await?)
    }

    /// Is called.
    #[function(id = "job-finished-helper")]
    async fn helper(ctx: &Context<JobFinished>) -> Result<u32> {
        ctx.step.wait_for_event::<JobLost>("lost").await?;
        Ok(ctx.event.number + 1)
    }
}

deployment! { without_caller { number: u32 } [other, helper]
    /// Is another function.
    #[function(id = "job-came-other")]
    async fn other(_: &Context<JobCame>) -> Result<()> {
        Ok(())
    }

    /// Is called.
    #[function(id = "job-finished-helper")]
    async fn helper(ctx: &Context<JobFinished>) -> Result<u32> {
        ctx.step.wait_for_event::<JobLost>("lost").await?;
        Ok(ctx.event.number + 1)
    }
}

#[tokio::test]
async fn a_result_reaches_a_caller_that_was_away_when_it_came() {
    let world = World::new();
    let engine = caller::start(&world.database()).await;
    engine.client().send(caller::JobCame { number: 1 }).await.unwrap();
    until_parked(&engine, 2).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    engine.shutdown().await;
    let engine = without_caller::start(&world.database()).await;
    engine.client().send(without_caller::JobLost { number: 0 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(runs(&engine, "job-finished-helper").await[0].output.as_deref(), Some("2"));
    engine.shutdown().await;
    let engine = caller::start(&world.database()).await;
    tokio::time::timeout(Duration::from_mins(2), engine.wait_idle())
        .await
        .expect("the caller has its answer")
        .unwrap();
    assert_eq!(runs(&engine, "job-came-work").await[0].output.as_deref(), Some("2"));
    engine.shutdown().await;
}

#[tokio::test]
async fn a_run_that_is_opened_again_can_be_cancelled_by_its_event() {
    let world = World::new();
    let engine = cancelled::start(&world.database()).await;
    engine.client().send(cancelled::JobCame { number: 1 }).await.unwrap();
    until_parked(&engine, 1).await;
    let id = runs(&engine, "job-came-work").await.remove(0).id;
    for _ in 0..2 {
        engine.client().send(cancelled::JobLost { number: 1 }).await.unwrap();
        assert_eq!(runs(&engine, "job-came-work").await[0].status, RunStatus::Cancelled);
        engine.retry(&id).await.unwrap();
        assert_eq!(runs(&engine, "job-came-work").await[0].ended, None);
    }
    engine.shutdown().await;
}

#[tokio::test]
async fn retention_keeps_the_ids_that_may_come_again() {
    let world = World::new();
    let clock = TestClock::new();
    let mut retention = Retention::FOREVER;
    retention.runs = Some(1);
    let engine =
        gone::engine(&world.database()).clock(clock.clone()).retention(retention).start().await.unwrap();
    let client = engine.client();
    for number in 0..20 {
        client.send(gone::JobCame { number }.with_id(format!("job-{number}"))).await.unwrap();
    }
    engine.wait_idle().await.unwrap();
    for _ in 0..150 {
        clock.advance(60_000);
        client.send(gone::JobLost { number: 0 }).await.unwrap();
    }
    until("history is pruned", || {
        crate::support::query::<i64>(&world.database(), "SELECT count(*) FROM runs") == 1
    })
    .await;
    for number in 0..20 {
        let receipt = client.send(gone::JobCame { number }.with_id(format!("job-{number}"))).await.unwrap();
        assert!(receipt.duplicate, "{number}, after 150 minutes");
    }
    clock.advance(25 * 3_600_000);
    for _ in 0..60 {
        clock.advance(60_000);
        client.send(gone::JobLost { number: 1 }).await.unwrap();
    }
    until("events that nobody can ask for are pruned", || {
        crate::support::query::<i64>(&world.database(), "SELECT count(*) FROM events WHERE id LIKE 'job-%'")
            <= 1
    })
    .await;
    engine.shutdown().await;
}

static SHUTDOWNS: AtomicU32 = AtomicU32::new(0);

deployment! { long_body { number: u32 } [work, other]
    /// Has a body that is longer than any grace.
    #[function(id = "job-came-work")]
    async fn work(ctx: &Context<JobCame>) -> Result<()> {
        let body = async || {
            SHUTDOWNS.fetch_add(1, Ordering::SeqCst);
            if SHUTDOWNS.load(Ordering::SeqCst) <= 12 {
                std::future::pending::<()>().await;
            }
            Ok(())
        };
        Ok(ctx.step.run("long", body).await?)
    }

    /// Is quick.
    #[function(id = "job-came-other")]
    async fn other(_: &Context<JobCame>) -> Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_shutdown_is_not_a_death() {
    let world = World::new();
    for round in 1..=12 {
        let engine = long_body::engine(&world.database())
            .shutdown_grace(Duration::from_millis(1))
            .start()
            .await
            .unwrap();
        if round == 1 {
            engine.client().send(long_body::JobCame { number: 0 }).await.unwrap();
        }
        until("the body runs", || SHUTDOWNS.load(Ordering::SeqCst) == round).await;
        engine.shutdown().await;
    }
    let engine = long_body::start(&world.database()).await;
    engine.wait_idle().await.unwrap();
    let totals = engine.totals().await.unwrap();
    assert_eq!((totals.completed, totals.failed), (2, 0));
    engine.shutdown().await;
}

deployment! { batched { number: u32 } [work]
    /// In tens.
    #[function(id = "job-came-work", batch(max_size = 10, timeout = "60s"))]
    async fn work(ctx: &Context<Batch<JobCame>>) -> Result<usize> {
        Ok(ctx.event.len())
    }
}

deployment! { batched_second { number: u32 } [work]
    /// In threes.
    #[function(id = "job-came-work", batch(max_size = 3, timeout = "60s"))]
    async fn work(ctx: &Context<Batch<JobCame>>) -> Result<usize> {
        Ok(ctx.event.len())
    }
}

#[tokio::test]
async fn a_batch_is_never_larger_than_its_function_says_and_none_is_lost_without_the_option() {
    for second in [true, false] {
        let world = World::new();
        let clock = TestClock::new();
        let engine = batched::engine(&world.database()).clock(clock.clone()).start().await.unwrap();
        for number in 0..8 {
            engine.client().send(batched::JobCame { number }).await.unwrap();
        }
        engine.shutdown().await;
        clock.advance(60_000);
        let sizes =
            |runs: Vec<RunInfo>| runs.iter().rev().filter_map(|run| run.output.clone()).collect::<Vec<_>>();
        if second {
            let engine =
                batched_second::engine(&world.database()).clock(clock.clone()).start().await.unwrap();
            until("the batches have run", || engine.stats().runs_completed == 3).await;
            assert_eq!(sizes(runs(&engine, "job-came-work").await), ["3", "3", "2"]);
            engine.shutdown().await;
        } else {
            let engine = tightened::engine(&world.database()).clock(clock.clone()).start().await.unwrap();
            until("each event has its run", || engine.stats().runs_completed == 8).await;
            assert_eq!(sizes(runs(&engine, "job-came-work").await), ["0", "1", "2", "3", "4", "5", "6", "7"]);
            engine.shutdown().await;
        }
    }
}

deployment! { debounced { number: u32 } [work]
    /// With the newest.
    #[function(id = "job-came-work", debounce(period = "10s"))]
    async fn work(ctx: &Context<JobCame>) -> Result<u32> {
        Ok(ctx.event.number)
    }
}

#[tokio::test]
async fn a_debounce_keeps_what_happened_last() {
    let world = World::new();
    let clock = TestClock::new();
    let engine = debounced::engine(&world.database()).clock(clock.clone()).start().await.unwrap();
    for (number, ts) in [(1, 1_000), (2, 3_000), (3, 2_000)] {
        engine.client().send(debounced::JobCame { number }.with_ts(at(ts))).await.unwrap();
    }
    engine.shutdown().await;
    clock.advance(10_000);
    let engine = debounced::engine(&world.database()).clock(clock.clone()).start().await.unwrap();
    until("it has run", || engine.stats().runs_completed == 1).await;
    assert_eq!(runs(&engine, "job-came-work").await[0].output.as_deref(), Some("2"));
    engine.shutdown().await;
}
