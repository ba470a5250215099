//! A browser: Chromium, driven over `WebDriver`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};

/// A window of Chromium. Its processes end with it.
pub(crate) struct Browser {
    client: Client,
    session: String,
    driver: Child,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends Chromium, and would leave it there if it were killed before.
        self.end_session();
        // It may have ended.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Browser {
    /// Opens a window; `None`, with a line that says why, where there is no Chromium that starts.
    pub(crate) async fn open() -> Option<Self> {
        let Some((driver, port)) = start_driver() else {
            eprintln!("skipped: chromedriver is not installed");
            return None;
        };
        let client = Client::new();
        let mut browser = Self { client, session: format!("http://127.0.0.1:{port}/session"), driver };
        let arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        } } });
        match browser.ask(Method::POST, "", capabilities).await {
            Ok(opened) => {
                let id = opened["sessionId"].as_str()?;
                browser.session = format!("{}/{id}", browser.session);
                // A busy machine takes its time.
                let patience = json!({ "script": 300_000, "pageLoad": 300_000 });
                browser.command("/timeouts", patience).await;
                Some(browser)
            }
            Err(why) => {
                eprintln!("skipped: Chromium does not start: {why}");
                None
            }
        }
    }

    fn end_session(&self) -> Option<()> {
        let (host, path) = self.session.strip_prefix("http://")?.split_once('/')?;
        let mut stream = TcpStream::connect(host).ok()?;
        let request = format!("DELETE /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).ok()?;
        // The driver answers when Chromium has ended, and leaves the connection open.
        stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
        stream.read(&mut [0; 64]).ok().map(drop)
    }

    async fn ask(&self, method: Method, path: &str, body: Value) -> Result<Value, String> {
        let request = self.client.request(method.clone(), format!("{}{path}", self.session));
        let request = if method == Method::POST { request.json(&body) } else { request };
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let is_fine = answer.status().is_success();
        let answer: Value = answer.json().await.map_err(|error| error.to_string())?;
        if is_fine { Ok(answer["value"].clone()) } else { Err(answer["value"]["message"].to_string()) }
    }

    async fn command(&self, path: &str, body: Value) -> Value {
        self.ask(Method::POST, path, body).await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) async fn go(&self, url: &str) {
        self.command("/url", json!({ "url": url })).await;
    }

    /// The value of an expression on the page.
    pub(crate) async fn value(&self, expression: &str) -> Value {
        self.command("/execute/sync", json!({ "script": format!("return {expression}"), "args": [] })).await
    }

    /// Waits until an expression on the page is true.
    pub(crate) async fn until(&self, expression: &str) {
        for _ in 0..1_200 {
            // A page that is being left has none.
            let found = self.ask(
                Method::POST,
                "/execute/sync",
                json!({ "script": format!("return {expression}"), "args": [] }),
            );
            if found.await == Ok(Value::Bool(true)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("waited in vain for {expression}: {}", self.value("document.body.innerText").await)
    }

    /// Clicks an element as soon as it is there. One that a live page has just replaced is looked for again.
    pub(crate) async fn click(&self, css: &str) {
        let mut why = String::new();
        for _ in 0..1_200 {
            match self.try_click(css).await {
                Ok(_) => return,
                Err(error) => why = error,
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{css} cannot be clicked: {why}")
    }

    async fn try_click(&self, css: &str) -> Result<Value, String> {
        let found = json!({ "using": "css selector", "value": css });
        let found = self.ask(Method::POST, "/element", found).await?;
        let id = found.as_object().and_then(|found| found.values().next()).and_then(Value::as_str);
        let id = id.ok_or_else(|| format!("{found} is no element"))?;
        self.ask(Method::POST, &format!("/element/{id}/click"), json!({})).await
    }

    /// What axe-core finds wrong with the page.
    pub(crate) async fn violations(&self, axe: &str) -> Value {
        self.command("/execute/sync", json!({ "script": axe, "args": [] })).await;
        let script = "const done = arguments[arguments.length - 1]; \
             axe.run().then(found => done(found.violations.map(wrong => [wrong.id, wrong.nodes.map(node => node.html)])), \
             error => done(String(error)))";
        self.command("/execute/async", json!({ "script": script, "args": [] })).await
    }

    /// A command of the developer tools.
    pub(crate) async fn tools(&self, command: &str, parameters: Value) {
        self.command("/goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await;
    }

    /// The lines of a log since it was read last: `browser`, `performance`.
    pub(crate) async fn log(&self, kind: &str) -> Vec<Value> {
        let lines = self.command("/se/log", json!({ "type": kind })).await;
        lines.as_array().cloned().unwrap_or_default()
    }
}

/// Starts the driver on a free port.
fn start_driver() -> Option<(Child, u16)> {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut lines = BufReader::new(driver.stdout.take()?).lines();
    let port = lines.find_map(|line| {
        line.ok()?.split("started successfully on port ").nth(1)?.trim_end_matches('.').parse().ok()
    });
    // What it says later is read, so that it never waits for a reader.
    std::thread::spawn(move || lines.for_each(drop));
    if port.is_none() {
        let _ = driver.kill();
    }
    Some((driver, port?))
}
