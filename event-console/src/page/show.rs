//! The display of values.

use std::time::{Duration, SystemTime};

use event_runtime::inspect::{RunInfo, RunStatus};
use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::Value;

use crate::query::encoded;

/// The most of one value that a page shows, in bytes.
const MAX_SHOWN: usize = 32 * 1024;

/// A time: of the day, with its date for those who look closer.
pub(crate) fn time(time: SystemTime) -> Markup {
    let stamp = Timestamp::try_from(time).unwrap_or(Timestamp::MAX);
    html! { time datetime=(format!("{stamp:.3}")) { (stamp.strftime("%Y-%m-%d ").to_string()) b { (stamp.strftime("%H:%M:%S").to_string()) } } }
}

pub(crate) fn maybe_time(at: Option<SystemTime>) -> Markup {
    match at {
        Some(at) => time(at),
        None => html! { span.none { "–" } },
    }
}

/// A duration, with about three digits.
pub(crate) fn duration(duration: Duration) -> String {
    let ms = duration.as_millis();
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        60_000..3_600_000 => format!("{} m {} s", ms / 60_000, ms % 60_000 / 1_000),
        3_600_000..86_400_000 => format!("{} h {} m", ms / 3_600_000, ms % 3_600_000 / 60_000),
        _ => format!("{} d {} h", ms / 86_400_000, ms % 86_400_000 / 3_600_000),
    }
}

/// From one time to another; nothing if the clock was set back in between.
pub(crate) fn between(from: SystemTime, to: SystemTime) -> Duration {
    to.duration_since(from).unwrap_or_default()
}

/// The duration of a run so far.
pub(crate) fn took(run: &RunInfo) -> Option<Duration> {
    run.started.zip(run.ended).map(|(started, ended)| between(started, ended))
}

/// Bytes, with a unit.
pub(crate) fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KiB", bytes / 1_024),
        1_048_576..1_073_741_824 => {
            format!("{}.{} MiB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576)
        }
        _ => format!("{}.{} GiB", bytes / 1_073_741_824, bytes % 1_073_741_824 * 10 / 1_073_741_824),
    }
}

/// A number with its thousands apart.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && index % 3 == first {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

pub(crate) fn status(status: RunStatus) -> Markup {
    html! { span.status data-status=(status.name()) { (status.name()) } }
}

pub(crate) fn run_link(base: &str, id: &str) -> Markup {
    html! { a.mono href={ (base) "/runs/" (encoded(id)) } { (short(id)) } }
}

pub(crate) fn event_link(base: &str, id: &str) -> Markup {
    html! { a.mono href={ (base) "/events/" (encoded(id)) } { (short(id)) } }
}

/// An id as it fits into a table.
fn short(id: &str) -> String {
    if id.chars().count() <= 40 { id.to_owned() } else { id.chars().take(39).chain(['…']).collect() }
}

/// JSON over several lines, cut where it is huge, with a button to copy it.
pub(crate) fn json(json: &str) -> Markup {
    let pretty = serde_json::from_str::<Value>(json)
        .ok()
        .filter(|_| json.len() <= MAX_SHOWN)
        .and_then(|value| serde_json::to_string_pretty(&value).ok());
    let text = pretty.unwrap_or_else(|| cut(json));
    html! {
        div.code {
            pre tabindex="0" role="group" aria-label="JSON" { code { (text) } }
            button.copy type="button" hidden data-copy { "Copy" }
        }
    }
}

/// A text, cut where it is huge.
pub(crate) fn cut(text: &str) -> String {
    if text.len() <= MAX_SHOWN {
        return text.to_owned();
    }
    let shown: String = text.chars().take(MAX_SHOWN / 4).collect();
    format!(
        "{shown}\n… {} in all: the API has the rest",
        bytes(u64::try_from(text.len()).unwrap_or(u64::MAX))
    )
}

pub(crate) fn error(message: &str) -> Markup {
    html! { pre.error tabindex="0" role="group" aria-label="Error" { (cut(message)) } }
}

/// The end of a list: the link to the next page, and to the first one.
pub(crate) fn pager(path: &str, query: &str, next: Option<&str>) -> Markup {
    let joined = |after: &str| {
        let and = if query.is_empty() { "" } else { "&" };
        format!("{path}?{query}{and}after={after}")
    };
    html! {
        nav.pager aria-label="Parts of the list" {
            a href={ (path) "?" (query) } { "First" }
            @if let Some(next) = next { a rel="next" href=(joined(next)) { "Next" } }
        }
    }
}

/// A field of a filter.
pub(crate) fn input(name: &str, label: &str, value: &str, kind: &str) -> Markup {
    html! { label { span { (label) } input type=(kind) name=(name) value=(value); } }
}

/// A field of a filter with a few values.
pub(crate) fn choice<'a>(
    (name, label): (&str, &str),
    value: &str,
    options: impl IntoIterator<Item = &'a str>,
) -> Markup {
    html! {
        label {
            span { (label) }
            select name=(name) {
                option value="" { "any" }
                @for option in options { option value=(option) selected[option == value] { (option) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{bytes, cut, duration, number};

    #[test]
    fn values_are_shown_for_people() {
        let shown: Vec<_> =
            [7, 1_230, 61_000, 3_660_000, 90_000_000].map(|ms| duration(Duration::from_millis(ms))).into();
        assert_eq!(shown, ["7 ms", "1.2 s", "1 m 1 s", "1 h 1 m", "1 d 1 h"]);
        assert_eq!([12, 1_234, 1_234_567].map(number), ["12", "1 234", "1 234 567"]);
        assert_eq!([7, 2_048, 1_572_864].map(bytes), ["7 B", "2 KiB", "1.5 MiB"]);
        let long = cut(&"ü".repeat(100_000));
        assert!(
            long.len() < 40_000 && long.ends_with("195 KiB in all: the API has the rest"),
            "{}",
            long.len()
        );
    }
}
