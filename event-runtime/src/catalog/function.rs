//! Functions: what starts them, their options, and what they are known to send.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Position;
use crate::function::FunctionDescriptor;
use crate::options::{Concurrency, Options, Scope, SingletonMode};

/// A function.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FunctionEntry {
    /// Its id, unique in the application.
    pub id: String,
    /// Its former ids.
    pub was: Vec<String>,
    /// For people.
    pub name: String,
    /// The documentation.
    pub description: String,
    /// The names of the events that start it.
    pub triggers: Vec<String>,
    /// The times at which it starts, as cron expressions.
    pub crons: Vec<String>,
    /// The options that differ from the defaults, by the names in `#[function(..)]`. Durations are in milliseconds.
    pub options: BTreeMap<String, Value>,
    /// The events that it declares to send; empty when it does not declare them.
    pub sends: Vec<String>,
    /// The events that cancel a run.
    pub cancelled_by: Vec<String>,
    /// The id of the function that runs when a run has failed for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<String>,
    /// Where it is declared.
    #[serde(skip)]
    pub position: Position,
}

/// The functions, and those that run when one of them has failed, each once.
pub(super) fn entries(descriptors: &[&FunctionDescriptor]) -> Vec<FunctionEntry> {
    let mut entries: Vec<FunctionEntry> = Vec::new();
    let failures = descriptors.iter().filter_map(|function| function.on_failure);
    for function in descriptors.iter().copied().chain(failures) {
        if entries.iter().all(|entry| entry.id != function.id) {
            entries.push(FunctionEntry::of(function));
        }
    }
    entries
}

impl FunctionEntry {
    fn of(function: &FunctionDescriptor) -> Self {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let mut sends: Vec<String> = function.emits.iter().map(|emit| emit.name.to_owned()).collect();
        sends.sort();
        Self {
            id: function.id.to_owned(),
            was: texts(function.was),
            name: function.name.to_owned(),
            description: function.description.to_owned(),
            triggers: texts(function.triggers),
            crons: texts(function.options.crons),
            options: options(&function.options),
            sends,
            cancelled_by: function.options.cancel_on.iter().map(|one| one.event.to_owned()).collect(),
            on_failure: function.on_failure.map(|failure| failure.id.to_owned()),
            position: Position { file: function.file, line: function.line },
        }
    }
}

/// The options that differ from the defaults.
fn options(options: &Options) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    let mut set = |name: &str, value: Option<Value>| {
        value.map(|value| all.insert(name.to_owned(), value));
    };
    let default = Options::DEFAULT;
    set("retries", (options.retries != default.retries).then(|| options.retries.into()));
    set("if", options.condition.map(Value::from));
    set("concurrency", some_of(options.concurrency.iter().map(concurrency).collect()));
    set(
        "throttle",
        options.throttle.map(|one| {
            with_key(json!({ "limit": one.limit, "period": ms(one.period), "burst": one.burst }), one.key)
        }),
    );
    set(
        "rate_limit",
        options
            .rate_limit
            .map(|one| with_key(json!({ "limit": one.limit, "period": ms(one.period) }), one.key)),
    );
    set(
        "debounce",
        options.debounce.map(|one| {
            let timeout = one.timeout.map(ms);
            with_key(without_null(json!({ "period": ms(one.period), "timeout": timeout })), one.key)
        }),
    );
    set(
        "batch",
        options.batch.map(|one| {
            let batch = json!({ "max_size": one.max_size, "timeout": ms(one.timeout), "if": one.condition });
            with_key(without_null(batch), one.key)
        }),
    );
    set("jitter", options.jitter.map(|jitter| ms(jitter).into()));
    set("priority", options.priority.map(Value::from));
    set(
        "singleton",
        options.singleton.map(|one| {
            let mode = match one.mode {
                SingletonMode::Skip => "skip",
                SingletonMode::Cancel => "cancel",
            };
            with_key(json!({ "mode": mode }), one.key)
        }),
    );
    let cancel_on = options.cancel_on.iter().map(|one| {
        let timeout = one.timeout.map(ms);
        without_null(json!({ "event": one.event, "if": one.condition, "timeout": timeout }))
    });
    set("cancel_on", some_of(cancel_on.collect()));
    set("idempotency", options.idempotency.map(Value::from));
    let timeouts =
        json!({ "start": options.timeouts.start.map(ms), "finish": options.timeouts.finish.map(ms) });
    set("timeouts", Some(without_null(timeouts)).filter(|timeouts| *timeouts != json!({})));
    all
}

fn concurrency(one: &Concurrency) -> Value {
    let scope = match one.scope {
        Scope::Function => None,
        Scope::Environment => Some("environment"),
        Scope::Account => Some("account"),
    };
    with_key(without_null(json!({ "limit": one.limit, "scope": scope })), one.key)
}

fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn some_of(values: Vec<Value>) -> Option<Value> {
    (!values.is_empty()).then(|| values.into())
}

fn with_key(mut option: Value, key: Option<&str>) -> Value {
    if let (Some(option), Some(key)) = (option.as_object_mut(), key) {
        option.insert("key".to_owned(), key.into());
    }
    option
}

fn without_null(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            members.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>().into()
        }
        other => other,
    }
}
