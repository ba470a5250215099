//! Phrases of which the last word says what became of an action: `delete-request`, `payment-failure`.

use super::super::compound::past_of_phrasal_noun;
use super::super::tables::holds;
use super::super::tables::phrases::{
    ABOUT_REQUESTS, ACTION_NOUNS, EITHER_REQUEST, HAPPENINGS, NOTIFIES, REQUESTS,
};
use super::super::tables::verbs::NOUN_VERBS;
use super::super::verb::is_verb_only;
use super::verb_group::VerbGroup;
use super::{ending_in, in_the_past};
use alloc::string::String;

/// What the last word of a phrase says.
pub(super) enum Outcome {
    /// What happened, as a phrase.
    Told(String),
    /// Something of which it is not clear whether it happened.
    Unclear,
    /// Nothing of the kind.
    None,
}

impl Outcome {
    fn ending_in(words: &[&str], last: &str) -> Self {
        Self::Told(ending_in(words, last))
    }
}

/// The outcome of an action whose verb stands first: `delete-request` -> `delete-requested`, `add-host-end` -> `host-added`.
pub(super) fn of_verb(verb: &VerbGroup<'_>, words: &[&str]) -> Outcome {
    let Some((last, before)) = words.split_last() else { return Outcome::None };
    let is_verb = verb.is_nothing_else() || verb.has_particle();
    match *last {
        "request" | "attempt" | "error" if is_about_request(verb, &words[verb.len..]) => Outcome::None,
        "error" if matches!(verb.base, "log" | "report" | "clear") => Outcome::None,
        "timeout" if matches!(verb.base, "set" | "update" | "change" | "extend") => Outcome::None,
        "request" if holds(EITHER_REQUEST, verb.base) || holds(REQUESTS, verb.base) => Outcome::Unclear,
        "request" => Outcome::ending_in(words, "requested"),
        "attempt" => Outcome::ending_in(words, "attempted"),
        "error" => Outcome::ending_in(words, "failed"),
        "start" => Outcome::ending_in(words, "started"),
        "ack" | "acknowledgment" | "confirmation" | "progress" | "response" | "warning"
            if !holds(NOTIFIES, verb.base) =>
        {
            Outcome::Unclear
        }
        last => match past_of(last) {
            Some(_) if is_end(last) && is_verb => {
                in_the_past(&before.join("-")).map_or(Outcome::Unclear, Outcome::Told)
            }
            Some(past) => Outcome::ending_in(words, past),
            None => Outcome::None,
        },
    }
}

/// The outcome of an action that nouns name: `payment-success` -> `payment-succeeded`, `refund-request` -> `refund-requested`.
pub(super) fn of_nouns(words: &[&str]) -> Outcome {
    let [.., before, last] = words else { return Outcome::None };
    let past = match *last {
        "request" if holds(REQUESTS, before) => return Outcome::Unclear,
        "request" | "attempt" | "error" if !is_action(before) => return Outcome::Unclear,
        "request" => "requested",
        "attempt" => "attempted",
        "error" => "failed",
        last => match past_of(last) {
            Some(past) => past,
            None => return Outcome::None,
        },
    };
    Outcome::ending_in(words, past)
}

/// The past form for a word that says how far something came.
fn past_of(last: &str) -> Option<&'static str> {
    Some(match last {
        "begin" => "began",
        "complete" | "completion" => "completed",
        "end" => "ended",
        "fail" | "failure" => "failed",
        "finish" => "finished",
        "success" => "succeeded",
        "timeout" => "timed-out",
        _ => return None,
    })
}

fn is_end(last: &str) -> bool {
    matches!(last, "complete" | "completion" | "end" | "finish" | "success")
}

/// `approve-request`, `close-pull-request`: the verb is about the request, and does not tell what was requested.
pub(super) fn is_about_request(verb: &VerbGroup<'_>, rest: &[&str]) -> bool {
    let is_thing = matches!(rest, [.., before, _] if holds(REQUESTS, before));
    holds(ABOUT_REQUESTS, verb.base) || is_thing
}

/// Returns `true` if `word` names an action: `payment`, `authorization`, `upload`.
fn is_action(word: &str) -> bool {
    let ends = ["tion", "sion", "ment", "ance", "ence", "ism", "val", "sal", "ging", "ting"];
    ends.iter().any(|end| word.ends_with(end))
        || [ACTION_NOUNS, NOUN_VERBS, HAPPENINGS].iter().any(|table| holds(table, word))
        || is_verb_only(word)
        || past_of_phrasal_noun(word).is_some()
}
