//! The example as its users run it: a real process, a real file, a real `kill -9`.

mod crash;
mod input;
mod process;
mod repeat;
