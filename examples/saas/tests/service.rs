//! A client of the service, over a real port.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Client, Method};
use serde_json::{Value, json};

/// Long enough for any machine; no test waits for it unless it fails.
const PATIENCE: Duration = Duration::from_mins(2);

/// The running program.
struct Service {
    child: Child,
    origin: String,
    client: Client,
}

impl Service {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_example-saas"));
        command.env("PORT", "0").env("DATABASE", folder.join("saas.db")).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let origin = line.trim().strip_prefix("listening on ").expect("it listens").to_owned();
        // Whoever prints must be read.
        std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
        let client =
            Client::builder().no_proxy().timeout(PATIENCE).pool_max_idle_per_host(0).build().unwrap();
        Self { child, origin, client }
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = self.client.request(method, format!("{}{path}", self.origin));
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let response = request.send().await.unwrap();
        let (status, body) = (response.status().as_u16(), response.bytes().await.unwrap());
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.ask(Method::POST, path, Some(body)).await
    }

    /// Asks until the newest run of a function has this status.
    async fn run(&self, function: &str, status: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (_, page) = self.ask(Method::GET, &format!("/runs?limit=1&function={function}"), None).await;
            let run = &page["items"][0];
            if run["status"] == status {
                return run.clone();
            }
            assert!(Instant::now() < deadline, "`{function}` is not {status}: {page}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn subscription(user: &Value, last4: &str) -> Value {
    json!({
        "id": "67e55044-10b1-426f-9247-bb680e5fe0c8",
        "user": user,
        "customer": "ada@example.org",
        "plan": "team",
        "seats": 3,
        "method": { "type": "card", "last4": last4 },
    })
}

#[tokio::test]
async fn a_customer_signs_up_subscribes_and_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path());
    assert_eq!(service.ask(Method::GET, "/health", None).await.0, 204);

    let ada = json!({ "email": " Ada@Example.org", "name": "Ada" });
    let (status, user) = service.post("/users", ada.clone()).await;
    assert_eq!((status, &user["duplicate"]), (202, &json!(false)));
    let (_, again) = service.post("/users", ada).await;
    assert_eq!((&again["id"], &again["duplicate"]), (&user["id"], &json!(true)));
    service.run("user-signed-up-drip", "waiting").await;

    let (status, _) = service.post("/subscriptions", subscription(&user["id"], "4242")).await;
    assert_eq!(status, 202);
    service.run("invoice-issued-dunning", "completed").await;
    service.run("invoice-paid-receipt", "completed").await;

    let id = user["id"].as_str().unwrap();
    assert_eq!(service.ask(Method::DELETE, &format!("/users/{id}"), None).await.0, 202);
    service.run("user-deleted-erasure", "completed").await;
    service.run("user-signed-up-drip", "cancelled").await;
}

#[tokio::test]
async fn a_declined_card_is_dunned_until_the_subscription_ends_even_if_the_process_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path());
    let user = json!("67e55044-10b1-426f-9247-bb680e5fe0c9");
    assert_eq!(service.post("/subscriptions", subscription(&user, "0002")).await.0, 202);
    service.run("invoice-issued-dunning", "waiting").await;
    // Dropped, it is killed.
    drop(service);

    let service = Service::start(folder.path());
    let path = "/subscriptions/67e55044-10b1-426f-9247-bb680e5fe0c8";
    assert_eq!(service.ask(Method::DELETE, path, None).await.0, 202);
    let run = service.run("invoice-issued-dunning", "cancelled").await;
    assert!(run["error"].as_str().unwrap().contains("subscription/cancelled"), "{run}");
}

#[tokio::test]
async fn what_is_wrong_is_answered_with_every_issue() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path());
    let mut wrong = subscription(&json!("7"), "42");
    wrong["plan"] = json!("teem");
    let (status, problem) = service.post("/subscriptions", wrong).await;
    assert_eq!(status, 422);
    let paths: Vec<_> = problem["issues"].as_array().unwrap().iter().map(|issue| &issue["path"]).collect();
    assert_eq!(paths, ["user", "plan", "method.last4"]);
    assert_eq!(service.ask(Method::GET, "/runs", None).await.1["items"], json!([]), "nothing has started");
    let (status, _) = service.ask(Method::GET, "/runs?status=done", None).await;
    assert_eq!(status, 400, "no run has this status");
}
