//! Times in options: cron expressions, their time zones, and durations.

pub(crate) mod cron;
pub(crate) mod duration;
pub(crate) mod syntax;
pub(crate) mod zones;
