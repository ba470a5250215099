//! Words that are written together: a verb and its particle (`takedown`, `signedup`), a prefix and its verb (`requeue`).

use super::past::is_past;
use super::tables::phrases::{NOT_PHRASAL, NOT_PREFIXED};
use super::tables::verbs::{NOUN_VERBS, PHRASAL_NOUNS, VERBS};
use super::tables::{find, holds};
use super::verb::{irregular, past_with_particle};
use crate::Vocabulary;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;

/// Particles that end a noun with its verb in front (`takedown`, `chargeback`).
const PARTICLE_ENDS: &[&str] = &["away", "back", "down", "off", "out", "over", "through", "up"];

/// The past tense of a noun that is a verb and its particle: `takedown` -> `taken-down`.
pub(crate) fn past_of_phrasal_noun(word: &str) -> Option<String> {
    if let Some(past) = find(PHRASAL_NOUNS, word) {
        return Some(past.to_owned());
    }
    if holds(NOT_PHRASAL, word) || is_verb(word) {
        return None;
    }
    PARTICLE_ENDS.iter().find_map(|particle| {
        let verb = word.strip_suffix(particle).filter(|verb| is_verb(verb))?;
        Some(format!("{}-{particle}", past_with_particle(verb, particle)))
    })
}

/// A past form and its particle, written as two words: `signedup` -> `signed-up`.
pub(crate) fn split_past(word: &str) -> Option<String> {
    if holds(NOT_PHRASAL, word) {
        return None;
    }
    ["away", "back", "down", "live", "off", "offline", "online", "out", "over", "through", "up"]
        .iter()
        .map(|particle| (*particle, false))
        .chain([("in", true), ("on", true)])
        .find_map(|(particle, is_in)| {
            let verb = word.strip_suffix(particle)?;
            let is_meant = verb.len() > 2 && (!is_in || verb.ends_with("ed"));
            (is_meant && is_past(verb, &Vocabulary::new())).then(|| format!("{verb}-{particle}"))
        })
}

fn is_verb(word: &str) -> bool {
    word.len() > 2 && (holds(VERBS, word) || holds(NOUN_VERBS, word) || irregular(word).is_some())
}

/// Returns `true` if `word` is a prefix and a regular verb that it makes another verb of: `requeue`, `unpark`.
pub(crate) fn is_prefixed_verb(word: &str) -> bool {
    let of_any = ["auto", "co", "cross", "de", "dis", "mis", "pre", "re", "un"];
    let of_verbs = ["counter", "down", "fore", "inter", "out", "over", "sub", "trans", "under", "up"];
    let is_any = |verb: &str| holds(VERBS, verb) || holds(NOUN_VERBS, verb);
    let has = |prefixes: &[&str], is_verb: &dyn Fn(&str) -> bool| {
        prefixes
            .iter()
            .any(|prefix| word.strip_prefix(prefix).is_some_and(|verb| verb.len() > 2 && is_verb(verb)))
    };
    !holds(NOT_PREFIXED, word) && (has(&of_any, &is_any) || has(&of_verbs, &|verb| holds(VERBS, verb)))
}
