//! The process that stays: it starts the shop, ends it with `SIGKILL` when somebody asks for it, and starts it again.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use event_runtime::prelude::*;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::Notify;

/// The state that the page and the loop share.
#[derive(Default)]
struct Shared {
    kill: Notify,
    kills: AtomicU32,
    console: String,
}

/// Starts the shop again and again, and serves the page with the button.
pub(crate) async fn run(address: &str, console: &str) -> Result<()> {
    let shared = Arc::new(Shared { console: console.to_owned(), ..Shared::default() });
    let router =
        Router::new().route("/", get(page)).route("/kill", post(kill)).with_state(Arc::clone(&shared));
    let listener = TcpListener::bind(address).await?;
    println!("the button: http://{address}\nthe console: http://{console}");
    tokio::select! {
        served = axum::serve(listener, router) => Ok(served?),
        supervised = supervise(&shared) => supervised,
    }
}

async fn supervise(shared: &Shared) -> Result<()> {
    loop {
        let mut child = start()?;
        // The shop ends when the other end of this is gone: however the supervisor ends.
        let held = child.stdin.take();
        tokio::select! {
            ended = child.wait() => {
                println!("the shop has ended by itself ({}), and is started again", ended?);
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            () = shared.kill.notified() => {
                child.kill().await?;
                let kills = shared.kills.fetch_add(1, Ordering::Relaxed) + 1;
                println!("the shop was killed for the {kills}. time, and is started again");
            }
        }
        drop(held);
    }
}

/// Starts this program once more, as the shop.
fn start() -> std::io::Result<Child> {
    Command::new(std::env::current_exe()?).arg("shop").stdin(Stdio::piped()).kill_on_drop(true).spawn()
}

async fn page(State(shared): State<Arc<Shared>>) -> Html<String> {
    let (console, kills) = (&shared.console, shared.kills.load(Ordering::Relaxed));
    Html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <title>Kill it</title><style>body{{font:18px/1.5 system-ui;max-width:36em;margin:4em auto;padding:0 1em}}\
         button{{font:inherit;padding:.5em 1.2em}}</style><h1>A shop that survives</h1><p>The engine runs in a process of its own, \
         with its <a href='http://{console}' target=_blank>console</a>. Open a run there, and end the process with \
         <code>SIGKILL</code>: it is started again, and the run goes on with the results that it has.\
         <form method=post action=/kill><button>Kill the engine</button></form><p>Killed {kills} times."
    ))
}

/// Kills the shop, unless another site asks for it.
async fn kill(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Result<Redirect, StatusCode> {
    if headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return Err(StatusCode::FORBIDDEN);
    }
    shared.kill.notify_one();
    Ok(Redirect::to("/"))
}
