//! When and how often a function runs: the options that are named after Inngest's.

use event_conventions::parse_cron;
use syn::{LitStr, Path};

use super::duration::{DAY, SECOND, duration};
use super::expression::{Expression, expression, priority};
use crate::attr::Opt;
use crate::errors::Errors;

/// The greatest number of retries: Inngest's limit.
const MAX_RETRIES: u8 = 20;

/// The most limits of concurrency, and the most events that cancel: Inngest's limits.
const MAX_CONCURRENCY: usize = 2;
const MAX_CANCEL_ON: usize = 5;

/// The options, checked.
#[derive(Default)]
pub(crate) struct RunOptions {
    pub(crate) retries: Option<u8>,
    pub(crate) condition: Option<Expression>,
    pub(crate) concurrency: Vec<Concurrency>,
    /// How many were written, well-formed or not.
    concurrency_written: usize,
    pub(crate) throttle: Option<Limit>,
    pub(crate) rate_limit: Option<Limit>,
    pub(crate) debounce: Option<Debounce>,
    pub(crate) batch: Option<Batching>,
    pub(crate) priority: Option<Expression>,
    pub(crate) singleton: Option<Singleton>,
    pub(crate) cancel_on: Vec<CancelOn>,
    pub(crate) idempotency: Option<Expression>,
    /// From the event to the start, and from the start to the end, in milliseconds.
    pub(crate) timeouts: (Option<u64>, Option<u64>),
    pub(crate) crons: Vec<LitStr>,
}

pub(crate) struct Concurrency {
    pub(crate) limit: u32,
    pub(crate) key: Option<Expression>,
    /// `Function`, `Environment` or `Account`.
    pub(crate) scope: &'static str,
}

/// So many in each period: of `throttle` and of `rate_limit`.
pub(crate) struct Limit {
    pub(crate) count: u32,
    pub(crate) period_ms: u64,
    pub(crate) burst: u32,
    pub(crate) key: Option<Expression>,
}

pub(crate) struct Debounce {
    pub(crate) period_ms: u64,
    pub(crate) timeout_ms: Option<u64>,
    pub(crate) key: Option<Expression>,
}

pub(crate) struct Batching {
    pub(crate) max_size: u32,
    pub(crate) timeout_ms: u64,
    pub(crate) key: Option<Expression>,
}

pub(crate) struct Singleton {
    /// `Skip` or `Cancel`.
    pub(crate) mode: &'static str,
    pub(crate) key: Option<Expression>,
}

pub(crate) struct CancelOn {
    pub(crate) event: Path,
    pub(crate) condition: Option<Expression>,
    pub(crate) timeout_ms: Option<u64>,
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
];

/// Those that may be there several times.
pub(crate) const REPEATABLE: &[&str] = &["concurrency", "cancel_on"];

impl RunOptions {
    /// Reads an option; `false` if it is none of these.
    pub(crate) fn read(&mut self, option: &Opt, errors: &mut Errors) -> bool {
        match option.name().as_str() {
            "retries" => self.retries = retries(option, errors),
            "if" => self.condition = expression(option, &["event"], errors),
            "priority" => self.priority = priority(option, errors),
            "idempotency" => self.idempotency = expression(option, &["event"], errors),
            "concurrency" => self.concurrency(option, errors),
            "throttle" => self.throttle = limit(option, true, 7 * DAY, errors),
            "rate_limit" => self.rate_limit = limit(option, false, DAY, errors),
            "debounce" => self.debounce = debounce(option, errors),
            // One that is wrong is still one: the function takes a `Batch`.
            "batch" => {
                let batch = batch(option, errors);
                self.batch = batch.or(Some(Batching { max_size: 1, timeout_ms: SECOND, key: None }));
            }
            "singleton" => self.singleton = Some(singleton(option, errors)),
            "cancel_on" => self.cancel_on(option, errors),
            "timeouts" => self.timeouts = timeouts(option, errors),
            "cron" => self.crons = crons(option, errors),
            _ => return false,
        }
        true
    }

