//! Patterns with shorthands: what ECMA-262 means by them, in the schema and in `parse`.

use event_runtime::prelude::*;

use crate::agreement::{agree, texts};

/// Texts of one pattern each.
#[domain_events]
pub enum PatternEvent {
    /// Digits.
    Counted {
        #[validate(pattern(r"^\d+\D?$"))]
        value: String,
    },
    /// Words.
    Named {
        #[validate(pattern(r"^[\w.-]+\W$"))]
        value: String,
    },
    /// Blanks.
    Spaced {
        #[validate(pattern(r"^\S+(\s\S+)*$"))]
        value: String,
    },
    /// No blanks, inside a class.
    Excluded {
        #[validate(pattern(r"^[^\s\d]{2,}[\S]$"))]
        value: String,
    },
    /// Everything but digits, inside a class.
    Included {
        #[validate(pattern(r"^[\D5]+$"))]
        value: String,
    },
    /// Backslashes that are not needed.
    Escaped {
        #[validate(pattern(r#"^\@[\&\&\-\_a\]]+\,\"\<\>\#\~\ \-\/$"#))]
        value: String,
    },
    /// Letters of any alphabet.
    Lettered {
        #[validate(pattern(r"^\p{Lu}[\p{L}\p{M}' \-]*$"))]
        value: String,
    },
    /// Of Greece.
    Translated {
        #[validate(pattern(r"^\p{Script=Greek}+\P{Ll}?$"))]
        value: String,
    },
    /// Anything on one line.
    Lined {
        #[validate(pattern("^a.{2}}$"))]
        value: String,
    },
}

#[test]
fn shorthands() {
    agree::<PatternCounted>(texts(&["[0-9]{1,5}[a-z٣]?", "[0-9٣a]{1,4}"]));
    agree::<PatternNamed>(texts(&["[a-zA-Z0-9_.-]{1,5}[ !é]", "[a-zé٣.-]{1,4}[!a]?"]));
    agree::<PatternSpaced>(texts(&[
        "[a-z]{1,3}([ \\t\\x0b\\u{a0}\\u{1680}\\u{2003}\\u{2028}\\u{feff}][a-z]{1,2}){0,3}",
        "[a \\u{85}\\u{180e}\\u{200b}]{1,4}",
    ]));
}

#[test]
fn shorthands_inside_classes() {
    agree::<PatternExcluded>(texts(&["[a-z]{2,4}[0-9]?", "[a-z5 \\u{a0}\\u{85}]{2,5}"]));
    agree::<PatternIncluded>(texts(&["[a-z5é\\n]{1,5}", "[0-9a]{1,3}"]));
}

#[test]
fn needless_backslashes() {
    agree::<PatternEscaped>(texts(&["@[&_a\\]-]{1,3},\"<>#~ -/", "@[&_a~]{0,2},\"<>#~ -/?"]));
}

#[test]
fn properties() {
    agree::<PatternLettered>(texts(&["[A-ZÄÖΑ-Ω][a-zäößа-я' -]{0,5}", "[a-zA-Z0-9]{1,3}"]));
    agree::<PatternTranslated>(texts(&["[α-ωΑ-Ω]{1,4}[A-Z1]?", "[a-zα-γ]{1,3}"]));
}

#[test]
fn a_dot_is_on_one_line() {
    agree::<PatternLined>(texts(&["a[b\\n\\r\\u{85}\\u{2028}🙂]{2}\\}", "a[a-z]{2}\\}"]));
}

#[test]
fn the_schema_has_the_expression_written_out() {
    let schema = PatternCounted::schema().to_value();
    assert_eq!(schema["properties"]["value"]["pattern"], "^[0-9]+[^0-9]?$");
    let issues = PatternCounted::parse(br#"{"value":"a"}"#).unwrap_err();
    assert_eq!(issues.iter().next().unwrap().params.get("pattern").unwrap(), "^[0-9]+[^0-9]?$");
}
