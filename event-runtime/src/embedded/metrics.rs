//! Metrics: counters, gauges and log lines of what happens.

use std::sync::Arc;

use super::stats::{Counters, count};
use crate::engine::expression::{ExpressionPlace, NoValue};
use crate::engine::message::Notice;
use crate::engine::model::{FunctionIndex, Status};
use crate::function::Application;
use crate::function::StepKind;

/// Notes what happens.
pub(super) struct Observer {
    pub(super) application: Arc<Application>,
    pub(super) counters: Arc<Counters>,
}

impl Observer {
    pub(super) fn notice(&self, notice: &Notice) {
        let id = |function: FunctionIndex| self.application.functions[function.get()].descriptor.id;
        match notice {
            Notice::Event { name } => {
                count(&self.counters.events);
                metrics::counter!("event_runtime_events_total", "event" => name.to_string()).increment(1);
            }
            Notice::Duplicate => {
                count(&self.counters.duplicates);
                metrics::counter!("event_runtime_duplicates_total").increment(1);
            }
            Notice::Skipped { function, by } => {
                count(&self.counters.skipped);
                metrics::counter!("event_runtime_skipped_total", "function" => id(*function), "by" => *by)
                    .increment(1);
            }
            Notice::NoValue { function, place, event, problem } => {
                Self::no_value(id(*function), *place, event, *problem);
            }
            Notice::Began { function, waited_ms, first } => {
                count(&self.counters.runs_started);
                if *first {
                    metrics::histogram!("event_runtime_wait_seconds", "function" => id(*function))
                        .record(seconds(*waited_ms));
                }
            }
            Notice::Retried { function, run, step, attempt, message } => {
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
            Notice::Recorded { function, kind, failed } => {
                if *kind == StepKind::Run {
                    count(&self.counters.steps_run);
                }
                let outcome = if *failed { "failed" } else { "completed" };
                let labels = [("function", id(*function)), ("kind", kind.name()), ("outcome", outcome)];
                metrics::counter!("event_runtime_steps_total", &labels).increment(1);
            }
            Notice::Ended { function, run, status, message, took_ms } => {
                self.ended(id(*function), run, *status, message.as_deref(), *took_ms);
            }
        }
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

    fn ended(&self, function: &'static str, run: &str, status: Status, message: Option<&str>, took_ms: i64) {
        let (counter, outcome) = match status {
            Status::Failed => (&self.counters.runs_failed, "failed"),
            Status::Cancelled => (&self.counters.runs_cancelled, "cancelled"),
            _ => (&self.counters.runs_completed, "completed"),
        };
        count(counter);
        let labels = [("function", function), ("outcome", outcome)];
        metrics::counter!("event_runtime_runs_total", &labels).increment(1);
        metrics::histogram!("event_runtime_run_seconds", &labels).record(seconds(took_ms));
        match status {
            Status::Failed => tracing::warn!(function, run, error = message, "a run failed for good"),
            Status::Cancelled => tracing::info!(function, run, reason = message, "a run was cancelled"),
            _ => tracing::debug!(function, run, took_ms, "a run has completed"),
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
