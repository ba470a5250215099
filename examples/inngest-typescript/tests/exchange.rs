//! The example with the real npm package: skipped, with a line that says so, where it is not installed
//! (`npm ci --prefix examples/inngest-typescript`). With `INNGEST_SERVER`, the path of a server, both sides exchange events
//! through it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

fn is_installed() -> bool {
    let is_installed = Path::new(FOLDER).join("node_modules/inngest").exists();
    if !is_installed {
        println!("skipped: npm ci --prefix examples/inngest-typescript");
    }
    is_installed
}

/// A process that ends with this value.
struct Process {
    child: Child,
    lines: std::sync::mpsc::Receiver<String>,
}

impl Process {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let (sender, lines) = std::sync::mpsc::channel();
        let stdout = BufReader::new(child.stdout.take().expect("its output"));
        std::thread::spawn(move || {
            stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self { child, lines }
    }

    /// The rest of the first line that begins so.
    fn wait_for(&self, beginning: &str) -> String {
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line =
                self.lines.recv_timeout(left).unwrap_or_else(|_| panic!("no line begins with `{beginning}`"));
            println!("{line}");
            if let Some(rest) = line.strip_prefix(beginning) {
                return rest.to_owned();
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The Rust side, on any port.
fn rust(configure: impl FnOnce(&mut Command) -> &mut Command) -> (Process, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_example-inngest-typescript"));
    let process = Process::start(configure(command.env("PORT", "0")));
    let origin = process.wait_for("serving ");
    (process, origin)
}

fn node(script: &str, arguments: &[&str]) -> Process {
    Process::start(Command::new("node").arg(Path::new(FOLDER).join(script)).args(arguments))
}

#[test]
fn a_typescript_client_sends_to_the_embedded_engine() {
    if !is_installed() {
        return;
    }
    let (rust, origin) = rust(|command| command.arg("--embedded"));
    let client = node("events.mjs", &[&origin, "a-key"]);
    assert_eq!(client.wait_for("sent "), "3");
    assert!(client.wait_for("refused: ").contains("cents"));
    for _ in 0..2 {
        assert_eq!(rust.wait_for("order "), "7 is priced at 1487");
    }
    // The second event was the first again.
    assert!(rust.lines.recv_timeout(Duration::from_millis(500)).is_err());
}

#[test]
fn both_sides_exchange_events_through_one_server() {
    let Some(server) = std::env::var_os("INNGEST_SERVER") else {
        println!("skipped: set INNGEST_SERVER to the path of an Inngest server");
        return;
    };
    if !is_installed() {
        return;
    }
    let port =
        || std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    let at = port();
    let mut command = Command::new(server);
    command.args(["dev", "--no-discovery", "--no-poll", "--host", "127.0.0.1", "--port", &at.to_string()]);
    for gateway in ["--connect-gateway-port", "--connect-gateway-grpc-port", "--connect-executor-grpc-port"] {
        command.args([gateway, &port().to_string()]);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let _server = Process::start(command.current_dir(folder.path()).stderr(Stdio::null()));
    while std::net::TcpStream::connect(("127.0.0.1", at)).is_err() {
        std::thread::sleep(Duration::from_millis(100));
    }
    let server = format!("http://127.0.0.1:{at}");
    let (rust, origin) = rust(|command| command.env("INNGEST_DEV", &server));
    let sync = Command::new("curl").args(["-sS", "-X", "PUT", &format!("{origin}/api/inngest")]).output();
    let sync = String::from_utf8(sync.expect("curl").stdout).expect("text");
    assert!(sync.contains("Successfully registered"), "{sync}");
    let typescript = node("app.mjs", &[&server]);
    assert_eq!(rust.wait_for("order "), "7 is priced at 1487");
    assert_eq!(typescript.wait_for("order "), "7 costs 1487");
}
