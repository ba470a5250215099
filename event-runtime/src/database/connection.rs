//! The traits of a driver.

use std::error::Error as StdError;
use std::sync::Arc;

use tokio::sync::Notify;

use super::DatabaseError;

/// The dialect of SQL that a database speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// PostgreSQL, 13 or later.
    Postgres,
    /// SQLite, 3.42 or later.
    Sqlite,
}

/// A row, each column as a text or null.
pub type Row = Vec<Option<String>>;

/// A connection to a database, or a transaction on one: what [`Client::send_in`](crate::Client::send_in) sends through.
///
/// Features implement it for `sqlx` (`sqlx-postgres`, `sqlx-sqlite`), `tokio-postgres` with `deadpool`, and `rusqlite`. For another
/// driver implement it on a type of your own around that driver's transaction.
///
/// ```
/// # #[cfg(feature = "rusqlite")] {
/// use event_runtime::database::{Connection, DatabaseError, Dialect, Row};
///
/// /// A transaction of another library.
/// struct Mine<'c>(&'c rusqlite::Connection);
///
/// impl Connection for Mine<'_> {
///     const DIALECT: Dialect = Dialect::Sqlite;
///
///     fn query(
///         &mut self,
///         sql: &'static str,
///         values: Vec<String>,
///     ) -> impl Future<Output = Result<Vec<Row>, DatabaseError>> + Send {
///         let rows = || -> rusqlite::Result<Vec<Row>> {
///             let mut statement = self.0.prepare(sql)?;
///             let columns = statement.column_count();
///             let read = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
///             statement.query_map(rusqlite::params_from_iter(values), read)?.collect()
///         };
///         std::future::ready(rows().map_err(|error| DatabaseError::new(None, error)))
///     }
/// }
/// # }
/// ```
///
/// Anything but a transaction is refused by the compiler:
///
/// ```compile_fail,E0277
/// use event_runtime::prelude::*;
///
/// /// The life of an order.
/// #[domain_events]
/// pub enum OrderEvent {
///     /// An order was placed.
///     Placed { id: u64 },
/// }
///
/// registry! { pub AppEvents = [OrderEvent]; }
///
/// async fn place(tx: &mut String, client: &Client<AppEvents>) {
///     client.send_in(tx, OrderPlaced { id: 7 }).await.unwrap(); // events cannot be sent in `String`
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "events cannot be sent in `{Self}`",
    label = "neither a transaction nor a connection of a supported driver",
    note = "give it `&mut` a transaction of `sqlx` (feature `sqlx-postgres` or `sqlx-sqlite`), `tokio-postgres` or `rusqlite`",
    note = "for another driver implement `event_runtime::database::Connection`"
)]
pub trait Connection {
    /// The dialect that it speaks.
    const DIALECT: Dialect;

    /// Runs one statement with these values, all of them texts, and returns the rows, whose columns are all texts. Parameters are
    /// `$1`, `$2` in PostgreSQL, and `?1`, `?2` in SQLite.
    ///
    /// # Errors
    ///
    /// The error of the database.
    fn query(
        &mut self,
        sql: &'static str,
        values: Vec<String>,
    ) -> impl Future<Output = Result<Vec<Row>, DatabaseError>> + Send;
}

/// A database of your own: a pool of connections. What a [`Relay`](super::Relay) empties, and where
/// [`step.transaction`](crate::Step::transaction) runs.
///
/// Features implement it for `sqlx::PgPool` (`sqlx-postgres`), `sqlx::SqlitePool` (`sqlx-sqlite`), `deadpool_postgres::Pool`
/// (`tokio-postgres`) and `Arc<tokio::sync::Mutex<rusqlite::Connection>>` (`rusqlite`). For another driver [`connect`](Self::connect)
/// and [`close`](Self::close) suffice.
///
/// Anything but a database is refused by the compiler:
///
/// ```compile_fail,E0277
/// use event_runtime::prelude::*;
///
/// async fn charge(step: &Step, pool: &String) {
///     step.transaction("charge", pool, async |_| Ok(())).await.unwrap(); // `String` is not a database
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a database that transactions can run on",
    label = "not the pool of a supported driver",
    note = "give it `&` a pool: `sqlx::PgPool` (feature `sqlx-postgres`), `sqlx::SqlitePool` (`sqlx-sqlite`), `deadpool_postgres::Pool` (`tokio-postgres`) or `Arc<tokio::sync::Mutex<rusqlite::Connection>>` (`rusqlite`)",
    note = "for another driver implement `event_runtime::database::Database`"
)]
pub trait Database: Clone + Send + Sync + 'static {
    /// A connection of the pool. It owns what it needs: a type with a lifetime could not be given to the body of a step.
    type Connection: Connection + Send + 'static;

    /// Takes a connection from the pool. Dropping it gives it back.
    ///
    /// # Errors
    ///
    /// The error of connecting.
    fn connect(&self) -> impl Future<Output = Result<Self::Connection, DatabaseError>> + Send;

    /// Closes a connection instead of giving it back: its transaction is undecided.
    fn close(connection: Self::Connection);

    /// Begins a transaction.
    ///
    /// # Errors
    ///
    /// The error of the database.
    fn begin(connection: &mut Self::Connection) -> impl Future<Output = Result<(), DatabaseError>> + Send {
        run(connection, "begin")
    }

    /// Commits the transaction.
    ///
    /// # Errors
    ///
    /// The error of the database.
    fn commit(connection: &mut Self::Connection) -> impl Future<Output = Result<(), DatabaseError>> + Send {
        run(connection, "commit")
    }

    /// Rolls the transaction back.
    ///
    /// # Errors
    ///
    /// The error of the database.
    fn rollback(connection: &mut Self::Connection) -> impl Future<Output = Result<(), DatabaseError>> + Send {
        run(connection, "rollback")
    }

    /// The code of an error, if it is one of this driver: the SQLSTATE of PostgreSQL, or the result code of SQLite. It tells which
    /// errors of a body are conflicts, after which the transaction is tried again at once.
    fn code(error: &(dyn StdError + 'static)) -> Option<String> {
        let _ = error;
        None
    }

    /// Wakes a relay when there may be something in the outbox, until it is dropped. By itself it never does: the relay polls.
    fn listen(&self, woken: Arc<Notify>) -> impl Future<Output = ()> + Send {
        let _ = woken;
        std::future::pending()
    }
}

async fn run<C: Connection + Send>(connection: &mut C, sql: &'static str) -> Result<(), DatabaseError> {
    connection.query(sql, Vec::new()).await.map(drop)
}
