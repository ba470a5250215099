//! One field of a cron expression.

use crate::time::syntax::SyntaxError;
use alloc::format;
use alloc::string::String;
use core::ops::Range;

/// A part of a text, and the byte at which it begins.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
}

impl Part<'_> {
    pub(super) const fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) const fn range(&self) -> Range<usize> {
        self.start..self.end()
    }

    /// Splits at a separator.
    fn split(self, separator: char) -> (Self, Option<Self>) {
        match self.text.split_once(separator) {
            Some((before, after)) => {
                let start = self.start + before.len() + separator.len_utf8();
                (Self { text: before, ..self }, Some(Self { text: after, start }))
            }
            None => (self, None),
        }
    }

    /// The parts between separators.
    fn split_all(self, separator: char) -> impl Iterator<Item = Self> {
        let mut rest = Some(self);
        core::iter::from_fn(move || {
            let (part, after) = rest?.split(separator);
            rest = after;
            Some(part)
        })
    }
}

/// Numbers from 0 to 63.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Set {
    bits: u64,
    /// It was written as `*`, which lets every number through.
    pub(super) is_any: bool,
}

impl Set {
    pub(super) const fn has(self, number: u32) -> bool {
        number < 64 && self.bits >> number & 1 == 1
    }

    /// The least that is not less than a number.
    pub(super) fn from(self, number: u32) -> Option<u32> {
        let rest = if number < 64 { self.bits >> number << number } else { 0 };
        (rest != 0).then(|| rest.trailing_zeros())
    }

    pub(super) fn first(self) -> Option<u32> {
        self.from(0)
    }

    pub(super) fn iter(self) -> impl Iterator<Item = u32> {
        core::iter::successors(self.first(), move |number| self.from(number + 1))
    }
}

/// The values of a field.
pub(super) struct Field {
    name: &'static str,
    least: u32,
    greatest: u32,
    /// The names of the numbers, from the least.
    names: &'static [&'static str],
}

pub(super) const MINUTE: Field = Field { name: "minute", least: 0, greatest: 59, names: &[] };
pub(super) const HOUR: Field = Field { name: "hour", least: 0, greatest: 23, names: &[] };
pub(super) const DAY: Field = Field { name: "day of the month", least: 1, greatest: 31, names: &[] };
pub(super) const MONTH: Field = Field {
    name: "month",
    least: 1,
    greatest: 12,
    names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
pub(super) const WEEKDAY: Field = Field {
    name: "day of the week",
    least: 0,
    greatest: 6,
    names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
};

/// The second number of Sunday.
const SECOND_SUNDAY: u32 = 7;

impl Field {
    /// The numbers of a field: a list of `*`, `5`, `1-5`, each of them maybe with a step.
    pub(super) fn parse(&self, field: Part<'_>) -> Result<Set, SyntaxError> {
        let mut set = Set::default();
        for part in field.split_all(',') {
            let (range, step) = part.split('/');
            let is_star = matches!(range.text, "*" | "?");
            let step = step.map(|step| self.step(step)).transpose()?;
            let (first, last) = if is_star { (self.least, self.greatest) } else { self.range(range, step)? };
            set.is_any |= is_star && step.unwrap_or(1) == 1;
            for number in (first..=last).step_by(step.unwrap_or(1)) {
                set.bits |= 1 << self.unique(number);
            }
        }
        Ok(set)
    }

    /// The first and the last number of `5` or `1-5`; a number with a step reaches to the end.
    fn range(&self, range: Part<'_>, step: Option<usize>) -> Result<(u32, u32), SyntaxError> {
        let (first, last) = range.split('-');
        let first = self.number(first)?;
        match (last, step) {
            (None, None) => Ok((first, first)),
            (None, Some(_)) => Ok((self.unique(first), self.greatest)),
            (Some(last), _) => {
                let last = self.number(last)?;
                let backwards = || SyntaxError::new(range.range(), self.backwards(range.text, first, last));
                if first <= last { Ok((first, last)) } else { Err(backwards()) }
            }
        }
    }

    fn number(&self, number: Part<'_>) -> Result<u32, SyntaxError> {
        let text = number.text;
        let named = self.names.iter().zip(self.least..).find(|(name, _)| name.eq_ignore_ascii_case(text));
        let value = named.map(|(_, value)| value).or_else(|| digits(text));
        value
            .filter(|value| (self.least..=self.highest()).contains(value))
            .ok_or_else(|| SyntaxError::new(number.range(), self.not_a_number(text)))
    }

    fn step(&self, step: Part<'_>) -> Result<usize, SyntaxError> {
        let Self { name, greatest, .. } = self;
        let value = digits(step.text).filter(|value| (1..=*greatest).contains(value));
        value.map(|value| value as usize).ok_or_else(|| {
            let message = format!("the step of the {name} is 1 to {greatest}, and not `{}`", step.text);
            SyntaxError::new(step.range(), message)
        })
    }

    fn is_weekday(&self) -> bool {
        self.names == WEEKDAY.names
    }

    /// The greatest number that may be written.
    fn highest(&self) -> u32 {
        if self.is_weekday() { SECOND_SUNDAY } else { self.greatest }
    }

    /// The one number for what may be written in two ways.
    fn unique(&self, number: u32) -> u32 {
        if self.is_weekday() { number % SECOND_SUNDAY } else { number }
    }

    fn not_a_number(&self, text: &str) -> String {
        let (name, least, highest) = (self.name, self.least, self.highest());
        if text.is_empty() {
            return format!("a part of the {name} is empty: write a number, or remove the comma or hyphen");
        }
        let begins_with =
            |name: &&&str| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        if let Some(short) = self.names.iter().find(begins_with) {
            return format!("the {name} is written `{short}`, and not `{text}`");
        }
        if text.contains(['#', 'L', 'W'])
            && self.greatest != HOUR.greatest
            && self.greatest != MINUTE.greatest
        {
            return format!(
                "`{text}` is not supported, nor is it by an Inngest server: write all the days that may be meant, and look at the date in the function"
            );
        }
        let names = self.names.first().map(|name| format!(", a name such as `{name}`")).unwrap_or_default();
        format!("the {name} is {least} to {highest}{names}, `*`, `*/2`, `1-5` or `1,3`, and not `{text}`")
    }

    /// A range that wraps around is written as two.
    fn backwards(&self, range: &str, first: u32, last: u32) -> String {
        let span = |from, to| if from == to { format!("{from}") } else { format!("{from}-{to}") };
        let instead = if first == SECOND_SUNDAY && self.is_weekday() {
            span(0, last)
        } else if last == 0 && self.is_weekday() {
            span(first, SECOND_SUNDAY)
        } else {
            format!("{},{}", span(first, self.greatest), span(self.least, last))
        };
        format!("the {} `{range}` runs backwards: write `{instead}`", self.name)
    }
}

/// A number in digits alone.
fn digits(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}
