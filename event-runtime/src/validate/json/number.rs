//! Numbers: their grammar, and what they are exactly.

use super::Reader;

/// A number as it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number<'j> {
    pub(super) text: &'j str,
    /// Without a fraction and an exponent.
    pub(super) is_plain: bool,
}

/// What a number is as an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    /// This many, from zero up or down.
    Exactly { is_negative: bool, magnitude: u128 },
    /// Beyond 128 bits.
    Beyond { is_negative: bool },
    /// No integer.
    Fraction,
}

impl<'j> Reader<'j> {
    /// Reads the number that comes next: its first byte is at the position.
    pub(super) fn number(&mut self) -> Option<Number<'j>> {
        let bytes = self.text.as_bytes();
        let (start, mut at) = (self.at, self.at);
        let digits = |at: usize| bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        at += usize::from(bytes[at] == b'-');
        let mut count = digits(at);
        let mut is_valid = count > 0 && (count == 1 || bytes[at] != b'0');
        at += count;
        let whole = at;
        if is_valid && bytes.get(at) == Some(&b'.') {
            count = digits(at + 1);
            at += 1 + count;
            is_valid = count > 0;
        }
        if is_valid && matches!(bytes.get(at), Some(b'e' | b'E')) {
            at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            count = digits(at);
            at += count;
            is_valid = count > 0;
        }
        self.at = at;
        if !is_valid {
            self.fail(if at < bytes.len() { "invalid number" } else { "EOF while parsing a value" });
            return None;
        }
        Some(Number { text: &self.text[start..at], is_plain: at == whole })
    }

    /// Reads a short integer without a sign, by far the most common number; nothing else is read.
    #[inline]
    pub(super) fn short_integer(&mut self) -> Option<u64> {
        let eight = self.text.as_bytes().get(self.at..).and_then(|rest| rest.first_chunk::<8>());
        if let Some(eight) = eight {
            let (number, length) = leading_digits(*eight);
            if length > 0 && length < 8 && !is_more(eight[length]) && (eight[0] != b'0' || length == 1) {
                self.at += length;
                return Some(number);
            }
        }
        self.longer_integer()
    }

    /// Reads an integer without a sign that has less than 19 digits, or stands at the end of the text.
    #[inline(never)]
    fn longer_integer(&mut self) -> Option<u64> {
        let bytes = &self.text.as_bytes()[self.at..];
        let (mut number, mut length) = (0, 0);
        for byte in bytes.iter().take(19).take_while(|byte| byte.is_ascii_digit()) {
            number = number * 10 + u64::from(byte - b'0');
            length += 1;
        }
        let is_canonical = length == 1 || length > 1 && length < 19 && bytes[0] != b'0';
        if !is_canonical || bytes.get(length).is_some_and(|byte| is_more(*byte)) {
            return None;
        }
        self.at += length;
        Some(number)
    }
}

/// Whether a number goes on with this byte behind its digits.
#[inline]
const fn is_more(byte: u8) -> bool {
    matches!(byte, b'.' | b'e' | b'E')
}

/// The number that the leading digits are, and how many there are: eight at once.
#[inline]
fn leading_digits(bytes: [u8; 8]) -> (u64, usize) {
    const ONES: u64 = u64::MAX / 0xFF;
    let digits = u64::from_le_bytes(bytes) ^ (ONES * 0x30);
    // The high bit of a byte is set where it is no digit; the lowest such bit is exact.
    let others = (digits.wrapping_add(ONES * 0x76) | digits) & (ONES << 7);
    let length = others.trailing_zeros() / 8;
    // Zeros come before the digits, which are the last of eight then, so that the weight of each is known.
    let digits = digits.checked_shl(64 - 8 * length).unwrap_or_default();
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & (u64::MAX / 0xFFFF * 0xFF);
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & (u64::MAX / 0xFFFF_FFFF * 0xFFFF);
    let number = fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xFFFF_FFFF;
    (number, length as usize)
}

