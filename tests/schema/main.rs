//! The JSON Schema of a payload and the payload itself agree: what one accepts, the other accepts.
//!
//! For each rule 10,000 values are generated, near the edge of what the rule allows, and judged by both: by `parse`, and by
//! the crate `jsonschema` with the schema. What may differ, and in which direction, stands in [`table`].

#![allow(unreachable_pub, reason = "a test has no public interface")]

mod agreement;
mod collections;
mod dates;
mod formats;
mod keys;
mod numbers;
mod patterns;
mod shapes;
mod table;
mod texts;
mod wide;
