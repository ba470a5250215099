use std::collections::{BTreeSet, HashSet};

use event_conventions::{parse_cron, time_zones};
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};

use super::Schedule;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

fn parse(expression: &str) -> Schedule {
    Schedule::parse(expression.to_owned().leak()).unwrap()
}

/// The next `count` instants.
fn nexts(expression: &str, now: &str, count: usize) -> Vec<String> {
    let (schedule, mut now) = (parse(expression), now.parse::<Timestamp>().unwrap().as_millisecond());
    let instants = std::iter::repeat_with(|| {
        let next = schedule.next(now).unwrap();
        assert!(next > now, "{expression} after {now}");
        now = next;
        Timestamp::from_millisecond(next).unwrap().to_string()
    });
    instants.take(count).collect()
}

fn next(expression: &str, now: &str) -> String {
    nexts(expression, now, 1).remove(0)
}

#[test]
fn follows_the_clock_of_its_zone() {
    assert_eq!(next("0 9 * * 1-5", "2026-11-27T10:00:00Z"), "2026-11-30T09:00:00Z");
    assert_eq!(next("TZ=Europe/Paris 0 9 * * *", "2026-07-01T00:00:00Z"), "2026-07-01T07:00:00Z");
    assert_eq!(next("TZ=Europe/Paris 0 9 * * *", "2026-12-01T00:00:00Z"), "2026-12-01T08:00:00Z");
    assert_eq!(next("@hourly", "2026-12-01T00:00:00Z"), "2026-12-01T01:00:00Z");
    assert_eq!(next("*/15 * * * *", "2026-12-01T00:14:59.999Z"), "2026-12-01T00:15:00Z");
    assert_eq!(next("*/15 * * * *", "2026-12-01T00:15:00Z"), "2026-12-01T00:30:00Z");
    assert_eq!(next("15 0 * * *", "2026-12-01T00:14:59.999Z"), "2026-12-01T00:15:00Z");
    assert_eq!(next("0 0 13 * 5", "2026-11-01T00:00:00Z"), "2026-11-06T00:00:00Z");
    assert_eq!(next("0 0 * * 7", "2026-11-27T00:00:00Z"), "2026-11-29T00:00:00Z");
}

#[test]
fn a_time_that_is_left_out_comes_after_the_gap() {
    let paris = ["2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"];
    assert_eq!(nexts("TZ=Europe/Paris 30 2 * * *", "2026-03-28T00:00:00Z", 3), paris);
    // 02:15 on the second and later Sundays; on the first Sunday of October the clock leaps from 02:00 to 02:30.
    let lord_howe = ["2026-10-02T15:45:00Z", "2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"];
    assert_eq!(nexts("TZ=Australia/Lord_Howe 15 2 * * *", "2026-10-02T00:00:00Z", 3), lord_howe);
    // A midnight that is left out.
    let sao_paulo = ["2018-11-03T03:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"];
    assert_eq!(nexts("TZ=America/Sao_Paulo 0 0 * * *", "2018-11-03T00:00:00Z", 3), sao_paulo);
    // The last hour of a Saturday is left out: its job runs as the Sunday begins.
    let nuuk = ["2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"];
    assert_eq!(nexts("TZ=America/Nuuk 30 23 * * *", "2026-03-27T12:00:00Z", 3), nuuk);
    // What repeats within the hour is left out with it.
    let repeats = nexts("TZ=Europe/Paris */30 2 * * *", "2026-03-28T00:00:00Z", 3);
    assert_eq!(repeats, ["2026-03-28T01:00:00Z", "2026-03-28T01:30:00Z", "2026-03-30T00:00:00Z"]);
}

#[test]
fn a_time_that_exists_twice_comes_at_its_first() {
    let paris = ["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"];
    assert_eq!(nexts("TZ=Europe/Paris 30 2 * * *", "2026-10-24T00:00:00Z", 3), paris);
    // The case in which the search of a library never ended: the clock goes back from 02:00 to 01:30.
    let lord_howe = ["2026-04-03T15:15:00Z", "2026-04-04T15:45:00Z", "2026-04-05T15:45:00Z"];
    assert_eq!(nexts("TZ=Australia/Lord_Howe 15 2 * * *", "2026-04-03T00:00:00Z", 3), lord_howe);
    let hourly = nexts("TZ=Europe/Paris 0 * * * *", "2026-10-24T23:30:00Z", 3);
    assert_eq!(hourly, ["2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"]);
}

