//! The commands of the catalogue of events.
//!
//! ```text
//! cargo run -p example-orders --example events -- --lock examples/orders/events check
//! ```

use std::process::ExitCode;

use example_orders::functions::shop;

fn main() -> ExitCode {
    event_catalog::main("shop", || shop().map(|(app, _)| app))
}
