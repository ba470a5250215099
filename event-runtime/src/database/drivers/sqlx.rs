//! `sqlx`, for PostgreSQL and for SQLite.

use std::error::Error as StdError;
use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::{Pool, Row as _, Transaction};
use sqlx_core::transaction::TransactionManager;
use tokio::sync::Notify;

use crate::database::{Connection, Database, DatabaseError, Dialect, Row};

fn code(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

fn failed(error: sqlx::Error) -> DatabaseError {
    DatabaseError::new(code(&error), error)
}

macro_rules! driver {
    ($database:ty, $connection:ty, $dialect:ident, $listen:expr) => {
        impl Connection for $connection {
            const DIALECT: Dialect = Dialect::$dialect;

            async fn query(
                &mut self,
                sql: &'static str,
                values: Vec<String>,
            ) -> Result<Vec<Row>, DatabaseError> {
                let query = values.into_iter().fold(sqlx::query(sql), |query, value| query.bind(value));
                let rows = query.fetch_all(&mut *self).await.map_err(failed)?;
                let read = |row: &<$database as sqlx::Database>::Row| {
                    (0..row.len()).map(|column| row.try_get(column)).collect()
                };
                rows.iter().map(read).collect::<sqlx::Result<_>>().map_err(failed)
            }
        }

        impl Connection for PoolConnection<$database> {
            const DIALECT: Dialect = Dialect::$dialect;

            async fn query(
                &mut self,
                sql: &'static str,
                values: Vec<String>,
            ) -> Result<Vec<Row>, DatabaseError> {
                (**self).query(sql, values).await
            }
        }

        impl Connection for Transaction<'_, $database> {
            const DIALECT: Dialect = Dialect::$dialect;

            async fn query(
                &mut self,
                sql: &'static str,
                values: Vec<String>,
            ) -> Result<Vec<Row>, DatabaseError> {
                (**self).query(sql, values).await
            }
        }

        // Begun as sqlx begins them, so that a `begin` in the body of a step is a savepoint.
        impl Database for Pool<$database> {
            type Connection = PoolConnection<$database>;

            async fn connect(&self) -> Result<Self::Connection, DatabaseError> {
                self.acquire().await.map_err(failed)
            }

            fn close(connection: Self::Connection) {
                drop(connection.detach());
            }

            async fn begin(connection: &mut Self::Connection) -> Result<(), DatabaseError> {
                <$database as sqlx::Database>::TransactionManager::begin(connection, None)
                    .await
                    .map_err(failed)
            }

            async fn commit(connection: &mut Self::Connection) -> Result<(), DatabaseError> {
                <$database as sqlx::Database>::TransactionManager::commit(connection).await.map_err(failed)
            }

            async fn rollback(connection: &mut Self::Connection) -> Result<(), DatabaseError> {
                <$database as sqlx::Database>::TransactionManager::rollback(connection).await.map_err(failed)
            }

            fn code(error: &(dyn StdError + 'static)) -> Option<String> {
                error.downcast_ref().and_then(code)
            }

            async fn listen(&self, woken: Arc<Notify>) {
                let listen: fn(Self, Arc<Notify>) -> _ = $listen;
                listen(self.clone(), woken).await;
            }
        }
    };
}

#[cfg(feature = "sqlx-postgres")]
driver!(sqlx::Postgres, sqlx::PgConnection, Postgres, listen);
#[cfg(feature = "sqlx-sqlite")]
driver!(sqlx::Sqlite, sqlx::SqliteConnection, Sqlite, |_, _| std::future::pending::<()>());

/// Waits for notifications on a connection of its own, and connects again when that is lost.
#[cfg(feature = "sqlx-postgres")]
async fn listen(pool: sqlx::PgPool, woken: Arc<Notify>) {
    loop {
        let listened = async {
            let mut listener = sqlx::postgres::PgListener::connect_with(&pool).await?;
            listener.listen("event_outbox").await?;
            loop {
                // What was sent before it has listened.
                woken.notify_one();
                let _ = listener.recv().await?;
            }
        };
        let lost: sqlx::Result<std::convert::Infallible> = listened.await;
        let Err(error) = lost;
        tracing::debug!(%error, "the relay cannot listen for notifications: it polls until it can");
        tokio::time::sleep(RECONNECT_AFTER).await;
    }
}

/// The pause before it listens again.
#[cfg(feature = "sqlx-postgres")]
const RECONNECT_AFTER: std::time::Duration = std::time::Duration::from_secs(1);
