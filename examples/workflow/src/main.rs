//! Typed events, validated, stored, and handled in durable steps that survive a crash.
//!
//! ```text
//! cargo run -p example-workflow -- [FILE|-] [--db PATH] [--effects PATH] [--json]
//! ```
//!
//! Kill it half-way (`kill -9`) and start it again: it finishes the rest and repeats no recorded step. In the order of
//! reading: [`events`], [`functions`], [`service`], then [`feed`] and this file for how the engine is run.

#![allow(unreachable_pub, reason = "a program has no public interface")]

mod cli;
mod events;
mod feed;
mod functions;
mod report;
mod service;

use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, stdin};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use event_runtime::embedded::{Backoff, Engine};
use event_runtime::prelude::*;

use cli::{Options, Source};
use functions::{AppFunctions, NotificationController, WorkflowController};
use report::Summary;
use service::Service;

#[tokio::main]
async fn main() -> ExitCode {
    let options = match cli::parse() {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{}", cli::USAGE);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error}\n\n{}", cli::USAGE);
            return ExitCode::from(2);
        }
    };
    tokio::select! {
        result = run(&options) => match result {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        },
        _ = tokio::signal::ctrl_c() => {
            eprintln!("\ninterrupted: run the same command again, and it goes on where it stopped");
            ExitCode::from(130)
        }
    }
}

async fn run(options: &Options) -> Result<()> {
    let begun = Instant::now();
    let input = open(&options.source)?;
    let service = Service::new(options.effects.as_deref())?;
    let app = App::<AppFunctions>::builder("workflow-app")
        .provide(WorkflowController { service: service.clone() })
        .provide(NotificationController { service })
        .build()?;
    if let Some(folder) = options.db.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let back_off = Backoff::exponential(Duration::from_millis(10), Duration::from_millis(100));
    let engine = app.embedded(&options.db).backoff(back_off).start().await?;

    let fed = feed::feed(&engine.client(), input).await?;
    wait(&engine).await?;
    let (stats, totals) = (engine.stats(), engine.totals().await?);
    engine.shutdown().await;

    let summary = Summary::new(fed, &stats, &totals, begun.elapsed());
    if options.json {
        println!("{}", serde_json::to_string(&summary)?);
    } else {
        summary.print();
    }
    Ok(())
}

/// The lines to read.
fn open(source: &Source) -> Result<Box<dyn BufRead>> {
    const SAMPLE: &[u8] = include_bytes!("sample.jsonl");
    Ok(match source {
        Source::Sample => Box::new(SAMPLE),
        Source::Stdin => Box::new(stdin().lock()),
        Source::File(path) => Box::new(BufReader::new(file(path)?)),
    })
}

fn file(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| Error::msg(format!("cannot read {}: {error}", path.display())))
}

/// Waits until every run has ended; tells a terminal how far it is.
async fn wait(engine: &Engine<AppFunctions>) -> Result<()> {
    let terminal = std::io::stderr().is_terminal();
    let mut tick = tokio::time::interval(Duration::from_millis(100));
    loop {
        tokio::select! {
            idle = engine.wait_idle() => break idle?,
            _ = tick.tick(), if terminal => {
                let stats = engine.stats();
                eprint!("\r{} runs ended, {} steps executed ", stats.runs_completed + stats.runs_failed, stats.steps_run);
            }
        }
    }
    if terminal {
        eprintln!();
    }
    Ok(())
}
