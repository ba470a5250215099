//! `datetime`.

/// Whether a text is a date and time with its offset (RFC 3339, section 5.6: `date-time`).
///
/// A leap second is one at the end of a day in UTC only.
#[must_use]
pub fn is_datetime(text: &str) -> bool {
    parse(text.as_bytes()).unwrap_or(false)
}

fn parse(bytes: &[u8]) -> Option<bool> {
    let (date, rest) = bytes.split_at_checked(10)?;
    let (time, rest) = rest.split_at_checked(9)?;
    let (year, month, day) = (number(&date[..4])?, number(&date[5..7])?, number(&date[8..])?);
    let (hour, minute, second) = (number(&time[1..3])?, number(&time[4..6])?, number(&time[7..])?);
    let separators = date[4] == b'-' && date[7] == b'-' && matches!(time[0], b'T' | b't') && time[3] == b':';
    let is_date = (1..=12).contains(&month) && (1..=days(year, month)).contains(&day);
    let offset = offset(fraction(rest)?)?;
    let is_time = match second {
        0..=59 => hour < 24 && minute < 60,
        60 => (hour * 60 + minute + 1440 - offset) % 1440 == 1439 && hour < 24 && minute < 60,
        _ => false,
    };
    Some(separators && time[6] == b':' && is_date && is_time)
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
    use super::is_datetime;

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
