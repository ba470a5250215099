//! `datetime`, `date` and `time`.

/// Whether a text is a date and time with its offset (RFC 3339, section 5.6: `date-time`).
///
/// A leap second is one at the end of a day in UTC only.
#[must_use]
pub fn is_datetime(text: &str) -> bool {
    match text.as_bytes().split_at_checked(10) {
        Some((day, [b'T' | b't', rest @ ..])) => date(day).unwrap_or(false) && time(rest).unwrap_or(false),
        _ => false,
    }
}

/// Whether a text is a date (RFC 3339: `full-date`).
pub(super) fn is_date(text: &str) -> bool {
    date(text.as_bytes()).unwrap_or(false)
}

/// Whether a text is a time of day with its offset (RFC 3339: `full-time`).
pub(super) fn is_time(text: &str) -> bool {
    time(text.as_bytes()).unwrap_or(false)
}

fn date(bytes: &[u8]) -> Option<bool> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else { return None };
    let year = number(&[*y1, *y2, *y3, *y4])?;
    let (month, day) = (number(&[*m1, *m2])?, number(&[*d1, *d2])?);
    Some((1..=12).contains(&month) && (1..=days(year, month)).contains(&day))
}

fn time(bytes: &[u8]) -> Option<bool> {
    let [h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] = bytes else { return None };
    let (hour, minute, second) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?, number(&[*s1, *s2])?);
    let offset = offset(fraction(rest)?)?;
    let is_second = match second {
        0..=59 => true,
        60 => (hour * 60 + minute + 1440 - offset) % 1440 == 1439,
        _ => false,
    };
    Some(hour < 24 && minute < 60 && is_second)
}

/// What follows the fraction of a second, if there is one.
fn fraction(rest: &[u8]) -> Option<&[u8]> {
    let Some(digits) = rest.strip_prefix(b".") else { return Some(rest) };
    match digits.iter().position(|byte| !byte.is_ascii_digit())? {
        0 => None,
        end => Some(&digits[end..]),
    }
}

/// The offset in minutes.
fn offset(text: &[u8]) -> Option<i32> {
    match text {
        b"Z" | b"z" => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?);
            let offset = hours * 60 + minutes;
            (hours < 24 && minutes < 60).then_some(if *sign == b'-' { -offset } else { offset })
        }
        _ => None,
    }
}

fn number(digits: &[u8]) -> Option<i32> {
    digits
        .iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i32::from(digit - b'0')))
}

fn days(year: i32, month: i32) -> i32 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_date, is_datetime, is_time};

    #[test]
    fn a_date_and_a_time_stand_alone() {
        assert!(
            is_date("2024-02-29")
                && !is_date("2023-02-29")
                && !is_date("2024-2-29")
                && !is_date("2024-02-29T")
        );
        for text in ["08:30:00Z", "08:30:00.123456+01:00", "23:59:60Z", "00:29:60+00:30"] {
            assert!(is_time(text), "{text}");
        }
        for text in
            ["08:30:00", "08:30Z", "8:30:00Z", "24:00:00Z", "08:30:60Z", "08:30:00.Z", "08:30:00+1:00"]
        {
            assert!(!is_time(text), "{text}");
        }
    }

    #[test]
    fn accepts_dates_and_times_of_the_rfc() {
        for text in [
            "1985-04-12T23:20:50.52Z",
            "1996-12-19T16:39:57-08:00",
            "1990-12-31T23:59:60Z",
            "1990-12-31T15:59:60-08:00",
            "2024-02-29t00:00:00z",
            "0000-01-01T00:00:00+23:59",
        ] {
            assert!(is_datetime(text), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_none() {
        for text in [
            "",
            "2024-02-29",
            "2023-02-29T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:60:00Z",
            "2024-01-01T00:00:60Z",
            "2024-01-01T00:00:00",
            "2024-01-01 00:00:00Z",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00+24:00",
            "2024-01-01T00:00:00+0100",
            "2024-01-01T00:00:00Zx",
            "２024-01-01T00:00:00Z",
        ] {
            assert!(!is_datetime(text), "{text}");
        }
    }
}
