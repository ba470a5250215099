//! Cron expressions: `minute hour day-of-month month day-of-week`, as an Inngest server reads them (robfig/cron), and day 7
//! for Sunday.

mod field;

use self::field::{DAY, HOUR, MINUTE, MONTH, Part, Set, WEEKDAY};
use super::syntax::SyntaxError;
use super::zones::{is_time_zone, meant_zone};
use crate::nearest::nearest;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The longest expression that an Inngest server takes, in bytes.
const MAX_LENGTH: usize = 255;

const SHORTHANDS: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

/// The days of the months in a leap year, January first.
const LENGTHS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A cron expression: which minutes of which days, in which time zone. Some day fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CronExpression<'a> {
    zone: Option<&'a str>,
    fields: [&'a str; 5],
    minutes: Set,
    hours: Set,
    days: Set,
    months: Set,
    weekdays: Set,
    repeats: bool,
}

/// Reads a cron expression: five fields or a shorthand such as `@daily`, which may follow a time zone, `TZ=Europe/Paris`.
///
/// A field is `*` (or `?`), a number, a name (`MON`, `JAN`), a range `1-5`, one of these with a step (`*/5`, `10-50/10`, and
/// `10/5` from 10 to the end), or a list of such parts. Day 0 and day 7 are Sunday. If both the day of the month and the day
/// of the week are restricted, a day fits that is in either.
///
/// ```
/// use event_conventions::parse_cron;
///
/// let cron = parse_cron("TZ=Europe/Paris 30 9 * * MON-FRI").unwrap();
/// assert_eq!(cron.time_zone(), Some("Europe/Paris"));
/// assert!(cron.has_time(9, 30) && !cron.has_time(10, 30));
///
/// let error = parse_cron("0 0 30 2 *").unwrap_err();
/// assert_eq!(error.to_string(), "there is no 30 February, so that this never comes: write a day from 1 to 29");
/// ```
///
/// # Errors
///
/// The text does not follow the grammar, the time zone is unknown, or no day of any year fits.
pub fn parse_cron(text: &str) -> Result<CronExpression<'_>, SyntaxError> {
    if text.len() > MAX_LENGTH {
        let message =
            format!("a cron expression has at most {MAX_LENGTH} bytes, and here are {}", text.len());
        return Err(SyntaxError::new(0..text.len(), message));
    }
    let mut words = words(text);
    let zone = match words.first().and_then(Part::zone) {
        Some(zone) => {
            words.remove(0);
            Some(check_zone(zone)?)
        }
        None => None,
    };
    match &words[..] {
        [word] if word.text.starts_with('@') => CronExpression::of_shorthand(zone, *word),
        [minute, hour, day, month, weekday] => {
            CronExpression::of_fields(zone, [*minute, *hour, *day, *month, *weekday])
        }
        _ => Err(wrong_count(text, &words)),
    }
}

impl<'a> CronExpression<'a> {
    fn of_shorthand(zone: Option<&'a str>, word: Part<'a>) -> Result<Self, SyntaxError> {
        let Some((_, fields)) = SHORTHANDS.iter().find(|(name, _)| *name == word.text) else {
            return Err(unknown_shorthand(word));
        };
        match &words(fields)[..] {
            [minute, hour, day, month, weekday] => {
                Self::of_fields(zone, [*minute, *hour, *day, *month, *weekday])
            }
            other => Err(wrong_count(fields, other)),
        }
    }

