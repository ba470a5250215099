//! Verifying a database before a deployment: builds that differ, over the runs that one of them has begun.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use event_runtime::embedded::{Engine, Finding, Misfit, StartError, VerifyReport};
use event_runtime::prelude::*;

/// What an order goes through.
#[domain_events]
pub enum OrderEvent {
    /// An order was placed.
    Placed { id: u64 },
}

registry! { pub Events = [OrderEvent]; }

/// How many bodies have run.
static BODIES: AtomicUsize = AtomicUsize::new(0);

/// The build that has begun the runs.
mod before {
    use super::*;

    /// Plans.
    #[function(id = "order-placed-plan")]
    pub async fn plan(ctx: &Context<OrderPlaced>) -> Result<u64> {
        let body = async || {
            BODIES.fetch_add(1, Ordering::SeqCst);
            Ok(ctx.event.id)
        };
        let (load, note) =
            (ctx.step.run("load", body), ctx.step.run("note", async || Ok("noted".to_owned())));
        let id = load.await?;
        note.await?;
        ctx.step.sleep("nap", Duration::from_hours(1)).await?;
        Ok(id)
    }

    /// Is removed later.
    #[function(id = "order-placed-other")]
    pub async fn other(ctx: &Context<OrderPlaced>) -> Result<()> {
        Ok(ctx.step.sleep("nap", Duration::from_hours(1 + ctx.event.id)).await?)
    }

    functions! { pub App in Events = [plan, other]; }
}

/// A build in which everything has changed.
mod after {
    use super::*;

    /// Plans otherwise.
    #[function(id = "order-placed-plan")]
    pub async fn plan(ctx: &Context<OrderPlaced>) -> Result<String> {
        // Its type is another, and so is what the function does about that.
        let text = ctx.step.run("load", async || Ok("seven".to_owned())).await.unwrap_or_default();
        ctx.step.sleep("note", Duration::from_secs(ctx.event.id)).await.ok();
        ctx.step.sleep("nap", Duration::from_hours(1)).await?;
        Ok(text)
    }

    functions! { pub App in Events = [plan]; }
}

/// A build without a step.
mod shorter {
    use super::*;

    /// Plans less.
    #[function(id = "order-placed-plan")]
    pub async fn plan(ctx: &Context<OrderPlaced>) -> Result<u64> {
        let id = ctx.step.run("load", async || Ok(ctx.event.id)).await?;
        // What is none of its steps is waited for, and ends.
        tokio::task::yield_now().await;
        ctx.step.sleep("nap", Duration::from_hours(1)).await?;
        Ok(id)
    }

    functions! { pub App in Events = [plan, before::Other]; }
}

/// A build whose event has a field more.
mod stricter {
    use super::*;

    /// What an order goes through.
    #[domain_events]
    pub enum OrderEvent {
        /// An order was placed.
        Placed { id: u64, account: String },
    }

    registry! { pub Events = [OrderEvent]; }

    /// Plans.
    #[function(id = "order-placed-plan")]
    pub async fn plan(ctx: &Context<OrderPlaced>) -> Result<u64> {
        Ok(ctx.event.id)
    }

    functions! { pub App in Events = [plan]; }
}

async fn begin(path: &Path) -> Engine<before::App> {
    let app = App::<before::App>::builder("shop").build().unwrap();
    let engine = app.embedded(path).keep_waiting_runs(0, Duration::ZERO).start().await.unwrap();
    engine.client().send_all((0..3).map(|id| OrderPlaced { id })).await.unwrap();
    let waiting =
        event_runtime::embedded::RunFilter::new().status(event_runtime::embedded::RunStatus::Waiting);
    while engine.runs(&waiting).await.unwrap().len() < 6 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    engine
}

async fn verify<F: event_runtime::FunctionList>(path: &Path) -> VerifyReport {
    App::<F>::builder("shop").build().unwrap().embedded(path).verify().await.unwrap()
}

