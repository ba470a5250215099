#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;

mod hash;
mod nearest;

pub use hash::hash_name;
pub use nearest::nearest;
