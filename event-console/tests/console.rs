//! The console as a program sees it: pages, the API, actions, and what is refused.

mod support;

use event_console::{Action, Actions, serve};
use event_runtime::inspect::{RunFilter, RunStatus};
use event_runtime::prelude::*;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use support::Shop;

const PAGES: [&str; 8] = [
    "/events",
    "/runs",
    "/functions",
    "/functions?window=7d",
    "/send",
    "/send/order%2Fplaced",
    "/catalogue",
    "/engine",
];

async fn text(client: &Client, url: String) -> (StatusCode, HeaderMap, String) {
    let response = client.get(url).send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    (status, headers, response.text().await.unwrap())
}

async fn json_of(client: &Client, url: String) -> Value {
    client.get(url).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn every_page_is_small_strict_and_knows_its_prefix() {
    let shop = Shop::open(Actions::All, "/deep/console").await;
    let run = shop.place("one", None, RunStatus::Completed).await;
    let failed = shop.place("two", Some("fail"), RunStatus::Failed).await;
    let client = Client::new();
    let own = [
        format!("/runs/{run}"),
        format!("/runs/{failed}"),
        "/events/one".to_owned(),
        "/catalogue/order%2Fplaced".to_owned(),
    ];
    for page in PAGES.iter().map(ToString::to_string).chain(own) {
        let (status, headers, html) = text(&client, format!("{}{page}", shop.base)).await;
        assert_eq!(status, 200, "{page}: {html}");
        assert!(html.len() < 40_000, "{page} has {} bytes", html.len());
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self';") && !policy.contains("unsafe"), "{policy}");
        for wrong in ["style=", "<style", "onclick", "javascript:", "http://", "https://", "4242"] {
            let shown = html.replace("http://www.w3.org", "");
            // The example of the declaration is no secret.
            let is_example = wrong == "4242" && page.contains("order%2Fplaced");
            assert!(is_example || !shown.contains(wrong), "{page} has {wrong}: {html}");
        }
        for link in html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(link.starts_with('#') || link.starts_with("/deep/console/"), "{page} leads to {link}");
        }
    }
    for asset in ["console.css", "console.js", "icon.svg"] {
        let (status, _, body) = text(&client, format!("{}/assets/{asset}", shop.base)).await;
        assert!(status == 200 && body.len() < 20_000, "{asset}: {status}, {} bytes", body.len());
    }
    let script = text(&client, format!("{}/assets/console.js", shop.base)).await.2;
    assert!(script.len() < 10_000);
    let home = text(&client, shop.base.clone()).await;
    assert!(home.2.contains("<h1>Events</h1>"));
    shop.engine.shutdown().await;
    let (status, _, html) = text(&client, format!("{}/runs", shop.base)).await;
    assert!(status == 503 && html.contains("the engine has stopped"), "{status} {html}");
}

#[tokio::test]
async fn what_was_sent_is_text_and_nothing_sensitive_is_shown() {
    let shop = Shop::open(Actions::All, "").await;
    let id = "<script>alert(1)</script>/../..%2f'\"";
    let run = shop.place(id, Some("fail"), RunStatus::Failed).await;
    let encoded = encoded(id);
    let client = Client::new();
    for path in [format!("/runs/{run}"), format!("/events/{encoded}"), "/events".into(), "/runs".into()] {
        let (status, _, html) = text(&client, format!("{}{path}", shop.base)).await;
        assert_eq!(status, 200, "{path}");
        for wrong in ["<script>alert", "<img src=x", "4242-4242"] {
            assert!(!html.contains(wrong), "{path} has {wrong}");
        }
    }
    let details = json_of(&client, format!("{}/api/runs/{run}", shop.base)).await;
    assert_eq!(details["event"]["data"]["card"], "•••");
    assert_eq!(details["steps"][0]["error"], "<script>alert('no')</script> ••• declined");
    let event = json_of(&client, format!("{}/api/events/{encoded}", shop.base)).await;
    assert_eq!(event["event"]["id"], id);
    let all = json_of(&client, format!("{}/api/runs", shop.base)).await.to_string();
    assert!(!all.contains("4242"), "{all}");
    shop.engine.shutdown().await;
}

