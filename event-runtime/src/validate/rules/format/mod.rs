//! Formats of texts that have a name: `email`, `url`, `hostname`, `uuid`, `ip`, `datetime`, ..

mod datetime;
mod email;
mod hostname;
mod url;
mod uuid;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

pub use datetime::is_datetime;
pub use uuid::{UUID, read_uuid, uuid, uuid_of};

use super::At;
use super::text::none_or;
use crate::validate::rules::fit::Textual;
use crate::validate::{Issue, Issues, code};

/// What a date and time is, for messages.
pub const DATETIME: &str = "a date and time with its offset, such as `2026-11-23T08:30:00Z`";

/// Checks that the text is an e-mail address.
#[inline]
pub fn email<T: Textual + ?Sized>(value: &T, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, email::is_email) {
        report("email", "an e-mail address, such as `ada@example.org`", at, issues);
    }
}

/// Checks that the text is a host name.
#[inline]
pub fn hostname<T: Textual + ?Sized>(value: &T, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, hostname::is_hostname) {
        report("hostname", "a host name, such as `example.org`", at, issues);
    }
}

/// Checks that the text is an IP address.
#[inline]
pub fn ip<T: Textual + ?Sized>(value: &T, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, parses::<IpAddr>) {
        report("ip", "an IP address, such as `192.0.2.1` or `2001:db8::1`", at, issues);
    }
}

/// Checks that the text is an IPv4 address.
#[inline]
pub fn ipv4<T: Textual + ?Sized>(value: &T, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, parses::<Ipv4Addr>) {
        report("ipv4", "an IPv4 address, such as `192.0.2.1`", at, issues);
    }
}

/// Checks that the text is an IPv6 address.
#[inline]
pub fn ipv6<T: Textual + ?Sized>(value: &T, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, parses::<Ipv6Addr>) {
        report("ipv6", "an IPv6 address, such as `2001:db8::1`", at, issues);
    }
}

/// Checks that the text is a date and time.
#[inline]
pub fn datetime<T: Textual + ?Sized>(value: &T, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, is_datetime) {
        report("datetime", DATETIME, at, issues);
    }
}

/// Checks that the text is a date.
#[inline]
pub fn date<T: Textual + ?Sized>(value: &T, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, datetime::is_date) {
        report("date", "a date, such as `2026-11-23`", at, issues);
    }
}

/// Checks that the text is a time of day.
#[inline]
pub fn time<T: Textual + ?Sized>(value: &T, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, datetime::is_time) {
        report("time", "a time with its offset, such as `08:30:00Z`", at, issues);
    }
}

fn parses<T: FromStr>(text: &str) -> bool {
    text.parse::<T>().is_ok()
}

#[cold]
fn report(format: &'static str, expected: &str, at: At<'_>, issues: &mut Issues) {
    let message = ["must be ", expected].concat();
    issues.push(Issue::new(&at.path(), code::INVALID_FORMAT, message).with("format", format));
}

/// Checks that the text is an absolute URL.
#[inline]
pub fn url<T: Textual + ?Sized>(value: &T, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, url::is_url) {
        report_url(value, at, issues);
    }
}

/// Checks that the text is an absolute URL with one of these schemes, which are in lower case.
#[inline]
pub fn url_of<T: Textual + ?Sized>(value: &T, schemes: &[&'static str], at: At<'_>, issues: &mut Issues) {
    if !none_or(value, |text| url::has_scheme(text, schemes) && url::is_url(text)) {
        report_scheme(value, schemes, at, issues);
    }
}

/// Checks that the text is a URI or a reference relative to one.
#[inline]
pub fn uri_reference<T: Textual + ?Sized>(value: &T, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, url::is_uri_reference) {
        let expected = "a URL or a part of one";
        report_uri(value, "uri_reference", (expected, "such as `/orders?page=2`"), at, issues);
    }
}

#[cold]
fn report_url<T: Textual + ?Sized>(value: &T, at: At<'_>, issues: &mut Issues) {
    report_uri(value, "url", ("an absolute URL", "such as `https://example.org/`"), at, issues);
}

#[cold]
fn report_scheme<T: Textual + ?Sized>(value: &T, schemes: &[&'static str], at: At<'_>, issues: &mut Issues) {
    if !value.text().is_some_and(url::is_url) {
        return report_url(value, at, issues);
    }
    let quoted: Vec<String> = schemes.iter().map(|scheme| format!("`{scheme}`")).collect();
    let message = format!("must be an absolute URL with the scheme {}", quoted.join(" or "));
    let issue = Issue::new(&at.path(), code::INVALID_FORMAT, message);
    issues.push(issue.with("format", "url").with("schemes", schemes));
}

/// Says which character makes a text something else.
#[cold]
fn report_uri<T: Textual + ?Sized>(
    value: &T,
    format: &'static str,
    (expected, example): (&str, &str),
    at: At<'_>,
    issues: &mut Issues,
) {
    let text = value.text().unwrap_or_default();
    let wrong = url::wrong_character(text);
    let message = match (&wrong, url::refusal(text)) {
        (Some(url::Wrong { char, position, help }), _) => {
            format!("must be {expected}: {} at character {position} {help}", shown(*char))
        }
        (None, Some(refusal)) => format!("must be {expected}: {refusal}"),
        (None, None) => format!("must be {expected}, {example}"),
    };
    let mut issue = Issue::new(&at.path(), code::INVALID_FORMAT, message).with("format", format);
    if let Some(wrong) = wrong {
        issue = issue.with("character", wrong.char.to_string()).with("position", wrong.position);
    }
    issues.push(issue);
}

/// A character in a message.
fn shown(char: char) -> String {
    if char == ' ' { "a blank".to_owned() } else { format!("`{}`", char.escape_debug()) }
}
