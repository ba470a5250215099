//! Names to write instead. A suggestion is made only where the form is sure, and always passes the check.

use crate::english::past::{is_past, wrong_form};
use crate::english::plural;
use crate::english::tables::verbs::{IRREGULAR_NOUNS, NOUN_VERBS, PHRASAL_NOUNS, VERBS};
use crate::english::tables::words::{
    ADVERBS, COMMANDS, HAPPENINGS, NOT_OBJECTS, NOUN_MARKERS, OUTCOMES, PARTICLES, PREPOSITIONS,
    VERBS_AS_NOUNS, WITH_PARTICLE,
};
use crate::english::tables::{Key, find, holds};
use crate::english::verb::{irregular, possible_bases, simple_past};
use crate::{Vocabulary, case, check_action, check_domain, check_event_name};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The domain to write instead of `input`.
pub(crate) fn domain(input: &str) -> Option<String> {
    let kebab = to_kebab(input)?;
    let start = kebab.rfind('-').map_or(0, |hyphen| hyphen + 1);
    let singular = match check_domain(&kebab) {
        Ok(()) => kebab,
        Err(_) => format!("{}{}", &kebab[..start], plural::singular(&kebab[start..])?),
    };
    check_domain(&singular).is_ok().then_some(singular)
}

/// The action to write instead of `input`.
pub(crate) fn action(input: &str) -> Option<String> {
    let kebab = to_kebab(input)?;
    let past = past_phrase(&kebab)?;
    check_action(&past).is_ok().then_some(past)
}

/// The event name to write instead of `input`.
pub(crate) fn event_name(input: &str) -> Option<String> {
    let (left, right) = input.split_once('/').or_else(|| split_elsewhere(input))?;
    let keep_or = |half: &str, keep: bool, instead: fn(&str) -> Option<String>| {
        if keep { Some(half.to_owned()) } else { instead(half) }
    };
    let domain = keep_or(left, check_domain(left).is_ok(), domain)?;
    let action = keep_or(right, check_action(right).is_ok(), action)?;
    let name = format!("{domain}/{action}");
    check_event_name(&name).is_ok().then_some(name)
}

/// The halves of a name with another separator than `/`, if it has one such separator.
fn split_elsewhere(input: &str) -> Option<(&str, &str)> {
    ['.', ':', '-', '_', ' '].into_iter().find_map(|separator| {
        let halves = input.split_once(separator)?;
        (!halves.1.contains(separator)).then_some(halves)
    })
}

/// The function id to write instead of `input`.
pub(crate) fn function_id(input: &str, domain: &str, action: &str) -> Option<String> {
    let id = to_kebab(input)?;
    let passes = |id: &str| crate::check_function_id(id, domain, action).is_ok();
    if passes(&id) {
        return Some(id);
    }
    let domain_prefix = format!("{domain}-");
    let purpose = match id.strip_prefix(&domain_prefix) {
        None => id.as_str(),
        // `user-create-mailer` for `user/created`
        Some(rest) => {
            let (first, purpose) = rest.split_once('-')?;
            if past(first).as_deref() != Some(action) {
                return None;
            }
            purpose
        }
    };
    let instead =
        [domain, action, purpose].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    passes(&instead).then_some(instead)
}

/// `input` as kebab-case if it has only ASCII letters, digits and usual separators.
fn to_kebab(input: &str) -> Option<String> {
    let usual = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.' | ' ' | ':');
    let kebab = case::to_kebab_case(input);
    (input.len() <= crate::MAX_LENGTH && input.chars().all(usual) && !kebab.is_empty()).then_some(kebab)
}

/// The past tense of a phrase: of its verb, where it is clear which word is the verb.
fn past_phrase(phrase: &str) -> Option<String> {
    if check_action(phrase).is_ok() {
        return Some(phrase.to_owned());
    }
    let words: Vec<&str> = phrase.split('-').collect();
    if let Some(at) = words.iter().position(|word| wrong_form(word).is_some()) {
        return replace(&words, at, &wrong_form(words[at])?.1);
    }
    if let ["will", rest @ ..] = words.as_slice() {
        return past_phrase(&rest.strip_prefix(&["be"]).unwrap_or(rest).join("-"));
    }
    let at = verb_at(&words)?;
    replace(&words, at, &past(words[at])?)
}

fn replace(words: &[&str], at: usize, word: &str) -> Option<String> {
    let mut words = words.to_vec();
    *words.get_mut(at)? = word;
    Some(words.join("-"))
}