#[test]
fn a_day_that_a_zone_leaves_out_has_no_jobs() {
    // Samoa went from 29 to 31 December 2011.
    let apia = ["2011-12-29T19:00:00Z", "2011-12-30T19:00:00Z"];
    assert_eq!(nexts("TZ=Pacific/Apia 0 9 * * *", "2011-12-29T00:00:00Z", 2), apia);
    assert_eq!(next("TZ=Pacific/Apia 0 9 30 12 *", "2011-12-01T00:00:00Z"), "2012-12-29T19:00:00Z");
    assert_eq!(next("TZ=Pacific/Apia 0 */9 30 12 *", "2011-12-01T00:00:00Z"), "2012-12-29T10:00:00Z");
}

#[test]
fn leap_days_come() {
    let days = nexts("0 0 29 2 *", "2026-01-01T00:00:00Z", 2);
    assert_eq!(days, ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]);
    assert_eq!(next("0 0 29 2 *", "2096-03-01T00:00:00Z"), "2104-02-29T00:00:00Z");
    assert_eq!(next("TZ=Africa/Casablanca * * 29 2 *", "2096-03-01T12:00:00Z"), "2104-02-28T23:00:00Z");
}

#[test]
fn the_calendar_ends() {
    let end = Timestamp::MAX.as_millisecond();
    for expression in ["* * * * *", "0 0 * * *", "TZ=Asia/Tokyo 0 0 29 2 *"] {
        assert_eq!(parse(expression).next(end), None);
        assert_eq!(parse(expression).next(i64::MAX), None);
        let first = parse(expression).next(Timestamp::MIN.as_millisecond());
        assert!(first > Some(Timestamp::MIN.as_millisecond()), "{expression}");
    }
}

#[test]
fn every_zone_that_may_be_written_comes_with_the_program() {
    let written: BTreeSet<String> = time_zones().map(str::to_owned).collect();
    let bundled = TimeZoneDatabase::bundled();
    let mut known: BTreeSet<String> = bundled.available().map(|name| name.to_string()).collect();
    known.remove("Factory");
    assert_eq!(written, known);
    for name in time_zones() {
        assert!(bundled.get(name).is_ok(), "{name}");
    }
}

/// The expressions that are compared around each change of an offset. Times of day that a change may hit, and repetitions.
const AROUND: [&str; 11] = [
    "*/7 * * * *",
    "30 * * * *",
    "0 0 * * *",
    "30 23 * * *",
    "15 2 * * *",
    "0,30 1,2,3 * * *",
    "59 0,23 * * *",
    "*/10 2 * * *",
    "30 0-3 * * *",
    "30 1 * * 0",
    "0 0 1 * 6",
];

/// The first and the last year whose changes are compared.
const YEARS: [i16; 2] = [2020, 2030];

/// Every zone and every change of its offset in ten years, beside an oracle that goes from minute to minute.
#[test]
fn agrees_with_a_slow_oracle_around_every_change() {
    let [begin, end] =
        YEARS.map(|year| Date::constant(year, 1, 1).to_zoned(TimeZone::UTC).unwrap().timestamp());
    let mut seen = HashSet::new();
    for name in time_zones() {
        let zone = TimeZoneDatabase::bundled().get(name).unwrap();
        let changes = zone.following(begin).map(|change| change.timestamp());
        for change in changes.take_while(|change| *change < end) {
            let before = zone.to_datetime(change - SignedDuration::from_nanos(1));
            // Many names stand for the same rules.
            if seen.insert((before, zone.to_datetime(change))) {
                compare(name, &zone, change);
            }
        }
    }
    assert!(seen.len() > 300, "{} changes", seen.len());
}