#[tokio::test]
async fn what_is_wrong_is_a_problem_document_or_a_page() {
    let shop = Shop::open(Actions::Only(&[Action::Cancel]), "").await;
    let run = shop.place("one", None, RunStatus::Completed).await;
    let client = Client::new();
    let huge = "x".repeat(3_000_000);
    let envelope = json!({ "name": "order/placed", "data": {} }).to_string();
    for (method, path, body, status, says) in [
        (Method::GET, "/api/runs/none", "", 404, "there is no run `none`"),
        (Method::GET, "/api/runs?status=faild", "", 400, "did you mean `failed`?"),
        (Method::GET, "/api/runs?after=zzz", "", 400, "no place in a list of runs"),
        (Method::GET, "/api/runs?unknown=1", "", 400, "unknown field"),
        (Method::GET, "/api/events/none", "", 404, "there is no event `none`"),
        (Method::GET, "/api/catalogue/order%2Fpacked", "", 404, "no event of the registry"),
        (Method::GET, "/api/functions?window=1y", "", 400, "`window` is one of"),
        (Method::GET, "/api/nothing", "", 404, "no such route"),
        (Method::DELETE, "/api/runs", "", 405, "no such method"),
        (Method::POST, &format!("/api/runs/{run}/cancel"), "", 409, "it has ended"),
        (Method::POST, &format!("/api/runs/{run}/replay"), "", 403, "does not allow to replay"),
        (Method::POST, &format!("/api/runs/{run}/delete"), "", 404, "there is no action"),
        (Method::POST, "/api/runs/none/cancel", "", 404, "there is no run"),
        (Method::POST, "/api/runs/actions/cancel", "", 400, "name the runs by a filter"),
        (Method::POST, "/api/events", &envelope, 403, "does not allow to send"),
        (Method::POST, "/api/events/check", "{", 400, "not JSON"),
        (Method::POST, "/api/events/check", "{}", 422, "no event of the registry is named"),
        (Method::POST, "/api/events/check", &envelope, 422, "required"),
        (Method::POST, "/api/events/check", &huge, 413, "length limit exceeded"),
        (Method::GET, "/assets/..%2f..%2fCargo.toml", "", 404, "there is no file"),
    ] {
        let response = client
            .request(method, format!("{}{path}", shop.base))
            .body(body.to_owned())
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), status, "{path}");
        let kind = response.headers().get("content-type").cloned().unwrap_or(HeaderValue::from_static(""));
        let said = response.text().await.unwrap();
        assert!(said.contains(says), "{path}: {said}");
        assert!(status == 413 || kind == "application/problem+json", "{path}: {kind:?}");
    }
    for (path, status) in [
        ("/runs/none", 404),
        ("/events/none", 404),
        ("/nothing", 404),
        ("/runs?status=faild", 400),
        ("/runs/bulk/cancel", 400),
    ] {
        let (found, _, html) = text(&client, format!("{}{path}", shop.base)).await;
        assert!(found == status && html.contains("<h1>"), "{path}: {found}");
    }
    shop.engine.shutdown().await;
}

