//! A shop with a console, for the tests.

use axum::Router;
use event_console::{Access, Actions, Console};
use event_runtime::embedded::{Backoff, Engine};
use event_runtime::inspect::{RunFilter, RunStatus};
use event_runtime::prelude::*;
use tokio::net::TcpListener;

/// One line of an order.
#[payload]
pub(crate) struct Line {
    /// What is ordered.
    #[validate(length(min = 1, max = 40), example = "tea")]
    pub(crate) product: String,
    #[validate(range(min = 1, max = 99), example = 2)]
    pub(crate) quantity: u32,
}

/// The life of an order.
#[domain_events]
pub(crate) enum OrderEvent {
    /// A customer placed an order.
    Placed {
        #[event(key)]
        #[validate(example = 7)]
        number: u64,
        /// Where the receipt goes.
        #[validate(email, example = "ada@example.org")]
        customer: String,
        #[event(sensitive)]
        #[validate(length(min = 4), example = "4242-4242")]
        card: String,
        #[validate(length(max = 5))]
        lines: Vec<Line>,
        note: Option<String>,
    },
    /// An order has left the house.
    #[event(unhandled)]
    Shipped { number: u64 },
}

registry! { pub(crate) ShopEvents = [OrderEvent]; }

/// Packs, waits or fails, as the note says.
#[function(id = "order-placed-packing", name = "Pack an order", retries = 0, emits(OrderShipped))]
async fn pack(ctx: &Context<OrderPlaced>) -> Result<u64> {
    let OrderPlaced { number, card, note, .. } = &ctx.event;
    match note.as_deref() {
        Some("wait") => {
            let shipped = ctx.step.wait_for_event::<OrderShipped>("shipped");
            shipped
                .matching("async.data.number == event.data.number")
                .timeout(Duration::from_hours(1))
                .await?;
        }
        Some("fail") => {
            let fails = ctx.step.run("charge", async || -> Result<()> {
                Err(Error::non_retriable(format!("<script>alert('no')</script> {card} declined")))
            });
            fails.await?;
        }
        _ => {}
    }
    let packed = ctx.step.run("pack", async || Ok(format!("packed for {card} <b>now</b>"))).await?;
    ctx.step.send("tell", OrderShipped { number: *number }).await?;
    Ok(packed.len() as u64)
}

functions! { pub(crate) ShopFunctions in ShopEvents = [pack]; }

/// A shop, its folder, and the address of its console.
pub(crate) struct Shop {
    pub(crate) engine: Engine<ShopFunctions>,
    pub(crate) base: String,
    _folder: tempfile::TempDir,
}

impl Shop {
    /// A shop whose console is below a path.
    pub(crate) async fn open(actions: Actions, prefix: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = App::<ShopFunctions>::builder("shop").build().unwrap();
        let embedded =
            app.embedded(folder.path().join("shop.db")).backoff(Backoff::fixed(Duration::from_millis(1)));
        let engine = embedded.start().await.unwrap();
        let console = Console::new(&engine).allow(actions).authorize(|request| {
            match request.headers.get("x-user").and_then(|user| user.to_str().ok()) {
                Some("nobody") => Access::Denied,
                Some("stranger") => Access::Unknown,
                user => Access::Granted(user.unwrap_or("ada").to_owned()),
            }
        });
        let router = match prefix {
            "" => console.into_router(),
            prefix => Router::new().nest(prefix, console.into_router()),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}{prefix}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { engine, base, _folder: folder }
    }

    /// Places an order, and waits until its run stands so.
    pub(crate) async fn place(&self, id: &str, note: Option<&str>, status: RunStatus) -> String {
        let order = OrderPlaced {
            number: 7,
            customer: "ada@example.org".into(),
            card: "4242-4242".into(),
            lines: vec![Line { product: "<img src=x onerror=alert(1)>".into(), quantity: 2 }],
            note: note.map(str::to_owned),
        };
        self.engine.client().send(order.with_id(id)).await.unwrap();
        self.until(&RunFilter::new().event_id(id), status).await
    }

    pub(crate) async fn until(&self, filter: &RunFilter, status: RunStatus) -> String {
        for _ in 0..60_000 {
            if let Some(run) =
                self.engine.runs(filter).await.unwrap().first().filter(|run| run.status == status)
            {
                return run.id.clone();
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("waited in vain for a run that is {status}")
    }
}
