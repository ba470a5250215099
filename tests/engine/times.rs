//! Times at which functions start by themselves, over stops, deployments and a clock that jumps.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use event_runtime::FunctionList;
use event_runtime::clock::Clock;
use event_runtime::embedded::{Engine, RunFilter};
use event_runtime::prelude::*;

use crate::support::{TestClock, copy_as_after_a_crash, query};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 365 * DAY;

/// 1 December 2026, midnight.
const BEGIN: i64 = 1_796_083_200_000;

/// The life of a parcel.
#[domain_events]
pub enum ParcelEvent {
    /// A parcel has come.
    Came {
        /// Its number.
        number: u32,
    },
    /// Somebody has looked at the clock: the engine looks too.
    Checked {
        /// Any number.
        number: u32,
    },
}

registry! {
    /// Every event.
    pub ParcelEvents = [ParcelEvent];
}

/// Milliseconds since the Unix epoch.
fn ms(time: SystemTime) -> i64 {
    i64::try_from(time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// Every morning at nine.
#[function(id = "morning", cron = "0 9 * * *")]
async fn morning(ctx: &Context<Cron>) -> Result<i64> {
    Ok(ms(ctx.meta.ts))
}

/// Every minute.
#[function(id = "minutely", cron = "* * * * *")]
async fn minutely(ctx: &Context<Cron>) -> Result<i64> {
    Ok(ms(ctx.meta.ts))
}

/// Under another name, with another time as well.
#[function(id = "early-morning", was = "morning", cron("0 9 * * *", "0 5 1 1 *"))]
async fn renamed(ctx: &Context<Cron>) -> Result<i64> {
    Ok(ms(ctx.meta.ts))
}

/// The last of several.
#[function(id = "parcel-came-last", debounce(period = "5s", timeout = "20s"))]
async fn last(ctx: &Context<ParcelCame>) -> Result<u32> {
    Ok(ctx.event.number)
}

/// Several at once.
#[function(id = "parcel-came-several", batch(max_size = 100, timeout = "10s"))]
async fn several(ctx: &Context<Batch<ParcelCame>>) -> Result<usize> {
    Ok(ctx.event.len())
}

/// Is cancelled when somebody looks.
#[function(id = "parcel-came-shy", cancel_on(event = ParcelChecked))]
async fn shy(ctx: &Context<ParcelCame>) -> Result<()> {
    Ok(ctx.step.sleep("hide", Duration::from_hours(24)).await?)
}

/// One each minute.
#[function(id = "parcel-came-throttled", throttle(limit = 1, period = "1m"))]
async fn throttled(ctx: &Context<ParcelCame>) -> Result<u32> {
    Ok(ctx.event.number)
}

/// One each minute; further ones are skipped.
#[function(id = "parcel-came-limited", rate_limit(limit = 1, period = "1m"))]
async fn limited(ctx: &Context<ParcelCame>) -> Result<u32> {
    Ok(ctx.event.number)
}

/// Looks at the clock.
#[function(id = "parcel-checked-look")]
async fn look(ctx: &Context<ParcelChecked>) -> Result<u32> {
    Ok(ctx.event.number)
}

functions! { MorningList in ParcelEvents = [morning, look]; }
functions! { MinutelyList in ParcelEvents = [minutely, look]; }
functions! { WithoutList in ParcelEvents = [look]; }
functions! { RenamedList in ParcelEvents = [look, renamed]; }
functions! { HeldList in ParcelEvents = [last, several, throttled, limited, look]; }

async fn start<F: FunctionList<Registry = ParcelEvents>>(file: &Path, clock: &TestClock) -> Engine<F> {
    let app = App::<F>::builder("times").build().unwrap();
    app.embedded(file).clock(clock.clone()).start().await.unwrap()
}

/// What the runs of a function have returned, the first first, once whatever is due has ended.
async fn results<F: FunctionList<Registry = ParcelEvents>>(engine: &Engine<F>, function: &str) -> Vec<i64> {
    // What is due is carried out in the transaction of whatever comes.
    engine.client().send(ParcelChecked { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    let filter = RunFilter::new().function(function).limit(1_000);
    let runs = engine.runs(&filter).await.unwrap();
    runs.iter().rev().map(|run| run.output.as_ref().unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn a_time_that_was_missed_is_made_up_for_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.db");
    let clock = TestClock::at(BEGIN + 9 * HOUR);
    let engine = start::<MorningList>(&file, &clock).await;
    assert_eq!(results(&engine, "morning").await, [0; 0], "one that is new waits for its time");
    clock.advance(DAY - SECOND);
    assert_eq!(results(&engine, "morning").await, [0; 0]);
    engine.shutdown().await;

    clock.advance(3 * SECOND);
    let engine = start::<MorningList>(&file, &clock).await;
    let first = BEGIN + DAY + 9 * HOUR;
    assert_eq!(results(&engine, "morning").await, [first], "two seconds late");
    engine.shutdown().await;
    let engine = start::<MorningList>(&file, &clock).await;
    assert_eq!(results(&engine, "morning").await, [first], "once");
    engine.shutdown().await;

    // However many were missed, one run makes up for them.
    clock.advance(20 * DAY);
    let engine = start::<MorningList>(&file, &clock).await;
    assert_eq!(results(&engine, "morning").await, [first, first + DAY]);
    clock.advance(DAY - MINUTE);
    assert_eq!(results(&engine, "morning").await, [first, first + DAY], "the next is not due");
    clock.advance(MINUTE);
    assert_eq!(results(&engine, "morning").await, [first, first + DAY, first + 21 * DAY]);
    engine.shutdown().await;
}

/// Nothing has happened but the start when the process dies.
#[tokio::test]
async fn a_time_that_is_new_is_known_before_it_comes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.db");
    let clock = TestClock::at(BEGIN);
    let engine = start::<MorningList>(&file, &clock).await;
    let copy = folder.path().join("copy.db");
    copy_as_after_a_crash(&file, &copy);
    engine.shutdown().await;

    clock.advance(10 * HOUR);
    let engine = start::<MorningList>(&copy, &clock).await;
    assert_eq!(results(&engine, "morning").await, [BEGIN + 9 * HOUR]);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_time_that_was_missed_between_two_deployments_is_made_up_for_within_a_week() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.db");
    let clock = TestClock::at(BEGIN + 10 * HOUR);
    start::<MorningList>(&file, &clock).await.shutdown().await;
    for _ in 0..3 {
        clock.advance(2 * DAY);
        start::<WithoutList>(&file, &clock).await.shutdown().await;
    }
    let engine = start::<MorningList>(&file, &clock).await;
    let first = BEGIN + DAY + 9 * HOUR;
    assert_eq!(results(&engine, "morning").await, [first], "of six, one");
    engine.shutdown().await;

    start::<WithoutList>(&file, &clock).await.shutdown().await;
    clock.advance(7 * DAY + SECOND);
    let engine = start::<MorningList>(&file, &clock).await;
    assert_eq!(results(&engine, "morning").await, [first], "after a week it is new");
    clock.advance(DAY);
    assert_eq!(results(&engine, "morning").await, [first, BEGIN + 14 * DAY + 9 * HOUR]);
    engine.shutdown().await;
    start::<WithoutList>(&file, &clock).await.shutdown().await;
    clock.advance(7 * DAY + SECOND);
    start::<WithoutList>(&file, &clock).await.shutdown().await;
    assert_eq!(query::<i64>(&file, "SELECT count(*) FROM crons"), 0, "it is forgotten");
}

#[tokio::test]
async fn a_function_keeps_its_times_under_another_name_and_when_the_name_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.db");
    let clock = TestClock::at(BEGIN + 8 * HOUR);
    start::<MorningList>(&file, &clock).await.shutdown().await;
    clock.advance(2 * HOUR);
    let engine = start::<RenamedList>(&file, &clock).await;
    assert_eq!(
        results(&engine, "early-morning").await,
        [BEGIN + 9 * HOUR],
        "of the one time that is not new"
    );
    engine.shutdown().await;
    let engine = start::<MorningList>(&file, &clock).await;
    assert_eq!(results(&engine, "morning").await, [0; 0], "it has run under the other name");
    clock.advance(DAY);
    assert_eq!(results(&engine, "morning").await, [BEGIN + DAY + 9 * HOUR]);
    engine.shutdown().await;
    let engine = start::<RenamedList>(&file, &clock).await;
    let all = [BEGIN + 9 * HOUR, BEGIN + DAY + 9 * HOUR];
    assert_eq!(
        results(&engine, "early-morning").await,
        all,
        "both are its runs now, and there are no others"
    );
    engine.shutdown().await;
}

#[tokio::test]
async fn a_clock_that_leaps_ahead_makes_no_burst() {
    let folder = tempfile::tempdir().unwrap();
    let clock = TestClock::at(BEGIN);
    let engine = start::<MinutelyList>(&folder.path().join("events.db"), &clock).await;
    clock.advance(YEAR);
    assert_eq!(results(&engine, "minutely").await, [BEGIN + MINUTE]);
    clock.advance(MINUTE);
    assert_eq!(results(&engine, "minutely").await, [BEGIN + MINUTE, BEGIN + YEAR + MINUTE]);
    // It was wrong, and is put right: whatever has not come yet comes.
    clock.advance(-YEAR);
    results(&engine, "minutely").await;
    clock.advance(MINUTE);
    assert_eq!(results(&engine, "minutely").await.last(), Some(&(BEGIN + 2 * MINUTE)));
    engine.shutdown().await;
}

/// By more than a day: the minutes come again.
#[tokio::test]
async fn a_clock_that_is_set_back_by_days_does_not_stop_what_comes_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.db");
    let clock = TestClock::at(BEGIN);
    let mut engine = start::<MinutelyList>(&file, &clock).await;
    let mut expected = Vec::new();
    for back in [3 * DAY, YEAR, 2 * DAY] {
        for _ in 0..3 {
            clock.advance(MINUTE);
            expected.push(ms(clock.now()));
            assert_eq!(results(&engine, "minutely").await, expected);
        }
        clock.advance(-back);
        assert_eq!(results(&engine, "minutely").await, expected, "its minute has not come");
        if back == YEAR {
            // Noticed by a start alike.
            engine.shutdown().await;
            engine = start::<MinutelyList>(&file, &clock).await;
        }
    }
    // The very same minutes again, more than a day after they came first.
    let again = expected[0] - ms(clock.now()) - MINUTE;
    clock.advance(again);
    results(&engine, "minutely").await;
    clock.advance(2 * DAY);
    results(&engine, "minutely").await;
    let before = expected.len() + 2;
    clock.advance(-2 * DAY);
    results(&engine, "minutely").await;
    clock.advance(MINUTE);
    assert_eq!(results(&engine, "minutely").await.len(), before + 1);
    engine.shutdown().await;
}

/// By less than a day: what has come does not come again, and what has not is not put off.
#[tokio::test]
async fn a_clock_that_is_set_back_by_hours_repeats_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.db");
    let clock = TestClock::at(BEGIN + 8 * HOUR);
    let mut engine = start::<MinutelyList>(&file, &clock).await;
    for _ in 0..5 {
        clock.advance(MINUTE);
        results(&engine, "minutely").await;
    }
    let minutes: Vec<i64> = (1..=5).map(|minute| BEGIN + 8 * HOUR + minute * MINUTE).collect();
    for restarts in [false, true] {
        clock.advance(-3 * MINUTE);
        assert_eq!(results(&engine, "minutely").await, minutes);
        if restarts {
            engine.shutdown().await;
            engine = start::<MinutelyList>(&file, &clock).await;
        }
        for _ in 0..3 {
            clock.advance(MINUTE);
            assert_eq!(results(&engine, "minutely").await, minutes, "these minutes have come before");
        }
    }
    clock.advance(MINUTE);
    assert_eq!(results(&engine, "minutely").await.len(), 6);
    clock.advance(-2 * HOUR);
    results(&engine, "minutely").await;
    clock.advance(MINUTE);
    assert_eq!(results(&engine, "minutely").await.last(), Some(&(BEGIN + 6 * HOUR + 7 * MINUTE)));
    engine.shutdown().await;
}

/// Waits until the runs of a function have returned this.
async fn until<F>(engine: &Engine<F>, function: &str, expected: &[i64]) {
    let filter = RunFilter::new().function(function);
    let mut found = Vec::new();
    for _ in 0..120_000 {
        let runs = engine.runs(&filter).await.unwrap();
        let outputs = runs.iter().rev().filter_map(|run| run.output.as_ref());
        found = outputs.map(|output| output.parse::<i64>().unwrap()).collect();
        if found == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("`{function}` has returned {found:?}, and not {expected:?}");
}

#[tokio::test]
async fn a_clock_that_is_set_back_puts_nothing_off_that_is_held_back() {
    for restarts in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("events.db");
        let clock = TestClock::at(BEGIN);
        let mut engine = start::<HeldList>(&file, &clock).await;
        let come = async |engine: &Engine<HeldList>, number| {
            engine.client().send(ParcelCame { number }).await.unwrap();
        };
        let check = async |engine: &Engine<HeldList>| {
            engine.client().send(ParcelChecked { number: 0 }).await.unwrap();
        };
        come(&engine, 1).await;
        come(&engine, 2).await;
        until(&engine, "parcel-came-throttled", &[1]).await;
        until(&engine, "parcel-came-limited", &[1]).await;
        if restarts {
            engine.shutdown().await;
        }
        clock.advance(-YEAR);
        if restarts {
            engine = start::<HeldList>(&file, &clock).await;
        }
        check(&engine).await;
        clock.advance(5 * SECOND);
        check(&engine).await;
        until(&engine, "parcel-came-last", &[2]).await;
        until(&engine, "parcel-came-several", &[]).await;
        clock.advance(5 * SECOND);
        check(&engine).await;
        until(&engine, "parcel-came-several", &[2]).await;
        clock.advance(50 * SECOND);
        come(&engine, 3).await;
        until(&engine, "parcel-came-throttled", &[1, 2]).await;
        until(&engine, "parcel-came-limited", &[1, 3]).await;
        clock.advance(MINUTE);
        check(&engine).await;
        until(&engine, "parcel-came-throttled", &[1, 2, 3]).await;
        engine.shutdown().await;
    }
}

/// What the first of several puts off at the most counts from now, too.
#[tokio::test]
async fn a_clock_that_is_set_back_does_not_prolong_a_debounce() {
    let folder = tempfile::tempdir().unwrap();
    let clock = TestClock::at(BEGIN);
    let engine = start::<HeldList>(&folder.path().join("events.db"), &clock).await;
    let client = engine.client();
    let come = |number| client.send(ParcelCame { number });
    come(1).await.unwrap();
    clock.advance(-YEAR);
    for number in 2..=6 {
        come(number).await.unwrap();
        clock.advance(4 * SECOND);
    }
    // 20 seconds after the clock was set back.
    client.send(ParcelChecked { number: 0 }).await.unwrap();
    until(&engine, "parcel-came-last", &[6]).await;
    engine.shutdown().await;
}

/// The clock of the system, or a year behind it.
#[derive(Clone, Default)]
struct Behind(Arc<AtomicBool>);

impl Clock for Behind {
    fn now(&self) -> SystemTime {
        let back = if self.0.load(Ordering::SeqCst) { YEAR } else { 0 };
        SystemTime::now() - Duration::from_millis(back.unsigned_abs())
    }
}

/// Waits for a second.
#[function(id = "parcel-came-second", debounce(period = "1s"))]
async fn second(ctx: &Context<ParcelCame>) -> Result<u32> {
    Ok(ctx.event.number)
}

functions! { ShyList in ParcelEvents = [shy]; }
functions! { SecondList in ParcelEvents = [second]; }

/// Nothing comes that would make it look at the clock.
#[tokio::test]
async fn an_engine_that_has_nothing_to_do_notices_that_the_clock_was_set_back() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Behind::default();
    let app = App::<SecondList>::builder("times").build().unwrap();
    let engine = app.embedded(folder.path().join("events.db")).clock(clock.clone()).start().await.unwrap();
    engine.client().send(ParcelCame { number: 1 }).await.unwrap();
    clock.0.store(true, Ordering::SeqCst);
    until(&engine, "parcel-came-second", &[1]).await;
    engine.shutdown().await;
}

/// By its time it is older than the run.
#[tokio::test]
async fn an_event_cancels_a_run_from_before_the_clock_was_set_back() {
    let folder = tempfile::tempdir().unwrap();
    let clock = TestClock::at(BEGIN);
    let engine = start::<ShyList>(&folder.path().join("events.db"), &clock).await;
    engine.client().send(ParcelCame { number: 1 }).await.unwrap();
    clock.advance(-YEAR);
    engine.client().send(ParcelChecked { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(engine.totals().await.unwrap().cancelled, 1);
    engine.shutdown().await;
}
