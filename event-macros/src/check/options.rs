//! The options that say when and how often a function runs, named after Inngest's.

use event_conventions::parse_cron;
use proc_macro2::Span;
use syn::{LitStr, Path};

use super::duration::{DAY, SECOND, duration};
use super::expression::{Expression, Key, expression, key, priority};
use super::flow_control::{self, Batching, Concurrency, Debounce, Limit, Singleton};
use crate::errors::Errors;
use crate::parse::option::Opt;

/// The greatest number of retries: Inngest's limit.
const MAX_RETRIES: u8 = 20;

/// The most events that cancel a function: Inngest's limit.
const MAX_CANCEL_ON: usize = 5;

/// The longest delay of a start by `cron`: Inngest's limit, five minutes.
const MAX_JITTER: u64 = 300 * SECOND;

/// The options, checked.
#[derive(Default)]
pub(crate) struct RunOptions {
    pub(crate) retries: Option<u8>,
    pub(crate) condition: Option<Expression>,
    pub(crate) concurrency: Vec<Concurrency>,
    /// The number of those that were written, well-formed or not.
    concurrency_written: usize,
    pub(crate) throttle: Option<Limit>,
    pub(crate) rate_limit: Option<Limit>,
    pub(crate) debounce: Option<Debounce>,
    pub(crate) batch: Option<Batching>,
    pub(crate) priority: Option<Expression>,
    pub(crate) singleton: Option<Singleton>,
    pub(crate) cancel_on: Vec<CancelOn>,
    pub(crate) idempotency: Option<Key>,
    pub(crate) timeouts: Timeouts,
    pub(crate) crons: Vec<LitStr>,
    /// The longest time by which a start by `cron` is delayed at random.
    pub(crate) jitter_ms: Option<u64>,
}

/// An event that ends the runs of a function.
pub(crate) struct CancelOn {
    pub(crate) event: Path,
    pub(crate) condition: Option<Condition>,
    pub(crate) timeout_ms: Option<u64>,
    /// The function may send it itself.
    pub(crate) allows_own: bool,
}

/// Which of the events cancel: those for which an expression is true, or those with the key of the run's own event.
pub(crate) enum Condition {
    Expression(Expression),
    /// With the place where it is asked for.
    SameKey(Span),
}

/// The longest times of a run.
#[derive(Clone, Copy, Default)]
pub(crate) struct Timeouts {
    /// From the event to the start.
    pub(crate) start_ms: Option<u64>,
    /// From the start to the end.
    pub(crate) finish_ms: Option<u64>,
}

/// The names of the options.
pub(crate) const NAMES: &[&str] = &[
    "retries",
    "if",
    "concurrency",
    "throttle",
    "rate_limit",
    "debounce",
    "batch",
    "priority",
    "singleton",
    "cancel_on",
    "idempotency",
    "timeouts",
    "cron",
    "jitter",
];

/// The names of options that may be there several times.
pub(crate) const REPEATABLE: &[&str] = &["concurrency", "cancel_on"];

/// The options that `batch` excludes, and why.
const WITHOUT_BATCH: [(&str, &str); 4] = [
    ("debounce", "`debounce` keeps one event, `batch` all of them: remove one of the two"),
    ("rate_limit", "`rate_limit` does not go with `batch`: use `throttle`, or gather more events"),
    ("singleton", "`singleton` does not go with `batch`: remove one of the two"),
    ("priority", "`priority` does not go with `batch`: its events may differ in it"),
];

impl RunOptions {
    /// Reads an option. Returns `false` if it is another one.
    pub(super) fn read(&mut self, option: &Opt, errors: &mut Errors) -> bool {
        match option.name().as_str() {
            "retries" => self.retries = retries(option, errors),
            "if" => self.condition = expression(option, &["event"], errors),
            "priority" => self.priority = priority(option, errors),
            "idempotency" => self.idempotency = key(option, errors),
            "concurrency" => {
                self.concurrency_written += 1;
                self.concurrency.extend(flow_control::concurrency(option, self.concurrency_written, errors));
            }
            "throttle" => self.throttle = flow_control::throttle(option, errors),
            "rate_limit" => self.rate_limit = flow_control::rate_limit(option, errors),
            "debounce" => self.debounce = flow_control::debounce(option, errors),
            "batch" => self.batch = Some(flow_control::batch(option, errors)),
            "singleton" => self.singleton = Some(flow_control::singleton(option, errors)),
            "cancel_on" => self.cancel_on(option, errors),
            "timeouts" => self.timeouts = timeouts(option, errors),
            "cron" => self.crons = crons(option, errors),
            "jitter" => self.jitter_ms = duration(option, SECOND, MAX_JITTER, errors),
            _ => return false,
        }
        true
    }

