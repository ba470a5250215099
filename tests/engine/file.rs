//! The file under an engine: who else has it open, what it is called, and what becomes of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use event_runtime::SendError;
use event_runtime::clock::Clock;
use event_runtime::embedded::{
    Embedded, Engine, EngineError, EngineFailure, EngineState, RunFilter, StartError,
};
use event_runtime::prelude::*;

use crate::support::{TaskStarted, TestFunctions, World, copy_as_after_a_crash, until};

fn plain(world: &World, path: &Path) -> Embedded<TestFunctions> {
    world.engine(path, |ctx, _| Box::pin(async { Ok(ctx.step.run("one", async || Ok(1)).await?) }))
}

/// Sends an event, and waits until its runs have ended.
async fn work(engine: &Engine<TestFunctions>) {
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
}

fn other(path: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(path).unwrap()
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_holds_the_write_lock_is_waited_for() {
    let world = World::new();
    let engine = plain(&world, &world.database()).start().await.unwrap();
    let (holder, client) = (other(&world.database()), engine.client());
    for begin in ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"] {
        holder.execute_batch(begin).unwrap();
        let mut sending = tokio::spawn({
            let client = client.clone();
            async move { client.send(TaskStarted { number: 1 }).await }
        });
        // Longer than SQLite would wait by itself, 5 seconds.
        assert!(tokio::time::timeout(Duration::from_secs(6), &mut sending).await.is_err(), "{begin}");
        assert_eq!(engine.state(), EngineState::Running);
        holder.execute_batch("ROLLBACK").unwrap();
        assert!(!sending.await.unwrap().unwrap().duplicate);
        engine.wait_idle().await.unwrap();
    }
    assert_eq!(engine.totals().await.unwrap().completed, 2);
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_waits_for_a_lock_can_be_shut_down() {
    let world = World::new();
    let engine = plain(&world, &world.database()).shutdown_grace(Duration::ZERO).start().await.unwrap();
    let holder = other(&world.database());
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let client = engine.client();
    let sending = tokio::spawn(async move { client.send(TaskStarted { number: 1 }).await });
    tokio::task::yield_now().await;
    tokio::time::timeout(Duration::from_mins(2), engine.shutdown()).await.expect("it ends");
    assert_eq!(sending.await.unwrap(), Err(SendError::Closed));
    assert_eq!(engine.stopped().await, Ok(()), "that is not a failure");

    // A start waits too; nobody waits for one that was given up.
    let starting = plain(&world, &world.database()).start();
    assert!(tokio::time::timeout(Duration::from_millis(200), starting).await.is_err());
    holder.execute_batch("ROLLBACK").unwrap();
    let engine = plain(&world, &world.database()).start().await.unwrap();
    work(&engine).await;
    assert_eq!(engine.totals().await.unwrap().events, 1, "what was refused is not there");
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_a_reader_and_the_log_shrinks_when_it_is_gone() {
    let world = World::new();
    let large = || {
        world.engine(&world.database(), |ctx, _| {
            Box::pin(async {
                let text = ctx.step.run("large", async || Ok("x".repeat(1 << 20))).await?;
                Ok(u32::try_from(text.len())?)
            })
        })
    };
    let log = || std::fs::metadata(beside(&world.database(), "-wal")).unwrap().len();
    let engine = large().start().await.unwrap();
    work(&engine).await;
    let reader = other(&world.database());
    reader.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema").unwrap();
    for _ in 0..40 {
        work(&engine).await;
    }
    assert!(log() > 32 << 20, "{}", log());
    engine.shutdown().await;
    // SQLite would wait for the reader for 5 seconds each time. A machine that is busy may be slow now and then, but not always.
    let mut times = Vec::new();
    while times.iter().all(|time| *time >= Duration::from_secs(4)) {
        assert!(times.len() < 10, "beside a reader each start and shutdown took {times:?}");
        let begun = Instant::now();
        large().start().await.unwrap().shutdown().await;
        times.push(begun.elapsed());
    }
    let engine = large().start().await.unwrap();
    reader.execute_batch("COMMIT").unwrap();
    work(&engine).await;
    work(&engine).await;
    assert!(log() <= 18 << 20, "the log has {} bytes", log());
    engine.shutdown().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_database_has_one_owner_however_it_is_called() {
    let world = World::new();
    let (database, folder) = (world.database(), world.database().parent().unwrap().to_owned());
    let elsewhere = tempfile::tempdir().unwrap();
    // A link to a file that is not there yet.
    let link = elsewhere.path().join("link.db");
    std::os::unix::fs::symlink(&database, &link).unwrap();
    let engine = plain(&world, &link).start().await.unwrap();
    work(&engine).await;
    let (hard, roundabout) =
        (folder.join("hard.db"), folder.join(".").join("..").join(folder.file_name().unwrap()));
    std::fs::hard_link(&database, &hard).unwrap();
    for name in [&database, &link, &hard, &roundabout.join("events.db")] {
        let error = plain(&world, name).start().await.unwrap_err();
        assert!(matches!(error, StartError::InUse { .. }), "{}: {error}", name.display());
    }
    engine.shutdown().await;
    let engine = plain(&world, &hard).start().await.unwrap();
    assert_eq!(engine.totals().await.unwrap().completed, 1);
    let error = plain(&world, &link).start().await.unwrap_err();
    assert!(matches!(error, StartError::InUse { .. }), "{error}");
    engine.shutdown().await;

    // Of a name in another folder nobody knows who has it, and where its log is.
    std::fs::hard_link(&database, elsewhere.path().join("far.db")).unwrap();
    let error = plain(&world, &database).start().await.unwrap_err();
    assert!(matches!(error, StartError::Linked { names: 3, .. }), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_database_that_was_renamed_under_its_engine_is_still_owned() {
    let world = World::new();
    let engine = plain(&world, &world.database()).start().await.unwrap();
    let renamed = world.database().with_file_name("renamed.db");
    std::fs::rename(world.database(), &renamed).unwrap();
    match plain(&world, &renamed).start().await {
        Err(error) => assert!(matches!(error, StartError::InUse { .. }), "{error}"),
        // The first has noticed already, and had stopped before the second began.
        Ok(second) => {
            assert!(engine.stats().has_failed);
            second.shutdown().await;
        }
    }
    engine.shutdown().await;
}

#[cfg(unix)]
#[tokio::test]
async fn an_engine_whose_files_were_taken_away_stops_and_acknowledges_nothing() {
    for (suffix, replaced) in [
        ("", false),
        ("", true),
        ("-wal", false),
        ("-wal", true),
        ("-shm", false),
        (".lock", false),
        (".lock", true),
    ] {
        let world = World::new();
        let engine = plain(&world, &world.database()).start().await.unwrap();
        work(&engine).await;
        let file = beside(&world.database(), suffix);
        let copy = std::fs::read(&file).unwrap();
        std::fs::rename(&file, world.database().with_file_name("taken-away")).unwrap();
        if replaced {
            std::fs::write(&file, copy).unwrap();
        }
        let error = engine.client().send(TaskStarted { number: 2 }).await.unwrap_err();
        let failure = engine.stopped().await.unwrap_err();
        let EngineFailure::Replaced { path } = &failure else { panic!("{suffix}: {failure:?}") };
        assert_eq!(path, &file.canonicalize().unwrap_or_else(|_| file.clone()));
        let SendError::Store(source) = &error else { panic!("{suffix}: {error:?}") };
        assert_eq!(source.get_ref().downcast_ref::<EngineFailure>(), Some(&failure));
        assert_eq!(engine.state(), EngineState::Failed(failure.clone()));
        assert_eq!(engine.wait_idle().await, Err(EngineError::Failed(failure.clone())));
        assert_eq!(engine.totals().await, Err(EngineError::Failed(failure.clone())));
        let error = engine.cancel("somebody").await.unwrap_err();
        assert!(error.to_string().contains("was removed or replaced"), "{error}");
        engine.shutdown().await;
    }
}

#[test]
fn a_runtime_that_is_dropped_lets_the_file_go_in_a_moment() {
    let world = World::new();
    for round in 0..20 {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let engine = plain(&world, &world.database()).start().await;
            let engine = engine.unwrap_or_else(|error| panic!("round {round}: {error}"));
            engine.client().send(TaskStarted { number: round }).await.unwrap();
        });
    }
}

#[tokio::test]
async fn what_an_error_says_is_cut_and_its_length_is_kept() {
    const LONG: usize = 5 << 20;
    let world = World::new();
    let engine = world
        .start(|ctx, _| {
            Box::pin(async {
                let failed =
                    ctx.step.run("long", async || Err::<u32, _>(Error::msg("ß".repeat(LONG / 2)))).await;
                assert!(ctx.meta.attempt > 0, "{}", "y".repeat(LONG));
                Ok(failed?)
            })
        })
        .await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    let runs = engine.runs(&RunFilter::default()).await.unwrap();
    let details = engine.run(&runs[0].id).await.unwrap().unwrap();
    let messages: Vec<&str> = details.failures.iter().map(|failure| &*failure.message).collect();
    assert_eq!(messages.len(), 3, "two attempts of the step, one of the function");
    let error = details.run.error.as_deref().unwrap();
    for message in messages.into_iter().chain([error, details.steps[0].error.as_deref().unwrap()]) {
        assert!((16_000..17_000).contains(&message.len()), "{}", message.len());
        assert!(message.contains("cut: the whole message has "), "{}", &message[message.len() - 100..]);
    }
    assert!(details.steps[0].error.as_deref().unwrap().ends_with(&format!("has {LONG} bytes)")));
    let size = std::fs::metadata(world.database()).unwrap().len();
    assert!(size < 1 << 20, "{size}");
    engine.shutdown().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_backup_can_be_read_by_its_owner_alone_from_its_first_byte() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let engine = world
        .start(|ctx, _| {
            Box::pin(async {
                let large = ctx.step.run("large", async || Ok("x".repeat(1 << 20))).await?;
                u32::try_from(large.len()).map_err(Error::non_retriable)
            })
        })
        .await;
    for _ in 0..40 {
        work(&engine).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let watching = std::thread::spawn({
        let (folder, done) = (folder.path().to_owned(), Arc::clone(&done));
        move || {
            let mut seen = 0_u32;
            while !done.load(Ordering::SeqCst) {
                for entry in folder.read_dir().unwrap().flatten() {
                    let Ok(file) = entry.metadata() else { continue };
                    assert_eq!(file.permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
                    seen += 1;
                }
            }
            seen
        }
    });
    engine.backup(folder.path().join("copy.db")).await.unwrap();
    done.store(true, Ordering::SeqCst);
    assert!(watching.join().unwrap() > 0);
    let nowhere = folder.path().join("missing").join("copy.db");
    let EngineError::Store(error) = engine.backup(nowhere).await.unwrap_err() else { panic!() };
    assert!(error.get_ref().is::<std::io::Error>(), "{error:?}");
    work(&engine).await;
    engine.shutdown().await;
}

/// Panics in the thread of the engine, once it is told to.
#[derive(Clone, Default)]
struct Broken(Arc<AtomicBool>);

impl Clock for Broken {
    fn now(&self) -> SystemTime {
        let is_engine = std::thread::current().name() == Some("event-engine");
        assert!(!(is_engine && self.0.load(Ordering::SeqCst)), "the clock is broken");
        SystemTime::now()
    }
}

#[tokio::test]
async fn a_panic_in_the_thread_of_the_engine_is_told_to_everybody() {
    let world = World::new();
    let clock = Broken::default();
    let engine = plain(&world, &world.database()).clock(clock.clone()).start().await.unwrap();
    work(&engine).await;
    clock.0.store(true, Ordering::SeqCst);
    let sent = engine.client().send(TaskStarted { number: 2 }).await;
    let failure = EngineFailure::Panicked { message: "the clock is broken".to_owned() };
    let Err(SendError::Store(cause)) = sent else { panic!("{sent:?}") };
    assert_eq!(cause.get_ref().downcast_ref::<EngineFailure>(), Some(&failure));
    assert_eq!(engine.stopped().await, Err(failure.clone()));
    assert_eq!(engine.state(), EngineState::Failed(failure.clone()));
    assert_eq!(engine.wait_idle().await, Err(EngineError::Failed(failure)));
    assert!(engine.stats().has_failed);
    engine.shutdown().await;

    let error = plain(&world, &world.database()).clock(clock).start().await.unwrap_err();
    assert!(
        matches!(&error, StartError::Panicked { message } if message == "the clock is broken"),
        "{error}"
    );
    let engine = plain(&world, &world.database()).start().await.unwrap();
    work(&engine).await;
    engine.shutdown().await;
}

#[tokio::test]
async fn a_database_that_is_refused_is_not_changed() {
    let world = World::new();
    let foreign = other(&world.database());
    foreign.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE diary (day TEXT)").unwrap();
    // As after a crash: its log is not folded into it.
    let copy = world.copy_as_after_a_crash();
    let files = || ["", "-wal"].map(|suffix| std::fs::read(beside(&copy, suffix)).unwrap());
    let before = files();
    let error = plain(&world, &copy).start().await.unwrap_err();
    assert!(matches!(error, StartError::Foreign { .. }), "{error}");
    assert_eq!(files(), before);
    until("it is let go", || foreign.execute_batch("INSERT INTO diary VALUES ('today')").is_ok()).await;
}

#[tokio::test]
async fn a_database_of_a_newer_format_is_refused_and_not_changed() {
    let world = World::new();
    let engine = plain(&world, &world.database()).start().await.unwrap();
    work(&engine).await;
    // As after a crash, and of a later release: what is acknowledged is in the log alone.
    let copy = world.copy_as_after_a_crash();
    engine.shutdown().await;
    let newer = other(&copy);
    newer.execute_batch("PRAGMA user_version = 1000").unwrap();
    let refused = copy.with_extension("refused.db");
    copy_as_after_a_crash(&copy, &refused);
    let files = || ["", "-wal"].map(|suffix| std::fs::read(beside(&refused, suffix)).unwrap());
    let before = files();
    assert!(!before[1].is_empty(), "there is a log");
    let error = plain(&world, &refused).start().await.unwrap_err();
    assert!(error.to_string().contains("1000"), "{error}");
    assert!(files() == before, "it was changed");
}
