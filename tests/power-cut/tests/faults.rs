//! A disk that is full, or that fails: the engine stops with an error that names the cause, whoever waits is told, and
//! nothing that was acknowledged is lost.

use std::error::Error;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_crash::random::Random;
use event_crash::{OrderPlaced, engine};
use event_power_cut::{Change, Disk, Fault, Kind, Player, Recording, resume};
use event_runtime::embedded::{EngineError, EngineState, StartError};
use event_runtime::{Event, SendError};
use rusqlite::ffi;

const LOG: &str = "-wal";

/// What three clients and an engine have gone through.
struct Story {
    acknowledged: Vec<(usize, String)>,
    /// The orders whose `send` has failed, and how.
    refused: Vec<(u32, SendError)>,
    begun: Vec<(usize, event_crash::Effect)>,
}

/// Sends orders until the engine refuses them, but at most so many each. The disk fails once the engine has started.
async fn work(disk: &Arc<Disk>, database: &Path, first: u32, orders: u32, fault: Option<Fault>) -> Story {
    let begun = Arc::new(Mutex::new(Vec::new()));
    let (on, noted) = (Arc::clone(disk), Arc::clone(&begun));
    let on_effect = move |effect| noted.lock().unwrap().push((on.position(), effect));
    let engine = engine(database, Arc::new(on_effect)).start().await.unwrap();
    if fault.is_some() {
        disk.fail(fault);
    }
    let clients = (0..3).map(|client| {
        let (sender, disk) = (engine.client(), Arc::clone(disk));
        tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            for number in (first + client * orders..).take(orders as usize) {
                match sender.send(OrderPlaced { number }.with_id(format!("placed-{number}"))).await {
                    Ok(receipt) => acknowledged.push((disk.position(), receipt.id)),
                    Err(error) => return (acknowledged, Some((number, error))),
                }
            }
            (acknowledged, None)
        })
    });
    let mut story = Story { acknowledged: Vec::new(), refused: Vec::new(), begun: Vec::new() };
    for client in clients.collect::<Vec<_>>() {
        let (acknowledged, refused) = client.await.unwrap();
        story.acknowledged.extend(acknowledged);
        story.refused.extend(refused);
    }
    let ends = async {
        let idle = engine.wait_idle().await;
        if story.refused.is_empty() {
            assert_eq!(idle, Ok(()));
            return engine.shutdown().await;
        }
        // Whoever asks is told why, from now on.
        let failure = engine.stopped().await.unwrap_err();
        assert_eq!(engine.state(), EngineState::Failed(failure.clone()));
        assert_eq!(idle, Err(EngineError::Failed(failure.clone())));
        assert_eq!(engine.totals().await, Err(EngineError::Failed(failure.clone())));
        let sent = engine.client().send(OrderPlaced { number: 0 }).await.unwrap_err();
        assert_eq!(sent.to_string(), format!("the event could not be stored: {failure}"));
        assert!(engine.stats().has_failed);
        engine.shutdown().await;
    };
    tokio::time::timeout(Duration::from_mins(2), ends)
        .await
        .expect("nobody waits for an engine that has stopped");
    story.begun = std::mem::take(&mut *begun.lock().unwrap());
    story
}

/// A disk fails under an engine, is repaired, and another engine goes on: what is told, and what is left.
fn fail(fault: Fault, cause: &str) {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::new(folder.path(), Duration::ZERO, None);
    let database = folder.path().join("events.db");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let recording = runtime.block_on(async {
        engine(&database, Arc::new(|_| ())).start().await.unwrap().shutdown().await;
        let story = work(&disk, &database, 0, 1_000, Some(fault)).await;
        assert!(disk.has_failed(), "{fault:?}");
        // Everybody is told why, whoever waited for that very commit and whoever comes later.
        assert_eq!(story.refused.len(), 3, "{fault:?}");
        for (_, error) in &story.refused {
            assert!(matches!(error, SendError::Store(_)) && error.to_string().contains(cause), "{error}");
            let mut cause = error.source().unwrap();
            while let Some(next) = cause.source() {
                cause = next;
            }
            assert!(cause.to_string().contains("disk") || cause.to_string().contains("full"), "{error:?}");
        }
        let ops = disk.ops();
        let failed = ops.iter().rposition(|op| op.change == Change::FailedSync);
        for op in &ops[failed.unwrap_or(ops.len())..] {
            assert_ne!(op.change, Change::Sync, "{fault:?}: a flush is not tried again");
        }

        disk.fail(None);
        let again = work(&disk, &database, 10_000, 3, None).await;
        assert_eq!(again.refused, []);
        // A client that was refused sends again.
        let engine = engine(&database, Arc::new(|_| ())).start().await.unwrap();
        let mut acknowledged = story.acknowledged;
        for (number, _) in story.refused {
            let event = OrderPlaced { number }.with_id(format!("placed-{number}"));
            let receipt = engine.client().send(event).await.unwrap();
            acknowledged.push((disk.position(), receipt.id));
        }
        acknowledged.extend(again.acknowledged);
        engine.wait_idle().await.unwrap();
        let recording = Recording { ops: disk.ops(), acknowledged, begun: story.begun };
        engine.shutdown().await;
        recording
    });
    cut(&recording, fault);
}

