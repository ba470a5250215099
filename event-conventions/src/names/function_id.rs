//! Function ids: `domain-action-purpose`.

use super::violation::{Subject, Violation};
use crate::case::kebab_fault;
use crate::{MAX_LENGTH, Rule};
use core::ops::Range;

/// Checks that `id` is kebab-case and is `domain-action-` followed by a purpose.
///
/// An empty `action` stands for a trigger on a whole domain (`domain-purpose`); with an empty `domain` as well,
/// as for a cron trigger, any kebab-case id is right. `domain` and `action` themselves are not checked.
///
/// ```
/// use event_conventions::{Rule, check_function_id};
///
/// const _: () = assert!(check_function_id("user-created-mailer", "user", "created").is_ok());
/// assert!(check_function_id("user-audit-log", "user", "").is_ok());
/// assert!(check_function_id("nightly-cleanup", "", "").is_ok());
///
/// let violation = check_function_id("mailer", "user", "created").unwrap_err();
/// assert_eq!(violation.rule(), Rule::WrongPrefix);
/// assert_eq!(violation.suggestion().as_deref(), Some("user-created-mailer"));
/// ```
pub const fn check_function_id<'a>(
    id: &'a str,
    domain: &'a str,
    action: &'a str,
) -> Result<(), Violation<'a>> {
    let (rule, range) = if id.is_empty() {
        (Rule::Empty, 0..0)
    } else if id.len() > MAX_LENGTH {
        (Rule::TooLong, 0..id.len())
    } else if let Some(range) = kebab_fault(id) {
        (Rule::NotKebabCase, range)
    } else if let Some(fault) = prefix_fault(id.as_bytes(), domain.as_bytes(), action.as_bytes()) {
        fault
    } else {
        return Ok(());
    };
    Err(Violation::new(rule, range, id, Subject::FunctionId { domain, action }))
}

const fn prefix_fault(id: &[u8], domain: &[u8], action: &[u8]) -> Option<(Rule, Range<usize>)> {
    let mut at = 0;
    let mut part = 0;
    while part < 2 {
        let expected = if part == 0 { domain } else { action };
        part += 1;
        if expected.is_empty() {
            continue;
        }
        let end = at + expected.len();
        if !matches_at(id, at, expected) || (end < id.len() && id[end] != b'-') {
            return Some((Rule::WrongPrefix, 0..id.len()));
        }
        if end + 1 >= id.len() {
            return Some(missing_end(id, part, action));
        }
        at = end + 1;
    }
    None
}

/// The fault of an id that ends after the first `parts` parts of its prefix.
const fn missing_end(id: &[u8], parts: u8, action: &[u8]) -> (Rule, Range<usize>) {
    if parts == 1 && !action.is_empty() {
        (Rule::WrongPrefix, 0..id.len())
    } else {
        (Rule::MissingPurpose, id.len()..id.len())
    }
}

const fn matches_at(id: &[u8], at: usize, expected: &[u8]) -> bool {
    if id.len() < at + expected.len() {
        return false;
    }
    let mut index = 0;
    while index < expected.len() {
        if id[at + index] != expected[index] {
            return false;
        }
        index += 1;
    }
    true
}
