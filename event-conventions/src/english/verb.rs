//! Verbs: their forms, and the way back from a form to its verb.

use super::compound::is_prefixed_verb;
use super::tables::irregular::{BY_ITSELF, IRREGULAR, Irregular, PARTICIPLES};
use super::tables::verbs::{IRREGULAR_NOUNS, NOUN_VERBS, STRESSED_ENDS, VERBS};
use super::tables::words_in_ed::PREFIXED_NOUNS;
use super::tables::{Key, find, holds};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The simple past of a verb.
pub(crate) fn simple_past(base: &str) -> String {
    match irregular(base) {
        Some((prefix, verb)) => format!("{prefix}{}", verb.past),
        None => regular_past(base),
    }
}

/// The past participle of a verb: that of what it was done to.
pub(crate) fn participle(base: &str) -> String {
    let of_irregular = irregular(base).and_then(|(prefix, _)| {
        let participle = find(PARTICIPLES, &base[prefix.len()..])?;
        Some(format!("{prefix}{participle}"))
    });
    of_irregular.unwrap_or_else(|| simple_past(base))
}

/// The past form after the subject or the object of the verb: `file-written`, but `call-began`, where nobody is known to have begun it.
pub(crate) fn past_of_subject(base: &str) -> String {
    let stem = irregular(base).map_or(base, |(prefix, _)| &base[prefix.len()..]);
    if holds(BY_ITSELF, stem) { simple_past(base) } else { participle(base) }
}

/// The past form before a particle: `taken` before `down`, but `took` before `off`.
pub(crate) fn past_with_particle(base: &str, particle: &str) -> String {
    match (base, particle) {
        ("give", "in" | "up" | "out")
        | ("take", "off")
        | ("drive", "away" | "off")
        | ("break" | "eat" | "freeze" | "speak", _) => simple_past(base),
        _ => past_of_subject(base),
    }
}

/// Returns `true` if `word` is the base of a known verb.
pub(crate) fn is_base(word: &str) -> bool {
    is_verb_only(word) || holds(NOUN_VERBS, word) || irregular(word).is_some()
}

/// Returns `true` if `word` is a verb, and hardly ever a noun.
pub(crate) fn is_verb_only(word: &str) -> bool {
    let irregular =
        irregular(word).is_some_and(|(_, verb)| IRREGULAR_NOUNS.binary_search(&verb.base).is_err());
    let is_ize = word.ends_with("ize") && !word.ends_with("size");
    let suffixed = word.len() > 5 && (is_ize || word.ends_with("ify"));
    irregular || holds(VERBS, word) || (!holds(NOUN_VERBS, word) && (suffixed || is_prefixed_verb(word)))
}

/// The base of a verb that is known: `retries` and `retrying` -> `retry`.
pub(crate) fn base_of(word: &str) -> Option<String> {
    if is_base(word) {
        return Some(word.to_owned());
    }
    possible_bases(word).into_iter().find(|base| is_base(base))
}

/// Finds `base` among the irregular verbs, with its prefix.
pub(crate) fn irregular(base: &str) -> Option<(&str, &'static Irregular)> {
    let find = |verb: &str| {
        let key = Key::new(verb);
        let at = IRREGULAR.binary_search_by(|known| known.base.cmp(&key)).ok()?;
        IRREGULAR.get(at)
    };
    if let Some(verb) = find(base) {
        return Some(("", verb));
    }
    if holds(PREFIXED_NOUNS, base) {
        return None;
    }
    behind_prefix(base).find_map(|(prefix, verb)| Some((prefix, find(verb)?)))
}

/// Prefixes that make an irregular verb from an irregular verb, by their first letter.
const fn prefixes(first: u8) -> &'static [&'static str] {
    match first {
        b'a' => &["auto"],
        b'b' => &["back"],
        b'c' => &["counter", "cross"],
        b'd' => &["down"],
        b'f' => &["fore"],
        b'h' => &["hand"],
        b'i' => &["inter"],
        b'm' => &["mis"],
        b'o' => &["out", "over"],
        b'p' => &["pre"],
        b'r' => &["re"],
        b's' => &["super"],
        b'u' => &["un", "under", "up"],
        _ => &[],
    }
}

/// The prefixes of `word` and what may be a verb behind them: `resend` -> `re`, `send`.
pub(crate) fn behind_prefix(word: &str) -> impl Iterator<Item = (&str, &str)> {
    let first = word.bytes().next().unwrap_or_default();
    prefixes(first).iter().filter_map(|prefix| Some((*prefix, word.strip_prefix(prefix)?)))
}

/// The past tense of a regular verb.
fn regular_past(base: &str) -> String {
    match *base.as_bytes() {
        [.., b'e'] => format!("{base}d"),
        [.., before, b'y'] if !is_vowel(before) => format!("{}ied", &base[..base.len() - 1]),
        [.., b'i', b'c'] => format!("{base}ked"),
        [.., last] if doubles(base) => format!("{base}{}ed", char::from(last)),
        _ => format!("{base}ed"),
    }
}

/// Returns `true` if a verb doubles its last consonant: one vowel before one consonant, and the stress on that vowel.
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
    ["auto", "co", "cross", "de", "mis", "out", "over", "pre", "re", "un", "up"]
        .iter()
        .filter_map(|prefix| base.strip_prefix(prefix))
        .any(|verb| is_known(verb) && doubles(verb))
}

/// The verbs of which `word` may be the third person or the gerund: `retrying` of `retry`, not `hoping` of `hop`.
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
        // British spelling doubles every l (`cancelling`); `queueing` is as usual as `queuing`.
        let is_doubled = |base: &str| base.ends_with('l') && stem == format!("{base}l");
        let keeps_e = |base: &str| base.ends_with("ue") && stem == base;
        bases.retain(|base| gerund(base) == word || is_doubled(base) || keeps_e(base));
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
