//! The time zones of the IANA database.

mod table;

use self::table::ZONES;
use crate::nearest::nearest;

/// Returns `true` if `name` is a time zone of the IANA database. Names differ by case.
///
/// ```
/// use event_conventions::is_time_zone;
///
/// assert!(is_time_zone("Europe/Paris"));
/// assert!(!is_time_zone("europe/paris"));
/// ```
#[must_use]
pub fn is_time_zone(name: &str) -> bool {
    ZONES.binary_search(&name).is_ok()
}

/// The names of every time zone of the IANA database.
pub fn time_zones() -> impl Iterator<Item = &'static str> {
    ZONES.iter().copied()
}

/// The zone that `name` may stand for: the same but for case or its folder, or the nearest.
pub(crate) fn meant_zone(name: &str) -> Option<&'static str> {
    let city = |zone: &'static str| zone.rsplit('/').next().unwrap_or(zone);
    let same = |zone: &&'static str| zone.eq_ignore_ascii_case(name) || city(zone).eq_ignore_ascii_case(name);
    time_zones().find(same).or_else(|| nearest(name, time_zones()))
}

#[cfg(test)]
mod tests {
    use super::{ZONES, is_time_zone, meant_zone};

    #[test]
    fn names_are_in_order() {
        assert!(ZONES.is_sorted());
        assert!(is_time_zone("UTC") && is_time_zone("Australia/Lord_Howe") && !is_time_zone("Local"));
    }

    #[test]
    fn a_wrong_name_suggests_the_right_one() {
        assert_eq!(meant_zone("europe/paris"), Some("Europe/Paris"));
        assert_eq!(meant_zone("Paris"), Some("Europe/Paris"));
        assert_eq!(meant_zone("Europe/Pariss"), Some("Europe/Paris"));
        assert_eq!(meant_zone("Middle-earth/Shire"), None);
    }
}
