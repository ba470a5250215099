//! Violations: what a check reports.

use super::suggest;
use crate::english::past::wrong_form;
use crate::english::state::is_state;
use crate::{MAX_LENGTH, Rule};
use alloc::string::{String, ToString};
use core::error::Error;
use core::fmt::{self, Display, Formatter};
use core::ops::Range;

/// A name that breaks a rule: which rule, where, and what to write instead.
///
/// It borrows the name, so that [`check_function_id`](crate::check_function_id) can be a `const fn`; what is
/// written instead is worked out when it is asked for. `to_string` gives the whole message.
///
/// ```
/// use event_conventions::{Rule, check_domain};
///
/// let violation = check_domain("billing-accounts").unwrap_err();
/// assert_eq!(violation.rule(), Rule::NotSingular);
/// assert_eq!(violation.range(), 8..16);
/// assert_eq!(violation.suggestion().as_deref(), Some("billing-account"));
/// assert_eq!(violation.to_string(), "`billing-accounts` is plural: write `billing-account`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Violation<'a> {
    rule: Rule,
    start: usize,
    end: usize,
    input: &'a str,
    subject: Subject<'a>,
}

/// The kind of a checked name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject<'a> {
    Domain,
    Action,
    EventName,
    FunctionId { domain: &'a str, action: &'a str },
}

impl Subject<'_> {
    const fn noun(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Action => "action",
            Self::EventName => "event name",
            Self::FunctionId { .. } => "function id",
        }
    }
}

impl<'a> Violation<'a> {
    pub(crate) const fn new(rule: Rule, range: Range<usize>, input: &'a str, subject: Subject<'a>) -> Self {
        Self { rule, start: range.start, end: range.end, input, subject }
    }

    /// The rule that the name breaks.
    ///
    /// ```
    /// # use event_conventions::{Rule, check_event_name};
    /// assert_eq!(check_event_name("user-created").unwrap_err().rule(), Rule::MissingSlash);
    /// ```
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    /// The bytes of the checked name that break the rule; empty where something is missing.
    ///
    /// ```
    /// # use event_conventions::check_action;
    /// assert_eq!(check_action("invoice-payed").unwrap_err().range(), 8..13);
    /// ```
    pub const fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// The name to write instead, if that is sure. A suggestion passes the check.
    ///
    /// An order becomes what was done to its object; of a state, its beginning is what happened.
    ///
    /// ```
    /// # use event_conventions::check_action;
    /// assert_eq!(check_action("retry").unwrap_err().suggestion().as_deref(), Some("retried"));
    /// assert_eq!(check_action("pay-invoice").unwrap_err().suggestion().as_deref(), Some("invoice-paid"));
    /// assert_eq!(check_action("processing").unwrap_err().suggestion().as_deref(), Some("processing-started"));
    /// assert_eq!(check_action("ready-for-review").unwrap_err().suggestion(), None);
    /// ```
    pub fn suggestion(&self) -> Option<String> {
        match self.subject {
            Subject::Domain => suggest::domain(self.input),
            Subject::Action => suggest::action(self.input),
            Subject::EventName => suggest::event_name(self.input),
            Subject::FunctionId { domain, action } => suggest::function_id(self.input, domain, action),
        }
    }

    /// The half of an event name that breaks the rule, and what it is; of other names, the whole.
    fn half(&self) -> (&'a str, Subject<'a>) {
        match (self.subject, self.input.split_once('/')) {
            (Subject::EventName, Some((domain, _))) if self.start < domain.len() => (domain, Subject::Domain),
            (Subject::EventName, Some((domain, _))) if domain.is_empty() => (domain, Subject::Domain),
            (Subject::EventName, Some((_, action))) => (action, Subject::Action),
            (subject, _) => (self.input, subject),
        }
    }

    /// The words to write instead of [`half`](Self::half).
    fn half_suggestion(&self) -> Option<String> {
        match self.half() {
            (domain, Subject::Domain) => suggest::domain(domain),
            (action, Subject::Action) => suggest::action(action),
            _ => self.suggestion(),
        }
    }

    /// The wrong past form, its base and the right form.
    fn wrong_form(&self) -> Option<(&'a str, String, String)> {
        let word = self.input.get(self.range())?;
        let (base, right) = wrong_form(word)?;
        Some((word, base, right))
    }
}

impl Display for Violation<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (name, subject) = self.half();
        match self.rule {
            Rule::Empty => return write!(f, "the {} is empty", subject.noun()),
            Rule::TooLong => {
                let length = name.len();
                return write!(f, "the {} has {length} bytes: write at most {MAX_LENGTH}", subject.noun());
            }
            Rule::WrongPastForm => {
                if let Some((word, base, right)) = self.wrong_form() {
                    return write!(f, "`{word}` is not the past form of `{base}`: write `{right}`");
                }
            }
            _ => {}
        }
        let name = name.escape_debug().to_string();
        match self.rule {
            Rule::NotKebabCase => write!(f, "`{name}` is not kebab-case")?,
            Rule::NotSingular => write!(f, "`{name}` is plural")?,
            Rule::MissingSlash => write!(f, "`{name}` has no `/` between a domain and an action")?,
            Rule::WrongPrefix | Rule::MissingPurpose => return self.fmt_function_id(f),
            _ if is_state(&name) => write!(f, "`{name}` is a state, not something that happened")?,
            _ => write!(f, "`{name}` is not in the past tense")?,
        }
        match (self.half_suggestion(), self.rule) {
            (Some(instead), Rule::NotPastTense) => write!(f, ": did you mean `{instead}`?"),
            (Some(instead), _) => write!(f, ": write `{instead}`"),
            (None, Rule::NotKebabCase) => f.write_str(": write lowercase words with hyphens between them"),
            (None, Rule::NotSingular) => f.write_str(": write the singular"),
            (None, Rule::MissingSlash) => f.write_str(": write `domain/action`"),
            (None, _) => f.write_str(": write what happened, such as `created` or `payment-failed`"),
        }
    }
}

impl Violation<'_> {
    fn fmt_function_id(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Subject::FunctionId { domain, action } = self.subject else {
            return f.write_str(self.rule.message());
        };
        let (id, hyphen) = (self.input, if domain.is_empty() || action.is_empty() { "" } else { "-" });
        let prefix = format_args!("{domain}{hyphen}{action}-");
        if self.rule == Rule::MissingPurpose {
            return write!(
                f,
                "`{id}` does not say what the function is for: write `{prefix}` and its purpose"
            );
        }
        write!(f, "`{id}` does not begin with `{prefix}`, the name of its trigger")?;
        match self.suggestion() {
            Some(instead) => write!(f, ": write `{instead}`"),
            None => write!(f, ": write `{prefix}` and its purpose"),
        }
    }
}

impl Error for Violation<'_> {}
