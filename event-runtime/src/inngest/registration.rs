//! The functions of an application as a server registers them: every option with its meaning.

use super::checkpointing::Checkpointing;
use super::triggers::triggers;
use super::wire::registration::{
    BatchConfig, CancelConfig, CheckpointConfig, ConcurrencyConfig, DebounceConfig, FunctionConfig,
    OptionsConfig, PriorityConfig, RateConfig, Retries, Runtime, SingletonConfig, StepConfig, Steps,
    TimeoutsConfig, TriggerConfig,
};
use super::wire::time::time_string;
use crate::event::FAILURE_EVENT;
use crate::function::options::{Concurrency, Scope, SingletonMode, Throttle};
use crate::function::{FunctionDescriptor, Options};

/// A function that a server can call.
#[derive(Debug)]
pub(super) struct Callable {
    /// `app-function` (section 1.3.3); of a handler of failures `app-function-failure`.
    pub(super) id: String,
    /// Its place among the functions of the application.
    pub(super) index: usize,
    /// A function as a server calls it.
    pub(super) function: &'static FunctionDescriptor,
    /// The function whose failures it handles.
    pub(super) failing: Option<&'static FunctionDescriptor>,
}

/// Everything of the application that a server can call. A handler of failures is a function of its own for each function
/// whose failures it handles (chapter 11).
pub(super) fn callables(app: &str, functions: &[&'static FunctionDescriptor]) -> Vec<Callable> {
    let is_failure_handler = |of: &FunctionDescriptor| {
        functions.iter().any(|function| function.on_failure.is_some_and(|handler| handler.id == of.id))
    };
    let mut callables = Vec::new();
    for (index, function) in functions.iter().copied().enumerate() {
        if is_startable(function) || !is_failure_handler(function) {
            callables.push(Callable { id: composite(app, function.id), index, function, failing: None });
        }
        let handler = function.on_failure.map(|handler| handler.id);
        if let Some(index) = functions.iter().position(|function| Some(function.id) == handler) {
            let id = format!("{}-failure", composite(app, function.id));
            callables.push(Callable { id, index, function: functions[index], failing: Some(function) });
        }
    }
    callables
}

/// Whether something starts it besides the failure of another one.
fn is_startable(function: &FunctionDescriptor) -> bool {
    !function.triggers.is_empty() || !function.options.crons.is_empty()
}

/// The id by which a function is known to a server (section 1.3.3).
pub(super) fn composite(app: &str, function: &str) -> String {
    format!("{app}-{function}")
}

/// The registration of a function. `url` is where the application is served.
pub(super) fn config(
    callable: &Callable,
    url: &str,
    app: &str,
    checkpointing: Option<Checkpointing>,
) -> FunctionConfig {
    let Callable { id, function, failing, .. } = callable;
    let separator = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{separator}fnId={id}&stepId=step");
    let retries = function.options.retries;
    let retries = (retries != Options::DEFAULT.retries).then_some(Retries { attempts: retries });
    // Over a connection that the worker opens (section 8.2), or to an endpoint.
    let kind = if url.starts_with("ws://") { "ws" } else { "http" };
    let step = StepConfig { id: "step", name: "step", runtime: Runtime { kind, url }, retries };
    let mut config = FunctionConfig {
        id: id.clone(),
        name: function.name.to_owned(),
        triggers: triggers(function),
        steps: Steps { step },
        options: options(&function.options),
    };
    if let Some(failing) = failing {
        config.name = format!("{} (failure)", failing.name);
        config.triggers = vec![failure_of(&composite(app, failing.id))];
    }
    // What is not the default is told (section 10.1.1); servers take the default as it is.
    config.options.checkpoint =
        checkpointing.filter(|it| *it != Checkpointing::SAFE).map(|it| CheckpointConfig {
            batch_steps: it.buffered_steps,
            batch_interval: time_string(it.max_interval),
            max_runtime: time_string(it.max_runtime),
        });
    config
}

/// The failures of one function (chapter 11).
fn failure_of(id: &str) -> TriggerConfig {
    TriggerConfig::Event {
        event: FAILURE_EVENT.to_owned(),
        expression: Some(format!("event.data.function_id == '{id}'")),
    }
}

fn options(options: &Options) -> OptionsConfig {
    OptionsConfig {
        idempotency: options.idempotency,
        // A server refuses batches of one event; a call without the option has one.
        batch_events: options.batch.filter(|batch| batch.max_size > 1).map(|batch| BatchConfig {
            max_size: batch.max_size,
            timeout: time_string(batch.timeout),
            key: batch.key,
            condition: batch.condition,
        }),
        cancel: options
            .cancel_on
            .iter()
            .map(|cancel| CancelConfig {
                event: cancel.event,
                condition: cancel.condition,
                timeout: cancel.timeout.map(time_string),
            })
            .collect(),
        rate_limit: options.rate_limit.map(|rate| RateConfig {
            limit: rate.limit,
            period: time_string(rate.period),
            burst: None,
            key: rate.key,
        }),
        throttle: options.throttle.map(throttle),
        debounce: options.debounce.map(|debounce| DebounceConfig {
            period: time_string(debounce.period),
            timeout: debounce.timeout.map(time_string),
            key: debounce.key,
        }),
        priority: options.priority.map(|run| PriorityConfig { run }),
        concurrency: options.concurrency.iter().map(concurrency).collect(),
        singleton: options.singleton.map(|singleton| SingletonConfig {
            mode: match singleton.mode {
                SingletonMode::Skip => "skip",
                SingletonMode::Cancel => "cancel",
            },
            key: singleton.key,
        }),
        timeouts: timeouts(options),
        checkpoint: None,
    }
}

fn throttle(throttle: Throttle) -> RateConfig {
    RateConfig {
        limit: throttle.limit,
        period: time_string(throttle.period),
        burst: Some(throttle.burst),
        key: throttle.key,
    }
}

fn concurrency(concurrency: &Concurrency) -> ConcurrencyConfig {
    let scope = match concurrency.scope {
        Scope::Function => None,
        Scope::Environment => Some("env"),
        Scope::Account => Some("account"),
    };
    ConcurrencyConfig { limit: concurrency.limit, key: concurrency.key, scope }
}

fn timeouts(options: &Options) -> Option<TimeoutsConfig> {
    let timeouts = options.timeouts;
    let is_set = timeouts.start.is_some() || timeouts.finish.is_some();
    is_set.then(|| TimeoutsConfig {
        start: timeouts.start.map(time_string),
        finish: timeouts.finish.map(time_string),
    })
}
