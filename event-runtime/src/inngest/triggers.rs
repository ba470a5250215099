//! The triggers of a function as a server registers them.
//!
//! A server takes no more than ten of a function. More events than that are registered by a pattern for each domain, `user/*`, with
//! an expression that leaves out events of the domain that the function does not take.

use std::collections::BTreeMap;

use event_conventions::parse_cron;

use super::wire::registration::TriggerConfig;
use super::wire::time::time_string;
use crate::function::FunctionDescriptor;

/// The most triggers of a function that a server takes.
pub(crate) const MAX_TRIGGERS: usize = 10;

/// The triggers of a function.
pub(crate) fn triggers(function: &FunctionDescriptor) -> Vec<TriggerConfig> {
    let jitter = || function.options.jitter.map(time_string);
    let crons = function.options.crons.iter();
    let crons = crons.map(|cron| TriggerConfig::Cron { cron: portable(cron), jitter: jitter() });
    let condition = function.options.condition;
    if function.triggers.len() + crons.len() <= MAX_TRIGGERS {
        let event = |name: &&str| event(name, condition.map(str::to_owned));
        return function.triggers.iter().map(event).chain(crons).collect();
    }
    let mut domains = BTreeMap::<&str, Vec<&str>>::new();
    for name in function.triggers {
        domains.entry(domain(name)).or_default().push(name);
    }
    let of_domain = |(domain, names): (&str, Vec<&str>)| match names[..] {
        [name] => event(name, condition.map(str::to_owned)),
        _ => event(&format!("{domain}*"), Some(any_of(&names, condition))),
    };
    domains.into_iter().map(of_domain).chain(crons).collect()
}

fn event(name: &str, expression: Option<String>) -> TriggerConfig {
    TriggerConfig::Event { event: name.to_owned(), expression }
}

/// What a pattern can begin with: `user/` of `user/created`. A name without a domain stands for itself.
fn domain(name: &str) -> &str {
    match name.find('/').or_else(|| name.find('.')) {
        Some(end) => &name[..=end],
        None => name,
    }
}

/// The expression that an event has one of these names, and meets the condition.
fn any_of(names: &[&str], condition: Option<&str>) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("'{}'", quoted(name))).collect();
    let is_one = format!("event.name in [{}]", names.join(", "));
    condition.map_or_else(|| is_one.clone(), |condition| format!("{is_one} && ({condition})"))
}

/// A text as it stands between quotes in an expression.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

/// A cron as servers read it. What cannot be read is refused when the application is built.
fn portable(cron: &str) -> String {
    parse_cron(cron).map_or_else(|_| cron.to_owned(), |cron| cron.portable())
}

#[cfg(test)]
mod tests {
    use super::{any_of, domain};

    #[test]
    fn a_domain_ends_at_the_first_delimiter_that_patterns_know() {
        let names = ["user/created", "api/v1/users", "user.created", "app/user.created", "simple"];
        assert_eq!(names.map(domain), ["user/", "api/", "user.", "app/", "simple"]);
    }

    #[test]
    fn a_condition_holds_beside_the_names() {
        assert_eq!(any_of(&["a/b", "a/c'd"], None), r"event.name in ['a/b', 'a/c\'d']");
        assert_eq!(any_of(&["a/b"], Some("x || y")), "event.name in ['a/b'] && (x || y)");
    }
}
