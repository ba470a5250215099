//! A server as a process.

use std::ffi::OsStr;
use std::fs::File;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// How a server is started.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Dev,
    SelfHosted { signing_key: &'static str, event_key: &'static str },
}

/// The server. It ends with this value.
pub struct LiveServer {
    pub origin: String,
    child: Child,
    folder: TempDir,
}

impl LiveServer {
    pub async fn start(program: &OsStr, kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = File::create(folder.path().join("log")).unwrap();
        let port = free_port();
        let mut command = Command::new(program);
        match kind {
            Kind::Dev => command.args(["dev", "--no-discovery", "--no-poll", "--retry-interval", "1"]),
            Kind::SelfHosted { signing_key, event_key } => {
                command.args([
                    "start",
                    "--signing-key",
                    signing_key,
                    "--event-key",
                    event_key,
                    "--sqlite-dir",
                ]);
                command.arg(folder.path()).args(["--retry-interval", "1"])
            }
        };
        command.args(["--host", "127.0.0.1", "--port", &port.to_string(), "--tick", "50"]);
        for gateway in
            ["--connect-gateway-port", "--connect-gateway-grpc-port", "--connect-executor-grpc-port"]
        {
            command.args([gateway, &free_port().to_string()]);
        }
        command.current_dir(folder.path()).env("DO_NOT_TRACK", "1").stdin(Stdio::null());
        let child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let server = Self { origin: format!("http://127.0.0.1:{port}"), child, folder };
        server.wait_until_it_answers().await;
        server
    }

    async fn wait_until_it_answers(&self) {
        for _ in 0..300 {
            if request("GET", &self.origin, "/health").await.is_some() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the server does not answer: {}", self.log());
    }

    /// Asks the application to register itself.
    pub async fn sync(&self, url: &str) {
        let (origin, path) = url.split_at(url.find("/api").unwrap());
        let answer = request("PUT", origin, path).await.unwrap();
        assert!(answer.contains("Successfully registered"), "{answer}; server log: {}", self.log());
    }

    /// Sends events as they are, as an application that does not check them does.
    pub async fn send(&self, key: &str, events: &str) {
        let answer = request_with("POST", &self.origin, &format!("/e/{key}"), events).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for LiveServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A request without a body; the whole answer.
async fn request(method: &str, origin: &str, path: &str) -> Option<String> {
    request_with(method, origin, path, "").await
}

async fn request_with(method: &str, origin: &str, path: &str, body: &str) -> Option<String> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let host = origin.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(host).await.ok()?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {}\r\ncontent-type: application/json\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    Some(answer)
}