#[tokio::test]
async fn nobody_acts_from_another_site_or_without_leave() {
    let shop = Shop::open(Actions::All, "").await;
    let run = shop.place("one", Some("wait"), RunStatus::Waiting).await;
    let client = Client::new();
    let post = |headers: &[(&'static str, &str)]| {
        let request = client.post(format!("{}/runs/{run}/cancel", shop.base));
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send()
    };
    for (headers, status) in [
        (&[("sec-fetch-site", "cross-site")][..], 403),
        (&[("sec-fetch-site", "same-site")], 403),
        (&[("origin", "http://evil.example")], 403),
        (&[("origin", "null")], 403),
        (&[("x-user", "nobody")], 403),
        (&[("x-user", "stranger")], 401),
    ] {
        assert_eq!(post(headers).await.unwrap().status(), status, "{headers:?}");
    }
    assert_eq!(shop.engine.run(&run).await.unwrap().unwrap().run.status, RunStatus::Waiting);
    let refused =
        client.get(format!("{}/api/runs", shop.base)).header("x-user", "stranger").send().await.unwrap();
    assert!(refused.status() == 401 && refused.headers().contains_key("www-authenticate"));

    assert_eq!(post(&[("sec-fetch-site", "same-origin"), ("x-user", "grace")]).await.unwrap().status(), 200);
    shop.until(&RunFilter::new().event_id("one"), RunStatus::Cancelled).await;
    let audit = json_of(&client, format!("{}/api/audit", shop.base)).await;
    let entry = &audit["items"][0];
    assert_eq!(
        (&entry["who"], &entry["action"], &entry["target"], &entry["count"]),
        (&json!("grace"), &json!("cancel"), &json!(run), &json!(1))
    );
    assert_eq!(audit["items"].as_array().unwrap().len(), 1, "what was refused was not done");

    let only_reads = Shop::open(Actions::None, "").await;
    let html = text(&client, format!("{}/runs?status=failed", only_reads.base)).await.2;
    assert!(!html.contains("all that match"));
    only_reads.engine.shutdown().await;
    shop.engine.shutdown().await;
}

#[tokio::test]
async fn runs_are_acted_on_one_by_one_and_in_bulk() {
    let shop = Shop::open(Actions::All, "").await;
    let done = shop.place("d", None, RunStatus::Completed).await;
    for id in ["a", "b", "c"] {
        shop.place(id, Some("wait"), RunStatus::Waiting).await;
    }
    let client = Client::new();
    let waiting = "status=waiting&function=order-placed-packing";
    let counted = json_of(&client, format!("{}/api/runs/count?{waiting}", shop.base)).await;
    assert_eq!(counted, json!({ "count": 3, "is_partial": false }));
    let asked = text(&client, format!("{}/runs/bulk/cancel?{waiting}", shop.base)).await.2;
    assert!(asked.contains("Cancel 3 runs?"), "{asked}");
    let url = format!("{}/api/runs/actions/cancel?function=order-placed-packing", shop.base);
    let outcome: Value = client.post(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(outcome, json!({ "done": 3, "refused": 1, "is_partial": false }));
    let replayed: Value = client
        .post(format!("{}/api/runs/{done}/replay", shop.base))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let replay = shop.engine.run(replayed["id"].as_str().unwrap()).await.unwrap().unwrap();
    assert_eq!(replay.run.replay_of.as_deref(), Some(&*done));
    shop.engine.shutdown().await;
}

#[tokio::test]
async fn an_event_is_checked_at_its_fields_and_leads_to_its_run() {
    let shop = Shop::open(Actions::All, "").await;
    let client = Client::new();
    let url = format!("{}/send/order%2Fplaced", shop.base);
    let form = |customer: &'static str, extra: &[(&'static str, &'static str)]| {
        let mut fields = vec![
            ("o:/data", ""),
            ("n:/data/number", "8"),
            ("s:/data/customer", customer),
            ("s:/data/card", "4242-4242"),
            ("a:/data/lines", ""),
            ("o:/data/lines/0", ""),
            ("s:/data/lines/0/product", "tea"),
            ("n:/data/lines/0/quantity", "100"),
            ("s?:/data/note", ""),
        ];
        fields.extend(extra);
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        client
            .post(&url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(pairs.join("&"))
            .send()
    };
    let filled = text(&client, url.clone()).await.2;
    assert!(filled.contains("name=\"s:/data/customer\" value=\"ada@example.org\""), "{filled}");
    let checked = form("ada", &[("do", "check")]).await.unwrap().text().await.unwrap();
    for place in ["/data/customer", "/data/lines/0/quantity"] {
        assert!(checked.contains(&format!("<code>{place}</code>")), "{place}: {checked}");
    }
    assert!(checked.contains("must be an e-mail address") && checked.contains("must be at most 99"));
    let kept = text(&client, url.clone()).await.2;
    assert!(kept.contains("Your last edit.") && kept.contains("value=\"100\""));
    let more = form("ada", &[("add", "/data/lines")]).await.unwrap().text().await.unwrap();
    assert!(more.contains("/data/lines/1/product"));
    let fewer = form("ada", &[("remove", "/data/lines/0")]).await.unwrap().text().await.unwrap();
    assert!(!fewer.contains("/data/lines/0/product"));
    assert!(shop.engine.events(&event_runtime::inspect::EventFilter::new()).await.unwrap().is_empty());

    let sent = form("ada@example.org", &[("remove", "/data/lines/0"), ("do", "send")]).await.unwrap();
    assert_eq!(sent.status(), 200);
    let json_form = [
        ("mode", "json"),
        ("do", "send"),
        ("json", r#"{"data":{"number":9,"customer":"ada@example.org","card":"4242-4242","lines":[]}}"#),
    ];
    let pairs: Vec<String> =
        json_form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let request =
        client.post(&url).header("content-type", "application/x-www-form-urlencoded").body(pairs.join("&"));
    let led = request.send().await.unwrap();
    assert!(led.url().path().starts_with("/runs/"), "{}", led.url());
    assert!(led.text().await.unwrap().contains("order-placed-packing"));
    shop.engine.shutdown().await;
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()
}

#[tokio::test]
async fn changes_come_as_a_stream_that_a_slow_reader_does_not_hold_up() {
    let shop = Shop::open(Actions::All, "").await;
    let client = Client::new();
    let mut stream = client.get(format!("{}/api/changes", shop.base)).send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    // This one is never read.
    let _slow = client.get(format!("{}/api/changes", shop.base)).send().await.unwrap();
    for _ in 0..20 {
        shop.engine
            .client()
            .send_all((0..1_000).map(|number| support::OrderShipped { number }))
            .await
            .unwrap();
    }
    let run = shop.place("one", None, RunStatus::Completed).await;
    let mut seen = String::new();
    while !seen.contains("\"status\":\"completed\"") && !seen.contains("\"missed\":1") {
        seen += std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap();
    }
    assert!(seen.contains("event: hello"), "{seen}");
    assert!(!seen.contains("4242"));
    assert!(shop.engine.run(&run).await.unwrap().is_some());
    shop.engine.shutdown().await;
    while let Ok(Some(chunk)) = stream.chunk().await {
        seen += std::str::from_utf8(&chunk).unwrap();
    }
    assert!(seen.contains("event: bye"), "the stream ends with the engine");
}

#[tokio::test]
async fn the_documented_routes_are_there() {
    let shop = Shop::open(Actions::All, "/x").await;
    let run = shop.place("one", None, RunStatus::Completed).await;
    let client = Client::new();
    let document = json_of(&client, format!("{}/api/openapi.json", shop.base)).await;
    assert_eq!((&document["openapi"], &document["servers"][0]["url"]), (&json!("3.1.0"), &json!("/x")));
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let filled = path
                .replace("/catalogue/{name}", "/catalogue/order%2Fplaced")
                .replace("/events/{id}", "/events/one")
                .replace("/actions/{action}", "/actions/cancel?text=nothing-at-all")
                .replace("{id}", &run)
                .replace("{action}", "replay");
            let body = json!({ "name": "order/shipped", "data": { "number": 1 } }).to_string();
            let request = client
                .request(method.to_uppercase().parse().unwrap(), format!("{}{filled}", shop.base))
                .body(body);
            let status = request.send().await.unwrap().status().as_u16().to_string();
            assert!(operation["responses"].get(&status).is_some(), "{method} {path} answers {status}");
            tried += 1;
        }
    }
    assert!(tried > 14, "{tried}");
    shop.engine.shutdown().await;
}

#[tokio::test]
async fn serving_is_for_the_loopback_alone() {
    let shop = Shop::open(Actions::None, "").await;
    for (address, says) in [("0.0.0.0:0", "open to everyone"), ("nonsense", "is not an address")] {
        let error = serve(&shop.engine, address).await.unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let engine = shop.engine.clone();
    let served = tokio::spawn({
        let address = address.clone();
        async move { serve(&engine, &address).await }
    });
    let client = Client::new();
    let get = |host: &'static str| client.get(format!("http://{address}/events")).header("host", host).send();
    let mut status = None;
    for _ in 0..60_000 {
        if let Ok(response) = get("localhost").await {
            status = Some(response.status());
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(status, Some(StatusCode::OK));
    // Another site may have its own name lead to the loopback.
    assert_eq!(get("evil.example").await.unwrap().status(), 403);
    shop.engine.shutdown().await;
    served.await.unwrap().unwrap();
}
