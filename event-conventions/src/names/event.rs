//! Event names: `domain/action`.

use super::violation::{Subject, Violation};
use super::{action, domain};
use crate::{Rule, Vocabulary};

/// Checks that `name` is a domain, a `/` and an action, each by its own rules.
///
/// ```
/// use event_conventions::check_event_name;
///
/// assert!(check_event_name("workflow/created").is_ok());
/// let violation = check_event_name("issues/create").unwrap_err();
/// assert_eq!(violation.range(), 0..6);
/// assert_eq!(violation.suggestion().as_deref(), Some("issue/created"));
/// ```
pub fn check_event_name(name: &str) -> Result<(), Violation<'_>> {
    check_event_name_with(name, &Vocabulary::new())
}

/// Checks an event name as [`check_event_name`] does, with a team's own words.
///
/// ```
/// use event_conventions::{Vocabulary, check_event_name_with};
///
/// let vocabulary = Vocabulary::new().singular("kudos").past_tense("yote");
/// assert!(check_event_name_with("kudos/yote", &vocabulary).is_ok());
/// ```
pub fn check_event_name_with<'a>(name: &'a str, vocabulary: &Vocabulary) -> Result<(), Violation<'a>> {
    let fault = match name.split_once('/') {
        _ if name.is_empty() => Some((Rule::Empty, 0..0)),
        None => Some((Rule::MissingSlash, 0..name.len())),
        Some((domain, action)) => domain::fault(domain, vocabulary).or_else(|| {
            let offset = domain.len() + 1;
            let (rule, range) = action::fault(action, vocabulary)?;
            Some((rule, range.start + offset..range.end + offset))
        }),
    };
    match fault {
        None => Ok(()),
        Some((rule, range)) => Err(Violation::new(rule, range, name, Subject::EventName)),
    }
}
