//! Domains: singular nouns.

use super::violation::{Subject, Violation};
use crate::case::kebab_fault;
use crate::english::plural::is_plural;
use crate::{MAX_LENGTH, Rule, Vocabulary};
use core::ops::Range;

/// Checks that `domain` is lowercase kebab-case and a singular.
///
/// The last word decides: `sales-order` is a singular, `billing-accounts` is not. Mass nouns (`data`, `staff`)
/// and initialisms (`sms`, `dns`) count as singulars.
///
/// ```
/// use event_conventions::check_domain;
///
/// assert!(check_domain("billing-account").is_ok());
/// let violation = check_domain("companies").unwrap_err();
/// assert_eq!(violation.to_string(), "`companies` is plural: write `company`");
/// ```
pub fn check_domain(domain: &str) -> Result<(), Violation<'_>> {
    check_domain_with(domain, &Vocabulary::new())
}

/// Checks a domain as [`check_domain`] does, with a team's own singulars.
///
/// ```
/// use event_conventions::{Vocabulary, check_domain_with};
///
/// assert!(check_domain_with("kudos", &Vocabulary::new().singular("kudos")).is_ok());
/// ```
pub fn check_domain_with<'a>(domain: &'a str, vocabulary: &Vocabulary) -> Result<(), Violation<'a>> {
    match fault(domain, vocabulary) {
        None => Ok(()),
        Some((rule, range)) => Err(Violation::new(rule, range, domain, Subject::Domain)),
    }
}

/// The rule that `domain` breaks, and where.
pub(crate) fn fault(domain: &str, vocabulary: &Vocabulary) -> Option<(Rule, Range<usize>)> {
    if domain.is_empty() {
        return Some((Rule::Empty, 0..0));
    }
    if domain.len() > MAX_LENGTH {
        return Some((Rule::TooLong, 0..domain.len()));
    }
    if let Some(range) = kebab_fault(domain) {
        return Some((Rule::NotKebabCase, range));
    }
    let start = domain.rfind('-').map_or(0, |hyphen| hyphen + 1);
    let last = &domain[start..];
    // `ups` alone is an initialism, but `sign-ups` are many.
    let is_plural = is_plural(last) || (start > 0 && last == "ups");
    (!vocabulary.has_singular(last) && is_plural).then_some((Rule::NotSingular, start..domain.len()))
}
