//! Orders: a verb and what it is about. `pay-invoice` becomes `invoice-paid`.

use super::super::compound::past_of_phrasal_noun;
use super::super::tables::holds;
use super::super::tables::phrases::{
    ATTRIBUTES, CONDITIONS, HAPPENINGS, LINKING, MANAGES, NOT_ADJECTIVES, NOT_OBJECTS, NOTIFIES, OBJECTS,
    ORDERS, STARTERS, THINGS, WITH_PARTICLE_NOUNS, WITHOUT_OBJECT,
};
use super::super::tables::words::{
    COMMANDS, NOTICES, NOUN_MARKERS, PARTICLES, PAST_OR_NOUN, PREPOSITIONS, VERBS_AS_NOUNS,
};
use super::super::verb::{is_base, is_verb_only};
use super::outcome::is_about_request;
use super::verb_group::{VerbGroup, is_adverb, is_order_of};
use super::{is_past_form, is_told};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

impl VerbGroup<'_> {
    /// Returns `true` if the phrase is an order, and `rest` what it is about: `cancel-booking`, `issue-refund`; not
    /// `claim-amount`.
    pub(super) fn takes(&self, rest: &[&str]) -> bool {
        let [.., last] = rest else { return false };
        if is_order_of(self.base, rest) || holds(LINKING, self.base) {
            return true;
        }
        if matches!(*last, "request" | "attempt" | "error") && is_about_request(self, rest) {
            return true;
        }
        if holds(WITHOUT_OBJECT, self.base) || is_condition(last) || self.makes_noun_of(last) {
            return false;
        }
        let is_verb = |word: &&str| is_verb_only(word) && !holds(VERBS_AS_NOUNS, word);
        if self.is_nothing_else() {
            // `unban-request-create`; `resize-move`
            let is_phase = rest.len() == 1 && matches!(*last, "init" | "move" | "stop" | "update");
            return !(rest.len() > 1 && is_verb(last)) && (!is_phase || holds(NOTIFIES, self.base));
        }
        !rest.iter().skip(1).any(is_verb) && self.takes_as_noun(rest)
    }

    /// Returns `true` if a noun phrase is what the verb and `last` are: `add-usages-reminder`, `reject-reason`.
    fn makes_noun_of(&self, last: &str) -> bool {
        let is_thing = matches!(last, "event" | "events" | "message" | "trigger" | "webhook");
        let is_order = self.is_nothing_else() || self.len > 1 || holds(ORDERS, self.base);
        let is_notice = holds(NOTICES, last) && !(is_thing && is_order);
        (is_notice && !holds(NOTIFIES, self.base))
            || (holds(ATTRIBUTES, last) && !holds(MANAGES, self.base))
            || (self.base == "refresh" && last == "token")
    }

    /// Returns `true` if the phrase is an order, though its verb is a noun as well: `issue-refund`, `start-import`.
    fn takes_as_noun(&self, rest: &[&str]) -> bool {
        let has_tail = rest.get(1).is_some_and(|word| holds(PREPOSITIONS, word));
        let object = if has_tail { rest[0] } else { rest[rest.len() - 1] };
        let happens =
            is_verb_only(object) || holds(HAPPENINGS, object) || past_of_phrasal_noun(object).is_some();
        if is_order_of(self.base, &[object]) || (happens && holds(STARTERS, self.base)) {
            return true;
        }
        let is_known =
            holds(OBJECTS, object) || object.strip_suffix('s').is_some_and(|one| holds(OBJECTS, one));
        if !(holds(COMMANDS, self.base) || holds(ORDERS, self.base) || self.makes_order()) {
            let is_of_action = object.ends_with("cation") && object != "location";
            return (holds(VERBS_AS_NOUNS, self.base) || self.len > 1) && (is_of_action || is_known);
        }
        let is_noun = self.has_particle() && holds(WITH_PARTICLE_NOUNS, object);
        let is_object = has_tail || !holds(NOT_OBJECTS, object) || self.base == "update";
        let is_order = holds(MANAGES, self.base) || holds(STARTERS, self.base) || self.makes_order();
        let is_thing = !happens && (is_order || !is_nominal(object));
        !is_noun && is_object && (is_known || is_thing)
    }

    /// The object, and then the participle: `add-member-to-board` -> `member-added-to-board`.
    pub(super) fn done_to(&self, rest: &[&str]) -> String {
        let in_order = || format!("{}-{}", self.past, rest.join("-"));
        if holds(LINKING, self.base) || self.is_complement(rest) {
            return in_order();
        }
        let (object, tail) = rest.split_at(self.end_of_object(rest));
        let told = [&object.join("-"), self.participle.as_str(), &tail.join("-")];
        let told = told.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
        if is_told(&told) { told } else { in_order() }
    }

    /// `mark-read`, `leave-unassigned`; not `place-bid`.
    fn is_complement(&self, rest: &[&str]) -> bool {
        matches!(rest, [word] if is_past_form(word) && (self.base == "mark" || !holds(PAST_OR_NOUN, word)))
    }

    /// Where the object ends: before `to` in `card-to-board`, before `in` in `log-user-in`, before `paid` in `mark-order-paid`.
    fn end_of_object(&self, rest: &[&str]) -> usize {
        let is_end = |at: &usize| {
            let is_last = at + 1 == rest.len();
            // Not in `enable-power-up`.
            let is_free = !is_base(rest[at - 1]) || holds(THINGS, rest[at - 1]);
            (holds(PREPOSITIONS, rest[*at]) || holds(PARTICLES, rest[*at])) && (!is_last || is_free)
        };
        let is_marked = matches!(rest, [_, .., last] if self.base == "mark" && is_past_form(last));
        (1..rest.len()).find(is_end).unwrap_or(rest.len() - usize::from(is_marked))
    }
}

/// Returns `true` if `word` is an adjective or an adverb, and not an object: `invoice-ready`, `finish-later`.
fn is_condition(word: &str) -> bool {
    is_adjective(word)
        || is_adverb(word)
        || holds(NOUN_MARKERS, word)
        || holds(CONDITIONS, word)
        || word == "write"
}

/// Returns `true` if `word` ends like an adjective: what follows is a noun then.
pub(super) fn is_adjective(word: &str) -> bool {
    let ends = ["able", "al", "ful", "ible", "ic", "ive", "less", "ous"];
    !holds(NOT_ADJECTIVES, word) && ends.iter().any(|end| word.ends_with(end))
}

/// Returns `true` if `word` is a noun derived from a verb: `refund-approval` is not an imperative.
fn is_nominal(word: &str) -> bool {
    let ends = [
        "ance", "awal", "ence", "ersal", "ewal", "ing", "ival", "ment", "osal", "oval", "sion", "tion",
        "ure", "usal",
    ];
    ends.iter().any(|end| word.ends_with(end))
}
