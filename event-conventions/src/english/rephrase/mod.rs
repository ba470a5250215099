//! A phrase put into the past tense, where it is clear which of its words says what happened.

mod last;
mod order;
mod outcome;
mod verb_group;

use super::compound::{past_of_phrasal_noun, split_past};
use super::past::{is_past, wrong_form};
use super::phrase::tells_what_happened;
use super::state::{beginning, is_state};
use super::tables::holds;
use super::tables::phrases::ALONE_NO_VERB;
use super::tables::words::{NOUN_MARKERS, PREPOSITIONS};
use super::verb::{base_of, irregular, is_base, is_verb_only, simple_past};
use crate::Vocabulary;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use outcome::Outcome;
use verb_group::{VerbGroup, is_adverb, is_order_of};

/// The phrase that may say what happened where `phrase`, in kebab-case, says something else; it is to be checked.
pub(crate) fn in_the_past(phrase: &str) -> Option<String> {
    if is_told(phrase) {
        return Some(phrase.to_owned());
    }
    let words: Vec<&str> = phrase.split('-').collect();
    match words.as_slice() {
        ["will", "be", rest @ ..] | ["will", rest @ ..] => in_the_past(&rest.join("-")),
        words => respelled(words).or_else(|| match words {
            _ if is_state(phrase) => beginning(phrase).filter(|_| !is_unclear(words)),
            [word] => of_word(word),
            _ => of_phrase(words),
        }),
    }
}

fn is_told(phrase: &str) -> bool {
    tells_what_happened(phrase, &Vocabulary::new())
}

fn is_past_form(word: &str) -> bool {
    is_past(word, &Vocabulary::new())
}

/// `invoice-payed`, `user-signedup`: the past form is there, and spelled otherwise.
fn respelled(words: &[&str]) -> Option<String> {
    let (at, right) = words.iter().enumerate().find_map(|(at, word)| {
        let right = wrong_form(word).map(|(_, right)| right);
        Some((at, right.or_else(|| split_past(word))?))
    })?;
    Some(replaced(words, at, &right))
}

fn replaced(words: &[&str], at: usize, word: &str) -> String {
    let mut words = words.to_vec();
    words[at] = word;
    words.join("-")
}

/// `words` with another last word.
fn ending_in(words: &[&str], last: &str) -> String {
    replaced(words, words.len() - 1, last)
}

/// The past tense of a verb that stands alone: of its base, its third person, or a noun that is a verb and its particle.
fn of_word(word: &str) -> Option<String> {
    if holds(ALONE_NO_VERB, word) || (word.ends_with("ing") && !is_base(word)) {
        return None;
    }
    past_of_phrasal_noun(word).or_else(|| {
        let base = base_of(word)?;
        // With such a prefix it is a noun as a rule: `handshake`, `upswing`.
        let is_noun = irregular(&base).is_some_and(|(prefix, _)| {
            matches!(prefix, "back" | "counter" | "cross" | "down" | "hand" | "super" | "up")
        });
        (!is_noun && !holds(ALONE_NO_VERB, &base)).then(|| simple_past(&base))
    })
}

fn of_phrase(words: &[&str]) -> Option<String> {
    let verb = VerbGroup::at_front(words);
    if is_unclear(words) || (verb.is_none() && begins_otherwise(words[0])) {
        return None;
    }
    let Some(verb) = verb else { return last::in_the_past(words) };
    let rest = &words[verb.len..];
    match rest {
        [] => Some(verb.past),
        [next, ..] if holds(PREPOSITIONS, next) || is_adverb(next) => {
            Some(format!("{}-{}", verb.past, rest.join("-")))
        }
        [.., last] => match outcome::of_verb(&verb, words) {
            Outcome::Told(past) => Some(past),
            Outcome::Unclear => None,
            Outcome::None if verb.takes(rest) => Some(verb.done_to(rest)),
            Outcome::None if rest.len() == 1 && verb.is_order() && !is_verb_only(last) => None,
            Outcome::None => last::in_the_past(words),
        },
    }
}

/// Words that a noun follows, and not a verb: `new-message`, `in-transit`.
fn begins_otherwise(first: &str) -> bool {
    holds(NOUN_MARKERS, first) || holds(PREPOSITIONS, first)
}

/// Returns `true` if a phrase has words that hide which word is the verb, or that there is one.
fn is_unclear(words: &[&str]) -> bool {
    let first = words[0];
    let is_adverb_or_noun =
        matches!(first, "already" | "can" | "currently" | "does" | "never" | "post" | "read" | "still");
    (is_adverb_or_noun && !is_order_of(first, &words[1..]))
        || (first == "back" && words.len() > 2)
        || words.ends_with(&["in", "progress"])
        || words.iter().any(|word| matches!(*word, "or" | "and"))
        || words.iter().skip(1).any(|word| *word == "not")
}
