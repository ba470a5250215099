//! Actions: what happened.

use super::violation::{Subject, Violation};
use crate::case::kebab_fault;
use crate::english::past::wrong_form;
use crate::english::phrase::tells_what_happened;
use crate::{MAX_LENGTH, Rule, Vocabulary};
use core::ops::Range;

/// Checks that `action` is lowercase kebab-case and in the past tense.
///
/// A phrase is in the past tense if it has one of these shapes: a past form (`created`, `sent`), also with what
/// belongs to it (`signed-up`, `moved-to-trash`, `failed-payment`); something and its participle
/// (`payment-failed`, `not-found`, `has-expired`). A past form that is spelled like its base counts too, unless the
/// phrase is an order about a noun: `transfer-limit-hit` passes, `place-bid` and `load-change-set` do not.
///
/// ```
/// use event_conventions::check_action;
///
/// assert!(check_action("payment-failed").is_ok());
/// let violation = check_action("create").unwrap_err();
/// assert_eq!(violation.to_string(), "`create` is not in the past tense: did you mean `created`?");
/// ```
pub fn check_action(action: &str) -> Result<(), Violation<'_>> {
    check_action_with(action, &Vocabulary::new())
}

/// Checks an action as [`check_action`] does, with a team's own past tenses.
///
/// ```
/// use event_conventions::{Vocabulary, check_action_with};
///
/// assert!(check_action_with("yote", &Vocabulary::new().past_tense("yote")).is_ok());
/// ```
pub fn check_action_with<'a>(action: &'a str, vocabulary: &Vocabulary) -> Result<(), Violation<'a>> {
    match fault(action, vocabulary) {
        None => Ok(()),
        Some((rule, range)) => Err(Violation::new(rule, range, action, Subject::Action)),
    }
}

/// The rule that `action` breaks, and where.
pub(crate) fn fault(action: &str, vocabulary: &Vocabulary) -> Option<(Rule, Range<usize>)> {
    if action.is_empty() {
        return Some((Rule::Empty, 0..0));
    }
    if action.len() > MAX_LENGTH {
        return Some((Rule::TooLong, 0..action.len()));
    }
    if let Some(range) = kebab_fault(action) {
        return Some((Rule::NotKebabCase, range));
    }
    if tells_what_happened(action, vocabulary) {
        return None;
    }
    Some(wrong_word(action).map_or((Rule::NotPastTense, 0..action.len()), |word| (Rule::WrongPastForm, word)))
}

/// The first word of `action` that is a wrong past form, such as `payed`.
fn wrong_word(action: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for word in action.split('-') {
        if wrong_form(word).is_some() {
            return Some(start..start + word.len());
        }
        start += word.len() + 1;
    }
    None
}
