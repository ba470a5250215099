//! A file system under SQLite that records what reaches it, and fails as told: with it a power cut is simulated at any
//! moment of a run of the real engine, a full disk, and a flush that fails.
//!
//! [`Disk::new`] takes a folder: the databases in it are recorded from then on, whoever opens them. The files themselves
//! are written as usual, but never flushed, so that thousands of power cuts take seconds.

mod disk;
mod image;
mod judge;
mod pragma;
mod vfs;

pub use disk::{Change, Disk, Fault, Kind, Op};
pub use image::Player;
pub use judge::{Damage, Recording, read, resume};
