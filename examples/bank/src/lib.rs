//! A bank in PostgreSQL. A transfer is requested in the transaction that enters it (`send_in`), and booked in the transaction that
//! records the step (`step.transaction`): the sum of all accounts never changes, and each transfer is booked once, wherever the
//! process dies.

use event_runtime::database::{Relay, install};
use event_runtime::embedded::Engine;
use event_runtime::prelude::*;
use sqlx::PgPool;

/// The life of a transfer.
#[domain_events]
pub enum TransferEvent {
    /// A transfer was requested.
    Requested {
        /// Which one.
        id: i64,
        /// From this account.
        from: i64,
        /// To this one.
        to: i64,
        /// How much.
        #[validate(range(min = 1))]
        cents: i64,
    },
    /// A transfer was booked.
    #[event(unhandled)]
    Booked {
        /// Which one.
        id: i64,
    },
}

registry! { pub BankEvents = [TransferEvent]; }
functions! { pub BankFunctions in BankEvents = [Bank]; }

/// The bank.
#[derive(Debug, Clone)]
pub struct Bank {
    /// Its database.
    pub pool: PgPool,
    /// What tells of bookings, in the transaction that makes them.
    pub events: Client<BankEvents>,
}

#[controller]
impl Bank {
    /// Books a transfer: both accounts, the entry and the event, or nothing. Returns whether there was enough money.
    #[function(id = "transfer-requested-booking", emits(TransferBooked))]
    async fn book(&self, ctx: &Context<TransferRequested>) -> Result<bool> {
        let booked = ctx.step.transaction("book", &self.pool, async |tx| {
            let is_covered = book(tx, &ctx.event).await?;
            if is_covered {
                self.events.send_in(tx, TransferBooked { id: ctx.event.id }).await?;
            }
            Ok(is_covered)
        });
        Ok(booked.await?)
    }
}

/// Moves the money of a transfer on a connection, unless the account has too little.
///
/// # Errors
///
/// What the database says.
pub async fn book(tx: &mut sqlx::PgConnection, transfer: &TransferRequested) -> Result<bool> {
    let TransferRequested { id, from, to, cents } = *transfer;
    let charge = "update accounts set cents = cents - $1 where id = $2 and cents >= $1";
    let charged = sqlx::query(charge).bind(cents).bind(from).execute(&mut *tx).await?.rows_affected();
    if charged == 0 {
        return Ok(false);
    }
    let credit = "update accounts set cents = cents + $1 where id = $2";
    sqlx::query(credit).bind(cents).bind(to).execute(&mut *tx).await?;
    sqlx::query("insert into bookings (transfer) values ($1)").bind(id).execute(&mut *tx).await?;
    Ok(true)
}

/// The tables, and ten accounts with 1,000.00 each.
pub const SCHEMA: [&str; 4] = [
    "create table if not exists accounts (id bigint primary key, cents bigint not null check (cents >= 0))",
    "create table if not exists transfers (id bigint primary key)",
    // No key: what is booked twice must show.
    "create table if not exists bookings (transfer bigint not null)",
    "insert into accounts select id, 100000 from generate_series(1, 10) as id on conflict do nothing",
];

/// Creates the tables.
///
/// # Errors
///
/// What the database says.
pub async fn prepare(pool: &PgPool) -> Result<()> {
    install(pool).await?;
    for statement in SCHEMA {
        sqlx::query(statement).execute(pool).await?;
    }
    Ok(())
}

/// Enters a transfer and requests it, in one transaction. One that was entered before is not requested again.
///
/// # Errors
///
/// What the database says, or that the transfer is not valid.
pub async fn request(pool: &PgPool, events: &Client<BankEvents>, transfer: TransferRequested) -> Result<()> {
    let mut tx = pool.begin().await?;
    let enter = "insert into transfers (id) values ($1) on conflict do nothing";
    if sqlx::query(enter).bind(transfer.id).execute(&mut *tx).await?.rows_affected() == 1 {
        events.send_in(&mut tx, transfer).await?;
    }
    Ok(tx.commit().await?)
}

/// The application.
///
/// # Errors
///
/// What is wrong with it.
pub fn app(pool: &PgPool) -> Result<App<BankFunctions>> {
    let app = App::builder("bank");
    let bank = Bank { pool: pool.clone(), events: app.client() };
    Ok(app.provide(bank).build()?)
}

/// Forwards and books until nothing is left to do.
///
/// # Errors
///
/// When the outbox cannot be forwarded, or the engine has failed.
pub async fn work(pool: &PgPool, engine: &Engine<BankFunctions>) -> Result<()> {
    let relay = Relay::new(pool, &engine.client());
    loop {
        let forwarded = relay.forward_all().await?;
        engine.wait_idle().await?;
        if forwarded == 0 {
            return Ok(());
        }
    }
}
