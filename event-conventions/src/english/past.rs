//! Past tenses and participles, and forms that are meant as one and are wrong (`payed`).

use super::tables::irregular::{PAST, UNCHANGING};
use super::tables::verbs::PHRASAL_NOUNS;
use super::tables::words_in_ed::{AGREE, DOUBLED, NOT_PAST, PREFIXED_NOUNS};
use super::tables::{find, holds};
use super::verb::{behind_prefix, irregular, simple_past};
use crate::Vocabulary;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;

/// Returns `true` if `word`, in lowercase, is a past tense or a participle.
pub(crate) fn is_past(word: &str, vocabulary: &Vocabulary) -> bool {
    vocabulary.has_past_tense(word) || is_irregular_past(word) || is_regular_past(word)
}

/// Returns `true` if a prefix goes before verbs whose past tense is spelled like the base; `backset` and `handcut` are nouns.
fn keeps_base(prefix: &str) -> bool {
    !matches!(prefix, "back" | "counter" | "cross" | "down" | "hand" | "inter" | "super")
}

fn is_irregular_past(word: &str) -> bool {
    if holds(PAST, word) || holds(UNCHANGING, word) {
        return true;
    }
    if holds(NOT_PAST, word) || holds(PREFIXED_NOUNS, word) {
        return false;
    }
    // `overlay` is a base as a rule, hardly ever the past tense of `overlie`.
    behind_prefix(word).any(|(prefix, verb)| {
        (verb != "lay" && holds(PAST, verb)) || (keeps_base(prefix) && holds(UNCHANGING, verb))
    }) || word.strip_prefix("in").is_some_and(|verb| holds(UNCHANGING, verb))
}

/// Returns `true` if `word` ends in -ed as the past tense of a regular verb does.
fn is_regular_past(word: &str) -> bool {
    let Some(stem) = word.strip_suffix("ed") else {
        return false;
    };
    let is_short = stem.len() < 2 && !stem.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    if is_short || holds(NOT_PAST, word) || is_compound_with_noun(word, stem) {
        return false;
    }
    if stem.ends_with('e') {
        return is_past_of_ee(stem);
    }
    wrong_form(word).is_none()
}

/// `deathbed`, `kindhearted`: a noun, or an adjective made from one.
fn is_compound_with_noun(word: &str, stem: &str) -> bool {
    let is_bed = stem.strip_suffix('b').is_some_and(|before| {
        // Verbs end in -ab, -arb, -omb, -ulb, but not in -hb.
        !before.is_empty() && !before.ends_with(['a', 'b', 'i', 'l', 'm', 'o', 'r', 'u', 'y'])
    });
    let is_body_part = word.ends_with("hearted") || word.ends_with("headed");
    is_bed || (is_body_part && !matches!(word, "beheaded" | "headed" | "spearheaded"))
}

/// Returns `true` if `stem` and -ed are the past tense of a verb in -ee (`agreed`), and not a base or a noun (`speed`).
fn is_past_of_ee(stem: &str) -> bool {
    let root = ["dis", "pre", "re", "un"].iter().find_map(|prefix| stem.strip_prefix(prefix)).unwrap_or(stem);
    holds(AGREE, stem) || holds(AGREE, root)
}

/// The base and the right past tense of a form in -ed that is wrong: `payed`, `retryed`, `commited`.
pub(crate) fn wrong_form(word: &str) -> Option<(String, String)> {
    let stem = word.strip_suffix("ed")?;
    over_regular(word, stem).or_else(|| misspelled(stem)).or_else(|| phrasal(stem))
}

/// `logined`, `backuped`: the ending belongs to the verb in front.
fn phrasal(stem: &str) -> Option<(String, String)> {
    find(PHRASAL_NOUNS, stem).map(|past| (stem.to_owned(), past.to_owned()))
}

/// `payed`, `writed`, `runned`, `resended`.
fn over_regular(word: &str, stem: &str) -> Option<(String, String)> {
    // These are the past tense of another verb: `singe`, `putt`, `relay`, `tear` (weep).
    if matches!(
        word,
        "singed" | "swinged" | "putted" | "relayed" | "teared" | "belayed" | "allayed" | "delayed"
    ) {
        return None;
    }
    if stem.len() < 2 || stem.ends_with('e') {
        return None;
    }
    let with_e = &word[..word.len() - 1];
    let undoubled = undouble(stem);
    // These are the past tense of a verb in -e: `site`, not `sit`.
    let is_of_e = ["bided", "sited", "spited", "wined"].iter().any(|past| word.ends_with(past));
    let bases = [Some(stem).filter(|_| !is_of_e), Some(with_e), undoubled];
    bases.into_iter().flatten().find_map(|base| {
        let (prefix, verb) = irregular(base)?;
        (!verb.regular_too).then(|| (base.to_owned(), format!("{prefix}{}", verb.past)))
    })
}

/// `stopp` -> `stop`.
fn undouble(stem: &str) -> Option<&str> {
    let bytes = stem.as_bytes();
    let [.., before, last] = bytes else { return None };
    (before == last && !matches!(last, b'a' | b'e' | b'i' | b'o' | b'u')).then(|| &stem[..stem.len() - 1])
}

/// `retryed`, `paniced`, `commited`: the ending is joined to the verb in a way that English does not.
fn misspelled(stem: &str) -> Option<(String, String)> {
    let wrong_y = stem.strip_suffix('y').is_some_and(|root| !root.ends_with(['a', 'e', 'i', 'o', 'u']))
        // `dye` is the verb here, not `dy`.
        && !matches!(stem, "dy" | "overdy" | "redy" | "undy");
    (wrong_y || holds(DOUBLED, stem)).then(|| (stem.to_owned(), simple_past(stem)))
}
