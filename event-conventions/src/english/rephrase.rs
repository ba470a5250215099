//! A phrase put into the past tense, where it is clear which of its words says what happened.

use super::compound::{past_of_phrasal_noun, split_past};
use super::past::{is_past, wrong_form};
use super::phrase::tells_what_happened;
use super::state::{beginning, is_state};
use super::tables::holds;
use super::tables::phrases::{
    ABOUT_REQUESTS, ACTION_NOUNS, ALONE_NO_VERB, ATTRIBUTES, CONDITIONS, EITHER_REQUEST, HAPPENINGS, LINKING, MANAGES, NOT_ADJECTIVES,
    NOT_OBJECTS, NOTIFIES, OBJECTS, ORDERS, REQUESTS, STARTERS, THINGS, WITH_PARTICLE_NOUNS, WITHOUT_OBJECT,
};
use super::tables::verbs::NOUN_VERBS;
use super::tables::words::{
    ADVERBS, COMMANDS, NOTICES, NOUN_MARKERS, PARTICLES, PREPOSITIONS, VERBS_AS_NOUNS,
};
use super::verb::{base_of, is_base, is_verb_only, past_of_subject, simple_past};
use super::verb_group::{VerbGroup, is_order_of};
use crate::Vocabulary;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The phrase that says what happened where `phrase`, in kebab-case, says something else.
pub(crate) fn in_the_past(phrase: &str) -> Option<String> {
    if is_told(phrase) {
        return Some(phrase.to_owned());
    }
    let words: Vec<&str> = phrase.split('-').collect();
    let past = match words.as_slice() {
        ["will", "be", rest @ ..] | ["will", rest @ ..] => in_the_past(&rest.join("-")),
        words => respelled(words).or_else(|| match words {
            [word] => of_word(word),
            _ if is_state(phrase) => beginning(phrase).filter(|_| !is_unclear(words)),
            _ => of_phrase(words),
        }),
    };
    past.filter(|past| is_told(past))
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

/// The past tense of a verb that stands alone: of its base, its third person, or a noun that is a verb and its particle.
fn of_word(word: &str) -> Option<String> {
    if is_state(word) {
        return beginning(word);
    }
    if holds(ALONE_NO_VERB, word) || (word.ends_with("ing") && !is_base(word)) {
        return None;
    }
    past_of_phrasal_noun(word).or_else(|| {
        let base = base_of(word)?;
        // With such a prefix it is a noun as a rule: `handshake`, `upswing`.
        let is_noun = super::verb::irregular(&base).is_some_and(|(prefix, _)| {
            matches!(prefix, "back" | "counter" | "cross" | "down" | "hand" | "super" | "up")
        });
        (!is_noun && !holds(ALONE_NO_VERB, &base)).then(|| simple_past(&base))
    })
}

fn of_phrase(words: &[&str]) -> Option<String> {
    if is_unclear(words) {
        return None;
    }
    let Some(verb) = VerbGroup::at_front(words) else { return of_last(words) };
    let rest = &words[verb.len..];
    match rest {
        [] => Some(verb.past),
        [next, ..] if holds(PREPOSITIONS, next) || verb.is_followed_by_adverb(next) => {
            Some(format!("{}-{}", verb.past, rest.join("-")))
        }
        [.., last] => outcome_of(&verb, words, last).unwrap_or_else(|| {
            if verb.takes(rest) { Some(of_object(&verb, rest)) } else { of_last(words) }
        }),
    }
}

/// Returns `true` if a phrase has words that hide which word is the verb, or that there is one.
fn is_unclear(words: &[&str]) -> bool {
    let first = words[0];
    (holds(NOUN_MARKERS, first) && VerbGroup::at_front(words).is_none())
        || (holds(PREPOSITIONS, first) && VerbGroup::at_front(words).is_none())
        || (matches!(first, "already" | "currently" | "never" | "post" | "read" | "still") && !is_order_of(first, &words[1..]))
        || (first == "back" && words.len() > 2)
        || words.last() == Some(&"progress") && words.contains(&"in")
        || words.iter().any(|word| matches!(*word, "or" | "and"))
        || words.iter().skip(2).any(|word| *word == "not")
}

/// What became of that which a verb group began, where the last word says it: `delete-request` -> `delete-requested`.
/// `Some(None)` if it cannot be said.
fn outcome_of(verb: &VerbGroup, words: &[&str], last: &str) -> Option<Option<String>> {
    let before = &words[..words.len() - 1];
    let said = |outcome: &str| Some(Some(replaced(words, words.len() - 1, outcome)));
    // `approve-request`: the verb is about it.
    let is_object = verb.is_about_request(&words[verb.len..]);
    let is_verb = verb.is_nothing_else() || verb.has_particle();
    match last {
        "request" | "attempt" | "error" if is_object => None,
        "request" if holds(EITHER_REQUEST, verb.base) || holds(REQUESTS, verb.base) => Some(None),
        "request" => said("requested"),
        "attempt" => said("attempted"),
        "error" if matches!(verb.base, "log" | "report" | "clear") => None,
        "error" | "failure" | "fail" => said("failed"),
        "timeout" if matches!(verb.base, "set" | "update" | "change" | "extend") => None,
        "timeout" => said("timed-out"),
        "start" => said("started"),
        "begin" => said("began"),
        "complete" | "completion" | "success" | "end" | "finish" if is_verb => {
            Some(in_the_past(&before.join("-")))
        }
        "complete" | "completion" | "success" | "end" | "finish" => said(ended(last)),
        "ack" | "acknowledgement" | "acknowledgment" | "progress" | "response" | "warning" | "confirmation"
            if !holds(NOTIFIES, verb.base) =>
        {
            Some(None)
        }
        _ => None,
    }
}

fn ended(word: &str) -> &'static str {
    match word {
        "success" => "succeeded",
        "end" => "ended",
        "finish" => "finished",
        _ => "completed",
    }
}

