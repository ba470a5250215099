//! When a function starts by itself.

use event_conventions::{CronExpression, parse_cron};
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Span, Timestamp};

/// The instants at which a cron expression starts a function.
///
/// An expression that names its times of day comes once on each local day that fits: at the first of two, if the time exists
/// twice, and at the first instant after the gap, if it is left out. One that repeats comes whenever the local clock shows
/// what fits.
pub(crate) struct Schedule {
    cron: CronExpression<'static>,
    zone: TimeZone,
}

/// The most days that are looked at. The longest that a day which ever comes lets wait for it are the eight years between two
/// leap days around a year such as 2100.
const MAX_DAYS: usize = 9 * 366;

/// The most changes of the offset that are looked at: in nine years, and a zone changes it some times a year.
const MAX_SPANS: usize = 256;

/// How far the local date may jump where a zone moves across the date line, in days.
const MAX_JUMP_DAYS: i64 = 2;

/// More than any local clock is ahead of UTC.
const MAX_OFFSET: SignedDuration = SignedDuration::from_hours(26);

/// An instant at which the local clock shows a time, or leaps over it.
struct Reached {
    instant: Timestamp,
    /// What the clock shows then.
    shows: DateTime,
}

impl Schedule {
    /// Reads an expression, or says in one line what is wrong with it.
    pub(crate) fn parse(expression: &'static str) -> Result<Self, String> {
        let cron = parse_cron(expression).map_err(|error| error.to_string())?;
        let name = cron.time_zone().unwrap_or("UTC");
        let zone = time_zone(name).ok_or_else(|| format!("there are no rules for the time zone `{name}`"))?;
        Ok(Self { cron, zone })
    }

    /// The next instant after `now`, in milliseconds since the Unix epoch; `None` at the end of the calendar, in the year 9999.
    pub(crate) fn next(&self, now: i64) -> Option<i64> {
        let now = Timestamp::from_millisecond(now).ok()?;
        let next = if self.cron.repeats() { self.next_repetition(now) } else { self.next_time_of_day(now) };
        next.map(Timestamp::as_millisecond)
    }

    /// Follows real time: looks through the spans between changes of the offset, within which the local clock is even.
    fn next_repetition(&self, now: Timestamp) -> Option<Timestamp> {
        let mut begin = now.checked_add(SignedDuration::from_millis(1)).ok()?;
        for _ in 0..MAX_SPANS {
            let offset = self.zone.to_offset(begin);
            let end = self.zone.following(begin).next().map(|change| change.timestamp());
            let last = end.map_or(Date::MAX, |end| offset.to_datetime(end).date());
            let found = self.next_local(offset.to_datetime(begin), last);
            match (found.and_then(|found| offset.to_timestamp(found).ok()), end) {
                (Some(found), end) if end.is_none_or(|end| found < end) => return Some(found),
                (_, end) => begin = end?,
            }
        }
        None
    }

    /// The first whole minute that fits, not before `from` and on `last` at the latest.
    fn next_local(&self, from: DateTime, last: Date) -> Option<DateTime> {
        let mut from = from;
        if from.second() != 0 || from.subsec_nanosecond() != 0 {
            let minute = from.with().second(0).subsec_nanosecond(0).build().ok()?;
            from = minute.checked_add(SignedDuration::from_mins(1)).ok()?;
        }
        let days = from.date().series(Span::new().days(1)).take(MAX_DAYS);
        let mut days = days.take_while(|date| *date <= last).filter(|date| self.has_day(*date));
        days.find_map(|date| {
            let is_first = date == from.date();
            let (hour, minute) = if is_first { (from.hour(), from.minute()) } else { (0, 0) };
            let (hour, minute) = self.cron.time_from(number(hour), number(minute))?;
            at(date, hour, minute)
        })
    }

    /// Keeps to the local days: the earliest instant after `now` that stands for a time of a day that fits.
    fn next_time_of_day(&self, now: Timestamp) -> Option<Timestamp> {
        let today = self.zone.to_datetime(now).date();
        let first = today.checked_sub(Span::new().days(MAX_JUMP_DAYS)).unwrap_or(today);
        let (mut next, mut days_after) = (None, 0);
        for date in first.series(Span::new().days(1)).take(MAX_DAYS) {
            if self.has_day(date) && self.exists(date) {
                let times = self.cron.times().filter_map(|(hour, minute)| at(date, hour, minute));
                let instants = times.filter_map(|time| self.reach(time)).map(|reached| reached.instant);
                next = instants.filter(|instant| *instant > now).chain(next).min();
            }
            // The times of a later day may come before, where the local clock goes back across midnight.
            days_after += i64::from(next.is_some());
            if days_after > MAX_JUMP_DAYS {
                break;
            }
        }
        next
    }

    /// Whether a zone has a day: one that moves across the date line leaves one out.
    fn exists(&self, date: Date) -> bool {
        self.reach(date.at(0, 0, 0, 0)).is_some_and(|reached| reached.shows.date() == date)
    }

    /// The first instant at which the local clock shows a time, or leaps over it.
    ///
    /// It is found from the instants, since the way back from a local time is less well trodden in the library.
    fn reach(&self, time: DateTime) -> Option<Reached> {
        let utc = Offset::UTC.to_timestamp(time).ok()?;
        let mut begin = utc.checked_sub(MAX_OFFSET).unwrap_or(Timestamp::MIN);
        for _ in 0..MAX_SPANS {
            let offset = self.zone.to_offset(begin);
            let end = self.zone.following(begin).next().map(|change| change.timestamp());
            let instant = offset.to_timestamp(time).ok();
            if let Some(instant) = instant.filter(|instant| *instant >= begin)
                && end.is_none_or(|end| instant < end)
            {
                return Some(Reached { instant, shows: time });
            }
            let end = end?;
            let (before, after) = (offset.to_datetime(end), self.zone.to_datetime(end));
            if before <= time && time < after {
                return Some(Reached { instant: end, shows: after });
            }
            begin = end;
        }
        None
    }

    fn has_day(&self, date: Date) -> bool {
        let weekday = date.weekday().since(Weekday::Sunday);
        self.cron.has_day(number(date.month()), number(date.day()), number(weekday))
    }
}

/// The rules of a zone: those of the system if it has them, since they may be newer, else those that come with the program.
fn time_zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).or_else(|_| TimeZoneDatabase::bundled().get(name)).ok()
}

fn at(date: Date, hour: u32, minute: u32) -> Option<DateTime> {
    Some(date.at(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0))
}

/// A number of the calendar, which is not negative.
fn number(number: i8) -> u32 {
    u32::from(number.unsigned_abs())
}

#[cfg(test)]
mod tests;