/// Finds the verb of a phrase.
fn verb_at(words: &[&str]) -> Option<usize> {
    let (first, last) = (words.first()?, words.last()?);
    if words.len() == 1 {
        return Some(0);
    }
    let (second, before) = (words[1], words[words.len() - 2]);
    let is_particle_first = holds(PARTICLES, first) && (words.len() > 2 || *first != "back");
    let describes = is_adjective(before) || (words.len() > 2 && is_adjective(last));
    if is_particle_first || is_unclear(words) || describes {
        return None;
    }
    if holds(PARTICLES, second) || holds(PREPOSITIONS, second) || holds(ADVERBS, second) {
        return begins_with_verb(first, second).then_some(0);
    }
    let is_verb_first = is_verb_only(first) && !holds(VERBS_AS_NOUNS, first);
    let is_event = is_verb_only(last) || holds(HAPPENINGS, last);
    match (holds(COMMANDS, first), is_verb_first) {
        (true, _) => (!is_event && !holds(NOT_OBJECTS, last)).then_some(0),
        (_, true) => (!holds(OUTCOMES, last)).then_some(0),
        _ => {
            // `download-page-view`: the verb may be the first word or the last.
            let is_open = holds(VERBS_AS_NOUNS, first) && words.len() > 2;
            let is_plain = !is_open && !holds(NOUN_MARKERS, before);
            (is_plain && is_event).then_some(words.len() - 1)
        }
    }
}

/// Returns `true` if a phrase has words that hide which word is the verb, or that there is one.
fn is_unclear(words: &[&str]) -> bool {
    let first = words[0];
    holds(NOUN_MARKERS, first)
        || holds(PREPOSITIONS, first)
        || matches!(first, "already" | "currently" | "never" | "post" | "read" | "still")
        || words.last() == Some(&"progress")
        || words.iter().any(|word| matches!(*word, "or" | "and"))
        || words.iter().skip(2).any(|word| *word == "not")
}

/// `sign-up`, `saving-for-later`, `convert-to-paid`; not `network-down`, `end-of-life`.
fn begins_with_verb(first: &str, second: &str) -> bool {
    base_of(first).is_some_and(|base| {
        let is_noun = holds(NOUN_VERBS, &base) || IRREGULAR_NOUNS.contains(&Key::new(&base));
        let is_time_off = base == "time" && second == "off";
        let is_phrasal = holds(PARTICLES, second) && holds(WITH_PARTICLE, &base) && !is_time_off;
        !is_noun || is_phrasal || holds(COMMANDS, &base) || matches!(second, "as" | "to")
    })
}

/// Returns `true` if `word` ends like an adjective: what follows is a noun then.
fn is_adjective(word: &str) -> bool {
    ["able", "al", "ful", "ible", "ic", "ive", "less", "ous"].iter().any(|end| word.ends_with(end))
}

fn is_base(word: &str) -> bool {
    is_verb_only(word) || holds(NOUN_VERBS, word) || irregular(word).is_some()
}

/// Returns `true` if `word` is a verb, and hardly ever a noun.
fn is_verb_only(word: &str) -> bool {
    let prefixes = ["auto", "de", "dis", "mis", "over", "pre", "re", "under"];
    let after_prefix = prefixes.iter().find_map(|prefix| word.strip_prefix(prefix));
    let irregular =
        irregular(word).is_some_and(|(_, verb)| IRREGULAR_NOUNS.binary_search(&verb.base).is_err());
    let is_ize = word.ends_with("ize") && !word.ends_with("size");
    let suffixed = word.len() > 5 && (is_ize || word.ends_with("ify"));
    irregular || suffixed || holds(VERBS, word) || after_prefix.is_some_and(|verb| holds(VERBS, verb))
}

/// The past tense of a verb, given its base, third person or gerund.
fn past(word: &str) -> Option<String> {
    if is_past(word, &Vocabulary::new()) {
        return None;
    }
    if let Some(past) = find(PHRASAL_NOUNS, word) {
        return Some(past.to_owned());
    }
    if matches!(word, "forthcoming" | "incoming" | "oncoming" | "ongoing" | "outgoing" | "upcoming") {
        return None;
    }
    let base = base_of(word)?;
    match irregular(base.as_str()) {
        // With such a prefix it is a noun as a rule: `handshake`, `upswing`.
        Some(("back" | "counter" | "cross" | "down" | "hand" | "super" | "up", _)) => None,
        _ => Some(simple_past(&base)),
    }
}

/// The base of a verb that is known: `retries` and `retrying` -> `retry`.
fn base_of(word: &str) -> Option<String> {
    if is_base(word) {
        return Some(word.to_owned());
    }
    possible_bases(word).into_iter().find(|base| is_base(base))
}
