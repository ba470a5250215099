use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::parse_cron;

/// The numbers of each field.
fn fields(text: &str) -> [Vec<u32>; 5] {
    let cron = parse_cron(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    [cron.minutes, cron.hours, cron.days, cron.months, cron.weekdays].map(|set| set.iter().collect())
}

fn message(text: &str) -> String {
    match parse_cron(text) {
        Ok(cron) => panic!("`{text}` is taken: {cron:?}"),
        Err(error) => {
            assert!(text.get(error.range()).is_some(), "{text}: {error:?}");
            error.to_string()
        }
    }
}

#[test]
fn a_field_is_a_list_of_ranges_with_steps() {
    let [minutes, hours, days, months, weekdays] = fields("*/20 0-6,12 1,15 jan-MAR sun,2-4/2");
    assert_eq!(minutes, [0, 20, 40]);
    assert_eq!(hours, [0, 1, 2, 3, 4, 5, 6, 12]);
    assert_eq!(days, [1, 15]);
    assert_eq!(months, [1, 2, 3]);
    assert_eq!(weekdays, [0, 2, 4]);
    assert_eq!(fields("50/4 ? 1-31/10 * *")[0], [50, 54, 58]);
    assert_eq!(fields("0 0 1-31/10 * *")[2], [1, 11, 21, 31]);
    assert_eq!(fields("  0\t0  * * * ")[0], [0]);
}

#[test]
fn day_seven_is_sunday() {
    let weekdays = |text| fields(text)[4].clone();
    assert_eq!(weekdays("0 0 * * 7"), [0]);
    assert_eq!(weekdays("0 0 * * 5-7"), [0, 5, 6]);
    assert_eq!(weekdays("0 0 * * 0-7"), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(weekdays("0 0 * * 7/2"), [0, 2, 4, 6]);
    assert_eq!(weekdays("0 0 * * 1-7/3"), [0, 1, 4]);
    assert_eq!(weekdays("0 0 * * */3"), [0, 3, 6]);
}

#[test]
fn either_day_fits_if_both_are_restricted() {
    let has = |text, day, weekday| parse_cron(text).unwrap().has_day(5, day, weekday);
    assert!(has("0 0 13 * 5", 13, 2) && has("0 0 13 * 5", 14, 5) && !has("0 0 13 * 5", 14, 2));
    assert!(has("0 0 13 * *", 13, 2) && !has("0 0 13 * *", 14, 5));
    assert!(has("0 0 * * 5", 14, 5) && !has("0 0 * * 5", 13, 2));
    // A step of one is no restriction, any other is.
    assert!(!has("0 0 */1 * 5", 13, 2));
    assert!(has("0 0 */2 * 5", 13, 2) && has("0 0 */2 * 5", 14, 5));
    assert!(!has("0 0 13 4 *", 13, 2));
}

#[test]
fn shorthands_and_zones() {
    for (text, portable) in [
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@hourly", "0 * * * *"),
        ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"),
        ("@yearly", "0 0 1 1 *"),
        ("@annually", "0 0 1 1 *"),
        ("TZ=Europe/Paris  @daily", "TZ=Europe/Paris 0 0 * * *"),
        ("CRON_TZ=UTC 0 9 * * mon-FRI", "TZ=UTC 0 9 * * mon-FRI"),
        ("0 9 * * 7", "0 9 * * 0"),
        ("0 9 * * 5-7", "0 9 * * 0,5,6"),
        ("0 9 * * *,7", "0 9 * * *"),
        ("7 7 7 7 *", "7 7 7 7 *"),
    ] {
        assert_eq!(parse_cron(text).unwrap().portable(), portable, "{text}");
    }
}

#[test]
fn an_expression_repeats_unless_it_names_its_times() {
    let repeats = |text| parse_cron(text).unwrap().repeats();
    for text in ["0 2 * * *", "0,30 2,14 * * 1-5", "@daily", "0 0 1-7 */2 *"] {
        assert!(!repeats(text), "{text}");
    }
    for text in
        ["* * * * *", "*/10 2 * * *", "0 * * * *", "0 9-17 * * *", "0-30 2 * * *", "5/20 2 * * *", "@hourly"]
    {
        assert!(repeats(text), "{text}");
    }
}

#[test]
fn times_come_in_order() {
    let cron = parse_cron("15,45 8,20 * * *").unwrap();
    assert_eq!(cron.times().collect::<Vec<_>>(), [(8, 15), (8, 45), (20, 15), (20, 45)]);
    assert_eq!(cron.time_from(0, 0), Some((8, 15)));
    assert_eq!(cron.time_from(8, 15), Some((8, 15)));
    assert_eq!(cron.time_from(8, 46), Some((20, 15)));
    assert_eq!(cron.time_from(20, 46), None);
    assert_eq!(parse_cron("* * * * *").unwrap().time_from(23, 59), Some((23, 59)));
}

#[test]
fn a_day_that_never_comes_is_wrong() {
    assert_eq!(
        message("0 0 30 2 *"),
        "there is no 30 February, so that this never comes: write a day from 1 to 29"
    );
    assert_eq!(
        message("0 0 31 4,6,9,11 *"),
        "there is no 31 April or 31 June or 31 September or 31 November, so that this never comes: write a day from 1 to 30"
    );
    assert_eq!(message("TZ=UTC 0 0 30-31 feb ?"), message("0 0 30 2 *"));
    assert_eq!(parse_cron("0 0 30 2 *").unwrap_err().range(), 4..8);
    // In leap years; in March; on Mondays in February.
    for right in ["0 0 29 2 *", "0 0 30 2,3 *", "0 0 30 2 1", "0 0 31 1-12 *", "0 0 */2 2 *"] {
        assert!(parse_cron(right).is_ok(), "{right}");
    }
}

#[test]
fn says_what_is_wrong_and_where() {
    for (text, place, says) in [
        ("", "", "five fields"),
        ("* * * *", "* * * *", "here are 4"),
        ("0 0 9 * * *", "0 0 9 * * *", "without seconds or years, and here are 6"),
        ("0 9 * * * Europe/Paris", "Europe/Paris", "write `TZ=Europe/Paris 0 9 * * *`"),
        ("60 * * * *", "60", "the minute is 0 to 59, `*`, `*/2`, `1-5` or `1,3`, and not `60`"),
        ("* 24 * * *", "24", "the hour is 0 to 23"),
        ("* * 0 * *", "0", "the day of the month is 1 to 31"),
        ("* * * 13 *", "13", "the month is 1 to 12, a name such as `jan`"),
        ("* * * * 8", "8", "the day of the week is 0 to 7"),
        ("* * * * monday", "monday", "is written `mon`, and not `monday`"),
        ("0 0 L * *", "L", "`L` is not supported"),
        ("0 0 * * 5L", "5L", "`5L` is not supported"),
        ("0 0 * * 1#2", "1#2", "`1#2` is not supported"),
        ("5-1 * * * *", "5-1", "runs backwards: write `5-59,0-1`"),
        ("0 22-2 * * *", "22-2", "write `22-23,0-2`"),
        ("0 0 * * fri-sun", "fri-sun", "write `5-7`"),
        ("0 0 * * 7-2", "7-2", "write `0-2`"),
        ("*/0 * * * *", "0", "the step of the minute is 1 to 59"),
        ("*/60 * * * *", "60", "the step of the minute is 1 to 59"),
        ("1,,2 * * * *", "", "a part of the minute is empty"),
        ("1- * * * *", "", "a part of the minute is empty"),
        ("-1 * * * *", "", "a part of the minute is empty"),
        ("1/2/3 * * * *", "2/3", "the step of the minute"),
        ("*-5 * * * *", "*", "and not `*`"),
        ("+1 * * * *", "+1", "and not `+1`"),
        ("a * * * *", "a", "and not `a`"),
        ("ü * * * *", "ü", "and not `ü`"),
        ("99999999999999999999 * * * *", "99999999999999999999", "the minute is 0 to 59"),
        ("@often", "@often", "there are @hourly, @daily"),
        ("@dayly", "@dayly", "did you mean `@daily`?"),
        ("@every 5m", "@every", "write a step, such as `*/5 * * * *`"),
        ("@daily UTC", "UTC", "write `TZ=UTC @daily`"),
        ("TZ= * * * * *", "", "`TZ=` stands before a time zone"),
        ("TZ=Europe/Pariss 0 0 * * *", "Europe/Pariss", "did you mean `Europe/Paris`?"),
        ("TZ=europe/paris 0 0 * * *", "europe/paris", "did you mean `Europe/Paris`?"),
        ("TZ=Local 0 0 * * *", "Local", "there is no time zone `Local`"),
        ("TZ=UTC", "TZ=UTC", "here are 0"),
    ] {
        let error = message(text);
        assert!(error.contains(says), "{text}: {error}");
        assert_eq!(&text[parse_cron(text).unwrap_err().range()], place, "{text}");
    }
    assert!(message(&"*".repeat(256)).contains("at most 255 bytes"));
}
