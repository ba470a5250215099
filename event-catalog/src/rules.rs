//! The rules of compatibility: what each finding is called, why it matters, and what to do.

/// A rule, by a name that stays the same.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, such as `FIELD_RENAMED`.
    pub id: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// The remedy, in one line.
    pub what_to_do: &'static str,
}

macro_rules! rules {
    ($($id:ident: $why:literal, $what_to_do:expr;)*) => {
        $(
            #[doc = $why]
            pub const $id: Rule = Rule { id: stringify!($id), why: $why, what_to_do: $what_to_do };
        )*

        /// Every rule, by name.
        pub const ALL: &[&Rule] = &[$(&$id),*];
    };
}

const NEW_VERSION: &str =
    "add a version that lifts the former payloads: `#[event(version = N, upcast(..))]`, or undo the change";
const CONSUMERS_FIRST: &str = "deploy everything that reads the event with the wider rule first, and write such values afterwards; or add a version: `#[event(version = N, upcast(..))]`";

rules! {
    CUSTOM_RULE_ADDED: "A function checks a value that it did not check before. No schema tells what it refuses, so payloads that were written may be refused.",
        "make sure that the function takes every payload that was ever sent, then accept with a reason; or add a version";
    CUSTOM_RULE_REMOVED: "A function no longer checks a value. Code that still has it may refuse what is written from now on.",
        "make sure that the former code is not running any more, then accept with a reason; or keep the function";
    EVENT_ADDED: "An event is new. Nobody depends on it yet.", "accept it";
    EVENT_REMOVED: "An event is gone, or has another name. Stored ones, ones in flight and other services still have it.",
        "keep the event and mark it `#[event(deprecated)]`; if nothing sends or stores it any more, accept its removal with a reason, which leaves a tombstone";
    EVENT_RETURNED: "An event that was removed is there again.", "choose another name, or accept with a reason: payloads of the former event may still be around";
    FIELD_ADDED: "A field is new, and may be missing when it is read.", "accept it";
    FIELD_REFUSED: "A field is written that the reader refuses, since it allows no unknown fields.",
        "let the reader ignore unknown fields (no `deny_unknown_fields`), and deploy that first";
    FIELD_REMOVED: "A field that the former code requires is not always written any more. Code that still runs, or other services, cannot read the event.",
        "keep writing the field until everything that requires it is deployed without it; or add a version";
    FIELD_RENAMED: "A field has another name in JSON. What was written has the former name, and former code asks for it.",
        "keep the name in JSON with `#[serde(rename = \"..\")]`; or add a version that lifts the former payloads: `#[event(version = N, upcast(..))]`";
    FIELD_REQUIRED: "A field is required that may be missing in what was written.",
        "make it an `Option`, or give it a default with `#[serde(default)]`; or add a version that lifts the former payloads";
    FORMAT_NARROWED: "The text must have another format. What was written may not have it.", NEW_VERSION;
    FORMAT_WIDENED: "The text may have another format, which former code refuses.", CONSUMERS_FIRST;
    FUNCTION_ADDED: "A function is new.", "accept it";
    FUNCTION_CHANGED: "The options of a function have changed.", "accept it, if that is what was meant";
    FUNCTION_REMOVED: "A function is gone, or has another id. Its open runs cannot go on.",
        "if it was renamed, say so with `was = \"..\"`; otherwise wait until its runs have ended, and accept its removal with a reason";
    FUNCTION_RENAMED: "A function has another id, and says so with `was`: its open runs go on.", "accept it";
    GOLDEN_CHANGED: "A payload that was written once comes out with another value than it did.",
        "look whether the functions still get what they expect, then accept it";
    KEY_CHANGED: "The key of the event is made of other fields. What was stored stays under the former key.",
        "keep the key; or add an event of another name with the new key";
    KEYS_NARROWED: "The keys of a map must keep another rule. What was written may not keep it.", NEW_VERSION;
    KEYS_WIDENED: "The keys of a map may be what former code refuses.", CONSUMERS_FIRST;
    LENGTH_NARROWED: "A text, a list or a map may no longer be as short, or as long, as it was.", NEW_VERSION;
    LENGTH_WIDENED: "A text, a list or a map may be shorter, or longer, than former code allows.", CONSUMERS_FIRST;
    MULTIPLE_NARROWED: "A number must be a multiple of another number than before.", NEW_VERSION;
    MULTIPLE_WIDENED: "A number may be what is not a multiple for former code.", CONSUMERS_FIRST;
    NORMALIZE_CHANGED: "A text is made uniform in another way when it is read: functions see other values.", "accept it, if that is what was meant";
    PATTERN_NARROWED: "The text must match another pattern. What was written may not match it.", NEW_VERSION;
    PATTERN_WIDENED: "The text may be one that does not match the pattern of former code.", CONSUMERS_FIRST;
    RANGE_NARROWED: "A number may no longer be as small, or as great, as it was.", NEW_VERSION;
    RANGE_WIDENED: "A number may be smaller, or greater, than former code allows.", CONSUMERS_FIRST;
    SCHEMA_CHANGED: "The contract has changed in a way that no rule explains.", "accept it with a reason, if you know that it is safe; or add a version";
    SENSITIVE_CHANGED: "A field is sensitive that was not, or is not any more: logs, pages and exports show it then.", "accept it, if that is what was meant";
    TRIGGER_ADDED: "A function starts with one more event.", "accept it";
    TRIGGER_REMOVED: "A function no longer starts with an event. Open runs that it started cannot read it.",
        "keep the trigger until these runs have ended; or accept with a reason";
    TYPE_CHANGED: "A value has another type in JSON.", NEW_VERSION;
    UNIQUE_NARROWED: "The elements of a list must differ, which those that were written may not.", NEW_VERSION;
    UNIQUE_WIDENED: "The elements of a list may be equal, which former code refuses.", CONSUMERS_FIRST;
    UPCAST_FAILS: "A payload of a former version is refused after it was lifted: the step to the next version does not fit its rules.",
        "mend the `Upcast` of the version, or the rules of the latest one";
    VALUE_ADDED: "A value or a variant is written that former code does not know.",
        "make the enum open with `#[payload(open)]` and deploy that first; or add a version: `#[event(version = N, upcast(..))]`";
    VALUE_REMOVED: "A value or a variant that was written is not known any more.",
        "keep it, deprecated; or add a version that lifts the former payloads: `#[event(version = N, upcast(..))]`";
    VERSION_ADDED: "The payload has a new version. Former code cannot read it: deploy what reads the event before what sends it.", "accept it";
    VERSION_REMOVED: "A version of the payload cannot be read any more, and payloads of it may be stored or in flight.",
        "keep the payload of the version and its step to the next: `#[event(version = N, upcast(..))]`";
}

