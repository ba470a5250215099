//! `tokio-postgres`, with the pool of `deadpool-postgres`.

use std::error::Error as StdError;

use deadpool_postgres::{Object, Pool, PoolError};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, Transaction};

use crate::database::{Connection, Database, DatabaseError, Dialect, Row};

fn code(error: &Error) -> Option<String> {
    error.code().map(|code| code.code().to_owned())
}

fn failed(error: Error) -> DatabaseError {
    DatabaseError::new(code(&error), error)
}

async fn query(client: &Client, sql: &'static str, values: Vec<String>) -> Result<Vec<Row>, DatabaseError> {
    let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
    let rows = client.query(sql, &values).await.map_err(failed)?;
    let read = |row: &tokio_postgres::Row| (0..row.len()).map(|column| row.try_get(column)).collect();
    rows.iter().map(read).collect::<Result<_, _>>().map_err(failed)
}

macro_rules! connection {
    ($connection:ty, |$self:ident| $client:expr) => {
        impl Connection for $connection {
            const DIALECT: Dialect = Dialect::Postgres;

            async fn query(
                &mut self,
                sql: &'static str,
                values: Vec<String>,
            ) -> Result<Vec<Row>, DatabaseError> {
                let $self = self;
                query($client, sql, values).await
            }
        }
    };
}

connection!(Client, |client| client);
connection!(Transaction<'_>, |transaction| transaction.client());
connection!(Object, |object| object);
connection!(deadpool_postgres::Transaction<'_>, |transaction| Transaction::client(transaction));

impl Database for Pool {
    type Connection = Object;

    async fn connect(&self) -> Result<Object, DatabaseError> {
        self.get().await.map_err(|error| {
            let code = match &error {
                PoolError::Backend(error) => code(error),
                _ => None,
            };
            DatabaseError::new(code, error)
        })
    }

    fn close(connection: Object) {
        drop(Object::take(connection));
    }

    fn code(error: &(dyn StdError + 'static)) -> Option<String> {
        error.downcast_ref().and_then(code)
    }
}
