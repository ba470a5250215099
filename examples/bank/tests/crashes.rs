//! The bank under every crash of the test kit, and the same with an ordinary step.

use event_postgres::{Server, server};
use event_runtime::prelude::*;
use event_runtime::testing::crash_everywhere;
use example_bank::{TransferEvent, TransferRequested, app, book, prepare};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

/// Books in an ordinary step: what the bank must not do.
struct Careless {
    pool: PgPool,
}

#[controller]
impl Careless {
    /// Books a transfer, and again if the process dies before the step is recorded.
    #[function(id = "transfer-requested-careless-booking")]
    async fn book(&self, ctx: &Context<TransferRequested>) -> Result<bool> {
        let booked = ctx.step.run("book", async || {
            let mut tx = self.pool.begin().await?;
            let booked = book(&mut tx, &ctx.event).await?;
            tx.commit().await?;
            Ok(booked)
        });
        Ok(Box::pin(booked).await?)
    }
}

registry! { pub CarelessEvents = [TransferEvent]; }
functions! { pub CarelessFunctions in CarelessEvents = [Careless]; }

const TRANSFER: TransferRequested = TransferRequested { id: 7, from: 1, to: 2, cents: 500 };

async fn pool(server: &Server, name: &str) -> PgPool {
    let pool = PgPoolOptions::new().max_connections(4).connect(&server.database(name)).await.unwrap();
    prepare(&pool).await.unwrap();
    pool
}

const RESET: &str = "truncate bookings, event_outbox, event_steps; update accounts set cents = 100000";
const OBSERVE: &str = "select array_agg(cents order by id), (select count(*) from bookings) from accounts";

#[tokio::test]
async fn a_transfer_is_booked_once_wherever_the_process_dies() {
    let Some(server) = server() else { return };
    let pool = pool(server, "bank").await;
    let bank = || {
        server.psql("bank", RESET);
        app(&pool).unwrap()
    };
    let report =
        crash_everywhere(bank, TRANSFER).observing("the accounts", || server.psql("bank", OBSERVE)).await;
    report.is_idempotent();
    assert!(report.crashes > 4, "{report}");
}

#[tokio::test]
async fn in_an_ordinary_step_it_is_booked_twice() {
    let Some(server) = server() else { return };
    let pool = pool(server, "careless").await;
    let bank = || {
        server.psql("careless", RESET);
        App::<CarelessFunctions>::builder("bank").provide(Careless { pool: pool.clone() }).build().unwrap()
    };
    let report =
        crash_everywhere(bank, TRANSFER).observing("the accounts", || server.psql("careless", OBSERVE)).await;
    let found = report.differences.iter().find(|difference| difference.what == "the accounts");
    let found = found.unwrap_or_else(|| panic!("it is not booked twice: {report}"));
    assert!(found.expected.contains("99500") && found.found.contains("99000"), "{report}");
}
