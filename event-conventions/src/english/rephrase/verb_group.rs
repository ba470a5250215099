//! The verb at the front of a phrase, with the words that belong to it: `hard-delete`, `sign-up`, `re-run`.

use super::super::compound::past_of_phrasal_noun;
use super::super::tables::irregular::UNCHANGING;
use super::super::tables::phrases::{
    CLEAR_ORDERS, COMPOUND_VERBS, MODIFIED_NOUNS, MODIFIERS, ORDERS, ORDERS_OF, PREFIXABLE, THINGS,
    WITH_PREPOSITION,
};
use super::super::tables::verbs::{IRREGULAR_NOUNS, NOUN_VERBS};
use super::super::tables::words::{ADVERBS, COMMANDS, NOUN_MARKERS, PARTICLES, PREPOSITIONS, VERBS_AS_NOUNS};
use super::super::tables::{find, holds};
use super::super::verb::{
    base_of, irregular, is_base, is_verb_only, participle, past_with_particle, simple_past,
};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;

/// The verb at the front of a phrase.
pub(super) struct VerbGroup<'a> {
    /// The verb without what belongs to it.
    pub(super) base: &'a str,
    /// How many words it has.
    pub(super) len: usize,
    /// Its past tense, as the front of a phrase.
    pub(super) past: String,
    /// Its participle, as it follows the object.
    pub(super) participle: String,
    /// The verb has a particle or another word that makes it one.
    is_compound: bool,
}

impl<'a> VerbGroup<'a> {
    /// Reads the verb at the front of `words`, if there is one.
    pub(super) fn at_front(words: &[&'a str]) -> Option<Self> {
        let (first, second) = (*words.first()?, *words.get(1)?);
        let written_together = || past_of_phrasal_noun(first).filter(|_| is_order_of(first, &words[1..]));
        if let Some(past) = written_together() {
            return Some(Self { base: first, len: 1, participle: past.clone(), past, is_compound: true });
        }
        if let Some(past) = find_compound(first, second) {
            let past = past.to_owned();
            return Some(Self { base: second, len: 2, participle: past.clone(), past, is_compound: true });
        }
        if is_modified(first, second) && !is_order_of(first, &words[1..]) {
            let verb = Self::plain(second);
            return Some(Self {
                len: 2,
                past: format!("{first}-{}", verb.past),
                participle: format!("{first}-{}", verb.participle),
                is_compound: true,
                ..verb
            });
        }
        if holds(PARTICLES, second) || holds(PREPOSITIONS, second) || is_adverb(second) {
            return begins_with_verb(first, second)
                .then(|| Self::with_particle(first, second, words.len() > 2));
        }
        let is_adjective = holds(NOUN_MARKERS, first) && !is_order_of(first, &words[1..]);
        (is_base(first) && !is_adjective && !holds(UNCHANGING, first)).then(|| Self::plain(first))
    }

    fn plain(base: &'a str) -> Self {
        Self { base, len: 1, past: simple_past(base), participle: participle(base), is_compound: false }
    }

    fn with_particle(first: &'a str, second: &str, is_long: bool) -> Self {
        let base = base_of(first).unwrap_or_else(|| first.to_owned());
        let is_preposition =
            is_long && (second == "by" || (holds(PREPOSITIONS, second) && holds(WITH_PREPOSITION, &base)));
        let opens_rest = !holds(PARTICLES, second) || is_preposition;
        if opens_rest {
            return Self { past: simple_past(&base), ..Self::plain(first) };
        }
        let past = format!("{}-{second}", past_with_particle(&base, second));
        Self { base: first, len: 2, participle: past.clone(), past, is_compound: true }
    }

    /// Returns `true` if the group is hardly ever a noun.
    pub(super) fn is_nothing_else(&self) -> bool {
        is_verb_only(self.base) && !holds(VERBS_AS_NOUNS, self.base)
    }

    /// Returns `true` if a word or a prefix before the verb, or its particle, makes an order of the phrase: `co-sign-note`,
    /// `retake-exam`, `hand-in-essay`.
    pub(super) fn makes_order(&self) -> bool {
        let is_modified = self.past.split('-').next().is_some_and(|first| holds(MODIFIERS, first));
        let is_prefixed = irregular(self.base).is_some_and(|(prefix, _)| !prefix.is_empty());
        is_prefixed || (self.is_compound && (is_modified || self.has_particle()))
    }

    /// Returns `true` if the group is hardly ever a noun before one word that may be its object or a verb: `close-export`,
    /// `roll-out-update`.
    pub(super) fn is_order(&self) -> bool {
        holds(CLEAR_ORDERS, self.base) || self.has_particle()
    }

    /// Returns `true` if a particle or an adverb belongs to it: `clean-up`.
    pub(super) fn has_particle(&self) -> bool {
        self.is_compound && self.past.rsplit('-').next().is_some_and(|last| holds(PARTICLES, last))
    }
}

/// Returns `true` if `word` is an adverb that belongs to the verb before it; `last` rather belongs to a noun behind it.
pub(super) fn is_adverb(word: &str) -> bool {
    holds(ADVERBS, word) && !matches!(word, "first" | "last" | "short")
}

fn find_compound(first: &str, second: &str) -> Option<&'static str> {
    if first.len() + second.len() > 15 {
        return None;
    }
    find(COMPOUND_VERBS, &format!("{first}-{second}"))
}

/// `hard-delete`, `co-sign`, `over-charge`; not `hard-limit`, `under-review`.
fn is_modified(first: &str, second: &str) -> bool {
    if matches!(first, "over" | "under" | "out" | "up" | "down") {
        return holds(PREFIXABLE, second);
    }
    let is_verb = is_base(second) && !holds(UNCHANGING, second);
    holds(MODIFIERS, first) && is_verb && !holds(MODIFIED_NOUNS, second)
}

/// `sign-up`, `convert-to-paid`; not `network-down`, `end-of-life`, `code-to-token`.
fn begins_with_verb(first: &str, second: &str) -> bool {
    let Some(base) = base_of(first) else { return false };
    let base = base.as_str();
    let is_noun = holds(NOUN_VERBS, base) || holds(IRREGULAR_NOUNS, base);
    let is_thing = match (base, second) {
        ("time", "off") => true,
        ("key" | "page" | "port", "in" | "out") => false,
        _ => holds(THINGS, base),
    };
    let is_particle = holds(PARTICLES, second) || second == "to";
    !is_noun
        || holds(COMMANDS, base)
        || second == "as"
        || (is_particle && !is_thing)
        || (is_adverb(second) && holds(ORDERS, base))
        || (holds(PREPOSITIONS, second) && holds(WITH_PREPOSITION, base))
}

/// Returns `true` if `verb` is a noun as well, but an order before this object: `issue-refund`.
pub(super) fn is_order_of(verb: &str, object: &[&str]) -> bool {
    find(ORDERS_OF, verb).is_some_and(|objects| {
        let is_one = |object: &str| objects.contains(&[" ", object, " "].concat());
        is_one(&object.join("-")) || object.last().is_some_and(|last| is_one(last))
    })
}
