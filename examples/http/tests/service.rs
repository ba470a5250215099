//! A client of the service, over a real port, and its shutdown by a signal.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

/// Long enough for any machine; no test waits for it unless it fails.
const PATIENCE: Duration = Duration::from_mins(2);

/// The running program.
struct Service {
    child: Child,
    stdout: BufReader<ChildStdout>,
    origin: String,
    client: Client,
}

impl Service {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_example-http"));
        command.env("PORT", "0").env("DATABASE", folder.join("orders.db")).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let origin = line.trim().strip_prefix("listening on ").expect("it listens").to_owned();
        // A connection for each request: one whose request was refused unread may be closed at any time.
        let client =
            Client::builder().no_proxy().timeout(PATIENCE).pool_max_idle_per_host(0).build().unwrap();
        Self { child, stdout, origin, client }
    }

    /// Sends JSON, and gives the status, the content type and the JSON of the answer.
    async fn post(&self, path: &str, body: impl ToString) -> (StatusCode, String, Value) {
        let request = self.client.post(format!("{}{path}", self.origin));
        let request = request.header("content-type", "application/json").body(body.to_string());
        answer(request).await
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let (status, _, json) = answer(self.client.get(format!("{}{path}", self.origin))).await;
        (status, json)
    }

    /// Asks until every run of an order has ended.
    async fn ended(&self, order: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (status, runs) = self.get(&format!("/orders/{order}")).await;
            assert_eq!(status, 200, "{runs}");
            let is_open = |run: &Value| matches!(run["status"].as_str(), Some("open" | "waiting"));
            if !runs["items"].as_array().unwrap().iter().any(is_open) {
                return runs["items"].clone();
            }
            assert!(Instant::now() < deadline, "{runs}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Sends the signal with which service managers stop a program, and waits until the program has noticed it.
    fn terminate(&mut self) {
        let killed = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status();
        assert!(killed.unwrap().success());
        let mut line = String::new();
        while line != "stopping\n" {
            line.clear();
            assert_ne!(self.stdout.read_line(&mut line).unwrap(), 0, "it did not notice the signal");
        }
    }

    /// Waits for its end: its exit code, and what it has printed last.
    fn wait(mut self) -> (Option<i32>, String) {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code(), rest)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn answer(request: reqwest::RequestBuilder) -> (StatusCode, String, Value) {
    let response = request.send().await.unwrap();
    let content_type = response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    let (status, body) = (response.status(), response.bytes().await.unwrap());
    let json = serde_json::from_slice(&body).unwrap_or_default();
    (status, content_type.unwrap_or_default(), json)
}

fn order(id: &str) -> Value {
    json!({
        "id": id,
        "customer": "ada@example.org",
        "lines": [{ "product": "tea-100", "quantity": 2 }, { "product": "cup", "quantity": 1 }],
    })
}

const FIRST: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";
const SECOND: &str = "67e55044-10b1-426f-9247-bb680e5fe0c9";

#[tokio::test]
async fn an_order_is_taken_once_and_packed() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path());
    assert_eq!(service.get("/health").await.0, 204);

    let (status, _, accepted) = service.post("/orders", order(FIRST)).await;
    assert_eq!((status.as_u16(), &accepted["duplicate"]), (202, &json!(false)));
    let (status, _, again) = service.post("/orders", order(FIRST)).await;
    assert_eq!((status.as_u16(), &again["duplicate"]), (202, &json!(true)));
    assert_eq!(accepted["id"], again["id"]);

    let runs = service.ended(FIRST).await;
    assert_eq!(runs.as_array().unwrap().len(), 1);
    assert_eq!(runs[0]["function_id"], "order-placed-packing");
    assert_eq!((&runs[0]["status"], &runs[0]["output"]), (&json!("completed"), &json!(3)));

    // What the controller has published is handled by the next function.
    let deadline = Instant::now() + PATIENCE;
    let carrier = loop {
        let (_, page) = service.get("/runs?limit=10").await;
        let run = &page["items"][0];
        if run["function_id"] == "order-packed-carrier" && run["status"] == "completed" {
            assert_eq!(page["next"], Value::Null);
            break run.clone();
        }
        assert!(Instant::now() < deadline, "{page}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(carrier["output"], format!("3 pieces of {FIRST}"));
    let (_, first) = service.get("/runs?status=completed,failed&limit=1").await;
    assert_eq!(first["items"], json!([carrier]));
    let next = first["next"].as_str().unwrap();
    let (_, second) = service.get(&format!("/runs?status=completed,failed&limit=1&after={next}")).await;
    assert_eq!((&second["items"], &second["next"]), (&runs, &Value::Null));
    let (_, other) = service.get("/runs?event_name=order/packed&created_after=2000-01-01T00:00:00Z").await;
    assert_eq!(other["items"], json!([carrier]));
    for (query, wrong) in [
        ("status=faild", "did you mean `failed`?"),
        ("after=7", "`7` is no place in a list of runs"),
        ("created_after=yesterday", "`yesterday` is no time in RFC 3339"),
        ("state=failed", "unknown field `state`"),
    ] {
        let (status, problem) = service.get(&format!("/runs?{query}")).await;
        let detail = problem["detail"].as_str().unwrap();
        assert!(status == 400 && detail.contains(wrong), "{query}: {detail}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_answered_with_every_issue() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path());

    let wrong = json!({ "id": "7", "customer": "ada", "lines": [{ "product": "Tea", "quantity": 0 }] });
    let (status, content_type, problem) = service.post("/orders", &wrong).await;
    assert_eq!((status.as_u16(), &*content_type), (422, "application/problem+json"));
    let paths: Vec<_> = problem["issues"].as_array().unwrap().iter().map(|issue| &issue["path"]).collect();
    assert_eq!(paths, ["id", "customer", "lines[0].product", "lines[0].quantity"]);

    assert_eq!(service.post("/orders", "{").await.0, 400);
    let text = service.client.post(format!("{}/orders", service.origin)).body(order(FIRST).to_string());
    assert_eq!(answer(text).await.0, 415);
    // One byte beyond the limit of axum: the answer comes when all of it has been read.
    let large = format!("\"{}\"", "x".repeat(2 * 1024 * 1024 - 1));
    assert_eq!(service.post("/orders", large).await.0, 413);

    let (status, problem) = service.get(&format!("/orders/{FIRST}")).await;
    assert_eq!((status.as_u16(), &problem["title"]), (404, &json!("Not Found")));
    assert_eq!(
        service.get("/runs").await.1,
        json!({ "items": [], "next": null }),
        "nothing of this has started anything"
    );
}

#[tokio::test]
async fn any_event_of_the_registry_is_taken_in_its_envelope() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path());
    let event = json!({ "name": "order/packed", "id": "legacy-7", "data": { "id": FIRST, "pieces": 4 } });
    let (status, _, accepted) = service.post("/events", event).await;
    assert_eq!((status.as_u16(), accepted), (202, json!({ "id": "legacy-7", "duplicate": false })));

    let unknown = json!({ "name": "order/paked", "data": {} });
    let (status, _, problem) = service.post("/events", unknown).await;
    assert_eq!(status, 422);
    let expected = "name: no event of the registry is named `order/paked`: did you mean `order/packed`?";
    assert_eq!(problem["detail"], expected);
}

/// A request whose handler has begun before the signal is answered, although its body comes later; its event is stored, and
/// its run goes on at the next start.
#[tokio::test]
async fn a_shutdown_answers_what_is_in_flight_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path());
    assert_eq!(service.post("/orders", order(FIRST)).await.0, 202);

    let address = service.origin.strip_prefix("http://").unwrap().to_owned();
    let mut connection = TcpStream::connect(&address).unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    let body = order(SECOND).to_string();
    let head = format!(
        "POST /orders HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).unwrap();
    // The handler asks for the body: it has begun.
    let expected = "HTTP/1.1 100 Continue\r\n\r\n";
    let mut continues = vec![0; expected.len()];
    connection.read_exact(&mut continues).unwrap();
    assert_eq!(String::from_utf8(continues).unwrap(), expected);

    service.terminate();
    connection.write_all(body.as_bytes()).unwrap();
    let mut response = String::new();
    connection.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 202 Accepted\r\n"), "{response}");
    let (code, printed) = service.wait();
    assert_eq!((code, printed.ends_with("stopped\n")), (Some(0), true), "{printed}");
    assert!(TcpStream::connect(&address).is_err(), "nobody listens any more");

    let service = Service::start(folder.path());
    for order in [FIRST, SECOND] {
        let runs = service.ended(order).await;
        assert_eq!((&runs[0]["status"], &runs[0]["output"]), (&json!("completed"), &json!(3)), "{runs}");
    }
}

#[tokio::test]
async fn the_server_ends_when_the_engine_dies() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path());
    // An engine does not acknowledge what it stores in a file that nobody can open any more.
    std::fs::remove_file(folder.path().join("orders.db")).unwrap();
    let (status, _, problem) = service.post("/orders", order(FIRST)).await;
    assert_eq!((status.as_u16(), &problem["title"]), (503, &json!("Service Unavailable")));
    assert!(problem.get("detail").is_none(), "the cause is not told to clients: {problem}");
    let (code, printed) = service.wait();
    assert_eq!((code, printed.ends_with("stopped\n")), (Some(1), true), "{printed}");
}