    fn of_fields(zone: Option<&'a str>, fields: [Part<'a>; 5]) -> Result<Self, SyntaxError> {
        let [minute, hour, day, month, weekday] = fields;
        let cron = Self {
            zone,
            fields: fields.map(|field| field.text),
            minutes: MINUTE.parse(minute)?,
            hours: HOUR.parse(hour)?,
            days: DAY.parse(day)?,
            months: MONTH.parse(month)?,
            weekdays: WEEKDAY.parse(weekday)?,
            repeats: [minute, hour].iter().any(|field| field.text.contains(['*', '?', '-', '/'])),
        };
        let first = cron.days.first().unwrap_or(1);
        let longest = cron.months.iter().map(length_of).max().unwrap_or(31);
        // Beside a day of the week that is restricted, no day of the month is needed.
        if cron.weekdays.is_any && first > longest {
            let range = day.start..month.end();
            return Err(SyntaxError::new(range, never_comes(first, cron.months, longest)));
        }
        Ok(cron)
    }

    /// The time zone of the IANA database that is written before the fields; without one the times are UTC.
    #[must_use]
    pub const fn time_zone(&self) -> Option<&'a str> {
        self.zone
    }

    /// Returns `true` if a day fits. `month` and `day` are counted from 1, `weekday` from 0, Sunday.
    #[must_use]
    pub const fn has_day(&self, month: u32, day: u32, weekday: u32) -> bool {
        let (of_month, of_week) = (self.days.has(day), self.weekdays.has(weekday));
        let any_day = self.days.is_any || self.weekdays.is_any;
        self.months.has(month) && if any_day { of_month && of_week } else { of_month || of_week }
    }

    /// Returns `true` if a time of day fits.
    #[must_use]
    pub const fn has_time(&self, hour: u32, minute: u32) -> bool {
        self.hours.has(hour) && self.minutes.has(minute)
    }

    /// The times of a day that fit, as hour and minute, in their order.
    pub fn times(&self) -> impl Iterator<Item = (u32, u32)> {
        let (hours, minutes) = (self.hours, self.minutes);
        hours.iter().flat_map(move |hour| minutes.iter().map(move |minute| (hour, minute)))
    }

    /// The first time of a day that fits and is not before this one.
    #[must_use]
    pub fn time_from(&self, hour: u32, minute: u32) -> Option<(u32, u32)> {
        let this_hour = self.minutes.from(minute).filter(|_| self.hours.has(hour));
        match this_hour {
            Some(minute) => Some((hour, minute)),
            None => Some((self.hours.from(hour + 1)?, self.minutes.first()?)),
        }
    }

    /// Returns `true` if it comes again and again as time goes by, rather than at given times of the day: whether the minute or the hour is
    /// `*`, a range, or has a step.
    #[must_use]
    pub const fn repeats(&self) -> bool {
        self.repeats
    }

    /// The expression as any reader of cron takes it: without shorthands, and with day 0 for Sunday.
    ///
    /// ```
    /// use event_conventions::parse_cron;
    ///
    /// assert_eq!(parse_cron("0 9 * * 1,7").unwrap().portable(), "0 9 * * 0,1");
    /// assert_eq!(parse_cron("TZ=Europe/Paris @daily").unwrap().portable(), "TZ=Europe/Paris 0 0 * * *");
    /// ```
    #[must_use]
    pub fn portable(&self) -> String {
        let [minute, hour, day, month, weekday] = self.fields;
        let zone = self.zone.map(|zone| format!("TZ={zone} ")).unwrap_or_default();
        let weekday = match weekday.contains('7') {
            true if self.weekdays.is_any => String::from("*"),
            true => self.weekdays.iter().map(|day| format!("{day}")).collect::<Vec<_>>().join(","),
            false => String::from(weekday),
        };
        format!("{zone}{minute} {hour} {day} {month} {weekday}")
    }
}

/// The words of a text, with their places.
fn words(text: &str) -> Vec<Part<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    for piece in text.split(char::is_whitespace) {
        if !piece.is_empty() {
            words.push(Part { text: piece, start: at });
        }
        at += piece.len();
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
    words
}

impl<'a> Part<'a> {
    /// The name in `TZ=name`.
    fn zone(&self) -> Option<Part<'a>> {
        let name = self.text.strip_prefix("TZ=").or_else(|| self.text.strip_prefix("CRON_TZ="))?;
        Some(Part { text: name, start: self.end() - name.len() })
    }
}

fn check_zone(zone: Part<'_>) -> Result<&str, SyntaxError> {
    if is_time_zone(zone.text) {
        return Ok(zone.text);
    }
    let message = match (zone.text, meant_zone(zone.text)) {
        ("", _) => String::from("`TZ=` stands before a time zone: write `TZ=Europe/Paris 0 9 * * *`"),
        (name, Some(meant)) => format!("there is no time zone `{name}`: did you mean `{meant}`?"),
        (name, None) => {
            format!(
                "there is no time zone `{name}`: write a name of the IANA database, such as `Europe/Paris`"
            )
        }
    };
    Err(SyntaxError::new(zone.range(), message))
}

fn unknown_shorthand(word: Part<'_>) -> SyntaxError {
    let names = || SHORTHANDS.iter().map(|(name, _)| *name);
    let message = match (word.text, nearest(word.text, names())) {
        ("@every", _) => String::from("`@every` is not supported: write a step, such as `*/5 * * * *`"),
        (name, Some(meant)) => format!("there is no `{name}`: did you mean `{meant}`?"),
        (name, None) => {
            let known: Vec<&str> = names().collect();
            format!("there is no `{name}`: there are {}", known.join(", "))
        }
    };
    SyntaxError::new(word.range(), message)
}

fn wrong_count(text: &str, words: &[Part<'_>]) -> SyntaxError {
    if let [first, ..] = words
        && first.text == "@every"
    {
        return unknown_shorthand(*first);
    }
    if let [fields @ .., last] = words
        && (fields.len() == 5 || fields.first().is_some_and(|field| field.text.starts_with('@')))
        && is_time_zone(last.text)
    {
        let fields: Vec<&str> = fields.iter().map(|field| field.text).collect();
        let message = format!("the time zone comes first: write `TZ={} {}`", last.text, fields.join(" "));
        return SyntaxError::new(last.range(), message);
    }
    let count = words.len();
    let hint = if count == 6 { ", without seconds or years" } else { "" };
    let message = format!(
        "a cron expression has five fields, `minute hour day-of-month month day-of-week`{hint}, and here are {count}: write `0 9 * * 1-5`"
    );
    SyntaxError::new(0..text.len(), message)
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The days of a month, in a leap year.
fn length_of(month: u32) -> u32 {
    LENGTHS.get(month as usize - 1).copied().unwrap_or(31)
}

fn never_comes(day: u32, months: Set, longest: u32) -> String {
    let names: Vec<String> =
        months.iter().map(|month| format!("{day} {}", MONTHS[month as usize - 1])).collect();
    let names = names.join(" or ");
    format!("there is no {names}, so that this never comes: write a day from 1 to {longest}")
}

#[cfg(test)]
mod tests;