    /// Options that exclude each other.
    pub(crate) fn check(&self, written: &[Opt], errors: &mut Errors) {
        let place = |name: &str| written.iter().find(|option| option.name() == name);
        let mut exclude = |one: bool, other: bool, name: &str, why: &str| {
            if one
                && other
                && let Some(option) = place(name)
            {
                errors.at(&option.key, why);
            }
        };
        let batch = self.batch.is_some();
        exclude(
            batch,
            self.debounce.is_some(),
            "debounce",
            "`debounce` keeps one event, `batch` all of them: remove one of the two",
        );
        exclude(
            batch,
            self.rate_limit.is_some(),
            "rate_limit",
            "`rate_limit` does not go with `batch`: use `throttle`, or gather more events",
        );
        exclude(
            batch,
            self.singleton.is_some(),
            "singleton",
            "`singleton` does not go with `batch`: remove one of the two",
        );
        exclude(
            batch,
            self.priority.is_some(),
            "priority",
            "`priority` does not go with `batch`: its events may differ in it",
        );
    }

    fn concurrency(&mut self, option: &Opt, errors: &mut Errors) {
        self.concurrency_written += 1;
        if self.concurrency_written > MAX_CONCURRENCY {
            errors
                .at(&option.key, format!("a function has at most {MAX_CONCURRENCY} limits of `concurrency`"));
            return;
        }
        if option.is_pair() {
            let limit =
                option.integer(errors).and_then(|literal| at_least_1("concurrency", &literal, errors));
            self.concurrency.extend(limit.map(|limit| Concurrency { limit, key: None, scope: "Function" }));
            return;
        }
        let before = errors.len();
        let (mut limit, mut key, mut scope) = (None, None, "Function");
        for option in option.options("limit = 5", errors).unwrap_or_default() {
            match option.name().as_str() {
                "limit" => limit = count(&option, errors),
                "key" => key = expression(&option, &["event"], errors),
                "scope" => {
                    let scopes = [("fn", "Function"), ("env", "Environment"), ("account", "Account")];
                    scope = choice(&option, &scopes, errors).unwrap_or(scope);
                }
                _ => option.unknown("option of `concurrency`", &["limit", "key", "scope"], errors),
            }
        }
        if scope != "Function" && key.is_none() {
            errors.at(&option.key, "a limit that functions share has a `key`, by which they share it: write `key = \"event.data.account_id\"` or a constant `key = \"'mail'\"`");
        }
        match limit {
            Some(limit) => self.concurrency.push(Concurrency { limit, key, scope }),
            None => missing(option, "limit", "concurrency(limit = 5)", before, errors),
        }
    }

    fn cancel_on(&mut self, option: &Opt, errors: &mut Errors) {
        if self.cancel_on.len() == MAX_CANCEL_ON {
            errors.at(&option.key, format!("a function has at most {MAX_CANCEL_ON} events that cancel it"));
            return;
        }
        let before = errors.len();
        let (mut event, mut condition, mut timeout_ms) = (None, None, None);
        for option in option.options("event = WorkflowDeleted", errors).unwrap_or_default() {
            match option.name().as_str() {
                "event" => event = option.path(errors),
                "if" => condition = expression(&option, &["event", "async"], errors),
                "timeout" => timeout_ms = duration(&option, SECOND, 366 * DAY, errors),
                _ => option.unknown("option of `cancel_on`", &["event", "if", "timeout"], errors),
            }
        }
        match event {
            Some(event) => self.cancel_on.push(CancelOn { event, condition, timeout_ms }),
            None => missing(option, "event", "cancel_on(event = WorkflowDeleted)", before, errors),
        }
    }
}

