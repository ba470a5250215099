//! Very many runs that are due at once, after a long stop, are woken some at a time: whatever comes meanwhile is handled between
//! them.

use std::sync::atomic::{AtomicUsize, Ordering};

use event_crash::harbour::Standing;
use event_runtime::embedded::Engine;
use event_runtime::prelude::*;

/// The life of a bear.
#[domain_events]
pub enum BearEvent {
    /// A bear has gone to sleep.
    Hibernated {
        /// The bear.
        number: u32,
    },
}

/// Sleeps until spring.
#[function(id = "bear-hibernated-sleeper")]
async fn sleep(ctx: &Context<BearHibernated>) -> Result<u32> {
    ctx.step.sleep("winter", Duration::from_hours(24 * 90)).await?;
    Ok(ctx.event.number)
}

registry! { pub BearEvents = [BearEvent]; }
functions! { pub BearFunctions in BearEvents = [sleep]; }

const BEARS: u32 = 2_000;

/// The most timers of one transaction.
const AT_ONCE: usize = 512;

static FIRED: AtomicUsize = AtomicUsize::new(0);
static SINCE_COMMIT: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_that_are_due_at_once_are_woken_some_at_a_time() {
    const BEGIN: i64 = 1_796_083_200_000;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.db");
    let start = async |clock| -> Engine<BearFunctions> {
        let app = App::<BearFunctions>::builder("bears").build().unwrap();
        app.embedded(&file).clock(clock).start().await.unwrap()
    };
    let engine = start(Standing::at(BEGIN)).await;
    engine.client().send_all((0..BEARS).map(|number| BearHibernated { number })).await.unwrap();
    let asleep = || -> u32 {
        let connection = rusqlite::Connection::open(&file).unwrap();
        connection
            .query_row("SELECT count(*) FROM steps WHERE ord IS NULL", [], |row| row.get::<_, u32>(0))
            .unwrap()
    };
    let begun = std::time::Instant::now();
    while asleep() < BEARS {
        assert!(begun.elapsed() < Duration::from_mins(2), "{} sleep", asleep());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    engine.shutdown().await;

    event_runtime::embedded::fail_points::set(|place| {
        match place {
            "timer-fired" => {
                FIRED.fetch_add(1, Ordering::SeqCst);
                MOST.fetch_max(SINCE_COMMIT.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            }
            "commit-after" => SINCE_COMMIT.store(0, Ordering::SeqCst),
            _ => {}
        }
        false
    });
    let engine = start(Standing::at(BEGIN + 365 * 86_400_000)).await;
    engine.wait_idle().await.unwrap();
    assert_eq!(engine.totals().await.unwrap().completed, u64::from(BEARS));
    engine.shutdown().await;
    assert_eq!(FIRED.load(Ordering::SeqCst), BEARS as usize, "each wakes once");
    assert_eq!(MOST.load(Ordering::SeqCst), AT_ONCE, "with one commit");
}
