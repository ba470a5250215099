//! Phrases of nouns of which a later word says what happens: `participant-join`, `account-update-password`.

use super::super::compound::past_of_phrasal_noun;
use super::super::tables::holds;
use super::super::tables::phrases::{ATTRIBUTES, HAPPENINGS, NOT_OBJECTS, OBJECTS, ORDERS, THINGS};
use super::super::tables::words::{NOTICES, NOUN_MARKERS, PARTICLES, PREPOSITIONS, VERBS_AS_NOUNS};
use super::super::verb::{is_base, is_verb_only, past_of_subject, simple_past};
use super::order::is_adjective;
use super::outcome::{self, Outcome};
use super::verb_group::{is_adverb, is_order_of};
use super::{ending_in, replaced};
use alloc::string::String;

/// The phrase with its last verb in the past.
pub(super) fn in_the_past(words: &[&str]) -> Option<String> {
    let [start @ .., before, last] = words else { return None };
    // `camera-fade-in-complete`; not `out-of-order`.
    let ends_verb = holds(PARTICLES, before) && start.last().is_some_and(|verb| is_base(verb));
    if hides_verb(before) && !ends_verb {
        return of_inner_verb(words);
    }
    let is_phrasal = !start.is_empty() && holds(PARTICLES, last) && is_base(before) && !holds(THINGS, before);
    if is_phrasal {
        return Some(replaced(words, words.len() - 2, &past_of_subject(before)));
    }
    match outcome::of_nouns(words) {
        Outcome::Told(past) => return Some(past),
        Outcome::Unclear => return None,
        Outcome::None => {}
    }
    if let Some(past) = past_of_phrasal_noun(last) {
        return Some(ending_in(words, &past));
    }
    if !happens(words) {
        return of_inner_verb(words);
    }
    // `rollback-release`: either word may be the verb.
    let is_open = start.is_empty() && holds(OBJECTS, last) && past_of_phrasal_noun(before).is_some();
    (!is_open).then(|| ending_in(words, &past_of_subject(last)))
}

/// Returns `true` if a noun follows `word`: `partial-update`, `new-export`, `by-transfer`.
fn hides_verb(word: &str) -> bool {
    is_adjective(word) || is_adverb(word) || holds(NOUN_MARKERS, word) || holds(PREPOSITIONS, word)
}

/// Returns `true` if the last word is what happens, and not a noun: `page-load`; not `cpu-load`.
fn happens(words: &[&str]) -> bool {
    let [.., before, last] = words else { return false };
    match *last {
        "break" if matches!(*before, "ad" | "coffee" | "line" | "lunch" | "page" | "tie") => false,
        "load" if matches!(*before, "base" | "cpu" | "memory" | "peak" | "server" | "system" | "work") => {
            false
        }
        "link" => is_order_of(last, &[before]),
        last if is_verb_only(last) => true,
        // `download-page-view`: the verb may be the first word.
        last => holds(HAPPENINGS, last) && (words.len() == 2 || !holds(VERBS_AS_NOUNS, words[0])),
    }
}

/// A phrase with its only verb inside: `account-update-password` -> `account-updated-password`.
fn of_inner_verb(words: &[&str]) -> Option<String> {
    let last = *words.last()?;
    let is_order = |word: &str| word == words[1] && holds(ORDERS, word) && holds(OBJECTS, last);
    let is_verb = |word: &str| {
        (is_verb_only(word) && !holds(VERBS_AS_NOUNS, word)) || word == "update" || is_order(word)
    };
    let mut verbs = (0..words.len()).filter(|at| is_verb(words[*at]));
    let (at, None) = (verbs.next()?, verbs.next()) else { return None };
    let next = words.get(at + 1)?;
    let is_noun = [NOTICES, ATTRIBUTES, NOT_OBJECTS].iter().any(|table| holds(table, last));
    let is_clear = at > 0 && (holds(PREPOSITIONS, next) || !is_noun) && !is_adjective(last);
    is_clear.then(|| replaced(words, at, &simple_past(words[at])))
}
