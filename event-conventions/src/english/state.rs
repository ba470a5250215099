//! States: what goes on (`processing`) or is so (`exists`), which nothing that happened is.

use super::phrase::belongs_to_verb;
use super::tables::holds;
use super::tables::phrases::{NOT_GOING_ON, PUNCTUAL, STATIVES};
use super::tables::words::NOUNS_IN_ING;
use super::verb::{is_base, is_verb_only, possible_bases};
use alloc::format;
use alloc::string::String;

/// Returns `true` if `phrase`, in kebab-case, names a state: `stopping`, `payment-processing`, `waiting-for-payment`.
pub(crate) fn is_state(phrase: &str) -> bool {
    let mut words = phrase.split('-');
    let (Some(first), second) = (words.next(), words.next()) else { return false };
    let last = words.next_back().or(second).unwrap_or(first);
    (going_on(last).is_some() && (second.is_none() || !is_verb_only(first)))
        || second.is_some_and(|word| belongs_to_verb(word) && going_on(first).is_some())
        || (second.is_none() && is_stative(first))
}

/// The beginning of the state that `phrase` names: `payment-processing` -> `payment-processing-started`.
pub(crate) fn beginning(phrase: &str) -> Option<String> {
    let last = phrase.rsplit('-').next()?;
    let base = going_on(last)?;
    (!holds(PUNCTUAL, &base)).then(|| format!("{phrase}-started"))
}

/// The verb of which `word` is the gerund, where it is not a noun or an adjective rather.
fn going_on(word: &str) -> Option<String> {
    if !word.ends_with("ing") || holds(NOT_GOING_ON, word) || holds(NOUNS_IN_ING, word) {
        return None;
    }
    possible_bases(word).into_iter().find(|base| is_base(base)).filter(|base| !holds(STATIVES, base))
}

/// `exists`, `belongs`, `own`, `containing`.
fn is_stative(word: &str) -> bool {
    !word.ends_with("ed")
        && (holds(STATIVES, word) || possible_bases(word).iter().any(|base| holds(STATIVES, base)))
}
