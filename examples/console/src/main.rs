//! A shop under load with its console, in a process that is killed and started again.
//!
//! ```text
//! cargo run -p example-console
//! ```
//!
//! The program is a supervisor: at <http://127.0.0.1:8287> is a button that ends the engine with `SIGKILL`, at
//! <http://127.0.0.1:8288> the console of that engine. See the README beside it.

mod events;
mod functions;
mod shop;
mod supervisor;
#[cfg(test)]
mod tests;

use event_runtime::prelude::*;

/// The database, unless the environment names another.
const DATABASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/console.db");

#[tokio::main]
async fn main() -> Result<()> {
    let address = |name: &str, default: u16| -> Result<String> {
        let port: u16 = std::env::var(name).map_or(Ok(default), |port| port.parse())?;
        Ok(format!("127.0.0.1:{port}"))
    };
    let (button, console) = (address("PORT", 8287)?, address("CONSOLE_PORT", 8288)?);
    if std::env::args().nth(1).as_deref() == Some("shop") {
        let database = std::env::var_os("DATABASE").unwrap_or_else(|| DATABASE.into());
        return shop::run(database.into(), &console).await;
    }
    supervisor::run(&button, &console).await
}
