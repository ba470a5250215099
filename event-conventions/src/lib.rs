#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;

mod case;
mod english;
mod hash;
mod names;
mod nearest;
mod time;
mod vocabulary;

pub use case::{to_kebab_case, to_pascal_case, to_screaming_snake_case};
pub use hash::hash_name;
pub use names::action::{check_action, check_action_with};
pub use names::domain::{check_domain, check_domain_with};
pub use names::event::{check_event_name, check_event_name_with};
pub use names::function_id::check_function_id;
pub use names::rule::Rule;
pub use names::violation::Violation;
pub use nearest::{distance, is_near, nearest};
pub use time::cron::{CronExpression, parse_cron};
pub use time::duration::{format_duration, parse_duration};
pub use time::syntax::SyntaxError;
pub use time::zones::{is_time_zone, time_zones};
pub use vocabulary::Vocabulary;

/// The longest domain, action or function id, in bytes. An event name has at most `2 * MAX_LENGTH + 1`.
///
/// ```
/// use event_conventions::{MAX_LENGTH, Rule, check_domain};
///
/// assert!(check_domain(&"d".repeat(MAX_LENGTH)).is_ok());
/// assert_eq!(check_domain(&"d".repeat(MAX_LENGTH + 1)).unwrap_err().rule(), Rule::TooLong);
/// ```
pub const MAX_LENGTH: usize = 128;
