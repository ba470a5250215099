#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;

mod action;
mod case;
mod cron;
mod domain;
mod duration;
mod function_id;
mod hash;
mod inflect;
mod irregular;
mod key;
mod name;
mod nearest;
mod past;
mod phrase;
mod plural;
mod plurals;
mod rule;
mod singulars;
mod suggest;
mod syntax;
mod verbs;
mod violation;
mod vocabulary;
mod words;
mod words_in_ed;
mod zones;

pub use action::{check_action, check_action_with};
pub use case::{to_kebab_case, to_pascal_case, to_screaming_snake_case};
pub use cron::{CronExpression, parse_cron};
pub use domain::{check_domain, check_domain_with};
pub use duration::{format_duration, parse_duration};
pub use function_id::check_function_id;
pub use hash::hash_name;
pub use name::{check_event_name, check_event_name_with};
pub use nearest::{distance, is_near, nearest};
pub use rule::Rule;
pub use syntax::SyntaxError;
pub use violation::Violation;
pub use vocabulary::Vocabulary;
pub use zones::{is_time_zone, time_zones};

/// The longest domain, action or function id, in bytes. An event name has at most `2 * MAX_LENGTH + 1`.
///
/// ```
/// use event_conventions::{MAX_LENGTH, Rule, check_domain};
///
/// assert!(check_domain(&"d".repeat(MAX_LENGTH)).is_ok());
/// assert_eq!(check_domain(&"d".repeat(MAX_LENGTH + 1)).unwrap_err().rule(), Rule::TooLong);
/// ```
pub const MAX_LENGTH: usize = 128;
