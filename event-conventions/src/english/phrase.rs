//! Kebab-case phrases that say what happened.

use super::past::is_past;
use super::tables::holds;
use super::tables::irregular::UNCHANGING;
use super::tables::verbs::{IRREGULAR_NOUNS, NOUN_VERBS, VERBS};
use super::tables::words::{
    ADJECTIVES_IN_ING, ADVERBS, BEFORE_VERBS, COMMANDS, HOOKS, NOT_PAST_AUXILIARIES, NOTICES, NOUN_MARKERS,
    NOUNS_FIRST, NOUNS_IN_ING, NOUNS_LAST, ORDERS_WITH_NOUN, PARTICLES, PAST_OR_NOUN, PREPOSITIONS,
    RIGHT_OR_LEFT, SETS, SHOWS, STRONG_NOUNS, VERBS_AS_NOUNS, WITH_OBJECT,
};
use super::verb::irregular;
use crate::Vocabulary;
use alloc::vec::Vec;

/// Returns `true` if `action`, in kebab-case, has one of the shapes that say what happened.
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

    /// `let-user-in`, `mark-as-paid`, `get-started`; not `let-go`.
    fn is_imperative(&self) -> bool {
        match self.first() {
            "let" => self.words[1] != "go" && !holds(PARTICLES, self.words[1]),
            first => matches!(first, "get" | "gets" | "mark"),
        }
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
        let (before, last) = (self.words[self.words.len() - 2], self.last());
        let is_base = || holds(UNCHANGING, last) && is_base_verb(before);
        self.is_past(last) && !self.is_order(before) && !is_base() && !self.ends_in_noun(before)
    }

    /// `notification-mark-read`, `flag-as-closed`, `change-to-paid`; not `run-as-denied`.
    fn is_order(&self, before: &str) -> bool {
        let is_goal = || holds(VERBS, self.first()) || holds(NOUN_VERBS, self.first());
        matches!(before, "get" | "gets" | "mark") || (matches!(before, "as" | "to") && is_goal())
    }

    /// Returns `true` if the last word, a past form, is a noun here: `new-bid`, `user-input`, `update-rule-set`.
    fn ends_in_noun(&self, before: &str) -> bool {
        let (first, last) = (self.first(), self.last());
        let is_before_quit = holds(HOOKS, first) && holds(UNCHANGING, last);
        if (holds(NOUNS_LAST, last) && !leads_to_verb(before)) || is_before_quit {
            return true;
        }
        let is_preposition = |word| holds(PREPOSITIONS, word) && !matches!(word, "over" | "under");
        let is_led_by_noun = || {
            let is_long = self.words.len() > 2;
            holds(NOUN_MARKERS, before)
                || is_gerund(before)
                || (!is_long && is_preposition(first))
                || self.is_order_about_noun(before)
                || (is_gerund(first) && !holds(ADJECTIVES_IN_ING, first))
                || is_base_verb(first)
        };
        holds(PAST_OR_NOUN, last) && is_led_by_noun() && !self.is_past(before)
    }

    /// Returns `true` if the first word, a noun as well, is an order, and the last what it is about: `place-bid`,
    /// `load-change-set`; not `transfer-limit-hit`, which tells of the limit of a transfer.
    fn is_order_about_noun(&self, before: &str) -> bool {
        let (first, last) = (self.first(), self.last());
        let is_order = holds(ORDERS_WITH_NOUN, first);
        let is_set = self.words.len() > 2
            && last == "set"
            && holds(SETS, before)
            && (is_order || holds(COMMANDS, first));
        let is_thing = matches!(last, "bet" | "bid") || !holds(SHOWS, first);
        is_set || (is_order && is_thing && holds(STRONG_NOUNS, last))
    }

    /// `signed-up`, `moved-to-trash`, `failed-payment`, `left-review`.
    fn begins_in_past(&self) -> bool {
        let (first, second) = (self.first(), self.words[1]);
        if !self.is_past(first) || second == "write" {
            return false;
        }
        match first {
            "read" => !matches!(second, "only" | "receipt" | "receipts"),
            "left" => !holds(RIGHT_OR_LEFT, second),
            _ => !holds(NOUNS_FIRST, first) || belongs_to_verb(second),
        }
    }

    /// `user-signed-up`, `item-moved-to-trash`, `user-changed-password`; not `send-failed-notification`.
    fn has_past_inside(&self) -> bool {
        let first = self.first();
        if is_base_verb(first) || holds(PREPOSITIONS, first) {
            return false;
        }
        // `option-unassigned-issues-change`
        let ends_in_base = self.words.len() > 3 && (is_base_verb(self.last()) || self.last() == "change");
        let is_noun_phrase = ends_in_base
            || holds(NOTICES, self.last())
            || is_gerund(first)
            || holds(NOUN_MARKERS, first)
            || holds(VERBS_AS_NOUNS, first)
            || is_base_verb(self.words[1]);
        let is_command = holds(COMMANDS, first);
        (1..self.words.len() - 1).any(|at| {
            let (word, next) = (self.words[at], self.words[at + 1]);
            let may_be_noun = match word {
                "left" => holds(RIGHT_OR_LEFT, next),
                _ => holds(NOUNS_FIRST, word) || holds(PAST_OR_NOUN, word),
            };
            let is_verb = if belongs_to_verb(next) {
                !self.describes_noun(at, may_be_noun)
            } else {
                // `list-expired-tokens` is an order, `scan-found-issues` is not.
                !may_be_noun && !is_noun_phrase && (!is_command || holds(WITH_OBJECT, word))
            };
            is_verb && self.is_past(word)
        })
    }

    /// `new-logged-in-device`, `no-cut-off`: the past form right after a noun marker goes with the noun; not so
    /// `new-user-logged-in`, `primary-failed-over`.
    fn describes_noun(&self, at: usize, may_be_noun: bool) -> bool {
        at == 1 && holds(NOUN_MARKERS, self.first()) && (may_be_noun || self.words.len() > 3)
    }
}

/// Returns `true` if `word` goes with the verb before it: a particle, a preposition or an adverb.
pub(super) fn belongs_to_verb(word: &str) -> bool {
    holds(PARTICLES, word) || holds(PREPOSITIONS, word) || holds(ADVERBS, word) || word.ends_with("ly")
}

/// Returns `true` if a verb follows `word`: `auto-input`, `was-offset`, `manually-preset`.
fn leads_to_verb(word: &str) -> bool {
    word.ends_with("ly") || holds(BEFORE_VERBS, word)
}

/// Returns `true` if `word` is a verb in its base form, and not a noun.
fn is_base_verb(word: &str) -> bool {
    (holds(VERBS, word) && !holds(VERBS_AS_NOUNS, word))
        || irregular(word).is_some_and(|(_, verb)| {
            IRREGULAR_NOUNS.binary_search(&verb.base).is_err() && !holds(UNCHANGING, word)
        })
}

/// `pending`, `going`; not `meeting`.
fn is_gerund(word: &str) -> bool {
    word.ends_with("ing") && !holds(NOUNS_IN_ING, word)
}