/// Compares 14 hours before and after an instant.
fn compare(name: &str, zone: &TimeZone, change: Timestamp) {
    let (from, to) = (change - SignedDuration::from_hours(14), change + SignedDuration::from_hours(14));
    // The oracle looks at what the clock has shown before as well.
    let margin = SignedDuration::from_hours(3);
    let minutes: Vec<(Timestamp, DateTime)> =
        std::iter::successors(Some(from - margin), |minute| Some(*minute + MINUTE))
            .take_while(|minute| *minute <= to + margin)
            .map(|minute| (minute, zone.to_datetime(minute)))
            .collect();
    for expression in AROUND {
        let expression: &'static str = format!("TZ={name} {expression}").leak();
        let mut expected = oracle(expression, &minutes);
        expected.retain(|instant| from < *instant && *instant <= to);
        let schedule = Schedule { cron: parse_cron(expression).unwrap(), zone: zone.clone() };
        let mut found = Vec::new();
        let mut now = from.as_millisecond();
        while let Some(next) = schedule.next(now).filter(|next| *next <= to.as_millisecond()) {
            assert!(next > now, "{expression} after {now}");
            found.push(Timestamp::from_millisecond(next).unwrap());
            now = next;
        }
        assert_eq!(found, expected, "{expression} around {change}");
    }
}

/// The instants at which an expression comes, read off a clock that is looked at every minute.
fn oracle(expression: &'static str, minutes: &[(Timestamp, DateTime)]) -> Vec<Timestamp> {
    let cron = parse_cron(expression).unwrap();
    let fits = |time: DateTime| {
        let date = time.date();
        let number = |number: i8| u32::from(number.unsigned_abs());
        let weekday = number(date.weekday().since(Weekday::Sunday));
        cron.has_day(number(date.month()), number(date.day()), weekday)
            && cron.has_time(number(time.hour()), number(time.minute()))
    };
    if cron.repeats() {
        return minutes.iter().filter(|(_, time)| fits(*time)).map(|(instant, _)| *instant).collect();
    }
    let days: HashSet<Date> = minutes.iter().map(|(_, time)| time.date()).collect();
    let (mut shown, mut instants) = (HashSet::new(), BTreeSet::new());
    for pair in minutes.windows(2) {
        let ((_, before), (instant, time)) = (pair[0], pair[1]);
        // What the clock has leapt over, and what it shows now.
        let leapt = std::iter::successors(Some(before + MINUTE), |time| Some(*time + MINUTE));
        let leapt = leapt.take_while(|leapt| *leapt < time).filter(|leapt| days.contains(&leapt.date()));
        for time in leapt.chain([time]).filter(|time| fits(*time)) {
            if shown.insert(time) {
                instants.insert(instant);
            }
        }
    }
    instants.into_iter().collect()
}

/// Whatever the expression, the zone and the time are: the next instant is later, within nine years, and none comes between.
#[test]
fn the_next_instant_is_always_later() {
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |bound: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % bound
    };
    let zones: Vec<&str> = time_zones().collect();
    for _ in 0..20_000 {
        let mut field = |least: u64, greatest: u64| {
            let span = greatest - least + 1;
            let (first, last) = (least + below(span), least + below(span));
            match below(6) {
                0 | 1 => "*".to_owned(),
                2 => format!("*/{}", 1 + below(greatest)),
                3 => format!("{first},{last}"),
                4 => format!("{}-{}", first.min(last), first.max(last)),
                _ => first.to_string(),
            }
        };
        let fields = [field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 7)].join(" ");
        let zone = zones[usize::try_from(below(zones.len() as u64)).unwrap()];
        let expression: &'static str = format!("TZ={zone} {fields}").leak();
        let Ok(schedule) = Schedule::parse(expression) else { continue };
        // Between the years 1850 and 2250.
        let now = i64::try_from(below(12_622_780_800_000)).unwrap() - 3_786_912_000_000;
        let next = schedule.next(now).unwrap_or_else(|| panic!("{expression} never comes after {now}"));
        assert!(next > now && next < now + 9 * 366 * 86_400_000, "{expression} after {now}: {next}");
        let between = now + i64::try_from(below(u64::try_from(next - now).unwrap())).unwrap();
        assert_eq!(schedule.next(between), Some(next), "{expression} after {now} and {between}");
    }
}
