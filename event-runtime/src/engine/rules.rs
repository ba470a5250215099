//! The options of functions, compiled: what they say about an event.

use std::ops::Index;
use std::sync::Arc;

use serde_json::Value;

use super::expression::{Expression, ExpressionPlace, Expressions, NoValue};
use super::keys::Group;
use super::message::Notice;
use super::milliseconds;
use super::model::{EventKey, EventView, FlowKey, FunctionIndex, Slots};
use super::slots::{concurrency_slot, name_of_limits, throttle_slot};
use super::state::flow_control::{FlowKind, Rate};
use crate::function::{Application, FunctionDescriptor, Options};

/// The most by which priority moves a run, in seconds: 12 hours, Inngest's limit.
const MAX_PRIORITY_SECONDS: i64 = 12 * 60 * 60;

/// Who is told of expressions that have no value.
pub(crate) type Report<'a> = &'a mut dyn FnMut(Notice);

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
    /// Which events wait for others in a batch.
    batch_condition: Option<Arc<Expression>>,
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
            batch_condition: parse(options.batch.and_then(|option| option.condition)),
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
    pub(crate) fn lets(&self, event: &EventView, report: Report<'_>) -> bool {
        self.holds(ExpressionPlace::If, self.condition.as_ref(), event, report)
    }

    /// Whether an event waits in a batch for others.
    pub(crate) fn is_batched(&self, event: &EventView, report: Report<'_>) -> bool {
        self.holds(ExpressionPlace::BatchIf, self.batch_condition.as_ref(), event, report)
    }

    /// Whether a condition is true, or not there.
    fn holds(
        &self,
        place: ExpressionPlace,
        condition: Option<&Arc<Expression>>,
        event: &EventView,
        report: Report<'_>,
    ) -> bool {
        let Some(condition) = condition else { return true };
        condition.holds(event.value(), None, |why| report(self.no_value(place, event, why)))
    }

    /// The idempotency key of an event. `None`: the function has no such option, or lets the event be.
    pub(crate) fn idempotency_key(&self, event: &EventView, report: Report<'_>) -> Option<Arc<str>> {
        self.options().idempotency?;
        self.group(ExpressionPlace::Idempotency, self.idempotency.as_ref(), event, report).key()
    }

    /// The key of the singleton that a run of an event is. `None`: the function is not one, or the run excludes no other.
    pub(crate) fn singleton_key(&self, event: &EventView, report: Report<'_>) -> Option<Arc<str>> {
        self.options().singleton?;
        self.group(ExpressionPlace::Singleton, self.singleton.as_ref(), event, report).key()
    }

    /// Where the rate limit keeps its state for an event. `None`: the event does not count for it.
    pub(crate) fn rate_limit_key(&self, event: &EventView, report: Report<'_>) -> Option<FlowKey> {
        let group = self.group(ExpressionPlace::RateLimit, self.rate_limit.as_ref(), event, report);
        Some(self.flow_key(FlowKind::RateLimit, group.key()?))
    }

    /// Where the debounce keeps its state for an event.
    pub(crate) fn debounce_key(&self, key: EventKey, event: &EventView, report: Report<'_>) -> FlowKey {
        let group = self.group(ExpressionPlace::Debounce, self.debounce.as_ref(), event, report);
        self.flow_key(FlowKind::Debounce, group.key_or_own(key))
    }

    /// Where the batch keeps its state for an event.
    pub(crate) fn batch_key(&self, key: EventKey, event: &EventView, report: Report<'_>) -> FlowKey {
        let group = self.group(ExpressionPlace::Batch, self.batch.as_ref(), event, report);
        self.flow_key(FlowKind::Batch, group.key_or_own(key))
    }

    const fn flow_key(&self, kind: FlowKind, value: Arc<str>) -> FlowKey {
        FlowKey { function: self.function, kind, value }
    }

    /// The limits that a run counts for.
    pub(crate) fn slots(&self, event: &EventView, report: Report<'_>) -> Slots {
        let mut slots = Slots::default();
        for ((slot, limit), key) in slots.iter_mut().zip(self.options().concurrency).zip(&self.concurrency) {
            let group = self.group(ExpressionPlace::Concurrency, key.as_ref(), event, report);
            *slot = concurrency_slot(self.descriptor, limit, &group.key().unwrap_or_default());
        }
        if self.options().throttle.is_some() {
            let group = self.group(ExpressionPlace::Throttle, self.throttle.as_ref(), event, report);
            slots[2] = throttle_slot(self.descriptor, &group.key().unwrap_or_default());
        }
        slots
    }

    fn group(
        &self,
        option: ExpressionPlace,
        key: Option<&Arc<Expression>>,
        event: &EventView,
        report: Report<'_>,
    ) -> Group {
        Group::of(option, key.map(|key| &**key), event, |why| report(self.no_value(option, event, why)))
    }

    /// The notice that an expression has no value for an event.
    pub(crate) fn no_value(&self, place: ExpressionPlace, event: &EventView, problem: NoValue) -> Notice {
        Notice::NoValue { function: self.function, place, event: event.event.id.as_str().into(), problem }
    }

    /// The rate at which the throttle lets runs start.
    pub(crate) fn throttle_rate(&self) -> Option<Rate> {
        self.options().throttle.map(Rate::of_throttle)
    }

    /// The place in the order of starts of a run that is due then: earlier with priority, which is 0 if it has no value.
    pub(crate) fn start_time(&self, due: i64, event: &EventView, report: Report<'_>) -> i64 {
        let Some(priority) = &self.priority else { return due };
        let seconds = priority.evaluate(event.value(), None).and_then(|value| seconds(&value));
        let seconds = seconds.unwrap_or_else(|why| {
            report(self.no_value(ExpressionPlace::Priority, event, why));
            0
        });
        due.saturating_sub(seconds.clamp(-MAX_PRIORITY_SECONDS, MAX_PRIORITY_SECONDS) * 1_000)
    }

    /// When a run that is due then is cancelled unless it has started.
    pub(crate) fn deadline_to_start(&self, due: i64) -> Option<i64> {
        self.options().timeouts.start.map(|start| due.saturating_add(milliseconds(start)))
    }
}

/// The seconds of a priority: none if it is null; a fraction is cut off, and what is too great for a whole number is as great
/// as can be.
#[allow(clippy::cast_possible_truncation, reason = "a cast keeps to the bounds of the integer")]
fn seconds(value: &Value) -> Result<i64, NoValue> {
    if value.is_null() {
        return Ok(0);
    }
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64));
    seconds.ok_or(NoValue::NotANumber)
}
