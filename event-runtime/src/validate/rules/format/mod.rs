//! Formats of texts that have a name: `email`, `url`, `uuid`, `ip`, `datetime`.

mod datetime;
mod email;
mod url;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

pub use datetime::is_datetime;

use super::At;
use super::text::none_or;
use crate::validate::rules::fit::Textual;
use crate::validate::{Issue, Issues, code};

/// What a UUID is, for messages.
pub const UUID: &str = "a UUID, such as `0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f`";
/// What a date and time is, for messages.
pub const DATETIME: &str = "a date and time with its offset, such as `2026-11-23T08:30:00Z`";

/// Checks that the text is an e-mail address.
#[inline]
pub fn email<T: Textual + ?Sized>(value: &T, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, email::is_email) {
        report("email", "an e-mail address, such as `ada@example.org`", at, issues);
    }
}

/// Checks that the text is an absolute URL.
#[inline]
pub fn url<T: Textual + ?Sized>(value: &T, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, url::is_url) {
        report("url", "an absolute URL, such as `https://example.org/`", at, issues);
    }
}

/// Checks that the text is a UUID in its hyphenated form, the one that JSON Schema accepts.
#[inline]
pub fn uuid<T: Textual + ?Sized>(value: &T, at: At<'_>, issues: &mut Issues) {
    if !none_or(value, |text| read_uuid(text).is_some()) {
        report("uuid", UUID, at, issues);
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

fn parses<T: FromStr>(text: &str) -> bool {
    text.parse::<T>().is_ok()
}

/// The UUID that a text is, with hyphens.
#[must_use]
pub fn read_uuid(text: &str) -> Option<::uuid::Uuid> {
    if text.len() == 36 { ::uuid::Uuid::try_parse(text).ok() } else { None }
}

#[cold]
fn report(format: &'static str, expected: &str, at: At<'_>, issues: &mut Issues) {
    let message = ["must be ", expected].concat();
    issues.push(Issue::new(&at.path(), code::INVALID_FORMAT, message).with("format", format));
}