fn found(report: &VerifyReport) -> Vec<(Misfit, &str, Option<&str>, u64)> {
    let of = |finding: &'_ Finding| (finding.misfit, finding.runs);
    let findings = report.findings.iter();
    findings.map(|it| (of(it).0, it.function_id.as_str(), it.step.as_deref(), of(it).1)).collect()
}

#[tokio::test]
async fn a_build_is_held_against_the_runs_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    let engine = begin(&path).await;
    let bodies = BODIES.load(Ordering::SeqCst);

    // While the engine has the file open, and from a stopped one.
    for is_open in [true, false] {
        if !is_open {
            engine.shutdown().await;
        }
        let (before, files) = (std::fs::read(&path).unwrap(), files(folder.path()));
        let report = verify::<before::App>(&path).await;
        assert!(report.fits(), "{report}");
        assert_eq!((report.runs, report.fitting), (6, 6));
        assert_eq!(report.to_string(), "6 open runs, 6 of them fit this build");

        let (plan, other) = ("order-placed-plan", "order-placed-other");
        let report = verify::<after::App>(&path).await;
        let mut expected = vec![
            (Misfit::FunctionGone, other, None, 3),
            (Misfit::KindChanged, plan, Some("note"), 3),
            (Misfit::OutputUndecodable, plan, Some("load"), 3),
        ];
        let mut misfits = found(&report);
        expected.sort_by_key(|finding| finding.0.name());
        misfits.sort_by_key(|finding| finding.0.name());
        assert_eq!(misfits, expected, "{report}");
        assert_eq!((report.fitting, report.findings[0].run_ids.len()), (0, 3));
        let text = report.to_string();
        assert!(text.contains("was recorded as `step.run` and is `step.sleep` now (for example"), "{text}");
        assert!(text.contains("    give the step another id: then it runs anew"), "{text}");
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["findings"].as_array().unwrap().len(), 3);

        let report = verify::<shorter::App>(&path).await;
        assert_eq!(found(&report), [(Misfit::StepGone, plan, Some("note"), 3)], "{report}");
        let report = verify::<stricter::App>(&path).await;
        assert!(found(&report).contains(&(Misfit::EventUndecodable, plan, None, 3)), "{report}");

        assert_eq!(BODIES.load(Ordering::SeqCst), bodies, "no body has run");
        assert_eq!(std::fs::read(&path).unwrap(), before, "nothing was written");
        assert_eq!(self::files(folder.path()), files, "nor beside it");
    }
}

fn files(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn a_database_of_every_format_is_read_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for format in 1..=3 {
        let fixture =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("crash/fixtures/format-{format}.db"));
        let path = folder.path().join(format!("format {format}?.db"));
        std::fs::copy(fixture, &path).unwrap();
        let before = std::fs::read(&path).unwrap();
        let app = App::<before::App>::builder("shop").build().unwrap();
        if format > 1 {
            let error = app.embedded(&path).verify().await.unwrap_err();
            assert!(matches!(error, StartError::OtherApplication { .. }), "{error}");
        }
        let report = app.embedded(&path).adopt_file().verify().await.unwrap();
        assert_eq!((report.format, report.fitting), (format, 0), "{report}");
        assert!(report.runs > 0 && !report.fits());
        assert!(report.findings.iter().all(|finding| finding.misfit == Misfit::FunctionGone), "{report}");
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
    assert_eq!(files(folder.path()).len(), 3, "{:?}", files(folder.path()));
}

#[tokio::test]
async fn what_is_no_database_is_an_error_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::<before::App>::builder("shop").build().unwrap();
    let path = folder.path().join("no.db");
    let error = app.embedded(&path).verify().await.unwrap_err();
    assert!(matches!(error, StartError::Missing { .. }), "{error}");
    assert!(!path.exists());
    std::fs::write(&path, "this is no database, whatever its name says of it").unwrap();
    let error = app.embedded(&path).verify().await.unwrap_err();
    assert!(matches!(error, StartError::Foreign { .. }), "{error}");
    std::fs::write(&path, "").unwrap();
    let error = app.embedded(&path).verify().await.unwrap_err();
    assert!(matches!(error, StartError::Missing { .. }), "{error}");
}
