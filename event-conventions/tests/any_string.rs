//! Whatever the string, nothing panics, a range lies in it, and a suggestion passes.

use event_conventions::{
    Violation, check_action, check_domain, check_event_name, check_function_id, to_kebab_case,
    to_pascal_case, to_screaming_snake_case,
};

const PIECES: &[&str] = &[
    "", "-", "--", "/", "_", ".", " ", "a", "Z", "9", "é", "ß", "İ", "ǆ", "日本", "🦀", "\u{0}", "\u{301}",
    "e\u{301}", "ed", "eed", "yed", "ing", "s", "es", "ies", "ses", "men", "re", "un", "user", "users",
    "create", "payed", "set", "run", "will", "be", "or", "let", "left", "to", "up", "r#", "\\", "\n", "ﬁ",
    "Ⅷ",
];

#[test]
fn of_three_pieces() {
    for first in PIECES {
        for second in PIECES {
            for third in PIECES {
                check(&format!("{first}{second}{third}"));
                check(&format!("{first}-{second}/{third}-{first}"));
            }
        }
    }
}

#[test]
fn of_long_pieces() {
    for piece in PIECES {
        check(&piece.repeat(200));
        check(&format!("{}/{}", piece.repeat(40), piece.repeat(40)));
    }
}

fn check(text: &str) {
    check_violation(text, check_domain(text), |instead| check_domain(instead).is_ok());
    check_violation(text, check_action(text), |instead| check_action(instead).is_ok());
    check_violation(text, check_event_name(text), |instead| check_event_name(instead).is_ok());
    let passes = |instead: &str| check_function_id(instead, "user", "created").is_ok();
    check_violation(text, check_function_id(text, "user", "created"), passes);
    check_violation(text, check_function_id(text, text, text), |_| true);
    let kebab = to_kebab_case(text);
    let _ = (to_pascal_case(&kebab), to_screaming_snake_case(&kebab));
}

fn check_violation(text: &str, result: Result<(), Violation<'_>>, passes: impl Fn(&str) -> bool) {
    let Err(violation) = result else { return };
    assert!(text.get(violation.range()).is_some(), "{:?} of {text:?}", violation.range());
    assert!(!violation.to_string().is_empty());
    if let Some(instead) = violation.suggestion() {
        assert!(passes(&instead), "{instead:?} instead of {text:?}");
    }
}