/// What was done to an object: `pay-invoice` -> `invoice-paid`, `add-member-to-board` -> `member-added-to-board`.
fn of_object(verb: &VerbGroup, rest: &[&str]) -> String {
    let in_order = || format!("{}-{}", verb.past, rest.join("-"));
    let is_complement = rest.len() == 1 && is_past_form(rest[0]);
    // `mark-order-paid`
    let is_state_last = rest.len() > 1 && verb.base == "mark" && is_past_form(rest[rest.len() - 1]);
    if holds(LINKING, verb.base) || is_complement {
        return in_order();
    }
    // `log-user-in`; not `enable-power-up`.
    let is_particle = |at: usize| !is_base(rest[at - 1]) || holds(THINGS, rest[at - 1]);
    let is_end = |at: usize| holds(PREPOSITIONS, rest[at]) || holds(PARTICLES, rest[at]);
    let end = (1..rest.len()).find(|at| is_end(*at) && (at + 1 < rest.len() || is_particle(*at))).unwrap_or(rest.len() - usize::from(is_state_last));
    let (object, tail) = rest.split_at(end);
    let told = [&object.join("-"), verb.participle.as_str(), &tail.join("-")]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    if is_told(&told) { told } else { in_order() }
}

/// A phrase of nouns of which the last word says what happens: `participant-join`, `session-end`, `user-login`.
fn of_last(words: &[&str]) -> Option<String> {
    if matches!(words[0], "do" | "does" | "can" | "did" | "is" | "are" | "to") {
        return None;
    }
    let (last, before) = (*words.last()?, words[words.len() - 2]);
    // `camera-fade-in-complete`; not `out-of-order`.
    let ends_verb = words.len() > 2 && holds(PARTICLES, before) && is_base(words[words.len() - 3]);
    if is_adjective(before) || holds(NOUN_MARKERS, before) || holds(ADVERBS, before) || (holds(PREPOSITIONS, before) && !ends_verb) {
        return of_inner_verb(words);
    }
    if let [_, .., before, particle] = words
        && holds(PARTICLES, particle)
        && is_base(before)
        && !holds(THINGS, before)
    {
        return Some(replaced(words, words.len() - 2, &past_of_subject(before)));
    }
    let said = |past: &str| Some(replaced(words, words.len() - 1, past));
    match last {
        "request" => if is_action(before) && !holds(REQUESTS, before) { said("requested") } else { None },
        "attempt" => if is_action(before) { said("attempted") } else { None },
        "error" => if is_action(before) { said("failed") } else { None },
        "failure" => said("failed"),
        "timeout" => said("timed-out"),
        "begin" => said("began"),
        "complete" | "completion" | "success" | "end" | "finish" => said(ended(last)),
        _ => {
            if words.len() == 2 && holds(OBJECTS, last) && past_of_phrasal_noun(words[0]).is_some() {
                return None;
            }
            if let Some(past) = past_of_phrasal_noun(last) {
                return said(&past);
            }
            // `download-page-view`: the verb may be the first word or the last.
            let is_open = holds(VERBS_AS_NOUNS, words[0]) && words.len() > 2 && !is_verb_only(last);
            let is_break = last == "break" && matches!(before, "ad" | "coffee" | "line" | "lunch" | "page" | "tie");
            let is_load = last == "load" && matches!(before, "base" | "cpu" | "memory" | "peak" | "server" | "system" | "work");
            let is_event = !is_open && (is_verb_only(last) || holds(HAPPENINGS, last));
            let is_linked = last == "link" && is_order_of(last, &[before]);
            if (is_event && !is_load && !is_break) || is_linked {
                return said(&past_of_subject(last));
            }
            of_inner_verb(words)
        }
    }
}

/// A phrase with its verb inside: `account-update-password` -> `account-updated-password`.
fn of_inner_verb(words: &[&str]) -> Option<String> {
    let last = *words.last()?;
    let is_order = |word: &str| holds(ORDERS, word) && word == words[1] && holds(OBJECTS, last);
    let is_verb = |word: &str| {
        (is_verb_only(word) && !holds(VERBS_AS_NOUNS, word)) || word == "update" || is_order(word)
    };
    let mut verbs = (0..words.len()).filter(|at| is_verb(words[*at]));
    let (at, None) = (verbs.next()?, verbs.next()) else { return None };
    let is_noun = holds(NOTICES, last) || holds(ATTRIBUTES, last) || holds(NOT_OBJECTS, last);
    let has_tail = words.get(at + 1).is_some_and(|next| holds(PREPOSITIONS, next));
    let is_clear = at > 0 && at + 1 < words.len() && (has_tail || !is_noun) && !is_adjective(last);
    is_clear.then(|| replaced(words, at, &simple_past(words[at])))
}

