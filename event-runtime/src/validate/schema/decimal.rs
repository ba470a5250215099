//! Integers as texts: the expression of those within bounds.

/// The expression of the integers from `least` to `most`, as Rust and JavaScript write them.
pub(super) fn expression(least: i128, most: i128) -> String {
    let mut parts = Vec::new();
    if least < 0 {
        let (nearest, farthest) = (most.min(-1).unsigned_abs(), least.unsigned_abs());
        let mut negative = Vec::new();
        magnitudes(nearest, farthest, &mut negative);
        parts.push(format!("-({})", negative.join("|")));
    }
    if most >= 0 {
        magnitudes(least.max(0).unsigned_abs(), most.unsigned_abs(), &mut parts);
    }
    format!("^({})$", parts.join("|"))
}

fn magnitudes(least: u128, most: u128, parts: &mut Vec<String>) {
    let mut least = least;
    if least == 0 {
        parts.push("0".to_owned());
        least = 1;
    }
    if least > most {
        return;
    }
    // From each power of ten to the next; the whole ones in between are said at once.
    let (low, high) = (least.ilog10(), most.ilog10());
    let nines = |power: u32| 10_u128.checked_pow(power + 1).map_or(u128::MAX, |next| next - 1);
    let (is_whole_from, is_whole_to) = (least == 10_u128.pow(low), most == nines(high));
    let (from, to) = (low + u32::from(!is_whole_from), high + u32::from(is_whole_to));
    if !is_whole_from {
        same_length(&digits(least), &digits(most.min(nines(low))), String::new(), parts);
    }
    match to.saturating_sub(from) {
        0 => {}
        1 => parts.push(format!("[1-9]{}", any(from))),
        _ => parts.push(format!("[1-9][0-9]{{{from},{}}}", to - 1)),
    }
    if !is_whole_to && (is_whole_from || high > low) {
        same_length(&digits(10_u128.pow(high)), &digits(most), String::new(), parts);
    }
}

fn digits(number: u128) -> Vec<u8> {
    number.to_string().into_bytes()
}

/// Numbers of one length, after a prefix.
fn same_length(least: &[u8], most: &[u8], prefix: String, parts: &mut Vec<String>) {
    let ([low, least @ ..], [high, most @ ..]) = (least, most) else { return parts.push(prefix) };
    let with = |digit: &u8| format!("{prefix}{}", char::from(*digit));
    if low == high {
        return same_length(least, most, with(low), parts);
    }
    let (mut from, mut to) = (*low, *high);
    if least.iter().any(|digit| *digit != b'0') {
        same_length(least, &vec![b'9'; least.len()], with(low), parts);
        from += 1;
    }
    let is_cut = most.iter().any(|digit| *digit != b'9');
    if is_cut {
        to -= 1;
    }
    if from <= to {
        let digit = if from == to {
            char::from(from).to_string()
        } else {
            format!("[{}-{}]", char::from(from), char::from(to))
        };
        parts.push(format!("{prefix}{digit}{}", any(u32::try_from(most.len()).unwrap_or(u32::MAX))));
    }
    if is_cut {
        same_length(&vec![b'0'; most.len()], most, with(high), parts);
    }
}

/// So many digits.
fn any(digits: u32) -> String {
    match digits {
        0 => String::new(),
        1 => "[0-9]".to_owned(),
        _ => format!("[0-9]{{{digits}}}"),
    }
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::expression;

    #[test]
    fn every_number_within_the_bounds_is_found_and_no_other() {
        for (least, most) in [
            (0, 255),
            (1, 1),
            (0, 0),
            (-128, 127),
            (-7, -3),
            (9, 10),
            (1, 99),
            (10, 999),
            (-1, 1000),
            (95, 105),
            (123, 4567),
        ] {
            let regex = Regex::new(&expression(least, most)).unwrap();
            for number in -1_500..6_000_i128 {
                let is_within = (least..=most).contains(&number);
                assert_eq!(
                    regex.is_match(&number.to_string()),
                    is_within,
                    "{number} in {least}..={most}: {regex}"
                );
            }
            for text in ["", "-0", "00", "01", "+1", "1.0", "1e2", " 1"] {
                assert!(!regex.is_match(text), "{text:?}: {regex}");
            }
        }
    }

    #[test]
    fn the_edges_of_the_types() {
        let is_within =
            |least, most, text: &str| Regex::new(&expression(least, most)).unwrap().is_match(text);
        let of_u64 = |text| is_within(0, u64::MAX.into(), text);
        assert!(
            of_u64("18446744073709551615")
                && !of_u64("18446744073709551616")
                && of_u64("9999999999999999999")
        );
        let of_i128 = |text: &str| is_within(i128::MIN, i128::MAX, text);
        assert!(of_i128(&i128::MIN.to_string()) && !of_i128("170141183460469231731687303715884105728"));
    }
}
