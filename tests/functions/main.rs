//! Functions with every kind of step and every option, on the virtual time of the test kit.

#![allow(unreachable_pub, reason = "what is shared among the files of a test")]

mod alone;
mod building;
mod causes;
mod clients;
mod crashes;
mod crates;
mod errors;
mod event_key;
mod events;
mod failures;
mod flow;
mod foreign;
mod handles;
mod meta;
mod pausing;
mod signals;
mod step_options;
mod steps;
mod triggers;
mod undo;
