//! Flow control: the options that say how many runs there are at a time, and how many events make one.

use super::duration::{DAY, SECOND, duration};
use super::expression::{Expression, Key, expression, key as key_of};
use super::options::{count, missing};
use crate::errors::Errors;
use crate::parse::option::Opt;

/// The most limits of concurrency: Inngest's limit.
const MAX_CONCURRENCY: usize = 2;

/// A limit on the runs at a time.
pub(crate) struct Concurrency {
    pub(crate) limit: u32,
    pub(crate) key: Option<Key>,
    pub(crate) scope: Scope,
}

/// The functions that share a limit.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Scope {
    Function,
    Environment,
    Account,
}

/// A number of runs in each period: of `throttle` and of `rate_limit`.
pub(crate) struct Limit {
    pub(crate) count: u32,
    pub(crate) period_ms: u64,
    pub(crate) burst: u32,
    pub(crate) key: Option<Key>,
}

pub(crate) struct Debounce {
    pub(crate) period_ms: u64,
    pub(crate) timeout_ms: Option<u64>,
    pub(crate) key: Option<Key>,
}

pub(crate) struct Batching {
    pub(crate) max_size: u32,
    pub(crate) timeout_ms: u64,
    pub(crate) key: Option<Key>,
    /// The condition for waiting in the batch; an event that does not meet it starts a run at once.
    pub(crate) condition: Option<Expression>,
}

pub(crate) struct Singleton {
    pub(crate) mode: SingletonMode,
    pub(crate) key: Option<Key>,
}

/// The run that gives way when there is one already.
#[derive(Clone, Copy)]
pub(crate) enum SingletonMode {
    /// The new one.
    Skip,
    /// The old one.
    Cancel,
}

/// Reads `concurrency`, the option number `number` of this name.
pub(super) fn concurrency(option: &Opt, number: usize, errors: &mut Errors) -> Option<Concurrency> {
    if number > MAX_CONCURRENCY {
        errors.at(&option.key, format!("a function has at most {MAX_CONCURRENCY} limits of `concurrency`"));
        return None;
    }
    if option.is_pair() {
        return Some(Concurrency { limit: count(option, errors)?, key: None, scope: Scope::Function });
    }
    let before = errors.len();
    let (mut limit, mut key, mut scope) = (None, None, Scope::Function);
    for option in option.options("limit = 5", errors).unwrap_or_default() {
        match option.name().as_str() {
            "limit" => limit = count(&option, errors),
            "key" => key = key_of(&option, errors),
            "scope" => scope = choice(&option, &SCOPES, errors).unwrap_or(scope),
            _ => option.unknown("option of `concurrency`", &["limit", "key", "scope"], errors),
        }
    }
    if scope != Scope::Function && key.is_none() {
        errors.at(&option.key, "a limit that functions share has a `key`, by which they share it: write `key = \"event.data.account_id\"` or a constant `key = \"'mail'\"`");
    }
    if limit.is_none() {
        missing(option, "limit", "concurrency(limit = 5)", before, errors);
    }
    Some(Concurrency { limit: limit?, key, scope })
}

const SCOPES: [(&str, Scope); 3] =
    [("fn", Scope::Function), ("env", Scope::Environment), ("account", Scope::Account)];

/// Reads `throttle`.
pub(super) fn throttle(option: &Opt, errors: &mut Errors) -> Option<Limit> {
    limit(option, &["limit", "period", "burst", "key"], 7 * DAY, errors)
}

/// Reads `rate_limit`.
pub(super) fn rate_limit(option: &Opt, errors: &mut Errors) -> Option<Limit> {
    limit(option, &["limit", "period", "key"], DAY, errors)
}