/// Then the power fails, now or at any moment before.
fn cut(recording: &Recording, fault: Fault) {
    let (mut player, mut random) = (Player::new(&recording.ops), Random::new(fault.after));
    for back in (0..6).rev() {
        let position = recording.ops.len() - back * recording.ops.len() / 12;
        player.advance(position);
        let damage = recording.judge(&player.image(&mut random), position);
        assert!(damage.is_none(), "{fault:?}: power cut after {position} changes: {damage:#?}");
    }
}

#[test]
fn the_log_stays_until_what_it_holds_is_in_the_database() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for after in 0..3 {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::new(folder.path(), Duration::ZERO, None);
        let database = folder.path().join("events.db");
        let fault =
            Fault { kind: Kind::Sync, files: ".db", after, code: ffi::SQLITE_IOERR_FSYNC, lasts: false };
        let recording = runtime.block_on(async {
            let mut story = work(&disk, &database, 0, 4, None).await;
            disk.fail(Some(fault));
            for session in 1..=3 {
                // With a flush that fails while it starts, it does not.
                let engine = engine(&database, Arc::new(|_| ())).start().await;
                if let Ok(engine) = engine {
                    engine.shutdown().await;
                }
                let more = work(&disk, &database, session * 100, 2, None).await;
                story.acknowledged.extend(more.acknowledged);
                story.begun.extend(more.begun);
            }
            assert!(disk.has_failed());
            Recording { ops: disk.ops(), acknowledged: story.acknowledged, begun: story.begun }
        });
        cut(&recording, fault);
    }
}

#[test]
fn on_a_full_disk_the_engine_stops_and_goes_on_when_there_is_room() {
    for after in [0, 1, 5, 30, 200] {
        fail(Fault { kind: Kind::Write, files: LOG, after, code: ffi::SQLITE_FULL, lasts: true }, "full");
    }
}

#[test]
fn a_flush_that_fails_is_not_tried_again_and_nothing_acknowledged_is_lost() {
    for after in [0, 1, 2, 3, 10, 30] {
        let code = ffi::SQLITE_IOERR_FSYNC;
        fail(Fault { kind: Kind::Sync, files: LOG, after, code, lasts: false }, "flush");
    }
}

#[test]
fn a_write_that_fails_stops_the_engine() {
    for after in [0, 7, 100] {
        let code = ffi::SQLITE_IOERR_WRITE;
        fail(Fault { kind: Kind::Write, files: LOG, after, code, lasts: false }, "write");
    }
}

#[test]
fn a_disk_that_fails_while_the_file_is_made_is_an_error_and_the_next_start_works() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let full = |after| Fault { kind: Kind::Write, files: "", after, code: ffi::SQLITE_FULL, lasts: true };
    let flush =
        |after| Fault { kind: Kind::Sync, files: "", after, code: ffi::SQLITE_IOERR_FSYNC, lasts: false };
    for fault in (0..60).map(full).chain((0..10).map(flush)) {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::new(folder.path(), Duration::ZERO, None);
        let database = folder.path().join("events.db");
        disk.fail(Some(fault));
        let cause = if fault.kind == Kind::Write { "full" } else { "flush" };
        match runtime.block_on(engine(&database, Arc::new(|_| ())).start()) {
            Ok(engine) => runtime.block_on(engine.shutdown()),
            Err(StartError::Store { source, .. }) => assert!(source.to_string().contains(cause), "{source}"),
            Err(error) => panic!("{fault:?}: {error}"),
        }
        disk.fail(None);
        resume(&database).unwrap_or_else(|error| panic!("{fault:?}: {error}"));
    }
}
