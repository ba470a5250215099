//! Checks of envelopes, whichever way they come in.

use serde_json::value::RawValue;

use crate::validate::{Issue, Issues, Path, code};

/// The greatest length of an event id, in bytes.
const MAX_ID_BYTES: usize = 255;

/// The greatest size of what is known about the user, in bytes of JSON.
const MAX_USER_BYTES: usize = 32 * 1024;

/// The greatest `ts`: the end of the year 9999.
const MAX_TS: i64 = 253_402_300_799_999;

/// Checks the length of an event id.
pub(crate) fn check_id(id: &str, path: &Path<'_>, issues: &mut Issues) {
    let path = &path.field("id");
    if id.is_empty() {
        let message = "the envelope's `id` is empty: leave it out to get a new one";
        issues.push(Issue::new(path, code::TOO_SMALL, message).with("minimum", 1));
    } else if id.len() > MAX_ID_BYTES {
        let message = format!("the envelope's `id` has {} bytes, more than {MAX_ID_BYTES}", id.len());
        issues.push(Issue::new(path, code::TOO_BIG, message).with("maximum", MAX_ID_BYTES));
    }
}

/// Checks that a time is between the Unix epoch and the end of the year 9999.
pub(crate) fn check_ts(ts: i64, path: &Path<'_>, issues: &mut Issues) {
    let path = &path.field("ts");
    if ts < 0 {
        let message =
            format!("the envelope's `ts` is {ts}, before 1970: it counts milliseconds since the Unix epoch");
        issues.push(Issue::new(path, code::TOO_SMALL, message).with("minimum", 0));
    } else if ts > MAX_TS {
        let message =
            format!("the envelope's `ts` is {ts}, after the year 9999: it counts milliseconds, not finer");
        issues.push(Issue::new(path, code::TOO_BIG, message).with("maximum", MAX_TS));
    }
}

/// Checks the form of a trace context: `00-<32 hex digits>-<16 hex digits>-<2 hex digits>` (W3C Trace Context, section 3.2.2).
pub(crate) fn check_traceparent(text: &str, path: &Path<'_>, issues: &mut Issues) {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let parts: Vec<&str> = text.split('-').collect();
    let is_well = parts.len() == 4
        && parts
            .iter()
            .zip([2, 32, 16, 2])
            .all(|(part, length)| part.len() == length && part.bytes().all(is_hex))
        && parts[0] != "ff"
        && parts[1].bytes().any(|byte| byte != b'0')
        && parts[2].bytes().any(|byte| byte != b'0');
    if !is_well {
        let message = "the envelope's `traceparent` is not a W3C trace context: write `00-<32 hex digits>-<16 hex digits>-01`, in lower case";
        issues.push(Issue::new(&path.field("traceparent"), code::INVALID_FORMAT, message));
    }
}

/// Checks the size of what is known about the user.
pub(crate) fn check_user(user: &RawValue, path: &Path<'_>, issues: &mut Issues) {
    let size = user.get().len();
    if size > MAX_USER_BYTES {
        let message = format!(
            "the envelope's `user` has {size} bytes, more than {MAX_USER_BYTES}: send what identifies the user, and keep the rest elsewhere"
        );
        let issue = Issue::new(&path.field("user"), code::TOO_BIG, message);
        issues.push(issue.with("maximum", MAX_USER_BYTES).with("actual", size).with("unit", "bytes"));
    }
}

/// Checks the size of a payload.
pub(crate) fn check_size(data: &RawValue, max: usize, path: &Path<'_>, issues: &mut Issues) {
    let size = data.get().len();
    if size > max {
        let message = format!("the payload has {size} bytes, more than the limit of {max}");
        let issue = Issue::new(&path.field("data"), code::TOO_BIG, message);
        issues.push(issue.with("maximum", max).with("actual", size).with("unit", "bytes"));
    }
}
