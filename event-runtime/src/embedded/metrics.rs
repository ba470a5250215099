//! Metrics: counters, gauges and log lines of what happens.

use std::sync::Arc;

use metrics::{Counter, Histogram};
use tokio::sync::broadcast::Sender;

use super::stats::{Counters, count};
use crate::engine::expression::{ExpressionPlace, NoValue};
use crate::engine::message::Notice;
use crate::engine::model::{FunctionIndex, RunEnd, Status};
use crate::function::Application;
use crate::function::{Failure, StepKind};
use crate::inspect::{Change, RunStatus};

/// Notes what happens.
pub(super) struct Observer {
    application: Arc<Application>,
    counters: Arc<Counters>,
    changes: Sender<Change>,
    events: Found<String, Counter>,
    starts: Found<FunctionIndex, Histogram>,
    steps: Found<(FunctionIndex, StepKind, bool), Counter>,
    ends: Found<(FunctionIndex, Status), (Counter, Histogram)>,
}

/// Metrics by their labels, as far as they were found since the last commit. To find one costs more than to count; but none is
/// kept longer, for a recorder may be set at any time.
struct Found<Labels, Metric>(Vec<(Labels, Metric)>);

impl<Labels: PartialEq, Metric> Found<Labels, Metric> {
    const fn new() -> Self {
        Self(Vec::new())
    }

    /// The metric with these labels. A commit has few: a list is searched faster than a table.
    fn get<Key>(&mut self, labels: &Key, find: impl FnOnce() -> Metric) -> &Metric
    where
        Key: ToOwned<Owned = Labels> + ?Sized,
        Labels: PartialEq<Key>,
    {
        let index = self.0.iter().position(|(of, _)| of == labels).unwrap_or_else(|| {
            self.0.push((labels.to_owned(), find()));
            self.0.len() - 1
        });
        &self.0[index].1
    }
}

impl Observer {
    pub(super) const fn new(
        application: Arc<Application>,
        counters: Arc<Counters>,
        changes: Sender<Change>,
    ) -> Self {
        Self {
            application,
            counters,
            changes,
            events: Found::new(),
            starts: Found::new(),
            steps: Found::new(),
            ends: Found::new(),
        }
    }

    /// Everything of a commit was noted.
    pub(super) fn rest(&mut self) {
        self.events.0.clear();
        self.starts.0.clear();
        self.steps.0.clear();
        self.ends.0.clear();
    }

    pub(super) fn notice(&mut self, notice: &Notice) {
        if self.changes.receiver_count() > 0
            && let Some(change) = self.change(notice)
        {
            // Whoever listened may have gone.
            let _ = self.changes.send(change);
        }
        let id = |function: FunctionIndex| self.application.functions[function.get()].descriptor.id;
        match notice {
            Notice::Event(event) => {
                count(&self.counters.events);
                let name = &*event.name;
                let find = || metrics::counter!("event_runtime_events_total", "event" => name.to_owned());
                self.events.get(name, find).increment(1);
            }
            Notice::Duplicate => {
                count(&self.counters.duplicates);
                metrics::counter!("event_runtime_duplicates_total").increment(1);
            }
            Notice::Skipped { function, by, .. } => {
                count(&self.counters.skipped);
                metrics::counter!("event_runtime_skipped_total", "function" => id(*function), "by" => *by)
                    .increment(1);
            }
            Notice::NoValue { function, place, event, problem } => {
                Self::no_value(id(*function), *place, event, *problem);
            }
            Notice::Began { function, waited_ms, first, .. } => {
                count(&self.counters.runs_started);
                if *first {
                    let find =
                        || metrics::histogram!("event_runtime_wait_seconds", "function" => id(*function));
                    self.starts.get(function, find).record(seconds(*waited_ms));
                }
            }
            Notice::Retried { function, run, step, attempt, message, .. } => {
                count(&self.counters.retries);
                if !step.is_empty() {
                    count(&self.counters.steps_run);
                }
                metrics::counter!("event_runtime_retries_total", "function" => id(*function)).increment(1);
                let (function, run, step) = (id(*function), &**run, &**step);
                tracing::info!(
                    function,
                    run,
                    step,
                    attempt,
                    error = message,
                    "an attempt failed, there will be another"
                );
            }
            Notice::Held { function, run, reason } => {
                let (function, run) = (id(*function), &**run);
                tracing::error!(function, run, reason, "a run waits for a build that can take it up");
            }
            Notice::Recorded { function, kind, failure, .. } => {
                if *kind == StepKind::Run {
                    count(&self.counters.steps_run);
                }
                let failed = failure.is_some();
                let find = || {
                    let outcome = if failed { "failed" } else { "completed" };
                    let labels = [("function", id(*function)), ("kind", kind.name()), ("outcome", outcome)];
                    metrics::counter!("event_runtime_steps_total", &labels)
                };
                self.steps.get(&(*function, *kind, failed), find).increment(1);
            }
            Notice::Waits { .. } => {}
            Notice::Ended { function, run, end, took_ms } => self.ended(*function, run, end, *took_ms),
        }
    }

