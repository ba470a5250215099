//! `rusqlite`: it blocks the thread for as long as SQLite takes.

use std::error::Error as StdError;
use std::future::ready;
use std::sync::Arc;

use rusqlite::{Connection as Sqlite, Error, Transaction, params_from_iter};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::database::{Connection, Database, DatabaseError, Dialect, Row};

/// Runs one statement.
pub(in crate::database) fn query(
    connection: &Sqlite,
    sql: &str,
    values: Vec<String>,
) -> Result<Vec<Row>, DatabaseError> {
    let rows = || -> rusqlite::Result<Vec<Row>> {
        let mut statement = connection.prepare_cached(sql)?;
        let columns = statement.column_count();
        let read = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
        statement.query_map(params_from_iter(values), read)?.collect()
    };
    rows().map_err(|error| DatabaseError::new(code(&error), error))
}

fn code(error: &Error) -> Option<String> {
    match error {
        Error::SqliteFailure(error, _) => Some(error.extended_code.to_string()),
        _ => None,
    }
}

macro_rules! connection {
    ($connection:ty) => {
        impl Connection for $connection {
            const DIALECT: Dialect = Dialect::Sqlite;

            fn query(
                &mut self,
                sql: &'static str,
                values: Vec<String>,
            ) -> impl Future<Output = Result<Vec<Row>, DatabaseError>> + Send {
                ready(query(self, sql, values))
            }
        }
    };
}

connection!(Sqlite);
connection!(Transaction<'_>);
connection!(OwnedMutexGuard<Sqlite>);

/// One connection, for whoever has the lock.
impl Database for Arc<Mutex<Sqlite>> {
    type Connection = OwnedMutexGuard<Sqlite>;

    async fn connect(&self) -> Result<Self::Connection, DatabaseError> {
        Ok(Self::clone(self).lock_owned().await)
    }

    fn close(connection: Self::Connection) {
        // It is the only one: it stays, without the transaction.
        if !connection.is_autocommit()
            && let Err(error) = connection.execute_batch("rollback")
        {
            tracing::error!(%error, "a transaction could not be rolled back: later ones fail until it is");
        }
    }

    fn code(error: &(dyn StdError + 'static)) -> Option<String> {
        error.downcast_ref().and_then(code)
    }
}
