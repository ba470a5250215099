//! Runs the bank: `cargo run -p example-bank -- postgres://user:password@localhost/bank`. Interrupt it wherever you like, and start it
//! again: the sum stays.

use event_runtime::prelude::*;
use example_bank::{TransferRequested, app, prepare, request, work};
use sqlx::PgPool;

#[tokio::main]
async fn main() -> Result<()> {
    let Some(url) = std::env::args().nth(1) else {
        return Err(Error::msg(
            "give the URL of a PostgreSQL database: postgres://user:password@localhost/bank",
        ));
    };
    let pool = PgPool::connect(&url).await?;
    prepare(&pool).await?;
    let engine = app(&pool)?.embedded("bank.db").start().await?;
    let client = engine.client();
    for id in 0..200 {
        let transfer = TransferRequested { id, from: id % 10 + 1, to: id * 7 % 10 + 1, cents: 100 + id };
        request(&pool, &client, transfer).await?;
    }
    work(&pool, &engine).await?;
    let (sum, bookings): (i64, i64) =
        sqlx::query_as("select sum(cents)::bigint, (select count(*) from bookings) from accounts")
            .fetch_one(&pool)
            .await?;
    println!("{bookings} transfers are booked, and the accounts hold {sum} cents");
    engine.shutdown().await;
    Ok(())
}
