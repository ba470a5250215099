//! What is promised about events and steps, over crashes and restarts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use event_runtime::prelude::*;
use tokio::sync::Semaphore;

use crate::support::{
    Doing, Log, TaskFinished, TaskStarted, TestClock, World, at, copy_as_after_a_crash, query, until,
};

#[tokio::test]
async fn an_id_starts_nothing_twice_within_the_window() {
    let world = World::new();
    let clock = TestClock::new();
    let engine = world
        .engine(&world.database(), |_, log| {
            Box::pin(async move {
                log.add("run");
                Ok(1)
            })
        })
        .clock(clock.clone())
        .dedupe_window(Duration::from_mins(1))
        .start()
        .await
        .unwrap();
    let client = engine.client();
    let send = || client.send(TaskStarted { number: 1 }.with_id("one"));
    assert!(!send().await.unwrap().duplicate);
    clock.advance(59_999);
    assert!(send().await.unwrap().duplicate);
    engine.wait_idle().await.unwrap();
    assert_eq!(world.log.count("run"), 1);
    clock.advance(1);
    let receipt = send().await.unwrap();
    assert_eq!(
        (receipt.id.as_str(), receipt.duplicate),
        ("one", false),
        "after the window it is a new event"
    );
    engine.wait_idle().await.unwrap();
    assert_eq!((world.log.count("run"), engine.stats().duplicates), (2, 1));

    let twice = [TaskStarted { number: 1 }.with_id("two"), TaskStarted { number: 2 }.with_id("two")];
    let receipts = client.send_all(twice).await.unwrap();
    assert_eq!(receipts.iter().map(|receipt| receipt.duplicate).collect::<Vec<_>>(), [false, true]);
    engine.shutdown().await;
}

