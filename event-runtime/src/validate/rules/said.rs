//! What a user says about a rule: its message, and when it does not hold.

use super::fit::Textual;
use crate::validate::Issues;

/// Checks a rule whose issues have the words of the user.
#[inline]
pub fn said(message: &'static str, issues: &mut Issues, check: impl FnOnce(&mut Issues)) {
    let before = issues.len();
    check(issues);
    if issues.len() > before {
        issues.say(before, message);
    }
}

/// Whether the text is there and empty: `or_empty` excuses it from the other rules.
#[inline]
pub fn is_empty<T: Textual + ?Sized>(value: &T) -> bool {
    value.text() == Some("")
}