/// Returns `true` if `word` names an action: `payment`, `authorization`, `upload`.
fn is_action(word: &str) -> bool {
    let has_end = ["tion", "sion", "ment", "ance", "ence", "ism", "val", "sal", "ging", "ting"]
        .iter()
        .any(|end| word.ends_with(end));
    has_end
        || holds(ACTION_NOUNS, word)
        || is_verb_only(word)
        || holds(NOUN_VERBS, word)
        || holds(HAPPENINGS, word)
        || past_of_phrasal_noun(word).is_some()
}

/// Returns `true` if `word` ends like an adjective: what follows is a noun then.
pub(super) fn is_adjective(word: &str) -> bool {
    !holds(NOT_ADJECTIVES, word)
        && ["able", "al", "ful", "ible", "ic", "ive", "less", "ous"].iter().any(|end| word.ends_with(end))
}

impl VerbGroup<'_> {
    /// Returns `true` if `rest` is what the verb is about, and the phrase an order: `cancel-booking`, `issue-refund`; not
    /// `claim-amount`.
    fn takes(&self, rest: &[&str]) -> bool {
        let last = rest[rest.len() - 1];
        let is_request = matches!(last, "request" | "attempt" | "error") && self.is_about_request(rest);
        if self.base == "refresh" && last == "token" {
            return false;
        }
        if is_order_of(self.base, rest) || holds(LINKING, self.base) || is_request {
            return true;
        }
        if holds(WITHOUT_OBJECT, self.base) {
            return false;
        }
        if is_adjective(last) || last == "write" || holds(NOUN_MARKERS, last) || holds(ADVERBS, last) || holds(CONDITIONS, last) {
            return false;
        }
        // `add-usages-reminder`, `renew-response`
        let is_thing_too = matches!(last, "event" | "message" | "trigger" | "webhook") && (self.is_nothing_else() || self.len > 1);
        if holds(NOTICES, last) && !is_thing_too && !holds(NOTIFIES, self.base) {
            return false;
        }
        if holds(ATTRIBUTES, last) && !holds(MANAGES, self.base) {
            return false;
        }
        if self.is_nothing_else() {
            let is_two_verbs = rest.len() > 1 && is_verb_only(last) && !holds(VERBS_AS_NOUNS, last);
            return !is_two_verbs;
        }
        if rest.iter().skip(1).any(|word| is_verb_only(word) && !holds(VERBS_AS_NOUNS, word)) {
            return false;
        }
        let object = if rest.len() > 1 && is_tail(rest) { rest[0] } else { last };
        if is_order_of(self.base, &[object]) {
            return true;
        }
        let happens =
            is_verb_only(object) || holds(HAPPENINGS, object) || past_of_phrasal_noun(object).is_some();
        if holds(STARTERS, self.base) && happens {
            return true;
        }
        let is_known = holds(OBJECTS, object) || holds(OBJECTS, object.strip_suffix('s').unwrap_or(object));
        if holds(COMMANDS, self.base) || holds(ORDERS, self.base) || self.makes_order() {
            if self.has_particle() && holds(WITH_PARTICLE_NOUNS, object) {
                return false;
            }
            let is_named = self.base == "update" && !holds(ATTRIBUTES, object);
            let is_thing = !holds(NOT_OBJECTS, object) || is_named || (rest.len() > 1 && is_tail(rest));
            let is_order = holds(MANAGES, self.base) || holds(STARTERS, self.base) || self.makes_order();
            return is_thing && (is_known || (!happens && (is_order || !is_nominal(object))));
        }
        let is_of_action = object.ends_with("cation") && object != "location";
        (holds(VERBS_AS_NOUNS, self.base) || self.len > 1) && (is_of_action || is_known)
    }

    /// `approve-request`, `close-pull-request`: the verb is about the request, and does not tell what was requested.
    fn is_about_request(&self, rest: &[&str]) -> bool {
        let before = if rest.len() > 1 { rest[rest.len() - 2] } else { "" };
        holds(ABOUT_REQUESTS, self.base) || holds(REQUESTS, before)
    }
}

/// Returns `true` if `word` is the noun of a verb: `refund-approval` is no order.
fn is_nominal(word: &str) -> bool {
    let in_al = ["awal", "ersal", "ewal", "ival", "osal", "oval", "usal"];
    in_al.iter().any(|end| word.ends_with(end)) || ["ance", "ence", "ing", "ment", "sion", "tion", "ure"].iter().any(|end| word.ends_with(end))
}

/// `card-to-board`: what is behind the first word is not of the object.
fn is_tail(rest: &[&str]) -> bool {
    holds(PREPOSITIONS, rest[1])
}