#[tokio::test]
async fn what_was_recorded_before_a_crash_is_not_repeated_after_it() {
    let world = World::new();
    let engine = world
        .start(|ctx, log| {
            Box::pin(async move {
                let body = async || {
                    log.add("first");
                    Ok(41)
                };
                let first = ctx.step.run("first", body).await?;
                ctx.step.send("tell", TaskFinished { number: first, note: String::new() }).await?;
                // Here the process dies, later: the step never ends.
                log.add("waits");
                Ok(ctx.step.run("second", async || std::future::pending().await).await?)
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    until("the second step runs", || world.log.count("waits") == 1).await;
    until("the event of the first is handled", || engine.stats().runs_completed == 1).await;
    let copy = world.copy_as_after_a_crash();

    let after = World::new();
    let recovered = after
        .engine(&copy, |ctx, log| {
            Box::pin(async move {
                let first = ctx.step.run("first", async || Err(Error::msg("was recorded"))).await?;
                ctx.step.send("tell", TaskFinished { number: first, note: String::new() }).await?;
                log.add("again");
                Ok(ctx.step.run("second", async || Ok(first + 1)).await?)
            })
        })
        .start()
        .await
        .unwrap();
    recovered.wait_idle().await.unwrap();
    assert_eq!(
        query::<String>(
            &copy,
            "SELECT result FROM runs JOIN functions ON num = function WHERE functions.id = 'task-started-worker'"
        ),
        "42"
    );
    assert_eq!(
        (after.log.count("again"), after.finished.all().len()),
        (1, 0),
        "the event was sent before the crash"
    );
    assert_eq!(query::<i64>(&copy, "SELECT count(*) FROM events"), 2);
    recovered.shutdown().await;
}

#[tokio::test]
async fn a_race_is_replayed_as_it_was_decided() {
    let world = World::new();
    let gate = Arc::new(Semaphore::new(0));
    let engine = world
        .start(move |ctx, log| {
            let gate = Arc::clone(&gate);
            Box::pin(async move {
                // Both are recorded, the second one first.
                let (first, second) = tokio::join!(
                    ctx.step.run("a", async || {
                        gate.acquire().await?.forget();
                        Ok("late".to_owned())
                    }),
                    async {
                        let won = ctx.step.run("b", async || Ok("early".to_owned())).await;
                        gate.add_permits(1);
                        won
                    }
                );
                log.add(format!("{} {}", first?, second?));
                Ok(ctx.step.run("end", async || std::future::pending().await).await?)
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    until("both have ended", || world.log.all().len() == 1).await;
    let copy = world.copy_as_after_a_crash();

    let after = World::new();
    let recovered = after
        .engine(&copy, |ctx, log| {
            Box::pin(async move {
                // The same steps in a race: the one that was recorded first wins, though the other is polled first.
                let winner = tokio::select! {
                    biased;
                    a = ctx.step.run("a", async || Ok(String::from("not recorded"))) => a?,
                    b = ctx.step.run("b", async || Ok(String::from("not recorded"))) => b?,
                };
                log.add(winner);
                Ok(0)
            })
        })
        .start()
        .await
        .unwrap();
    recovered.wait_idle().await.unwrap();
    assert_eq!(after.log.all(), ["early"]);
    recovered.shutdown().await;
}

#[tokio::test]
async fn failed_attempts_are_counted_over_a_crash() {
    let world = World::new();
    let engine = world
        .engine(&world.database(), |ctx, log| {
            Box::pin(async move {
                let body = async || {
                    log.add("body");
                    Err::<u32, _>(Error::msg("no luck").retry_after(Duration::from_hours(1)))
                };
                Ok(ctx.step.run("broken", body).await?)
            })
        })
        .start()
        .await
        .unwrap();
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    let database = world.database();
    until("the attempt is on disk", || {
        query::<i64>(&database, "SELECT count(*) FROM steps WHERE attempts = 1") == 1
    })
    .await;
    let copy = world.copy_as_after_a_crash();

    let after = World::new();
    let clock = TestClock::new();
    clock.advance(1_000_000_000_000);
    let recovered = after
        .engine(&copy, |ctx, log| {
            Box::pin(async move {
                let body = async || {
                    log.add("body");
                    Err(Error::msg("still no luck"))
                };
                Ok(ctx.step.run("broken", body).await?)
            })
        })
        .clock(clock.clone())
        .backoff(event_runtime::embedded::Backoff::fixed(Duration::ZERO))
        .start()
        .await
        .unwrap();
    recovered.wait_idle().await.unwrap();
    assert_eq!(after.log.count("body"), 2, "one of three attempts was made before the crash");
    recovered.shutdown().await;
}

#[tokio::test]
async fn a_sleep_goes_on_after_a_restart_and_ends_when_it_is_due() {
    let world = World::new();
    let clock = TestClock::new();
    let engine = world.engine(&world.database(), sleeper).clock(clock.clone()).start().await.unwrap();
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    let database = world.database();
    until("the sleep is on disk", || {
        query::<i64>(&database, "SELECT count(*) FROM steps WHERE kind = 1") == 1
    })
    .await;
    engine.shutdown().await;
    assert_eq!(world.log.all(), ["before"]);

    clock.advance(3_599_999);
    let engine = world.engine(&world.database(), sleeper).clock(clock.clone()).start().await.unwrap();
    until("it has been taken up", || engine.stats().runs_started == 1).await;
    engine.shutdown().await;
    assert_eq!(world.log.all(), ["before"], "a millisecond is left");

    clock.advance(1);
    let engine = world.engine(&world.database(), sleeper).clock(clock.clone()).start().await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(world.log.all(), ["before", "after"]);
    engine.shutdown().await;
}

fn sleeper<'a>(ctx: &'a Context<TaskStarted>, log: &'a Log) -> Doing<'a> {
    Box::pin(async move {
        let before = async || {
            log.add("before");
            Ok(())
        };
        ctx.step.run("before", before).await?;
        ctx.step.sleep("an-hour", Duration::from_hours(1)).await?;
        let after = async || {
            log.add("after");
            Ok(1)
        };
        Ok(ctx.step.run("after", after).await?)
    })
}

#[tokio::test]
async fn an_event_of_the_future_starts_its_runs_then() {
    let world = World::new();
    let clock = TestClock::new();
    let start = || {
        world
            .engine(&world.database(), |ctx, log| {
                Box::pin(async move {
                    log.add(format!("run {}", ctx.event.number));
                    Ok(1)
                })
            })
            .clock(clock.clone())
            .start()
    };
    let engine = start().await.unwrap();
    let future = 1_700_000_000_000 + 60_000;
    engine.client().send(TaskStarted { number: 1 }.with_ts(at(future))).await.unwrap();
    engine.client().send(TaskStarted { number: 2 }).await.unwrap();
    until("the second has run", || engine.stats().runs_completed == 1).await;
    engine.shutdown().await;
    assert_eq!(world.log.all(), ["run 2"]);
    clock.advance(60_000);
    let engine = start().await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(world.log.all(), ["run 2", "run 1"]);
    engine.shutdown().await;
}

#[tokio::test]
async fn runs_start_in_the_order_of_their_events_and_no_more_at_once_than_allowed() {
    let world = World::new();
    let permits = Arc::new(Semaphore::new(3));
    let engine = world
        .engine(&world.database(), move |ctx, log| {
            let permits = Arc::clone(&permits);
            Box::pin(async move {
                log.add(ctx.event.number.to_string());
                let body = async || {
                    let _permit =
                        permits.try_acquire().map_err(|_| Error::non_retriable(Error::msg("too many")))?;
                    tokio::task::yield_now().await;
                    Ok(1)
                };
                Ok(ctx.step.run("limited", body).await?)
            })
        })
        .max_concurrent_runs(3)
        .start()
        .await
        .unwrap();
    let events = (0..200).map(|number| TaskStarted { number });
    engine.client().send_all(events).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(engine.stats().runs_completed, 200);
    let expected: Vec<_> = (0..200).map(|number: u32| number.to_string()).collect();
    assert_eq!(world.log.all(), expected);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_run_that_brings_the_process_down_again_and_again_is_given_up() {
    let world = World::new();
    let engine = world
        .start(|ctx, log| {
            Box::pin(async move {
                log.add("entry");
                Ok(ctx.step.run("stuck", async || std::future::pending().await).await?)
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    until("it runs", || world.log.count("entry") == 1).await;
    let mut copy = world.copy_as_after_a_crash();
    for crash in 1..=10 {
        let next = copy.with_extension(format!("{crash}.db"));
        let after = World::new();
        let engine = after
            .engine(&copy, |ctx, log| {
                Box::pin(async move {
                    log.add("entry");
                    Ok(ctx.step.run("stuck", async || std::future::pending().await).await?)
                })
            })
            .shutdown_grace(Duration::ZERO)
            .start()
            .await
            .unwrap();
        until("it runs again", || after.log.count("entry") == 1).await;
        copy_as_after_a_crash(&copy, &next);
        engine.shutdown().await;
        copy = next;
    }
    let engine = world.engine(&copy, |_, _| Box::pin(async { Ok(1) })).start().await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(engine.stats().runs_failed, 1);
    let message: String = query(&copy, "SELECT result ->> 'message' FROM runs");
    assert_eq!(message, "the process died 10 times while it executed this run");
    engine.shutdown().await;
}

#[tokio::test]
async fn many_senders_at_once_lose_nothing() {
    let world = World::new();
    let engine = world.start(|ctx, _| Box::pin(async move { Ok(ctx.event.number) })).await;
    let client = engine.client();
    let senders = (0..500).map(|number| {
        let client = client.clone();
        async move { client.send(TaskStarted { number }).await }
    });
    for receipt in futures_util::future::join_all(senders).await {
        assert!(!receipt.unwrap().duplicate);
    }
    engine.wait_idle().await.unwrap();
    let totals = engine.totals().await.unwrap();
    assert_eq!((totals.events, totals.runs, totals.completed, totals.open), (500, 500, 500, 0));
    assert_eq!(query::<i64>(&world.database(), "SELECT sum(result) FROM runs"), (0..500).sum::<i64>());
    engine.shutdown().await;
}

#[tokio::test]
async fn runs_during_which_the_process_has_died_often_begin_alone() {
    static EXECUTING: AtomicU32 = AtomicU32::new(0);
    static MOST: AtomicU32 = AtomicU32::new(0);
    let world = World::new();
    let engine = world
        .start(|ctx, log| {
            Box::pin(async move {
                log.add("entry");
                Ok(ctx.step.run("work", async || std::future::pending().await).await?)
            })
        })
        .await;
    for number in 0..5 {
        engine.client().send(TaskStarted { number }).await.unwrap();
    }
    until("they run", || world.log.count("entry") == 5).await;
    let copy = world.copy_as_after_a_crash();
    rusqlite::Connection::open(&copy).unwrap().execute("UPDATE runs SET recoveries = 3", []).unwrap();
    let engine = world.engine(&copy, |ctx, _| {
        Box::pin(async move {
            let body = async || {
                MOST.fetch_max(EXECUTING.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(5)).await;
                EXECUTING.fetch_sub(1, Ordering::SeqCst);
                Ok(1)
            };
            Ok(ctx.step.run("work", body).await?)
        })
    });
    let engine = engine.start().await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(engine.totals().await.unwrap().completed, 5);
    assert_eq!(MOST.load(Ordering::SeqCst), 1, "one at a time, until each has shown that it does no harm");
    engine.shutdown().await;
}
