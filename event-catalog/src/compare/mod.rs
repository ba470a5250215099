//! Writer against reader: whether everything that one writes can be read by the other.

mod place;
mod proof;
mod sample;
pub(crate) mod schema;
mod walk;

pub(crate) use self::proof::{Contract, Proved, Reader, Refusal, compare};
