//! The console in Chromium: every page, wide and at 360 px, in light and dark, with and without scripts.

mod support;
#[path = "support/browser.rs"]
mod window;

use event_console::Actions;
use event_runtime::inspect::{RunFilter, RunStatus};
use serde_json::{Value, json};

use support::Shop;
use window::Browser;

/// The script of axe-core, if `npm ci` has brought it.
fn axe() -> Option<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/axe/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(path).ok();
    if axe.is_none() {
        eprintln!("skipped: axe-core, for `npm ci --prefix event-console/tests/axe` was not run");
    }
    axe
}

async fn pages(shop: &Shop) -> Vec<String> {
    let waits = shop.place("one", Some("wait"), RunStatus::Waiting).await;
    let failed = shop.place("two", Some("fail"), RunStatus::Failed).await;
    let own = [
        "/events".to_owned(),
        "/events/two".to_owned(),
        "/send".to_owned(),
        "/send/order%2Fplaced".to_owned(),
        "/runs".to_owned(),
        "/runs?status=failed".to_owned(),
        format!("/runs/{waits}"),
        format!("/runs/{failed}"),
        format!("/runs/{waits}/cancel"),
        "/functions".to_owned(),
        "/catalogue".to_owned(),
        "/catalogue/order%2Fplaced".to_owned(),
        "/engine".to_owned(),
        "/nothing".to_owned(),
    ];
    own.into_iter().map(|path| format!("{}{path}", shop.base)).collect()
}

/// The addresses of every request since the log was read last.
async fn requests(browser: &Browser) -> Vec<String> {
    let lines = browser.log("performance").await;
    let url = |line: &Value| -> Option<String> {
        let message: Value = serde_json::from_str(line["message"].as_str()?).ok()?;
        let message = &message["message"];
        if message["method"] != "Network.requestWillBeSent" {
            return None;
        }
        message["params"]["request"]["url"].as_str().map(str::to_owned)
    };
    lines.iter().filter_map(url).filter(|url| url.starts_with("http")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_sound_in_a_browser() {
    let Some(browser) = Browser::open().await else { return };
    let (shop, axe) = (Shop::open(Actions::All, "/console").await, axe());
    for url in pages(&shop).await {
        for (width, scheme) in [(1280, "light"), (360, "dark")] {
            let metrics = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
            browser.tools("Emulation.setDeviceMetricsOverride", metrics).await;
            let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
            browser.tools("Emulation.setEmulatedMedia", media).await;
            browser.go(&url).await;
            browser.until("document.querySelector('h1') !== null").await;
            let wide = browser.value("document.documentElement.scrollWidth").await;
            assert!(wide.as_u64().unwrap() <= width, "{url} is {wide} wide at {width}");
            if let Some(axe) = &axe {
                assert_eq!(browser.violations(axe).await, json!([]), "{url} at {width}, {scheme}");
            }
        }
        // A page of an error has the status of one, which a browser notes.
        let noted = browser.log("browser").await;
        let wrong: Vec<_> = noted
            .iter()
            .filter(|line| !line["message"].as_str().unwrap_or_default().contains("404"))
            .collect();
        assert!(wrong.is_empty(), "{url}: {wrong:?}");
        let others = requests(&browser).await;
        assert!(others.iter().all(|to| to.starts_with(&shop.base)), "{url} asks {others:?}");
    }
    shop.engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_follows_what_happens_and_acts() {
    let Some(browser) = Browser::open().await else { return };
    let shop = Shop::open(Actions::All, "").await;
    browser.go(&format!("{}/runs", shop.base)).await;
    browser.until("document.querySelector('.link').dataset.state === 'live'").await;
    let run = shop.place("one", Some("wait"), RunStatus::Waiting).await;
    browser.until("document.body.innerText.includes('order-placed-packing')").await;
    browser.click("td[data-name=Run] a").await;
    browser.until(&format!("location.pathname === '/runs/{run}'")).await;
    browser.until("document.body.innerText.includes('order/shipped')").await;
    browser.click(".actions a[href$='/cancel']").await;
    browser.until("document.querySelector('button.danger') !== null").await;
    browser.click("button.danger").await;
    browser.until("document.querySelector('h1 .status')?.dataset.status === 'cancelled'").await;
    shop.until(&RunFilter::new().event_id("one"), RunStatus::Cancelled).await;

    browser.go(&format!("{}/send/order%2Fplaced", shop.base)).await;
    browser.click("form[novalidate] button.primary").await;
    browser.until("location.pathname.startsWith('/runs/')").await;
    shop.engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_can_be_read_and_filtered_without_a_script() {
    let Some(browser) = Browser::open().await else { return };
    browser.tools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    let shop = Shop::open(Actions::All, "").await;
    shop.place("one", Some("fail"), RunStatus::Failed).await;
    browser.go(&format!("{}/runs", shop.base)).await;
    browser.click("form.filters button").await;
    browser.click("td[data-name=Run] a").await;
    browser.click("pre.error").await;
    browser.click(".actions a[href$='/retry']").await;
    browser.click("button.danger").await;
    browser.click(".heading .status").await;
    shop.engine.shutdown().await;
}
