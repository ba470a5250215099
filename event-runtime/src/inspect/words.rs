//! The options of functions, in words.

use std::time::Duration;

use crate::function::options::{Options, Scope, SingletonMode};

/// The options of a function, one sentence each.
pub(crate) fn of_options(options: &Options) -> Vec<String> {
    let mut words = vec![match options.retries {
        0 => "no retries".to_owned(),
        1 => "1 retry".to_owned(),
        retries => format!("{retries} retries"),
    }];
    let mut say = |sentence: String| words.push(sentence);
    if let Some(condition) = options.condition {
        say(format!("only if {condition}"));
    }
    for limit in options.concurrency {
        let shared = if limit.scope == Scope::Function { "" } else { ", shared with other functions" };
        say(format!("at most {} at once{}{shared}", limit.limit, each(limit.key)));
    }
    if let Some(throttle) = options.throttle {
        let (limit, period) = (throttle.limit, time(throttle.period));
        say(format!("starts at most {limit} in {period}{}, the others later", each(throttle.key)));
    }
    if let Some(rate) = options.rate_limit {
        say(format!(
            "starts at most {} in {}{}, the others never",
            rate.limit,
            time(rate.period),
            each(rate.key)
        ));
    }
    if let Some(debounce) = options.debounce {
        let latest =
            debounce.timeout.map_or_else(String::new, |timeout| format!(", {} at the latest", time(timeout)));
        say(format!(
            "starts once no event has come for {}{}{latest}",
            time(debounce.period),
            each(debounce.key)
        ));
    }
    if let Some(batch) = options.batch {
        let (size, timeout) = (batch.max_size, time(batch.timeout));
        say(format!("takes up to {size} events, or what has come after {timeout}{}", each(batch.key)));
    }
    if let Some(priority) = options.priority {
        say(format!("moved ahead by {priority} seconds"));
    }
    if let Some(singleton) = options.singleton {
        let others = match singleton.mode {
            SingletonMode::Skip => "others are skipped",
            SingletonMode::Cancel => "a new one cancels it",
        };
        say(format!("one run at a time{}, {others}", each(singleton.key)));
    }
    for cancel in options.cancel_on {
        let condition = cancel.condition.map_or_else(String::new, |condition| format!(" if {condition}"));
        let timeout =
            cancel.timeout.map_or_else(String::new, |timeout| format!(", within {}", time(timeout)));
        say(format!("cancelled by {}{condition}{timeout}", cancel.event));
    }
    if let Some(key) = options.idempotency {
        say(format!("once in 24 hours for each {key}"));
    }
    if let Some(start) = options.timeouts.start {
        say(format!("cancelled unless it starts within {}", time(start)));
    }
    if let Some(finish) = options.timeouts.finish {
        say(format!("cancelled unless it ends within {}", time(finish)));
    }
    words
}

fn each(key: Option<&str>) -> String {
    key.map_or_else(String::new, |key| format!(" for each {key}"))
}

/// A duration as an option is written: `90s`, `2h`.
fn time(duration: Duration) -> String {
    let milliseconds = duration.as_millis();
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    let whole =
        units.into_iter().find(|(unit, _)| milliseconds >= *unit && milliseconds.is_multiple_of(*unit));
    whole.map_or_else(|| format!("{milliseconds}ms"), |(unit, name)| format!("{}{name}", milliseconds / unit))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{of_options, time};
    use crate::function::options::{Concurrency, Options, RateLimit, Scope};

    #[test]
    fn options_are_said_in_words() {
        assert_eq!(of_options(&Options::DEFAULT), ["4 retries"]);
        let options = Options::DEFAULT
            .retries(0)
            .concurrency(const { &[Concurrency::new(2, Some("event.data.user"), Scope::Account)] })
            .rate_limit(Some(RateLimit::new(5, 90_000, None)));
        assert_eq!(
            of_options(&options),
            [
                "no retries",
                "at most 2 at once for each event.data.user, shared with other functions",
                "starts at most 5 in 90s, the others never",
            ]
        );
        assert_eq!(time(Duration::from_hours(48)), "2d");
        assert_eq!(time(Duration::from_millis(1_500)), "1500ms");
    }
}
