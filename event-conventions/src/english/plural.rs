//! Plurals, and their singulars.

use super::tables::plurals::{IRREGULAR_PLURALS, NO_SINGULAR, PLURAL_FIELDS, PLURAL_S};
use super::tables::singulars::{FIELDS, SINGULAR_IS, SINGULAR_MEN, SINGULAR_S, USE};
use super::tables::{Key, find, holds, sorted};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;

/// Singulars that keep their number at the end of a longer word (`miniseries`, `expressjs`).
const SINGULAR_ENDS: &[&str] = &["canvas", "js", "series", "species"];

/// Endings that only plurals have, beside the table of irregular plurals.
#[rustfmt::skip]
const PLURAL_ENDS: &[&str] = &[
    "ae", "angia", "bacilli", "children", "cocci", "culi", "cumuli", "eaux", "ennia", "eoli", "feet", "genera",
    "hedra", "helia", "mata", "mice", "ostea", "people", "phenomena", "phyla", "teeth", "thelia", "zoa",
];

/// Singulars with such an ending.
#[rustfmt::skip]
const NOT_PLURAL: &[Key] =
    &sorted(["brae", "cathedra", "ephedra", "fermata", "mae", "pumice", "reggae", "sundae", "tae", "vae", "vitae"]);

/// Endings of the plurals of loanwords, which look like singulars (`bonsais`).
const LOANWORD_ENDS: &[&str] = &["ais", "eaus", "eis", "jis", "kis", "ois"];

/// Endings of fields of study, which are singulars (`economics`); the other words in -ics are plurals (`metrics`).
#[rustfmt::skip]
const FIELD_ENDS: &[&str] = &[
    "analytics", "batics", "cryonics", "dontics", "dynamics", "ematics", "ethics", "genics", "iatrics", "ionics",
    "istics", "nautics", "netics", "omics", "optics", "ormatics", "paedics", "pedics", "phonics", "photonics",
    "physics", "politics", "ponics", "tectonics", "therapeutics", "tronics",
];

/// Endings of plurals, each with that of its singular.
const ENDS: &[(&str, &str)] = &[
    ("knives", "knife"),
    ("wives", "wife"),
    ("wolves", "wolf"),
    ("shelves", "shelf"),
    ("selves", "self"),
    ("leaves", "leaf"),
    ("loaves", "loaf"),
    ("calves", "calf"),
    ("hooves", "hoof"),
    ("shoes", "shoe"),
    ("gases", "gas"),
    ("physes", "physis"),
    ("stases", "stasis"),
    ("itises", "itis"),
    ("itides", "itis"),
    ("polises", "polis"),
    ("sises", "sis"),
    ("cepses", "ceps"),
    ("trices", "trix"),
    ("teeth", "tooth"),
    ("feet", "foot"),
    ("mice", "mouse"),
    ("ennia", "ennium"),
    ("zoa", "zoon"),
    ("hedra", "hedron"),
    ("mata", "ma"),
    ("cci", "ccus"),
    ("people", "person"),
    ("children", "child"),
    ("men", "man"),
    ("eaux", "eau"),
    ("yses", "ysis"),
    ("dioceses", "diocese"),
    ("eeses", "eese"),
    ("eses", "esis"),
    ("gnoses", "gnosis"),
    ("ae", "a"),
    ("oes", "o"),
    ("ies", "y"),
    ("zzes", "zz"),
    ("tzes", "tz"),
];

/// Ends of singulars in -ise.
#[rustfmt::skip]
const ISE: &[&str] = &[
    "advise", "aise", "chemise", "cise", "comprise", "devise", "dise", "enterprise", "expertise", "franchise", "mise",
    "oise", "practise", "reprise", "revise", "sunrise", "surprise", "televise", "treatise", "uise",
];

/// Ends of singulars in -ose.
const OSE: &[&str] = &["close", "dose", "hose", "oose", "pose", "primrose"];

/// Returns `true` if `word`, in lowercase, is a plural.
pub(crate) fn is_plural(word: &str) -> bool {
    if irregular(word).is_some() || holds(PLURAL_S, word) {
        return true;
    }
    if word.ends_with("men") {
        return !holds(SINGULAR_MEN, word);
    }
    match word.strip_suffix('s') {
        Some(stem) => !is_singular_in_s(word, stem),
        None => ends_in(word, PLURAL_ENDS) && !holds(NOT_PLURAL, word),
    }
}

/// Returns `true` if `word`, which is `stem` and `s`, is a singular.
fn is_singular_in_s(word: &str, stem: &str) -> bool {
    let is_initialism = word.len() <= 3 && !word.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    let is_loanword = ends_in(word, LOANWORD_ENDS) && !holds(SINGULAR_IS, word);
    let is_field = holds(FIELDS, word) || (ends_in(word, FIELD_ENDS) && !holds(PLURAL_FIELDS, word));
    stem.is_empty()
        || (stem.ends_with(['s', 'u', 'i']) && !is_loanword)
        || is_field
        || is_initialism
        || holds(SINGULAR_S, word)
        || ends_in(word, SINGULAR_ENDS)
}

fn ends_in(word: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| word.ends_with(end))
}

fn irregular(word: &str) -> Option<&'static str> {
    find(IRREGULAR_PLURALS, word)
}

/// The singular of a plural, if it is sure.
pub(crate) fn singular(word: &str) -> Option<String> {
    if holds(NO_SINGULAR, word) {
        return None;
    }
    if let Some(singular) = irregular(word) {
        return Some(singular.to_owned());
    }
    for (plural, singular) in ENDS {
        if let Some(root) = word.strip_suffix(plural) {
            return (root.len() > 1 || *plural != "ies").then(|| format!("{root}{singular}"));
        }
    }
    let stem = word.strip_suffix('s')?;
    if (stem.ends_with("ise") && !ends_in(stem, ISE)) || (stem.ends_with("ose") && !ends_in(stem, OSE)) {
        // It may end in -is (`mantises`, `thromboses`).
        return None;
    }
    let without_es = stem.strip_suffix('e').filter(|root| takes_es(root, stem));
    Some(without_es.unwrap_or(stem).to_owned())
}

/// Returns `true` if the plural of `root` is `root` and -es, rather than that of `with_e` and -s.
fn takes_es(root: &str, with_e: &str) -> bool {
    let is_use = holds(USE, with_e) || ends_in(with_e, &["ause", "fuse", "ouse"]);
    let is_us = root.ends_with("us") && !is_use;
    is_us || ["ss", "sh", "ch", "x"].iter().any(|end| root.ends_with(end))
}
