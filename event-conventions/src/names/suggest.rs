//! Names to write instead. A suggestion is made only where the form is sure, and always passes the check.

use crate::english::plural;
use crate::english::rephrase::in_the_past;
use crate::english::tables::holds;
use crate::english::tables::phrases::INNER_PLURALS;
use crate::{case, check_action, check_domain, check_event_name};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The domain to write instead of `input`.
pub(crate) fn domain(input: &str) -> Option<String> {
    let kebab = to_kebab(input)?;
    let start = kebab.rfind('-').map_or(0, |hyphen| hyphen + 1);
    let singular = match check_domain(&kebab) {
        Ok(()) => kebab,
        Err(_) => {
            let inner =
                kebab[..start].split_inclusive('-').map(singular_inside).collect::<Option<String>>()?;
            format!("{inner}{}", plural::singular(&kebab[start..])?)
        }
    };
    check_domain(&singular).is_ok().then_some(singular)
}

/// The singular of `users-`, the first word of `users-sessions`; `sales-` of `sales-orders` stays.
fn singular_inside(word: &str) -> Option<String> {
    let noun = word.trim_end_matches('-');
    if !plural::is_plural(noun) || holds(INNER_PLURALS, noun) {
        return Some(word.to_owned());
    }
    Some(format!("{}-", plural::singular(noun)?))
}

/// The action to write instead of `input`.
pub(crate) fn action(input: &str) -> Option<String> {
    let kebab = to_kebab(input)?;
    let past = in_the_past(&kebab)?;
    check_action(&past).is_ok().then_some(past)
}

/// The event name to write instead of `input`.
pub(crate) fn event_name(input: &str) -> Option<String> {
    let (left, right) = input.split_once('/').or_else(|| split_elsewhere(input))?;
    let keep_or = |half: &str, keep: bool, instead: fn(&str) -> Option<String>| {
        if keep { Some(half.to_owned()) } else { instead(half) }
    };
    let domain = keep_or(left, check_domain(left).is_ok(), domain)?;
    let action = keep_or(right, check_action(right).is_ok(), action)?;
    let name = format!("{domain}/{action}");
    check_event_name(&name).is_ok().then_some(name)
}

/// The halves of a name with another separator than `/`, if it has one such separator.
fn split_elsewhere(input: &str) -> Option<(&str, &str)> {
    ['.', ':', '-', '_', ' '].into_iter().find_map(|separator| {
        let halves = input.split_once(separator)?;
        (!halves.1.contains(separator)).then_some(halves)
    })
}

/// The function id to write instead of `input`.
pub(crate) fn function_id(input: &str, domain: &str, action: &str) -> Option<String> {
    let id = to_kebab(input)?;
    let passes = |id: &str| crate::check_function_id(id, domain, action).is_ok();
    if passes(&id) {
        return Some(id);
    }
    let domain_prefix = format!("{domain}-");
    let purpose = match id.strip_prefix(&domain_prefix) {
        None => id.as_str(),
        // `user-create-mailer` for `user/created`
        Some(rest) => {
            let (first, purpose) = rest.split_once('-')?;
            if in_the_past(first).as_deref() != Some(action) {
                return None;
            }
            purpose
        }
    };
    let instead =
        [domain, action, purpose].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    passes(&instead).then_some(instead)
}

/// `input` as kebab-case if it has only ASCII letters, digits and usual separators.
fn to_kebab(input: &str) -> Option<String> {
    let usual = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.' | ' ' | ':');
    let kebab = case::to_kebab_case(input);
    (input.len() <= crate::MAX_LENGTH && input.chars().all(usual) && !kebab.is_empty()).then_some(kebab)
}