    /// What is told of a notice to those who look on.
    fn change(&self, notice: &Notice) -> Option<Change> {
        let id = |function: &FunctionIndex| self.application.functions[function.get()].descriptor.id;
        Some(match notice {
            Notice::Event(event) => {
                Change::Event { id: event.id.as_str().into(), name: event.name.as_str().into() }
            }
            Notice::Skipped { function, event, by } => {
                Change::Skipped { event_id: Arc::clone(event), function_id: id(function), by }
            }
            Notice::Began { function, run, .. } => {
                Change::Run { id: Arc::clone(run), function_id: id(function), status: RunStatus::Open }
            }
            Notice::Retried { function, run, step, .. } => Change::Step {
                run_id: Arc::clone(run),
                function_id: id(function),
                id: Arc::clone(step),
                failed: true,
            },
            Notice::Recorded { function, run, step, failure, .. } => Change::Step {
                run_id: Arc::clone(run),
                function_id: id(function),
                id: Arc::clone(step),
                failed: failure.is_some(),
            },
            Notice::Ended { function, run, end, .. } => {
                let status = match end.status() {
                    Status::Failed => RunStatus::Failed,
                    Status::Cancelled => RunStatus::Cancelled,
                    _ => RunStatus::Completed,
                };
                Change::Run { id: Arc::clone(run), function_id: id(function), status }
            }
            Notice::Duplicate | Notice::NoValue { .. } | Notice::Held { .. } | Notice::Waits { .. } => {
                return None;
            }
        })
    }

    /// An expression has no value. The line says for which event, and nothing of what it holds.
    fn no_value(function: &'static str, place: ExpressionPlace, event: &str, problem: NoValue) {
        let labels = [("function", function), ("option", place.name())];
        metrics::counter!("event_runtime_expression_failures_total", &labels).increment(1);
        let option = place.name();
        if place.is_evaluated_for_each_run() {
            tracing::debug!(function, option, event, %problem, "a condition has no value, and does not hold");
        } else {
            tracing::warn!(function, option, event, %problem, "the expression of an option has no value");
        }
    }

    fn ended(&mut self, index: FunctionIndex, run: &str, end: &RunEnd, took_ms: i64) {
        let status = end.status();
        let function = self.application.functions[index.get()].descriptor.id;
        let (counter, outcome) = match status {
            Status::Failed => (&self.counters.runs_failed, "failed"),
            Status::Cancelled => (&self.counters.runs_cancelled, "cancelled"),
            _ => (&self.counters.runs_completed, "completed"),
        };
        count(counter);
        let find = || {
            let labels = [("function", function), ("outcome", outcome)];
            let runs = metrics::counter!("event_runtime_runs_total", &labels);
            (runs, metrics::histogram!("event_runtime_run_seconds", &labels))
        };
        let (runs, times) = self.ends.get(&(index, status), find);
        runs.increment(1);
        times.record(seconds(took_ms));
        match end {
            RunEnd::Failed(Failure { message, .. }) => {
                tracing::warn!(function, run, error = message, "a run failed for good");
            }
            RunEnd::Cancelled(Failure { message, .. }) => {
                tracing::info!(function, run, reason = message, "a run was cancelled");
            }
            RunEnd::Completed(_) => tracing::debug!(function, run, took_ms, "a run has completed"),
        }
    }

    pub(super) fn gauge(open: usize, waiting: usize, active: usize) {
        #[allow(clippy::cast_precision_loss, reason = "a gauge is a rough figure")]
        let set = |name: &'static str, value: usize| metrics::gauge!(name).set(value as f64);
        set("event_runtime_open_runs", open);
        set("event_runtime_waiting_runs", waiting);
        set("event_runtime_executing_runs", active);
    }
}

#[allow(clippy::cast_precision_loss, reason = "a duration is a rough figure")]
fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1_000.0
}
