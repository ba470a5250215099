//! A power cut at any moment: what was acknowledged is there, what was seen is there, nothing is torn, and the engine goes
//! on. With flushes left out the same test notices.
//!
//! `POWER_CUT_IMAGES` sets how many power cuts there are, `POWER_CUT_SEED` with which seed it begins.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_crash::random::{Random, setting};
use event_crash::{OrderPaid, OrderPlaced, engine};
use event_power_cut::{Disk, Player, Recording, resume};
use event_runtime::Event;
use rusqlite::Connection;

/// How many images are made of one recording.
const OF_ONE: u64 = 120;

/// How many events are sent by one client in one session.
const ORDERS: u32 = 4;

/// Lets an engine work, twice, with four clients, and records what reaches the disk.
fn record(seed: u64, synchronous: Option<&'static str>) -> Recording {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::new(folder.path(), Duration::from_micros(100), synchronous);
    let database = folder.path().join("events.db");
    let begun = Arc::new(Mutex::new(Vec::new()));
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        for session in 0..2_u32 {
            let (on, noted) = (Arc::clone(&disk), Arc::clone(&begun));
            let on_effect = move |effect| noted.lock().unwrap().push((on.position(), effect));
            let engine = engine(&database, Arc::new(on_effect)).start().await.unwrap();
            let checkpoints = tokio::task::spawn_blocking({
                let (database, engine) = (database.clone(), engine.clone());
                move || checkpoint(&database, || engine.stats().events < 24)
            });
            let clients = (0..4_u32).map(|client| {
                let (sender, disk, acknowledged) =
                    (engine.client(), Arc::clone(&disk), Arc::clone(&acknowledged));
                let mut random = Random::new(seed ^ u64::from(session * 4 + client));
                tokio::spawn(async move {
                    for order in 0..ORDERS {
                        let number = (session * 4 + client) * ORDERS + order;
                        let placed = OrderPlaced { number }.with_id(format!("placed-{number}"));
                        let receipt = sender.send(placed).await.unwrap();
                        acknowledged.lock().unwrap().push((disk.position(), receipt.id));
                        tokio::time::sleep(Duration::from_micros(random.below(3_000))).await;
                        if random.once_in(2) {
                            let paid = OrderPaid { number }.with_id(format!("paid-{number}"));
                            let receipt = sender.send(paid).await.unwrap();
                            acknowledged.lock().unwrap().push((disk.position(), receipt.id));
                        }
                    }
                })
            });
            for client in clients.collect::<Vec<_>>() {
                client.await.unwrap();
            }
            checkpoints.await.unwrap();
            if session == 1 {
                engine.wait_idle().await.unwrap();
            }
            engine.shutdown().await;
        }
    });
    let take = |list: &Mutex<Vec<_>>| std::mem::take(&mut *list.lock().unwrap());
    let begun = std::mem::take(&mut *begun.lock().unwrap());
    Recording { ops: disk.ops(), acknowledged: take(&acknowledged), begun }
}

/// The log is folded into the database, as it happens when it is long: the recording is to have some of that.
fn checkpoint(database: &Path, goes_on: impl Fn() -> bool) {
    let connection = Connection::open(database).unwrap();
    while goes_on() {
        std::thread::sleep(Duration::from_millis(2));
        connection.execute_batch("PRAGMA wal_checkpoint(PASSIVE)").unwrap();
    }
}

/// What many power cuts have done.
#[derive(Debug, Default)]
struct Tally {
    images: u64,
    unharmed: u64,
    lost: u64,
    most_lost: usize,
    corrupt: u64,
    wrong: u64,
    first: Option<String>,
}

/// Cuts the power so often. Stops at the first damage if there should be none.
fn cut(images: u64, seed: u64, synchronous: Option<&'static str>, expect_none: bool) -> Tally {
    let tally = Mutex::new(Tally::default());
    let next = Mutex::new(0..images.div_ceil(OF_ONE));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(recording) = next.lock().unwrap().next() else { return };
                    if expect_none && tally.lock().unwrap().first.is_some() {
                        return;
                    }
                    cut_one(seed + recording, synchronous, &tally);
                }
            });
        }
    });
    tally.into_inner().unwrap()
}

fn cut_one(seed: u64, synchronous: Option<&'static str>, tally: &Mutex<Tally>) {
    let recording = record(seed, synchronous);
    let mut random = Random::new(seed);
    let end = recording.ops.len() as u64;
    let mut positions: Vec<usize> =
        (0..OF_ONE).map(|_| usize::try_from(random.below(end + 1)).unwrap()).collect();
    positions.sort_unstable();
    let mut player = Player::new(&recording.ops);
    for position in positions {
        player.advance(position);
        let damage = recording.judge(&player.image(&mut random), position);
        let mut tally = tally.lock().unwrap();
        tally.images += 1;
        tally.unharmed += u64::from(damage.is_none());
        tally.lost += u64::from(damage.lost > 0);
        tally.most_lost = tally.most_lost.max(damage.lost);
        tally.corrupt += u64::from(damage.corrupt.is_some());
        tally.wrong += u64::from(!damage.problems.is_empty());
        if !damage.is_none() && tally.first.is_none() {
            let text = format!("seed {seed}, power cut after {position} of {end} changes: {damage:#?}");
            tally.first = Some(text);
        }
    }
}

#[test]
fn a_power_cut_loses_and_tears_nothing() {
    let begun = std::time::Instant::now();
    let images = setting("POWER_CUT_IMAGES", 2_000);
    let tally = cut(images, setting("POWER_CUT_SEED", 1), None, true);
    println!("full: {tally:?} in {:?}", begun.elapsed());
    assert!(tally.first.is_none(), "{}", tally.first.unwrap_or_default());
    assert!(tally.images >= images && tally.unharmed == tally.images, "{tally:?}");
}

#[test]
fn a_power_cut_while_the_file_is_made_leaves_one_that_opens() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::new(folder.path(), Duration::ZERO, None);
    resume(&folder.path().join("events.db")).unwrap();
    let recording = Recording { ops: disk.ops(), acknowledged: Vec::new(), begun: Vec::new() };
    let (mut player, mut random) = (Player::new(&recording.ops), Random::new(1));
    for position in 0..=recording.ops.len() {
        player.advance(position);
        for _ in 0..4 {
            let damage = recording.judge(&player.image(&mut random), position);
            assert!(damage.is_none(), "power cut after {position} changes: {damage:#?}");
        }
    }
}

#[test]
fn without_a_flush_at_each_commit_the_same_test_finds_lost_events() {
    let tally = cut(OF_ONE, 1, Some("NORMAL"), false);
    println!("normal: {tally:?}");
    // A quarter of the images, more or less: when the threads come to their turn is up to the machine.
    assert!(tally.lost > 0, "{tally:?}");
    assert_eq!(tally.corrupt, 0, "{tally:?}");
}

#[test]
fn without_any_flush_the_same_test_finds_damage() {
    let tally = cut(OF_ONE, 1, Some("OFF"), false);
    println!("off: {tally:?}");
    assert!(tally.corrupt + tally.lost > 0, "{tally:?}");
}
