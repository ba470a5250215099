//! Whether a kebab-case phrase says what happened.

use crate::Vocabulary;
use crate::irregular::UNCHANGING;
use crate::key::holds;
use crate::past::is_past;
use crate::verbs::{NOUN_VERBS, VERBS};
use crate::words::{
    ADVERBS, NOT_PAST_AUXILIARIES, NOTICES, NOUN_MARKERS, NOUNS_FIRST, PARTICLES, PAST_OR_NOUN, PREPOSITIONS,
    RIGHT_OR_LEFT,
};
use alloc::vec::Vec;

/// Whether `action`, in kebab-case, has one of the shapes that say what happened.
pub(crate) fn tells_what_happened(action: &str, vocabulary: &Vocabulary) -> bool {
    if !action.contains('-') {
        return is_past(action, vocabulary);
    }
    let phrase = Phrase { words: action.split('-').collect(), vocabulary };
    if phrase.is_not_yet() || phrase.has_base_verb_beside_conjunction() {
        return false;
    }
    phrase.ends_in_past() || phrase.begins_in_past() || phrase.has_past_inside()
}

struct Phrase<'a> {
    words: Vec<&'a str>,
    vocabulary: &'a Vocabulary,
}

impl Phrase<'_> {
    fn first(&self) -> &str {
        self.words.first().copied().unwrap_or_default()
    }

    fn last(&self) -> &str {
        self.words.last().copied().unwrap_or_default()
    }

    fn is_past(&self, word: &str) -> bool {
        is_past(word, self.vocabulary)
    }

    /// `will-expire`, `is-created`, `to-be-deleted`: the future, the present, a wish.
    fn is_not_yet(&self) -> bool {
        self.words.iter().any(|word| holds(NOT_PAST_AUXILIARIES, word))
            || self.first() == "may"
            || self.is_imperative()
    }

    /// `let-user-in`; not `let-go`.
    fn is_imperative(&self) -> bool {
        self.first() == "let" && self.words[1] != "go" && !holds(PARTICLES, self.words[1])
    }

    /// `create-or-updated`, `created-or-update`.
    fn has_base_verb_beside_conjunction(&self) -> bool {
        let Some(at) = self.words.iter().position(|word| matches!(*word, "or" | "and")) else {
            return false;
        };
        let after = self.words.get(at + 1).copied().unwrap_or_default();
        let base_before = at == 1 && holds(VERBS, self.first());
        base_before
            || (at == 1 && (holds(VERBS, after) || holds(NOUN_VERBS, after)) && !self.is_past(self.last()))
    }

    /// `payment-failed`, `not-found`, `has-expired`.
    fn ends_in_past(&self) -> bool {
        let (first, last) = (self.first(), self.last());
        if !self.is_past(last) {
            return false;
        }
        let before = self.words[self.words.len() - 2];
        let as_noun = holds(NOUN_MARKERS, before)
            || (holds(PREPOSITIONS, before) && !matches!(before, "over" | "under"))
            || before.ends_with("ing")
            || first.ends_with("ing")
            || holds(VERBS, first);
        let is_noun = holds(PAST_OR_NOUN, last) && as_noun && !self.is_past(before);
        let is_order = self.words.len() == 2 && matches!(before, "mark" | "get" | "gets");
        let is_base = holds(VERBS, before) && holds(UNCHANGING, last);
        !is_noun && !is_order && !is_base
    }

    /// `signed-up`, `moved-to-trash`, `failed-payment`, `left-review`.
    fn begins_in_past(&self) -> bool {
        let (first, second) = (self.first(), self.words[1]);
        if !self.is_past(first) || (second == "only" && first == "read") || second == "write" {
            return false;
        }
        match first {
            "left" => !holds(RIGHT_OR_LEFT, second),
            _ => !holds(NOUNS_FIRST, first) || belongs_to_verb(second),
        }
    }

    /// `user-signed-up`, `item-moved-to-trash`, `user-changed-password`; not `send-failed-notification`.
    fn has_past_inside(&self) -> bool {
        let inside = 1..self.words.len() - 1;
        let first = self.first();
        if holds(VERBS, first) || holds(NOUN_MARKERS, first) || holds(PREPOSITIONS, first) {
            return false;
        }
        let is_noun_phrase = holds(NOTICES, self.last()) || first.ends_with("ing");
        inside.into_iter().any(|at| {
            let (word, next) = (self.words[at], self.words[at + 1]);
            self.is_past(word)
                && (belongs_to_verb(next)
                    || !(is_noun_phrase || holds(NOUNS_FIRST, word) || holds(PAST_OR_NOUN, word)))
        })
    }
}

/// Whether `word` goes with the verb before it: a particle, a preposition or an adverb.
fn belongs_to_verb(word: &str) -> bool {
    holds(PARTICLES, word) || holds(PREPOSITIONS, word) || holds(ADVERBS, word) || word.ends_with("ly")
}
