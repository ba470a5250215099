//! An event that very many runs wait for reaches them a part at a time: others have their turn in between, and a crash loses
//! nobody.

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

use event_runtime::embedded::Engine;
use event_runtime::prelude::*;

/// The life of a race.
#[domain_events]
pub enum RaceEvent {
    /// A runner stands at the start.
    Joined {
        /// The runner.
        number: u32,
    },
    /// The race was started.
    Started {
        /// Which race.
        race: u32,
    },
    /// Somebody watches.
    Watched {
        /// Any number.
        number: u32,
    },
}

/// Waits for the start. Returns which race it has run.
#[function(id = "race-joined-runner")]
async fn run(ctx: &Context<RaceJoined>) -> Result<u32> {
    let started = ctx.step.wait_for_event::<RaceStarted>("start").await?;
    Ok(started.map_or(0, |started| started.race))
}

/// Watches.
#[function(id = "race-watched-spectator")]
async fn watch(ctx: &Context<RaceWatched>) -> Result<u32> {
    Ok(ctx.event.number)
}

registry! { pub RaceEvents = [RaceEvent]; }
functions! { pub RaceFunctions in RaceEvents = [run, watch]; }

/// An event reaches 512 at once: these are four parts.
const RUNNERS: u32 = 1_600;

async fn start(file: &Path) -> Engine<RaceFunctions> {
    let app = App::<RaceFunctions>::builder("races").build().unwrap();
    app.embedded(file).keep_waiting_runs(100, Duration::from_secs(1)).start().await.unwrap()
}

/// Waits for something that comes. Fails after two minutes.
async fn until<T>(what: &str, mut find: impl FnMut() -> Option<T>) -> T {
    let begun = std::time::Instant::now();
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Polls a future once.
macro_rules! poll {
    ($future:expr) => {
        std::future::poll_fn(|cx| std::task::Poll::Ready($future.as_mut().poll(cx))).await
    };
}

/// One number of a database, read beside the engine.
fn count(file: &Path, sql: &str) -> u32 {
    rusqlite::Connection::open(file).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// The engine comes to a part, says so, and waits until it may reach it.
fn gate() -> (Receiver<()>, Sender<()>) {
    let ((comes, on_comes), (lets, on_lets)) = (channel(), channel());
    let inside = Mutex::new((comes, on_lets));
    event_runtime::embedded::fail_points::set(move |place| {
        if place == "part-reached" {
            let (comes, on_lets) = &*inside.lock().unwrap();
            let _ = comes.send(());
            // When the test lets go of the gate it stands open.
            let _ = on_lets.recv();
        }
        false
    });
    (on_comes, lets)
}

fn copy(file: &Path) -> PathBuf {
    let to = file.with_extension("copy");
    for suffix in ["", "-wal"] {
        let with = |path: &Path| PathBuf::from(format!("{}{suffix}", path.display()));
        std::fs::copy(with(file), with(&to)).unwrap();
    }
    to
}

/// Everybody has run the first race, once.
async fn check(engine: Engine<RaceFunctions>, file: &Path) {
    engine.wait_idle().await.unwrap();
    let first = "SELECT count(*) FROM runs JOIN functions ON num = function
                 WHERE functions.id = 'race-joined-runner' AND status = 1 AND result = '1'";
    assert_eq!(count(file, first), RUNNERS);
    engine.shutdown().await;
    assert_eq!(count(file, "SELECT count(*) FROM wakes"), 0);
    assert_eq!(count(file, "SELECT count(*) FROM waits"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_that_wait_for_one_event_let_others_have_their_turn() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.db");
    let engine = start(&file).await;
    let client = engine.client();
    client.send_all((0..RUNNERS).map(|number| RaceJoined { number })).await.unwrap();
    until("all wait", || (count(&file, "SELECT count(*) FROM waits") == RUNNERS).then_some(())).await;
    let (comes, lets) = gate();

    // The first part is reached in the transaction of the event.
    lets.send(()).unwrap();
    client.send(RaceStarted { race: 1 }).await.unwrap();
    until("it comes to the first part", || comes.try_recv().ok()).await;
    until("it comes to the second part", || comes.try_recv().ok()).await;
    let left = || count(&file, "SELECT count(*) FROM wakes");
    assert_eq!(left(), 3, "the sender knows, and others are on their way");
    let crashed = copy(&file);

    // What comes meanwhile is handled between two parts. Who waits still gets the event that came first.
    let mut watching = pin!(client.send_all((0..9).map(|number| RaceWatched { number })));
    let mut second = pin!(client.send(RaceStarted { race: 2 }).into_future());
    assert!(
        poll!(watching).is_pending() && poll!(second).is_pending(),
        "the engine works on the second part"
    );
    lets.send(()).unwrap();
    until("it comes to the third part", || comes.try_recv().ok()).await;
    lets.send(()).unwrap();
    until("it comes to the fourth part", || comes.try_recv().ok()).await;
    assert_eq!(watching.await.unwrap().len(), 9);
    second.await.unwrap();
    assert!(left() > 0, "the last part of the first event is on its way");
    drop(lets);
    check(engine, &file).await;

    let engine = start(&crashed).await;
    check(engine, &crashed).await;
}
