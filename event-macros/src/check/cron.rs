//! Times at which a function starts: `minute hour day-of-month month day-of-week`, maybe after `TZ=Europe/Paris`.

/// What is wrong with an expression of cron.
pub(crate) fn check(expression: &str) -> Result<(), String> {
    let mut parts = expression.split_whitespace().peekable();
    if let Some(zone) = parts.peek().and_then(|part| part.strip_prefix("TZ=")) {
        if zone.is_empty()
            || !zone.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte))
        {
            return Err(
                "a time zone is a name of the IANA database: write `TZ=Europe/Paris 0 9 * * *`".to_owned()
            );
        }
        parts.next();
    }
    let fields: Vec<&str> = parts.collect();
    if let [shorthand] = fields[..]
        && shorthand.starts_with('@')
    {
        let known = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
        return if known.contains(&shorthand) {
            Ok(())
        } else {
            Err(format!("there is no `{shorthand}`: there are {}", crate::attr::list(&known)))
        };
    }
    let [minute, hour, day, month, weekday] = fields[..] else {
        return Err(format!(
            "`cron` has five fields, `minute hour day-of-month month day-of-week`, and here are {}: write `0 9 * * 1-5`",
            fields.len()
        ));
    };
    field("minute", minute, 0, 59, &[])?;
    field("hour", hour, 0, 23, &[])?;
    field("day of the month", day, 1, 31, &[])?;
    field(
        "month",
        month,
        1,
        12,
        &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    )?;
    field("day of the week", weekday, 0, 7, &["sun", "mon", "tue", "wed", "thu", "fri", "sat"])
}

/// A field: `*`, `*/5`, `1-5`, `1,3`, `1-31/2`, names where there are some.
fn field(what: &str, field: &str, least: u32, greatest: u32, names: &[&str]) -> Result<(), String> {
    let wrong =
        || format!("the {what} is {least} to {greatest}, `*`, `*/5`, `1-5` or `1,3`, and not `{field}`");
    let number = |text: &str| {
        let index = names.iter().position(|name| text.eq_ignore_ascii_case(name));
        let value = match index {
            // The months are counted from 1, the days of the week from 0.
            Some(index) => u32::try_from(index).ok().map(|index| index + least),
            None => text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit())),
        };
        value.filter(|value| (least..=greatest).contains(value)).ok_or_else(wrong)
    };
    for part in field.split(',') {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        if let Some(step) = step
            && !step.parse::<u32>().is_ok_and(|step| (1..=greatest).contains(&step))
        {
            return Err(wrong());
        }
        if range == "*" {
            continue;
        }
        match range.split_once('-') {
            Some((from, to)) => {
                if number(from)? > number(to)? {
                    return Err(format!("the {what} `{range}` runs backwards: exchange the two"));
                }
            }
            None => {
                number(range)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn five_fields_and_a_time_zone() {
        for right in ["* * * * *", "TZ=Europe/Paris 0 12 * * 1-5", "*/5 0-6,12 1,15 jan-mar sun", "@hourly"] {
            assert_eq!(check(right), Ok(()), "{right}");
        }
        for wrong in [
            "",
            "* * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "5-1 * * * *",
            "*/0 * * * *",
            "@often",
            "TZ= * * * * *",
            "a * * * *",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}