/// Finds a rule by its name.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id.eq_ignore_ascii_case(id))
}

/// A kind of difference between a writer and a reader; what it is called depends on who is the former one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Required,
    Renamed,
    Refused,
    Type,
    Range,
    Length,
    Multiple,
    Values,
    Pattern,
    Format,
    Unique,
    Keys,
    Custom,
    Other,
}

impl Kind {
    /// The rule, where the reader is new (what was narrowed is refused), or former (what was widened is).
    pub(crate) const fn rule(self, reader_is_new: bool) -> &'static Rule {
        match (self, reader_is_new) {
            (Self::Required, true) => &FIELD_REQUIRED,
            (Self::Required, false) => &FIELD_REMOVED,
            (Self::Renamed, _) => &FIELD_RENAMED,
            (Self::Refused, _) => &FIELD_REFUSED,
            (Self::Type, _) => &TYPE_CHANGED,
            (Self::Range, true) => &RANGE_NARROWED,
            (Self::Range, false) => &RANGE_WIDENED,
            (Self::Length, true) => &LENGTH_NARROWED,
            (Self::Length, false) => &LENGTH_WIDENED,
            (Self::Multiple, true) => &MULTIPLE_NARROWED,
            (Self::Multiple, false) => &MULTIPLE_WIDENED,
            (Self::Values, true) => &VALUE_REMOVED,
            (Self::Values, false) => &VALUE_ADDED,
            (Self::Pattern, true) => &PATTERN_NARROWED,
            (Self::Pattern, false) => &PATTERN_WIDENED,
            (Self::Format, true) => &FORMAT_NARROWED,
            (Self::Format, false) => &FORMAT_WIDENED,
            (Self::Unique, true) => &UNIQUE_NARROWED,
            (Self::Unique, false) => &UNIQUE_WIDENED,
            (Self::Keys, true) => &KEYS_NARROWED,
            (Self::Keys, false) => &KEYS_WIDENED,
            (Self::Custom, true) => &CUSTOM_RULE_ADDED,
            (Self::Custom, false) => &CUSTOM_RULE_REMOVED,
            (Self::Other, _) => &SCHEMA_CHANGED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn rules_are_sorted_and_told_apart() {
        assert!(ALL.is_sorted_by(|one, other| one.id.replace('_', " ") < other.id.replace('_', " ")));
    }
}
