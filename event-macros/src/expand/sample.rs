//! A value that keeps the rules of a field, for each type that JSON has a word for.

use syn::LitStr;

use crate::check::bounds::{Count, Edge};
use crate::check::format::Format;
use crate::check::number::{Limit, Numeral};
use crate::check::pattern::Take;
use crate::check::rule::{Part, Rule, RuleKind};

pub(super) const UUID: &str = "0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f";
pub(super) const DATETIME: &str = "2026-11-23T08:30:00Z";

/// A text that keeps all rules, if one is simple enough to find.
pub(super) fn text(rules: &[Rule]) -> Option<String> {
    let (mut text, mut fixed) = (String::new(), 0);
    let (mut least, mut most) = (0, usize::MAX);
    for rule in flat(rules) {
        match &rule.kind {
            RuleKind::Length { min, max } => {
                (least, most) = (known(min.as_ref(), 0)?, known(max.as_ref(), usize::MAX)?);
                continue;
            }
            RuleKind::OneOfTexts(texts) => text = texts.first().map(LitStr::value)?,
            RuleKind::Format(format) => text = formatted(format),
            RuleKind::Pattern(pattern) => text = scanned(pattern.scan.as_ref()?),
            RuleKind::Part(Part::Start | Part::End | Part::Anywhere, part) => text = part.value(),
            _ => return None,
        }
        fixed += 1;
    }
    if fixed == 0 {
        text = "example".chars().cycle().take(7.max(least).min(most)).collect();
    }
    (fixed <= 1 && (least..=most).contains(&text.chars().count())).then_some(text)
}

/// The rules, those too from which the empty text is excused.
fn flat(rules: &[Rule]) -> impl Iterator<Item = &Rule> {
    rules.iter().flat_map(|rule| match &rule.kind {
        RuleKind::OrEmpty(excused) => &excused[..],
        _ => std::slice::from_ref(rule),
    })
}

/// The bound of a length, or what is meant without; none if it is a constant.
pub(super) fn known(count: Option<&Count>, without: usize) -> Option<usize> {
    count.map_or(Some(without), Count::number)
}

fn formatted(format: &Format) -> String {
    let text = match format {
        Format::Email => "ada@example.org",
        Format::Url(schemes) => match schemes.first() {
            Some(scheme) if is_of_host(scheme) => return format!("{scheme}://example.org/"),
            Some(scheme) => return format!("{scheme}:example"),
            None => "https://example.org/",
        },
        Format::UriReference => "/orders?page=2",
        Format::Hostname => "example.org",
        Format::Uuid(None) => UUID,
        Format::Uuid(Some(version)) => return format!("{}{version}{}", &UUID[..14], &UUID[15..]),
        Format::Ip | Format::Ipv4 => "192.0.2.1",
        Format::Ipv6 => "2001:db8::1",
        Format::DateTime => DATETIME,
        Format::Date => &DATETIME[..10],
        Format::Time => &DATETIME[11..],
    };
    text.to_owned()
}

/// Whether a host stands behind the scheme.
fn is_of_host(scheme: &str) -> bool {
    !matches!(scheme, "mailto" | "urn" | "data" | "tel" | "sms" | "javascript" | "about" | "blob")
}

/// A text that the scanner accepts: of each class its last character, the least number of times, but once where it may be.
fn scanned(takes: &[Take]) -> String {
    let times =
        |take: &Take| usize::try_from(take.min.max(u32::from(take.max != Some(0)))).unwrap_or_default();
    let char = |take: &Take| take.class.last().map_or(' ', |range| char::from(*range.start()));
    takes.iter().flat_map(|take| std::iter::repeat_n(char(take), times(take))).collect()
}

pub(super) fn integer(rules: &[Rule]) -> Option<String> {
    let (mut least, mut most, mut multiple) = (1, i128::MAX, 1);
    for rule in rules {
        match &rule.kind {
            RuleKind::Range { lower, upper } => {
                most = whole(upper.as_ref(), i128::MAX, -1)?;
                least = whole(lower.as_ref(), most.min(1), 1)?;
            }
            RuleKind::MultipleOf(number) => multiple = i128::try_from(*number).ok()?,
            RuleKind::OneOfNumbers(numbers) => return numbers.first().and_then(number),
            _ => return None,
        }
    }
    let rest = least.rem_euclid(multiple);
    let value = if rest == 0 { least } else { least.checked_add(multiple - rest)? };
    (value <= most).then(|| value.to_string())
}

/// The integer that a bound allows, or what is meant without; none if it is a constant.
fn whole(edge: Option<&Edge>, without: i128, inwards: i128) -> Option<i128> {
    let Some(Edge { limit, excluded }) = edge else { return Some(without) };
    match limit.number {
        Numeral::Integer(number) if *excluded => number.checked_add(inwards),
        Numeral::Integer(number) => Some(number),
        _ => None,
    }
}

pub(super) fn float(rules: &[Rule]) -> Option<String> {
    match rules {
        [] => Some("1.5".to_owned()),
        [rule] => match &rule.kind {
            RuleKind::Range { lower, upper } => {
                within(lower.as_ref(), upper.as_ref()).map(|float| format!("{float:?}"))
            }
            RuleKind::OneOfNumbers(numbers) => numbers.first().and_then(number),
            _ => None,
        },
        _ => None,
    }
}

/// A float within bounds; none if one is a constant.
fn within(lower: Option<&Edge>, upper: Option<&Edge>) -> Option<f64> {
    let float = |edge: &Edge| edge.limit.number.as_float();
    let (least, most) = (lower.map(float), upper.map(float));
    if least == Some(None) || most == Some(None) {
        return None;
    }
    let is_excluded = |edge: Option<&Edge>| edge.is_none_or(|edge| edge.excluded);
    Some(match (least.flatten(), most.flatten()) {
        (Some(least), _) if !is_excluded(lower) => least,
        (_, Some(most)) if !is_excluded(upper) => most,
        (Some(above), Some(below)) => f64::midpoint(above, below),
        (Some(above), None) => above + 1.0,
        (None, Some(below)) => below - 1.0,
        (None, None) => 1.5,
    })
}

fn number(limit: &Limit) -> Option<String> {
    match limit.number {
        Numeral::Integer(number) => Some(number.to_string()),
        Numeral::Unsigned(number) => Some(number.to_string()),
        Numeral::Float(number) => Some(format!("{number:?}")),
        Numeral::Constant => None,
    }
}

/// A text in JSON.
pub(super) fn quoted(text: &str) -> String {
    let mut json = String::from('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => json.extend(['\\', char]),
            // Control characters are below 0x20: two hexadecimal digits.
            _ if char < ' ' => json.extend(format!("\\u{:04x}", u32::from(char)).chars()),
            _ => json.push(char),
        }
    }
    json + "\""
}
