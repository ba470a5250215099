//! Databases that earlier versions have written, with a run in every state: this version brings all of them to their end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use event_crash::Hurry;
use event_crash::depot::{Bodies, ParcelDelivered, ParcelLost, WRITTEN, engine};
use rusqlite::Connection;

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut files: Vec<PathBuf> = folder.read_dir().unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "db"));
    // Those are of another application: see `upgrade_full.rs`.
    files.retain(|file| !file.to_string_lossy().ends_with("-full.db"));
    files.sort();
    files
}

/// The status and the result of each run, by the function and the number of its event.
fn runs(database: &Path) -> BTreeMap<String, (i64, String)> {
    let connection = Connection::open(database).unwrap();
    let mut runs = connection
        .prepare(
            "SELECT functions.id || ' ' || (data ->> 'number'), status, coalesce(result, '') FROM runs \
             JOIN functions ON num = function JOIN events ON events.seq = event",
        )
        .unwrap();
    runs.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

#[tokio::test]
async fn every_run_of_an_earlier_version_ends() {
    let fixtures = fixtures();
    assert!(!fixtures.is_empty());
    for fixture in fixtures {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("events.db");
        std::fs::copy(&fixture, &database).unwrap();
        let before = runs(&database);
        let open = before.values().filter(|(status, _)| *status < 1).count();
        assert!(open >= 20, "{fixture:?} has runs in every state: {before:#?}");

        // Four hours later, and more than a year.
        let bodies = Bodies::default();
        let later = Hurry::from(WRITTEN + 4 * 3_600_000);
        let engine_then = engine(&database, false, &bodies).clock(later).start().await.unwrap();
        let client = engine_then.client();
        client.send(ParcelDelivered { number: 1 }).await.unwrap();
        client.send(ParcelLost { number: 2 }).await.unwrap();
        let all_but_two = async {
            while engine_then.totals().await.unwrap().open > 2 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let ends = tokio::time::timeout(Duration::from_mins(2), all_but_two).await;
        assert!(ends.is_ok(), "{fixture:?}: {:#?}", runs(&database));
        engine_then.shutdown().await;
        let later = Hurry::from(WRITTEN + 400 * 24 * 3_600_000);
        let engine = engine(&database, false, &bodies).clock(later).start().await.unwrap();
        let ends = tokio::time::timeout(Duration::from_mins(2), engine.wait_idle()).await;
        assert_eq!(ends, Ok(Ok(())), "{fixture:?}: {:#?}", runs(&database));
        engine.shutdown().await;

        let after = runs(&database);
        let ended = |run: &str| {
            let (status, result) = &after[run];
            (*status, result.as_str())
        };
        for (function, first, second) in [
            ("parcel-arrived-open", "2", "4"),
            ("parcel-arrived-sleeping", "2", "4"),
            ("parcel-arrived-waiting", "1", "null"),
            ("parcel-arrived-calling", "100", "200"),
            ("parcel-priced-pricing", "100", "200"),
            ("parcel-arrived-retrying", "1", "2"),
            ("parcel-arrived-starting-over", "1", "2"),
            ("parcel-arrived-halfway", "1", "2"),
            ("parcel-arrived-done", "1", "2"),
            ("parcel-loaded-throttled", "1", "2"),
        ] {
            assert_eq!(ended(&format!("{function} 1")), (1, first), "{fixture:?}: {function}");
            assert_eq!(ended(&format!("{function} 2")), (1, second), "{fixture:?}: {function}");
        }
        assert_eq!(ended("parcel-arrived-cancellable 1"), (1, "1"));
        assert_eq!(ended("parcel-arrived-cancellable 2").0, 3, "it was cancelled by an event");
        assert_eq!(ended("parcel-arrived-failing 1").0, 2);
        assert_eq!(ended("parcel-weighed-debounced 2"), (1, "2"), "with the last event");
        assert_eq!(ended("parcel-sorted-batched 1"), (1, "[1,2]"), "with both events");
        assert_eq!(ended("parcel-locked-single 1"), (1, "1"));
        for run in ["parcel-weighed-debounced 1", "parcel-sorted-batched 2", "parcel-locked-single 2"] {
            assert!(!after.contains_key(run), "{fixture:?}: {run}");
        }

        let mut bodies = bodies.lock().unwrap().clone();
        bodies.sort();
        let expected = ["open second 1", "open second 2", "retrying flaky 1", "retrying flaky 2"];
        let expected = expected.into_iter().chain(["sleeping after 1", "sleeping after 2"]);
        assert_eq!(bodies, expected.collect::<Vec<_>>(), "{fixture:?}: what was recorded did not run again");
    }
}