impl Number<'_> {
    /// What it is as an integer: a number with a whole value is one, however it is written.
    pub(super) fn whole(self) -> Whole {
        let is_negative = self.text.starts_with('-');
        let text = self.text.trim_start_matches('-');
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = || integer.bytes().chain(fraction.bytes());
        let is_zero = |digit: &u8| *digit == b'0';
        let count = integer.len() + fraction.len();
        let leading = digits().take_while(is_zero).count();
        if leading == count {
            return Whole::Exactly { is_negative: false, magnitude: 0 };
        }
        let trailing = digits().rev().take_while(is_zero).count();
        let significant = digits().skip(leading).take(count - leading - trailing);
        // The power of ten of the last digit that matters.
        let length = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let shift = length(trailing) - length(fraction.len());
        match exponent_of(exponent) {
            Some(exponent) => scaled(significant, exponent.saturating_add(shift), is_negative),
            None if exponent.starts_with('-') => Whole::Fraction,
            None => Whole::Beyond { is_negative },
        }
    }

    /// The nearest `f64`, infinite when it is out of range.
    pub(super) fn to_f64(self) -> f64 {
        // The grammar of JSON is a part of that of `f64`.
        self.text.parse().unwrap_or(f64::NAN)
    }
}

/// An exponent, if it has a sane size.
fn exponent_of(text: &str) -> Option<i64> {
    text.parse().ok().filter(|exponent: &i64| exponent.unsigned_abs() < 1 << 40)
}

/// Digits times a power of ten.
fn scaled(digits: impl Iterator<Item = u8>, power: i64, is_negative: bool) -> Whole {
    if power < 0 {
        return Whole::Fraction;
    }
    // More than 39 digits are beyond 128 bits, whatever they are.
    let zeros = usize::try_from(power).unwrap_or(usize::MAX).min(40);
    let magnitude = digits
        .chain(std::iter::repeat_n(b'0', zeros))
        .try_fold(0_u128, |number, digit| number.checked_mul(10)?.checked_add((digit - b'0').into()));
    match magnitude {
        Some(magnitude) => Whole::Exactly { is_negative, magnitude },
        None => Whole::Beyond { is_negative },
    }
}

#[cfg(test)]
mod tests {
    use super::{Number, Whole, leading_digits};

    fn whole(text: &str) -> Whole {
        Number { text, is_plain: false }.whole()
    }

    const fn exactly(is_negative: bool, magnitude: u128) -> Whole {
        Whole::Exactly { is_negative, magnitude }
    }

    #[test]
    fn a_number_with_a_whole_value_is_an_integer() {
        for (text, number) in [
            ("0", 0),
            ("1.0", 1),
            ("1e3", 1_000),
            ("1.50e1", 15),
            ("120e-1", 12),
            ("0.0012e4", 12),
            ("1000000e-6", 1),
            ("340282366920938463463374607431768211455", u128::MAX),
            ("0e99999999999999999999", 0),
        ] {
            assert_eq!(whole(text), exactly(false, number), "{text}");
        }
        assert_eq!(whole("-2.0"), exactly(true, 2));
        assert_eq!(whole("-0.0"), exactly(false, 0));
    }

    #[test]
    fn eight_digits_are_read_at_once() {
        for length in 0..=8 {
            for after in [b'/', b':', b'.', b'}', 0, 0x7F, 0x80, 0xFF] {
                let digits = &b"98765432"[..length];
                let mut bytes = [after; 8];
                bytes[..length].copy_from_slice(digits);
                let number = digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'));
                assert_eq!(leading_digits(bytes), (number, length), "{bytes:?}");
            }
        }
        assert_eq!(leading_digits(*b"12x34567"), (12, 2));
    }

    #[test]
    fn what_is_no_integer_or_too_large_is_said_to_be_so() {
        for text in ["0.5", "1.5", "15e-1", "1e-1", "1e-99999999999999999999", "-0.1"] {
            assert_eq!(whole(text), Whole::Fraction, "{text}");
        }
        for text in ["340282366920938463463374607431768211456", "1e39", "1e400", "9e99999999999999999999"] {
            assert_eq!(whole(text), Whole::Beyond { is_negative: false }, "{text}");
        }
        assert_eq!(whole("-1e400"), Whole::Beyond { is_negative: true });
    }
}
