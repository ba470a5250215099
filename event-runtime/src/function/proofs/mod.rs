//! Proofs about functions, by constant evaluation while they are compiled.

mod feedback_loops;
mod handled;
mod ids;
mod options;
mod paths;

pub use feedback_loops::{Loops, pairs};
pub use handled::handled;
pub use ids::{Duplicates, assert_function_id};
pub use options::{assert_failure_handler, assert_options};
pub use paths::assert_paths;