fn missing(option: &Opt, key: &str, example: &str, before: usize, errors: &mut Errors) {
    // What stands in parentheses and is wrong was reported, and may be what is meant.
    if errors.len() == before {
        errors.at(&option.key, format!("`{}` needs `{key}`: write `{example}`", option.name()));
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

fn limit(option: &Opt, has_burst: bool, longest: u64, errors: &mut Errors) -> Option<Limit> {
    let before = errors.len();
    let (mut limit, mut period, mut burst, mut key) = (None, None, None, None);
    let known: &[&str] =
        if has_burst { &["limit", "period", "burst", "key"] } else { &["limit", "period", "key"] };
    let example = "limit = 10, period = \"1m\"";
    for option in option.options(example, errors)? {
        match option.name().as_str() {
            "limit" => limit = count(&option, errors),
            "period" => period = duration(&option, SECOND, longest, errors),
            "burst" if has_burst => burst = count(&option, errors),
            "key" => key = expression(&option, &["event"], errors),
            _ => option.unknown("option", known, errors),
        }
    }
    let example = format!("{}({example})", option.name());
    match (limit, period) {
        (Some(limit), Some(period_ms)) => {
            return Some(Limit { count: limit, period_ms, burst: burst.unwrap_or(1), key });
        }
        (None, _) => missing(option, "limit", &example, before, errors),
        (_, None) => missing(option, "period", &example, before, errors),
    }
    None
}

fn debounce(option: &Opt, errors: &mut Errors) -> Option<Debounce> {
    let before = errors.len();
    let (mut period, mut timeout_ms, mut key) = (None, None, None);
    for option in option.options("period = \"10s\"", errors)? {
        match option.name().as_str() {
            "period" => period = duration(&option, SECOND, 7 * DAY, errors),
            "timeout" => timeout_ms = duration(&option, SECOND, 7 * DAY, errors),
            "key" => key = expression(&option, &["event"], errors),
            _ => option.unknown("option of `debounce`", &["period", "timeout", "key"], errors),
        }
    }
    if let (Some(period), Some(timeout)) = (period, timeout_ms)
        && timeout < period
    {
        errors.at(&option.key, "the `timeout` of `debounce` is at least its `period`: exchange them");
    }
    if period.is_none() {
        missing(option, "period", "debounce(period = \"10s\")", before, errors);
    }
    Some(Debounce { period_ms: period?, timeout_ms, key })
}

fn batch(option: &Opt, errors: &mut Errors) -> Option<Batching> {
    let before = errors.len();
    let (mut max_size, mut timeout, mut key) = (None, None, None);
    for option in option.options("max_size = 100, timeout = \"5s\"", errors)? {
        match option.name().as_str() {
            "max_size" => {
                max_size = count(&option, errors);
                if max_size.is_some_and(|size| size > 100) {
                    errors.at(&option, "a batch has at most 100 events");
                }
            }
            "timeout" => timeout = duration(&option, SECOND, 60 * SECOND, errors),
            "key" => key = expression(&option, &["event"], errors),
            _ => option.unknown("option of `batch`", &["max_size", "timeout", "key"], errors),
        }
    }
    let example = "batch(max_size = 100, timeout = \"5s\")";
    match (max_size, timeout) {
        (Some(max_size), Some(timeout_ms)) => return Some(Batching { max_size, timeout_ms, key }),
        (None, _) => missing(option, "max_size", example, before, errors),
        (_, None) => missing(option, "timeout", example, before, errors),
    }
    None
}

fn singleton(option: &Opt, errors: &mut Errors) -> Singleton {
    let mut singleton = Singleton { mode: "Skip", key: None };
    if option.is_bare() {
        return singleton;
    }
    for option in option.options("mode = \"skip\"", errors).unwrap_or_default() {
        match option.name().as_str() {
            "mode" => {
                let modes = [("skip", "Skip"), ("cancel", "Cancel")];
                singleton.mode = choice(&option, &modes, errors).unwrap_or(singleton.mode);
            }
            "key" => singleton.key = expression(&option, &["event"], errors),
            _ => option.unknown("option of `singleton`", &["mode", "key"], errors),
        }
    }
    singleton
}

fn timeouts(option: &Opt, errors: &mut Errors) -> (Option<u64>, Option<u64>) {
    let (mut start, mut finish) = (None, None);
    for option in option.options("start = \"1m\", finish = \"1h\"", errors).unwrap_or_default() {
        match option.name().as_str() {
            "start" => start = duration(&option, SECOND, 366 * DAY, errors),
            "finish" => finish = duration(&option, SECOND, 366 * DAY, errors),
            _ => option.unknown("option of `timeouts`", &["start", "finish"], errors),
        }
    }
    (start, finish)
}

fn crons(option: &Opt, errors: &mut Errors) -> Vec<LitStr> {
    let literals =
        if option.is_pair() { option.text(errors).into_iter().collect() } else { option.arguments(errors) };
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

/// A whole number that is at least 1.
fn count(option: &Opt, errors: &mut Errors) -> Option<u32> {
    let literal = option.integer(errors)?;
    at_least_1(&option.name(), &literal, errors)
}

fn at_least_1(name: &str, literal: &syn::LitInt, errors: &mut Errors) -> Option<u32> {
    let number = literal.base10_parse().ok().filter(|number| *number >= 1);
    if number.is_none() {
        errors.at(literal, format!("`{name}` is at least 1, and at most {}", u32::MAX));
    }
    number
}

/// One of some texts.
fn choice(option: &Opt, choices: &[(&str, &'static str)], errors: &mut Errors) -> Option<&'static str> {
    let literal = option.text(errors)?;
    let found = choices.iter().find(|(name, _)| *name == literal.value());
    if found.is_none() {
        let names: Vec<String> = choices.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        errors.at(&literal, format!("`{}` is one of {}", option.name(), names.join(", ")));
    }
    found.map(|(_, value)| *value)
}
