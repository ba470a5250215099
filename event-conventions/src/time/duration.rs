//! Durations as texts: `"1h30m"`.

use super::syntax::SyntaxError;
use alloc::format;
use alloc::string::String;
use core::ops::Range;
use core::time::Duration;

/// The units and their milliseconds, from the smallest.
const UNITS: [(&str, u64); 6] =
    [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000)];

/// Reads a duration: whole numbers, each with its unit (`w`, `d`, `h`, `m`, `s` or `ms`), one after the other.
///
/// ```
/// use core::time::Duration;
/// use event_conventions::parse_duration;
///
/// assert_eq!(parse_duration("1h30m"), Ok(Duration::from_secs(5_400)));
///
/// let error = parse_duration("5 minutes").unwrap_err();
/// assert_eq!(error.to_string(), "`5 minutes` is not a duration: write a number and its unit, such as `30s`, `5m`, `1h30m` or `7d`");
/// ```
///
/// # Errors
///
/// The text is empty, a number or a unit is missing or unknown, or the whole is longer than 2^64 milliseconds.
pub fn parse_duration(text: &str) -> Result<Duration, SyntaxError> {
    let wrong = |range: Range<usize>| {
        let what = if text.is_empty() {
            String::from("a duration is empty")
        } else {
            format!("`{text}` is not a duration")
        };
        let message = format!("{what}: write a number and its unit, such as `30s`, `5m`, `1h30m` or `7d`");
        SyntaxError::new(range, message)
    };
    let too_long = || SyntaxError::new(0..text.len(), format!("`{text}` is too long a duration"));
    if text.is_empty() {
        return Err(wrong(0..0));
    }
    let (mut at, mut total) = (0, 0_u64);
    while at < text.len() {
        let digits = prefix(&text[at..], |byte| byte.is_ascii_digit());
        let letters = prefix(&text[at + digits..], |byte| byte.is_ascii_alphabetic());
        let (number, unit) = (&text[at..at + digits], &text[at + digits..at + digits + letters]);
        let unit = UNITS.iter().find(|(name, _)| *name == unit);
        let Some((_, unit)) = unit.filter(|_| digits > 0) else { return Err(wrong(at..text.len())) };
        let milliseconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(*unit));
        total = milliseconds.and_then(|more| total.checked_add(more)).ok_or_else(too_long)?;
        at += digits + letters;
    }
    Ok(Duration::from_millis(total))
}

/// Counts the bytes of a kind at the beginning.
fn prefix(text: &str, is: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|byte| is(*byte)).count()
}

/// Writes a duration of whole milliseconds as [`parse_duration`] reads it: the longest units first, of which the longest are days.
///
/// ```
/// use core::time::Duration;
/// use event_conventions::format_duration;
///
/// assert_eq!(format_duration(Duration::from_secs(90)), "1m30s");
/// assert_eq!(format_duration(Duration::ZERO), "0s");
/// ```
#[must_use]
pub fn format_duration(duration: Duration) -> String {
    let (mut rest, mut text) = (duration.as_millis(), String::new());
    for (name, unit) in UNITS.iter().rev().filter(|(name, _)| *name != "w") {
        let unit = u128::from(*unit);
        if rest >= unit {
            text = format!("{text}{}{name}", rest / unit);
            rest %= unit;
        }
    }
    if text.is_empty() { String::from("0s") } else { text }
}

#[cfg(test)]
mod tests {
    use super::{format_duration, parse_duration};
    use core::time::Duration;

    #[test]
    fn durations_are_numbers_with_units() {
        let milliseconds = |text| parse_duration(text).unwrap().as_millis();
        assert_eq!(milliseconds("1h30m"), 5_400_000);
        assert_eq!(milliseconds("250ms"), 250);
        assert_eq!(milliseconds("1w1d"), 8 * 86_400_000);
        assert_eq!(milliseconds("0s"), 0);
        for wrong in ["", "5", "s", "5 s", " 5s", "1y", "-1s", "1.5h", "1ü", "1S", "ü"] {
            let message = parse_duration(wrong).unwrap_err();
            assert!(alloc::format!("{message}").contains("a number and its unit"), "{wrong}: {message}");
        }
        for too_long in ["99999999999999999999d", "18446744073709551615s", "18446744073709551615ms1ms"] {
            assert!(alloc::format!("{}", parse_duration(too_long).unwrap_err()).contains("too long"));
        }
        assert_eq!(parse_duration("1h5").unwrap_err().range(), 2..3);
    }

    #[test]
    fn what_is_written_is_read_again() {
        for (milliseconds, text) in [
            (0, "0s"),
            (1, "1ms"),
            (1_500, "1s500ms"),
            (60_000, "1m"),
            (5_400_000, "1h30m"),
            (604_800_000, "7d"),
            (366 * 86_400_000, "366d"),
        ] {
            let duration = Duration::from_millis(milliseconds);
            assert_eq!(format_duration(duration), text);
            assert_eq!(parse_duration(text), Ok(duration));
        }
    }
}
