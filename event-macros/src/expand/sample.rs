//! A value that keeps the rules of a field, for each type that JSON has a word for.

use syn::LitStr;

use crate::check::number::{Limit, Numeral};
use crate::check::pattern::Take;
use crate::check::rule::{Format, Part, Rule, RuleKind};

pub(super) const UUID: &str = "0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f";
pub(super) const DATETIME: &str = "2026-11-23T08:30:00Z";

/// A text that keeps all rules, if one is simple enough to find.
pub(super) fn text(rules: &[Rule]) -> Option<String> {
    let (mut text, mut fixed) = (String::new(), 0);
    let (mut least, mut most) = (0, usize::MAX);
    for rule in rules {
        match &rule.kind {
            RuleKind::Length { min, max } => {
                (least, most) = (min.unwrap_or(0), max.unwrap_or(usize::MAX));
                continue;
            }
            RuleKind::OneOfTexts(texts) => text = texts.first().map(LitStr::value)?,
            RuleKind::Format(format) => formatted(*format).clone_into(&mut text),
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

fn formatted(format: Format) -> &'static str {
    match format {
        Format::Email => "ada@example.org",
        Format::Url => "https://example.org/",
        Format::Uuid => UUID,
        Format::Ip | Format::Ipv4 => "192.0.2.1",
        Format::Ipv6 => "2001:db8::1",
        Format::DateTime => DATETIME,
    }
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
            RuleKind::Range { min, max } => {
                most = whole(max.as_ref()).unwrap_or(i128::MAX);
                least = whole(min.as_ref()).unwrap_or(most.min(1));
            }
            RuleKind::MultipleOf(number) => multiple = i128::from(*number),
            RuleKind::OneOfNumbers(numbers) => return numbers.first().map(number),
            _ => return None,
        }
    }
    let rest = least.rem_euclid(multiple);
    let value = if rest == 0 { least } else { least + multiple - rest };
    (value <= most).then(|| value.to_string())
}

fn whole(limit: Option<&Limit>) -> Option<i128> {
    match limit?.number {
        Numeral::Integer(number) => Some(number),
        Numeral::Float(_) => None,
    }
}

pub(super) fn float(rules: &[Rule]) -> Option<String> {
    match rules {
        [] => Some("1.5".to_owned()),
        [rule] => match &rule.kind {
            RuleKind::Range { min, max } => min.as_ref().or(max.as_ref()).map(number),
            RuleKind::OneOfNumbers(numbers) => numbers.first().map(number),
            _ => None,
        },
        _ => None,
    }
}

fn number(limit: &Limit) -> String {
    match limit.number {
        Numeral::Integer(number) => number.to_string(),
        Numeral::Float(number) => format!("{number:?}"),
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
