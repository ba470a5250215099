//! Starting: what kind of file is refused, and what is said about it.

use std::path::Path;

use event_runtime::embedded::{Embedded, StartError};
use event_runtime::prelude::*;

use crate::support::{TaskStarted, World, query};

async fn start(world: &World, path: &Path) -> Result<(), StartError> {
    let engine = world.engine(path, |_, _| Box::pin(async { Ok(1) })).start().await?;
    engine.shutdown().await;
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_as_it_is() {
    let world = World::new();
    std::fs::write(world.database(), "my diary").unwrap();
    let error = start(&world, &world.database()).await.unwrap_err();
    assert!(matches!(error, StartError::Foreign { .. }), "{error}");
    assert!(
        error
            .to_string()
            .ends_with("is not a SQLite database: it is left as it is. Choose another file for the database")
    );
    assert_eq!(std::fs::read_to_string(world.database()).unwrap(), "my diary");
}

#[tokio::test]
async fn a_database_of_another_application_is_left_as_it_is() {
    let world = World::new();
    let other = rusqlite::Connection::open(world.database()).unwrap();
    other.execute_batch("CREATE TABLE diary (day TEXT)").unwrap();
    drop(other);
    let error = start(&world, &world.database()).await.unwrap_err();
    assert!(error.to_string().contains("is a SQLite database of another application"), "{error}");
    assert_eq!(query::<i64>(&world.database(), "SELECT count(*) FROM sqlite_schema"), 1);
}

#[tokio::test]
async fn a_database_of_a_later_version_is_refused() {
    let world = World::new();
    start(&world, &world.database()).await.unwrap();
    let later = rusqlite::Connection::open(world.database()).unwrap();
    later.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(later);
    let error = start(&world, &world.database()).await.unwrap_err();
    assert!(matches!(error, StartError::Newer { found: 99, known: 5, .. }), "{error}");
}

#[tokio::test]
async fn a_database_in_use_is_refused() {
    let world = World::new();
    let first = world.start(|_, _| Box::pin(async { Ok(1) })).await;
    let error = start(&world, &world.database()).await.unwrap_err();
    assert!(matches!(error, StartError::InUse { .. }), "{error}");
    first.shutdown().await;
    start(&world, &world.database()).await.unwrap();
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_refused() {
    let world = World::new();
    let nowhere = world.database().join("missing").join("events.db");
    let error = start(&world, &nowhere).await.unwrap_err();
    assert!(matches!(error, StartError::Unwritable { .. }), "{error}");
    assert!(error.to_string().contains("missing"), "{error}");
    std::fs::create_dir(world.database()).unwrap();
    let error = start(&world, &world.database()).await.unwrap_err();
    assert!(matches!(error, StartError::Unwritable { .. }), "{error}");
}

#[tokio::test]
async fn a_damaged_database_is_an_error() {
    let world = World::new();
    let mut bytes = b"SQLite format 3\0".to_vec();
    bytes.resize(4096, 7);
    std::fs::write(world.database(), bytes).unwrap();
    let error = start(&world, &world.database()).await.unwrap_err();
    assert!(matches!(error, StartError::Store { .. }), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_can_be_read_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let engine = world.start(|_, _| Box::pin(async { Ok(1) })).await;
    for suffix in ["", "-wal", ".lock"] {
        let path = format!("{}{suffix}", world.database().display());
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{path}");
    }
    engine.shutdown().await;
}

#[tokio::test]
async fn every_commit_is_flushed() {
    let world = World::new();
    let engine = world.start(|_, _| Box::pin(async { Ok(1) })).await;
    assert_eq!(query::<String>(&world.database(), "PRAGMA journal_mode"), "wal");
    engine.shutdown().await;
}

#[tokio::test]
async fn a_database_in_memory_works_alike() {
    let world = World::new();
    let engine = world.engine(Path::new(":memory:"), |_, _| Box::pin(async { Ok(1) })).start().await.unwrap();
    let again = world.engine(Path::new(":memory:"), |_, _| Box::pin(async { Ok(1) })).start().await.unwrap();
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    assert_eq!(engine.totals().await.unwrap().completed, 1);
    assert_eq!(again.totals().await.unwrap().runs, 0, "each has its own");
    engine.shutdown().await;
    again.shutdown().await;
}

registry! { NoEvents = []; }
functions! { NoFunctions in NoEvents = []; }

fn other(path: &Path) -> Embedded<NoFunctions> {
    App::<NoFunctions>::builder("archive").build().unwrap().embedded(path)
}

#[tokio::test]
async fn a_database_belongs_to_the_application_that_was_started_on_it() {
    let world = World::new();
    let engine = world.start(|_, _| Box::pin(async { Ok(1) })).await;
    engine.client().send(TaskStarted { number: 1 }).await.unwrap();
    engine.wait_idle().await.unwrap();
    engine.shutdown().await;

    let before = std::fs::read(world.database()).unwrap();
    let error = other(&world.database()).start().await.unwrap_err();
    assert!(
        matches!(&error, StartError::OtherApplication { owner, application, .. } if owner == "tests" && application == "archive"),
        "{error}"
    );
    let told = error.to_string();
    assert!(
        told.contains("belongs to the application `tests`") && told.contains("`.adopt_file()`"),
        "{told}"
    );
    assert_eq!(std::fs::read(world.database()).unwrap(), before, "it is left as it is");
    start(&world, &world.database()).await.unwrap();

    let engine = other(&world.database()).adopt_file().start().await.unwrap();
    assert_eq!(engine.totals().await.unwrap().completed, 1);
    engine.shutdown().await;
    let error = start(&world, &world.database()).await.unwrap_err();
    assert!(error.to_string().contains("belongs to the application `archive`"), "{error}");
    other(&world.database()).start().await.unwrap().shutdown().await;
}

#[tokio::test]
async fn a_database_that_names_no_application_is_taken_by_the_first() {
    let world = World::new();
    start(&world, &world.database()).await.unwrap();
    let earlier = rusqlite::Connection::open(world.database()).unwrap();
    assert_eq!(earlier.execute("DELETE FROM meta WHERE name = 'application'", []).unwrap(), 1);
    drop(earlier);
    other(&world.database()).start().await.unwrap().shutdown().await;
    let error = start(&world, &world.database()).await.unwrap_err();
    assert!(matches!(error, StartError::OtherApplication { .. }), "{error}");
}