fn limit(option: &Opt, known: &[&str], longest: u64, errors: &mut Errors) -> Option<Limit> {
    let before = errors.len();
    let (mut limit, mut period, mut burst, mut key) = (None, None, None, None);
    let example = "limit = 10, period = \"1m\"";
    for option in option.options(example, errors)? {
        match option.name().as_str() {
            name if !known.contains(&name) => option.unknown("option", known, errors),
            "limit" => limit = count(&option, errors),
            "period" => period = duration(&option, SECOND, longest, errors),
            "burst" => burst = count(&option, errors),
            _ => key = key_of(&option, errors),
        }
    }
    let example = format!("{}({example})", option.name());
    match (limit, period) {
        (Some(count), Some(period_ms)) => {
            return Some(Limit { count, period_ms, burst: burst.unwrap_or(1), key });
        }
        (None, _) => missing(option, "limit", &example, before, errors),
        (_, None) => missing(option, "period", &example, before, errors),
    }
    None
}

/// Reads `debounce`.
pub(super) fn debounce(option: &Opt, errors: &mut Errors) -> Option<Debounce> {
    let before = errors.len();
    let (mut period, mut timeout_ms, mut key) = (None, None, None);
    for option in option.options("period = \"10s\"", errors)? {
        match option.name().as_str() {
            "period" => period = duration(&option, SECOND, 7 * DAY, errors),
            "timeout" => timeout_ms = duration(&option, SECOND, 7 * DAY, errors),
            "key" => key = key_of(&option, errors),
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

/// Reads `batch`. One that is wrong is still one: the function takes a `Batch`.
pub(super) fn batch(option: &Opt, errors: &mut Errors) -> Batching {
    well_formed_batch(option, errors).unwrap_or(Batching {
        max_size: 1,
        timeout_ms: SECOND,
        key: None,
        condition: None,
    })
}

fn well_formed_batch(option: &Opt, errors: &mut Errors) -> Option<Batching> {
    let before = errors.len();
    let (mut max_size, mut timeout, mut key, mut condition) = (None, None, None, None);
    for option in option.options("max_size = 100, timeout = \"5s\"", errors)? {
        match option.name().as_str() {
            "max_size" => {
                max_size = count(&option, errors);
                if max_size.is_some_and(|size| size > 100) {
                    errors.at(&option, "a batch has at most 100 events");
                }
            }
            "timeout" => timeout = duration(&option, SECOND, 60 * SECOND, errors),
            "key" => key = key_of(&option, errors),
            "if" => condition = expression(&option, &["event"], errors),
            _ => option.unknown("option of `batch`", &["max_size", "timeout", "key", "if"], errors),
        }
    }
    let example = "batch(max_size = 100, timeout = \"5s\")";
    match (max_size, timeout) {
        (Some(max_size), Some(timeout_ms)) => {
            return Some(Batching { max_size, timeout_ms, key, condition });
        }
        (None, _) => missing(option, "max_size", example, before, errors),
        (_, None) => missing(option, "timeout", example, before, errors),
    }
    None
}

/// Reads `singleton`.
pub(super) fn singleton(option: &Opt, errors: &mut Errors) -> Singleton {
    let mut singleton = Singleton { mode: SingletonMode::Skip, key: None };
    if option.is_bare() {
        return singleton;
    }
    for option in option.options("mode = \"skip\"", errors).unwrap_or_default() {
        match option.name().as_str() {
            "mode" => singleton.mode = choice(&option, &MODES, errors).unwrap_or(singleton.mode),
            "key" => singleton.key = key_of(&option, errors),
            _ => option.unknown("option of `singleton`", &["mode", "key"], errors),
        }
    }
    singleton
}

const MODES: [(&str, SingletonMode); 2] = [("skip", SingletonMode::Skip), ("cancel", SingletonMode::Cancel)];

/// One of some texts.
fn choice<T: Copy>(option: &Opt, choices: &[(&str, T)], errors: &mut Errors) -> Option<T> {
    let literal = option.text(errors)?;
    let found = choices.iter().find(|(name, _)| *name == literal.value());
    if found.is_none() {
        let names: Vec<String> = choices.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        errors.at(&literal, format!("`{}` is one of {}", option.name(), names.join(", ")));
    }
    found.map(|(_, value)| *value)
}
