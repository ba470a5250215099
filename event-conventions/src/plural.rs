//! Whether one word is a plural, and its singular.

use crate::holds;
use crate::nouns::{IRREGULAR_PLURALS, NO_SINGULAR, PLURAL_S, SINGULAR_MEN, SINGULAR_S, USE};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;

/// Words that keep their number at the end of a longer word (`subseries`, `microservices`).
const SINGULAR_ENDS: &[&str] = &["series", "species", "news", "canvas", "lens", "aas", "alias", "iops"];

/// Whether `word`, in lowercase, is a plural.
pub(crate) fn is_plural(word: &str) -> bool {
    if irregular(word).is_some() || holds(PLURAL_S, word) {
        return true;
    }
    if let Some(men) = word.strip_suffix("men") {
        return !men.is_empty() && !holds(SINGULAR_MEN, word);
    }
    match word.strip_suffix('s') {
        Some(stem) => !is_singular_in_s(word, stem),
        None => is_foreign_plural(word),
    }
}

/// Whether `word`, which is `stem` and `s`, is a singular.
fn is_singular_in_s(word: &str, stem: &str) -> bool {
    let is_initialism = word.len() <= 3 && !word.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    stem.is_empty()
        || stem.ends_with(['s', 'u', 'i'])
        || stem.ends_with("ic")
        || stem.ends_with(|last: char| last.is_ascii_digit())
        || is_initialism
        || holds(SINGULAR_S, word)
        || SINGULAR_ENDS.iter().any(|end| word.ends_with(end))
}

/// `alumnae`, `craftspeople`, `grandchildren`, `submatrices`: endings that only plurals have.
fn is_foreign_plural(word: &str) -> bool {
    let ae = word.ends_with("ae")
        && !matches!(word, "reggae" | "sundae" | "brae" | "nae" | "tae" | "vitae" | "maenae");
    ae || ["people", "children", "eaux"].iter().any(|end| word.ends_with(end)) && word != "eaux"
}

fn irregular(word: &str) -> Option<&'static str> {
    let at = IRREGULAR_PLURALS.binary_search_by(|(plural, _)| plural.cmp(&word)).ok()?;
    IRREGULAR_PLURALS.get(at).map(|(_, singular)| *singular)
}

/// The singular of a plural, if it is sure.
pub(crate) fn singular(word: &str) -> Option<String> {
    if holds(NO_SINGULAR, word) {
        return None;
    }
    if let Some(singular) = irregular(word) {
        return Some(singular.to_owned());
    }
    let ends: [(&str, &str); 12] = [
        ("people", "person"),
        ("children", "child"),
        ("men", "man"),
        ("eaux", "eau"),
        ("lyses", "lysis"),
        ("theses", "thesis"),
        ("gnoses", "gnosis"),
        ("ae", "a"),
        ("oes", "o"),
        ("ies", "y"),
        ("zzes", "zz"),
        ("tzes", "tz"),
    ];
    for (plural, singular) in ends {
        if let Some(root) = word.strip_suffix(plural) {
            return (root.len() > 1 || plural != "ies").then(|| format!("{root}{singular}"));
        }
    }
    let stem = word.strip_suffix('s')?;
    let without_es = stem.strip_suffix('e').filter(|root| takes_es(root, stem));
    Some(without_es.unwrap_or(stem).to_owned())
}

/// Whether the plural of `root` is `root` and -es, rather than that of `with_e` and -s.
fn takes_es(root: &str, with_e: &str) -> bool {
    let is_us = root.ends_with("us") && !USE.iter().any(|end| with_e.ends_with(end));
    is_us || ["ss", "sh", "ch", "x"].iter().any(|end| root.ends_with(end))
}
