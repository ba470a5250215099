//! Creating the tables, and removing what nobody asks for any more.

use std::time::Duration;

use super::open::Open;
use super::{Connection, Database, DatabaseError, Statements};

/// The tables for PostgreSQL, as SQL for a migration tool. It may run again.
pub const POSTGRES_SCHEMA: &str = include_str!("sql/postgres.sql");

/// The tables for SQLite, as SQL for a migration tool. It may run again.
pub const SQLITE_SCHEMA: &str = include_str!("sql/sqlite.sql");

/// Creates the tables `event_outbox` and `event_steps`, unless they are there. Several processes may call it at the same time.
///
/// It needs `create` on the first schema of the `search_path`, but not if the tables are there. For a migration tool the same SQL is
/// [`POSTGRES_SCHEMA`] and [`SQLITE_SCHEMA`].
///
/// # Errors
///
/// The error of the database.
pub async fn install<D: Database>(database: &D) -> Result<(), DatabaseError> {
    let statements = Statements::of(D::Connection::DIALECT);
    let mut connection = database.connect().await?;
    let tables = connection.query(statements.count_tables, Vec::new()).await?;
    if tables.first().and_then(|row| row.first()) == Some(&Some("2".to_owned())) {
        return Ok(());
    }
    let Some(lock) = statements.lock_schema else {
        // SQLite lets one after the other write, and each statement may run again.
        return create(&mut connection, statements).await;
    };
    drop(connection);
    let mut open = Open::begin(database).await?;
    open.connection().query(lock, Vec::new()).await?;
    create(open.connection(), statements).await?;
    open.commit().await
}

async fn create<C: Connection + Send>(
    connection: &mut C,
    statements: &Statements,
) -> Result<(), DatabaseError> {
    for statement in statements.schema.split_inclusive(";\n") {
        connection.query(statement, Vec::new()).await?;
    }
    Ok(())
}

/// Deletes the recorded results of transaction steps that are older than `age`, and returns how many. Transaction steps do so
/// themselves now and then, with 30 days. A result is needed as long as the engine has not recorded it too: until the process that
/// died in between, or its Inngest server, is back.
///
/// # Errors
///
/// The error of the database.
pub async fn clean<D: Database>(database: &D, age: Duration) -> Result<u64, DatabaseError> {
    let mut connection = database.connect().await?;
    let mut cleaned = 0;
    loop {
        let some = clean_some::<D>(&mut connection, age).await?;
        cleaned += some;
        if some == 0 {
            return Ok(cleaned);
        }
    }
}

/// Deletes a thousand of them.
pub(crate) async fn clean_some<D: Database>(
    connection: &mut D::Connection,
    age: Duration,
) -> Result<u64, DatabaseError> {
    let clean = Statements::of(D::Connection::DIALECT).clean;
    let rows = connection.query(clean, vec![age.as_secs().to_string()]).await?;
    Ok(rows.len().try_into().unwrap_or(u64::MAX))
}
