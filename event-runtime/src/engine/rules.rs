//! The options of functions, compiled: what they say about an event.

use std::ops::Index;
use std::sync::Arc;

use serde_json::Value;

use super::expression::{Expression, Expressions};
use super::milliseconds;
use super::model::{EventView, FlowKey, FunctionIndex, Slots};
use super::slots::{concurrency_slot, name_of_limits, throttle_slot};
use super::state::flow_control::{FlowKind, Rate};
use crate::function::{Application, FunctionDescriptor, Options};

/// The most by which priority moves a run, in seconds: 12 hours, Inngest's limit.
const MAX_PRIORITY_SECONDS: i64 = 12 * 60 * 60;

/// The rules of every function of an application. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Rules(Arc<[FunctionRules]>);

impl Rules {
    pub(crate) fn compile(application: &Application, expressions: &mut Expressions) -> Self {
        let descriptors = application.functions.iter().map(|function| function.descriptor).enumerate();
        Self(
            descriptors
                .map(|(index, descriptor)| {
                    FunctionRules::compile(FunctionIndex::new(index), descriptor, expressions)
                })
                .collect(),
        )
    }

    /// The function with this id, if the application lists it.
    pub(crate) fn find(&self, id: &str) -> Option<FunctionIndex> {
        self.0.iter().find(|rules| rules.descriptor.id == id).map(|rules| rules.function)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &FunctionRules> {
        self.0.iter()
    }
}

impl Index<FunctionIndex> for Rules {
    type Output = FunctionRules;

    fn index(&self, function: FunctionIndex) -> &FunctionRules {
        &self.0[function.get()]
    }
}

/// The rules of a function: its options, and their expressions.
#[derive(Debug)]
pub(crate) struct FunctionRules {
    pub(crate) function: FunctionIndex,
    pub(crate) descriptor: &'static FunctionDescriptor,
    condition: Option<Arc<Expression>>,
    /// The keys of the limits of concurrency.
    concurrency: [Option<Arc<Expression>>; 2],
    /// A hash that names the limits of concurrency and the throttle: slots of runs belong to them.
    pub(crate) slots_of: u64,
    throttle: Option<Arc<Expression>>,
    rate_limit: Option<Arc<Expression>>,
    debounce: Option<Arc<Expression>>,
    batch: Option<Arc<Expression>>,
    priority: Option<Arc<Expression>>,
    singleton: Option<Arc<Expression>>,
    idempotency: Option<Arc<Expression>>,
    /// The conditions of `cancel_on`.
    pub(crate) cancels: Vec<Option<Arc<Expression>>>,
}

impl FunctionRules {
    fn compile(
        function: FunctionIndex,
        descriptor: &'static FunctionDescriptor,
        expressions: &mut Expressions,
    ) -> Self {
        let options = &descriptor.options;
        let mut parse = |source: Option<&'static str>| -> Option<Arc<Expression>> {
            expressions
                .get(source?)
                // `#[function]` has parsed it with the same library.
                .inspect_err(|problem| {
                    tracing::error!(function = descriptor.id, problem, "an expression is not valid CEL");
                })
                .ok()
        };
        let mut concurrency = [None, None];
        for (key, limit) in concurrency.iter_mut().zip(options.concurrency) {
            *key = parse(limit.key);
        }
        Self {
            function,
            descriptor,
            condition: parse(options.condition),
            concurrency,
            slots_of: name_of_limits(descriptor),
            throttle: parse(options.throttle.and_then(|option| option.key)),
            rate_limit: parse(options.rate_limit.and_then(|option| option.key)),
            debounce: parse(options.debounce.and_then(|option| option.key)),
            batch: parse(options.batch.and_then(|option| option.key)),
            priority: parse(options.priority),
            singleton: parse(options.singleton.and_then(|option| option.key)),
            idempotency: parse(options.idempotency),
            cancels: options.cancel_on.iter().map(|cancel| parse(cancel.condition)).collect(),
        }
    }

