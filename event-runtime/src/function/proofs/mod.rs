//! Proofs about functions, by constant evaluation while they are compiled.

mod duplicates;
mod feedback_loops;
mod handled;
mod ids;
mod keys;
#[cfg(any(feature = "testing", all(test, feature = "engine")))]
mod membership;
mod options;
mod paths;

pub use duplicates::Duplicates;
pub use feedback_loops::{Loops, pairs};
pub use handled::handled;
pub use ids::{assert_foreign_id, assert_function_id};
pub use keys::{assert_key, assert_key_of_version, assert_same_key, key_of, same_key};
#[cfg(any(feature = "testing", all(test, feature = "engine")))]
pub(crate) use membership::assert_member;
pub use options::{WantedWith, assert_failure_handler, assert_options};
pub use paths::{assert_numbers, assert_paths};
