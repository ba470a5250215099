//! The example `workflow` as its users run it: a real process, a real file, a real `kill -9`.
//!
//! `cargo test -p event-examples` builds the example; with `--test workflow` alone it is as it was built last.

mod crash;
mod input;
mod program;
mod repeat;