    pub(crate) const fn options(&self) -> &'static Options {
        &self.descriptor.options
    }

    /// The most runs that each limit of concurrency lets execute.
    pub(crate) fn limits(&self) -> [u32; 2] {
        let limit =
            |index: usize| self.options().concurrency.get(index).map_or(u32::MAX, |limit| limit.limit);
        [limit(0), limit(1)]
    }

    /// Whether the condition of the trigger lets an event start the function.
    pub(crate) fn lets(&self, event: &EventView) -> bool {
        self.condition.as_ref().is_none_or(|condition| condition.holds(event.value(), None))
    }

    /// The idempotency key of an event, if the function has that option. An event without a value for it is like no other:
    /// it has none.
    pub(crate) fn idempotency_key(&self, event: &EventView) -> Option<Arc<str>> {
        match self.idempotency.as_ref()?.evaluate(event.value(), None) {
            Ok(Value::Null) => None,
            Ok(value) => Some(key_text(value)),
            Err(problem) => {
                let (function, event) = (self.descriptor.id, &*event.event.id);
                tracing::warn!(
                    function,
                    event,
                    problem,
                    "the idempotency key has no value: the event starts a run"
                );
                None
            }
        }
    }

    /// The key of the singleton that a run of an event is, if the function is one. An event without a value for it is like no
    /// other: its run excludes none.
    pub(crate) fn singleton_key(&self, event: &EventView) -> Option<Arc<str>> {
        self.options().singleton?;
        value_of(self.singleton.as_ref(), event)
    }

    /// Whether an event counts for the rate limit: one without a value for its key does not, nor one for which that is `false`.
    pub(crate) fn is_rate_limited(&self, event: &EventView) -> bool {
        value_of(self.rate_limit.as_ref(), event).is_some()
    }

    /// Where a kind of flow control keeps its state for an event.
    pub(crate) fn flow_key(&self, kind: FlowKind, event: &EventView) -> FlowKey {
        let key = match kind {
            FlowKind::Throttle => &self.throttle,
            FlowKind::RateLimit => &self.rate_limit,
            FlowKind::Debounce => &self.debounce,
            FlowKind::Batch => &self.batch,
        };
        FlowKey { function: self.function, kind, value: evaluated(key.as_ref(), event) }
    }

    /// The limits that a run counts for.
    pub(crate) fn slots(&self, event: &EventView) -> Slots {
        let mut slots = Slots::default();
        for ((slot, limit), key) in slots.iter_mut().zip(self.options().concurrency).zip(&self.concurrency) {
            *slot = concurrency_slot(self.descriptor, limit, &evaluated(key.as_ref(), event));
        }
        if self.options().throttle.is_some() {
            slots[2] = throttle_slot(self.descriptor, &evaluated(self.throttle.as_ref(), event));
        }
        slots
    }

    /// The rate at which the throttle lets runs start.
    pub(crate) fn throttle_rate(&self) -> Option<Rate> {
        self.options().throttle.map(Rate::of_throttle)
    }

    /// The place in the order of starts of a run that is due then: earlier with priority.
    pub(crate) fn start_time(&self, due: i64, event: &EventView) -> i64 {
        let priority = self.priority.as_ref();
        let priority = priority.and_then(|priority| priority.evaluate(event.value(), None).ok());
        let seconds = priority.as_ref().map(seconds).unwrap_or_default();
        due.saturating_sub(seconds.clamp(-MAX_PRIORITY_SECONDS, MAX_PRIORITY_SECONDS) * 1_000)
    }

    /// When a run that is due then is cancelled unless it has started.
    pub(crate) fn deadline_to_start(&self, due: i64) -> Option<i64> {
        self.options().timeouts.start.map(|start| due.saturating_add(milliseconds(start)))
    }
}

/// The seconds of a priority: a fraction is cut off, and what is too great for a whole number is as great as can be.
#[allow(clippy::cast_possible_truncation, reason = "a cast keeps to the bounds of the integer")]
fn seconds(value: &Value) -> i64 {
    value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64)).unwrap_or_default()
}

/// The value of a key; without a key, or without a value, the empty text.
pub(crate) fn evaluated(expression: Option<&Arc<Expression>>, event: &EventView) -> Arc<str> {
    let value = expression.and_then(|expression| expression.evaluate(event.value(), None).ok());
    value.filter(|value| !matches!(value, Value::Null)).map_or_else(|| "".into(), key_text)
}

/// The value of a key that holds runs off; without a key, the empty text. `None`: the event has no value for it, or `false`, by
/// which it counts with no other, as on an Inngest server.
fn value_of(expression: Option<&Arc<Expression>>, event: &EventView) -> Option<Arc<str>> {
    let Some(expression) = expression else { return Some("".into()) };
    match expression.evaluate(event.value(), None) {
        Ok(Value::Null | Value::Bool(false)) | Err(_) => None,
        Ok(value) => Some(key_text(value)),
    }
}

/// The value of a key as a text: what is text stands for itself.
fn key_text(value: Value) -> Arc<str> {
    match value {
        Value::String(text) => text.into(),
        other => other.to_string().into(),
    }
}
