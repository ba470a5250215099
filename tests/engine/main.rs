//! The embedded engine, as its users see it: real SQLite files, real tasks, no mocks.
#![allow(unreachable_pub, reason = "modules of a test")]

mod bulk;
mod causes;
mod clients;
mod deployments;
mod durability;
mod errors;
mod file;
mod handles;
mod input;
mod inspect;
mod inspect_details;
mod keys;
mod limits;
mod meta;
mod pausing;
mod random_deployments;
mod retries;
mod shutdown;
mod start;
mod steps;
mod support;
mod times;
