//! The names of limits: of concurrency and of throttles. A name says what is limited, by the function, the expression of the
//! key and its value; never where it stands in a list. So it is the same in every deployment, and is stored with runs.

use std::sync::Arc;

use crate::function::options::{Concurrency, Scope};
use crate::function::{FunctionDescriptor, Options};

/// The limits that a run counts for, each a hash that names the limit and the value of its key; 0 stands for no limit. Two of
/// concurrency, and until the run has started the throttle.
pub(crate) type Slots = [u64; 3];

/// The name of no limits.
pub(crate) const NO_LIMITS: u64 = 0;

/// A hash that names the limits which the slots of a run belong to: what they limit, and not how much.
pub(crate) fn name_of_limits(descriptor: &FunctionDescriptor) -> u64 {
    let Options { concurrency, throttle, .. } = &descriptor.options;
    if concurrency.is_empty() && throttle.is_none() {
        return NO_LIMITS;
    }
    let concurrency: Vec<_> = concurrency.iter().map(|limit| (limit.scope, limit.key)).collect();
    let limits = (descriptor.id, concurrency, throttle.map(|throttle| throttle.key));
    event_conventions::hash_name(&format!("{limits:?}")).max(1)
}

/// The slot of a limit of concurrency for a value of its key.
pub(crate) fn concurrency_slot(descriptor: &FunctionDescriptor, limit: &Concurrency, value: &str) -> u64 {
    match limit.scope {
        Scope::Function => slot("function", (descriptor.id, limit.key), value),
        Scope::Environment => slot("environment", ("", None), value),
        Scope::Account => slot("account", ("", None), value),
    }
}

/// The slot of the throttle of a function for a value of its key.
pub(crate) fn throttle_slot(descriptor: &FunctionDescriptor, value: &str) -> u64 {
    let throttle = descriptor.options.throttle;
    throttle.map_or(0, |throttle| slot("throttle", (descriptor.id, throttle.key), value))
}

fn slot(kind: &str, (function, key): (&str, Option<&str>), value: &str) -> u64 {
    let key = key.unwrap_or_default();
    event_conventions::hash_name(&format!("{kind}\0{function}\0{key}\0{value}")).max(1)
}

/// The key under which flow control remembers a throttle.
pub(crate) fn throttle_key(slot: u64) -> Arc<str> {
    format!("{slot:016x}").into()
}

/// The slot of a throttle that flow control remembers.
pub(crate) fn throttle_of_key(key: &str) -> Option<u64> {
    u64::from_str_radix(key, 16).ok()
}

/// The slots of concurrency, each once: two limits may be one.
pub(crate) fn distinct([first, second, _]: Slots) -> impl Iterator<Item = u64> {
    [first, if second == first { 0 } else { second }].into_iter().filter(|slot| *slot != 0)
}
