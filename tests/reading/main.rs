//! JSON text to values: what is accepted, what is refused, and how the issue is told.

#![allow(unreachable_pub, reason = "a test has no public interface")]

mod extremes;
mod fuzzed;
mod issues;
mod suite;
mod through_serde;
