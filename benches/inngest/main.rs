//! What a call costs: a function of one step behind the endpoint, the same with the TypeScript SDK on Node, and a bare axum
//! handler that parses the same body and answers the same.
//!
//! ```text
//! npm ci --prefix benches/inngest/node          # once, for the row of the TypeScript SDK
//! cargo bench -p event-benches --bench inngest
//! ```
//!
//! Each server is a process of its own. A bounded number of calls goes to it over loopback; the table shows how many it
//! answers in a second, and the processor time of its process for each.

#![allow(unreachable_pub, reason = "a program has no public interface")]
#![allow(missing_docs, reason = "generated types")]

mod load;
mod serve;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, server] = &arguments[..]
        && flag == "--serve"
    {
        return serve::run(server);
    }
    println!("| server | calls/s | CPU per call |\n|---|--:|--:|");
    for (name, server) in [
        ("**event-runtime**", "ours"),
        ("event-runtime, signed", "signed"),
        ("bare axum handler, typed", "typed"),
        ("bare axum handler, `serde_json::Value`", "value"),
    ] {
        let program = std::env::current_exe().expect("this program");
        row(name, Command::new(program).args(["--serve", server]), server == "signed");
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/inngest/node/serve.mjs");
    row("TypeScript SDK on Node", Command::new("node").arg(script).env("NODE_ENV", "production"), false);
}

/// Starts a server, loads it three times, and prints the best.
fn row(name: &str, command: &mut Command, signed: bool) {
    let Ok(child) = command.stdout(Stdio::piped()).spawn() else {
        return println!("| {name} | is not installed | |");
    };
    let mut server = Server(child);
    let Some(port) = server.port() else { return println!("| {name} | is not installed | |") };
    let calls = if name.contains("Node") { 4_000 } else { 40_000 };
    load::load(port, calls / 4, signed, server.0.id());
    let best = (0..3)
        .map(|_| load::load(port, calls, signed, server.0.id()))
        .min_by(|one, other| one.cpu.cmp(&other.cpu))
        .expect("three");
    let micros = best.cpu.as_secs_f64() * 1e6;
    println!("| {name} | {:.0} | {micros:.1} µs |", best.calls_per_second);
}

struct Server(Child);

impl Server {
    /// The line that it prints when it is ready.
    fn port(&mut self) -> Option<u16> {
        let mut line = String::new();
        BufReader::new(self.0.stdout.take()?).read_line(&mut line).ok()?;
        line.trim().parse().ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
