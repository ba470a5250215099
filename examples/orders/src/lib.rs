//! A shop: its events and its functions. `main.rs` runs them, `tests.rs` holds them against virtual time, `examples/events.rs` has
//! the commands of its catalogue.

pub mod events;
pub mod functions;
#[cfg(test)]
mod tests;
