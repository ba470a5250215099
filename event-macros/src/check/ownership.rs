//! The ownership and the deprecation of an event: `owner = "payments"`, `deprecated(since = "2026-01-31", note = "..")`.

use syn::{Attribute, LitStr};

use crate::errors::Errors;
use crate::parse::attributes::named;
use crate::parse::option::{self, Opt};

/// What those who send and read an event want to know before they depend on it.
#[derive(Clone, Default)]
pub(crate) struct Ownership {
    /// The team.
    pub(crate) owner: Option<LitStr>,
    pub(crate) deprecation: Option<Deprecation>,
}

/// An event that is not to be used in new code.
#[derive(Clone, Default)]
pub(crate) struct Deprecation {
    /// A date; in `#[deprecated]` a version.
    pub(crate) since: Option<LitStr>,
    /// The reason, and what stands in its place.
    pub(crate) note: Option<LitStr>,
}

impl Ownership {
    /// Reads an option. Returns `false` if it is another one.
    pub(super) fn read(&mut self, option: &Opt, errors: &mut Errors) -> bool {
        match option.name().as_str() {
            "owner" => self.owner = owner(option, errors),
            "deprecated" => self.deprecation = Some(deprecation(option, errors)),
            _ => return false,
        }
        true
    }

    /// What is said of one event, and else what is said of all.
    pub(super) fn or(self, all: &Self) -> Self {
        Self {
            owner: self.owner.or_else(|| all.owner.clone()),
            deprecation: self.deprecation.or_else(|| all.deprecation.clone()),
        }
    }

    /// The owner, the date and the note.
    pub(crate) fn details(&self) -> [Option<&LitStr>; 3] {
        let deprecation = self.deprecation.as_ref();
        let since = deprecation.and_then(|deprecation| deprecation.since.as_ref());
        let note = deprecation.and_then(|deprecation| deprecation.note.as_ref());
        [self.owner.as_ref(), since, note]
    }

    pub(crate) const fn is_deprecated(&self) -> bool {
        self.deprecation.is_some()
    }
}

impl Deprecation {
    /// Reads Rust's own attribute. What is wrong with it, rustc says.
    pub(super) fn of_rust(attributes: &[Attribute]) -> Option<Self> {
        let attribute = named(attributes, &["deprecated"]).next()?;
        let mut unreported = Errors::default();
        let mut deprecation = Self::default();
        match &attribute.meta {
            syn::Meta::List(list) => {
                for option in option::parse(list.tokens.clone(), &mut unreported) {
                    match option.name().as_str() {
                        "since" => deprecation.since = option.text(&mut unreported),
                        "note" => deprecation.note = option.text(&mut unreported),
                        _ => {}
                    }
                }
            }
            meta => deprecation.note = Opt::of(meta.clone()).text(&mut unreported),
        }
        Some(deprecation)
    }
}

fn owner(option: &Opt, errors: &mut Errors) -> Option<LitStr> {
    let owner = option.text(errors)?;
    written(owner, "the name of a team", errors)
}

/// `deprecated`, `deprecated = "note"` or `deprecated(since = "2026-01-31", note = "..")`.
fn deprecation(option: &Opt, errors: &mut Errors) -> Deprecation {
    let mut deprecation = Deprecation::default();
    if option.is_pair() {
        deprecation.note = note(option, errors);
    } else if !option.is_bare() {
        for option in option.options("since = \"2026-01-31\", note = \"..\"", errors).unwrap_or_default() {
            match option.name().as_str() {
                "since" => deprecation.since = option.text(errors).and_then(|since| date(since, errors)),
                "note" => deprecation.note = note(&option, errors),
                _ => option.unknown("option of `deprecated`", &["since", "note"], errors),
            }
        }
    }
    deprecation
}

fn note(option: &Opt, errors: &mut Errors) -> Option<LitStr> {
    let note = option.text(errors)?;
    written(note, "what to use in its place", errors)
}

/// A text that says something, in one line.
fn written(text: LitStr, what: &str, errors: &mut Errors) -> Option<LitStr> {
    let value = text.value();
    if value.trim().is_empty() {
        errors.at(&text, format!("the text is empty: write {what}"));
        return None;
    }
    if value.contains(char::is_control) {
        errors.at(&text, "the text stands in a table: write it in one line");
        return None;
    }
    Some(text)
}

/// A date of the calendar.
fn date(text: LitStr, errors: &mut Errors) -> Option<LitStr> {
    let is_date = is_date(&text.value());
    if !is_date {
        errors.at(&text, "`since` is a date: write `since = \"2026-01-31\"`");
    }
    is_date.then_some(text)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, length: usize| {
        let is_number = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse::<u32>().ok()).flatten()
    };
    let [year, month, day] = parts[..] else { return false };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for date in ["2026-01-31", "2024-02-29", "2000-02-29"] {
            assert!(is_date(date), "{date}");
        }
        for no_date in [
            "",
            "2026-1-31",
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "31.1.2026",
            "2026-01-31T",
            "+026-01-01",
        ] {
            assert!(!is_date(no_date), "{no_date}");
        }
    }
}
