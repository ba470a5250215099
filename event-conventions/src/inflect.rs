//! How a regular verb is inflected, and the way back.

use crate::key::holds;
use crate::past::irregular;
use crate::verbs::{NOUN_VERBS, STRESSED_ENDS};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The past tense of a regular verb.
pub(crate) fn regular_past(base: &str) -> String {
    match *base.as_bytes() {
        [.., b'e'] => format!("{base}d"),
        [.., before, b'y'] if !is_vowel(before) => format!("{}ied", &base[..base.len() - 1]),
        [.., b'i', b'c'] => format!("{base}ked"),
        [.., last] if doubles(base) => format!("{base}{}ed", char::from(last)),
        _ => format!("{base}ed"),
    }
}

/// Whether a verb doubles its last consonant: one vowel before one consonant, and the stress on that vowel.
fn doubles(base: &str) -> bool {
    if holds(STRESSED_ENDS, base) {
        return true;
    }
    let [start @ .., vowel, last] = base.as_bytes() else { return false };
    let has_vowel = |bytes: &[u8]| bytes.iter().any(|byte| is_vowel(*byte));
    let closed = is_vowel(*vowel) && !is_vowel(*last) && !matches!(last, b'w' | b'x' | b'y');
    let one_syllable = match start {
        [rest @ .., b'q', b'u'] => !has_vowel(rest),
        _ => !has_vowel(start) && !start.contains(&b'y'),
    };
    closed && (one_syllable || doubles_behind_prefix(base))
}

/// `reoccur`, `unclip`: the verb behind the prefix doubles its last consonant.
fn doubles_behind_prefix(base: &str) -> bool {
    let is_known =
        |verb: &str| holds(STRESSED_ENDS, verb) || holds(NOUN_VERBS, verb) || irregular(verb).is_some();
    ["de", "mis", "out", "over", "pre", "re", "un"]
        .iter()
        .filter_map(|prefix| base.strip_prefix(prefix))
        .any(|verb| is_known(verb) && doubles(verb))
}

/// What `word` may be the third person or the gerund of: `retrying` of `retry`, not `hoping` of `hop`.
pub(crate) fn possible_bases(word: &str) -> Vec<String> {
    let mut bases = Vec::new();
    if let Some(stem) = word.strip_suffix('s') {
        bases.push(stem.to_owned());
        bases.extend(stem.strip_suffix('e').map(ToOwned::to_owned));
        bases.extend(stem.strip_suffix("ie").map(|root| format!("{root}y")));
        bases.retain(|base| third_person(base) == word);
    }
    if let Some(stem) = word.strip_suffix("ing") {
        bases.push(stem.to_owned());
        bases.push(format!("{stem}e"));
        bases.extend(stem.char_indices().next_back().map(|(at, _)| stem[..at].to_owned()));
        bases.extend(stem.strip_suffix('y').map(|root| format!("{root}ie")));
        // British spelling doubles every l: `cancelling`.
        bases.retain(|base| gerund(base) == word || (base.ends_with('l') && stem == format!("{base}l")));
    }
    bases
}

fn third_person(base: &str) -> String {
    match *base.as_bytes() {
        [.., before, b'y'] if !is_vowel(before) => format!("{}ies", &base[..base.len() - 1]),
        [.., b's' | b'x' | b'z' | b'o'] | [.., b'c' | b's', b'h'] => format!("{base}es"),
        _ => format!("{base}s"),
    }
}

fn gerund(base: &str) -> String {
    match *base.as_bytes() {
        [.., b'i', b'e'] => format!("{}ying", &base[..base.len() - 2]),
        [.., b'e' | b'o' | b'y', b'e'] => format!("{base}ing"),
        [.., b'e'] => format!("{}ing", &base[..base.len() - 1]),
        [.., b'i', b'c'] => format!("{base}king"),
        [.., last] if doubles(base) => format!("{base}{}ing", char::from(last)),
        _ => format!("{base}ing"),
    }
}

const fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u')
}