    /// Checks that no two options exclude each other.
    pub(super) fn check(&self, written: &[Opt], errors: &mut Errors) {
        let find = |name: &str| written.iter().find(|option| option.name() == name);
        if let (Some(jitter), None) = (find("jitter"), find("cron")) {
            errors.at(
                &jitter.key,
                "`jitter` delays what `cron` starts: write `cron = \"0 9 * * *\"` too, or remove it",
            );
        }
        if self.batch.is_none() {
            return;
        }
        for (name, why) in WITHOUT_BATCH {
            if let Some(option) = find(name) {
                errors.at(&option.key, why);
            }
        }
    }

    fn cancel_on(&mut self, option: &Opt, errors: &mut Errors) {
        if self.cancel_on.len() == MAX_CANCEL_ON {
            errors.at(&option.key, format!("a function has at most {MAX_CANCEL_ON} events that cancel it"));
            return;
        }
        let before = errors.len();
        let (mut event, mut condition, mut timeout_ms, mut allows_own) = (None, None, None, false);
        for option in option.options("event = WorkflowDeleted", errors).unwrap_or_default() {
            match option.name().as_str() {
                "event" => event = option.path(errors),
                "if" | "key" if condition.is_some() => {
                    let message =
                        "`if` and `key` are two conditions: remove `key`, and compare the keys in `if` too";
                    errors.at(&option.key, message);
                }
                "if" => {
                    let read = expression(&option, &["event", "async"], errors);
                    condition = read.map(Condition::Expression);
                }
                "key" => {
                    option.flag(errors);
                    condition = Some(Condition::SameKey(option.span()));
                }
                "timeout" => timeout_ms = duration(&option, SECOND, 366 * DAY, errors),
                "allow_own" => {
                    option.flag(errors);
                    allows_own = true;
                }
                _ => option.unknown(
                    "option of `cancel_on`",
                    &["event", "key", "if", "timeout", "allow_own"],
                    errors,
                ),
            }
        }
        match event {
            Some(event) => self.cancel_on.push(CancelOn { event, condition, timeout_ms, allows_own }),
            None => missing(option, "event", "cancel_on(event = WorkflowDeleted)", before, errors),
        }
    }
}

fn retries(option: &Opt, errors: &mut Errors) -> Option<u8> {
    let literal = option.integer(errors)?;
    let retries = literal.base10_parse().ok().filter(|retries| *retries <= MAX_RETRIES);
    if retries.is_none() {
        errors.at(literal, format!("`retries` is at most {MAX_RETRIES}"));
    }
    retries
}

fn timeouts(option: &Opt, errors: &mut Errors) -> Timeouts {
    let mut timeouts = Timeouts::default();
    for option in option.options("start = \"1m\", finish = \"1h\"", errors).unwrap_or_default() {
        match option.name().as_str() {
            "start" => timeouts.start_ms = duration(&option, SECOND, 366 * DAY, errors),
            "finish" => timeouts.finish_ms = duration(&option, SECOND, 366 * DAY, errors),
            _ => option.unknown("option of `timeouts`", &["start", "finish"], errors),
        }
    }
    timeouts
}

fn crons(option: &Opt, errors: &mut Errors) -> Vec<LitStr> {
    let literals = option.texts(errors);
    let mut earlier = Vec::new();
    for literal in &literals {
        match parse_cron(&literal.value()).map(|cron| cron.portable()) {
            Ok(portable) if earlier.contains(&portable) => {
                errors.at(literal, format!("`{portable}` is there twice: remove one of the two"));
            }
            Ok(portable) => earlier.push(portable),
            Err(error) => errors.at(literal, error.to_string()),
        }
    }
    literals
}

/// Reports that an option needs `key`, unless there were errors since `before`.
pub(super) fn missing(option: &Opt, key: &str, example: &str, before: usize, errors: &mut Errors) {
    // What stands in parentheses and is wrong was reported, and may be what is meant.
    if errors.len() == before {
        errors.at(&option.key, format!("`{}` needs `{key}`: write `{example}`", option.name()));
    }
}

/// A whole number that is at least 1.
pub(super) fn count(option: &Opt, errors: &mut Errors) -> Option<u32> {
    let literal = option.integer(errors)?;
    let number = literal.base10_parse().ok().filter(|number| *number >= 1);
    if number.is_none() {
        errors.at(literal, format!("`{}` is at least 1, and at most {}", option.name(), u32::MAX));
    }
    number
}
