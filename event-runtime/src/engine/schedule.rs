//! When a function starts by itself.

use jiff::Timestamp;

/// A time that comes again and again: five fields of cron, or a shorthand, maybe after `TZ=Europe/Paris`; without a zone in
/// UTC.
pub(crate) struct Schedule(cronexpr::Crontab);

const SHORTHANDS: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

impl Schedule {
    pub(crate) fn parse(expression: &str) -> Result<Self, String> {
        let (zone, fields) = match expression.trim().strip_prefix("TZ=") {
            Some(rest) => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
            None => ("UTC", expression),
        };
        let fields = fields.trim();
        let known = SHORTHANDS.iter().find(|(shorthand, _)| *shorthand == fields);
        let fields = known.map_or(fields, |(_, fields)| fields);
        cronexpr::parse_crontab(&format!("{fields} {zone}")).map(Self).map_err(|error| error.to_string())
    }

    /// The next time after `now`, in milliseconds since the Unix epoch.
    pub(crate) fn next(&self, now: i64) -> Option<i64> {
        let now = Timestamp::from_millisecond(now).ok()?;
        let next = self.0.find_next(cronexpr::MakeTimestamp(now)).ok()?;
        Some(next.timestamp().as_millisecond())
    }
}

#[cfg(test)]
mod tests {
    use super::Schedule;

    fn next(expression: &str, now: &str) -> String {
        let now: jiff::Timestamp = now.parse().unwrap();
        let next = Schedule::parse(expression).unwrap().next(now.as_millisecond()).unwrap();
        jiff::Timestamp::from_millisecond(next).unwrap().to_string()
    }

    #[test]
    fn follows_the_clock_of_its_zone() {
        assert_eq!(next("0 9 * * 1-5", "2026-11-27T10:00:00Z"), "2026-11-30T09:00:00Z");
        assert_eq!(next("TZ=Europe/Paris 0 9 * * *", "2026-07-01T00:00:00Z"), "2026-07-01T07:00:00Z");
        assert_eq!(next("TZ=Europe/Paris 0 9 * * *", "2026-12-01T00:00:00Z"), "2026-12-01T08:00:00Z");
        assert_eq!(next("@hourly", "2026-12-01T00:00:00Z"), "2026-12-01T01:00:00Z");
        assert_eq!(next("*/15 * * * *", "2026-12-01T00:14:59.999Z"), "2026-12-01T00:15:00Z");
    }

    #[test]
    fn takes_what_the_macro_takes() {
        for expression in
            ["* * * * *", "*/5 0-6,12 1,15 jan-mar sun", "0 0 1 1 7", "1-31/2 * * * MON-FRI", "@weekly"]
        {
            assert!(Schedule::parse(expression).is_ok(), "{expression}");
        }
    }
}
