//! Proofs about functions, by constant evaluation while they are compiled.

mod duplicates;
mod feedback_loops;
mod handled;
mod ids;
mod keys;
#[cfg(feature = "engine")]
mod membership;
mod options;
mod own_events;
mod paths;

pub use duplicates::Duplicates;
pub use feedback_loops::{Loops, pairs};
pub use handled::handled_as_declared;
pub use ids::{assert_foreign_id, assert_function_id};
pub use keys::{assert_key, assert_key_of_version, assert_same_key, key_of, same_key};
#[cfg(feature = "engine")]
pub(crate) use membership::assert_member;
pub use options::{WantedWith, assert_failure_handler, assert_options};
pub use own_events::assert_not_own;
pub use paths::{EventsOf, NoEvents, assert_numbers, assert_paths};
