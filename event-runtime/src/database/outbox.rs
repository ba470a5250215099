//! The rows of the outbox, as the relay takes them.

use std::time::Duration;

use super::open::Open;
use super::{Connection, Database, DatabaseError, Dialect, Row, Statements};
use crate::event::RawEnvelope;

/// The longest pause before a group that was refused is tried again, in seconds.
const LONGEST_PAUSE: u64 = 300;

/// The events of one transaction, in their order; in SQLite one event.
pub(super) struct Group {
    key: String,
    ids: Vec<String>,
    pub(super) events: Vec<RawEnvelope>,
    /// The longest that one of them has waited.
    pub(super) age: Duration,
    /// How often it was refused.
    pub(super) attempts: u32,
}

impl Group {
    /// The id of the row that stands for it.
    pub(super) fn first_id(&self) -> String {
        self.ids.first().cloned().unwrap_or_default()
    }
}

/// Rows that are being forwarded. In PostgreSQL they are locked, so that no other relay takes them.
pub(super) struct Taken<D: Database> {
    connection: Held<D>,
    groups: Vec<Group>,
}

enum Held<D: Database> {
    /// In the transaction that has locked the rows.
    Locked(Open<D>),
    /// SQLite would lock the whole database for as long as the host takes.
    Free(D::Connection),
}

impl<D: Database> Taken<D> {
    /// Takes so many groups, the oldest first.
    pub(super) async fn take(database: &D, groups: usize) -> Result<Self, DatabaseError> {
        let mut connection = match D::Connection::DIALECT {
            Dialect::Postgres => Held::Locked(Open::begin(database).await?),
            Dialect::Sqlite => Held::Free(database.connect().await?),
        };
        let take = Statements::of(D::Connection::DIALECT).take;
        let rows = connection.get().query(take, vec![groups.to_string()]).await?;
        Ok(Self { connection, groups: grouped(rows)? })
    }

    pub(super) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Deletes what was forwarded.
    pub(super) async fn delete(mut self) -> Result<(), DatabaseError> {
        let ids: Vec<&str> = self.groups.iter().flat_map(|group| &group.ids).map(String::as_str).collect();
        if !ids.is_empty() {
            let ids = serde_json::json!(ids).to_string();
            let delete = Statements::of(D::Connection::DIALECT).delete;
            self.connection.get().query(delete, vec![ids]).await?;
        }
        self.connection.commit().await
    }

    /// Puts off a group that was refused so often, for this reason.
    pub(super) async fn put_off(
        mut self,
        id: String,
        attempts: u32,
        problem: &str,
    ) -> Result<(), DatabaseError> {
        let pause = 2_u64.saturating_pow(attempts.min(16)).min(LONGEST_PAUSE);
        let values = vec![id, pause.to_string(), problem.replace('\0', " ")];
        let put_off = Statements::of(D::Connection::DIALECT).put_off;
        self.connection.get().query(put_off, values).await?;
        self.connection.commit().await
    }
}

impl<D: Database> Held<D> {
    fn get(&mut self) -> &mut D::Connection {
        match self {
            Self::Locked(open) => open.connection(),
            Self::Free(connection) => connection,
        }
    }

    async fn commit(self) -> Result<(), DatabaseError> {
        match self {
            Self::Locked(open) => open.commit().await,
            Self::Free(_) => Ok(()),
        }
    }
}

/// The rows of `take`, grouped.
fn grouped(rows: Vec<Row>) -> Result<Vec<Group>, DatabaseError> {
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let [Some(key), Some(id), Some(age), Some(attempts), Some(envelope)] =
            <[Option<String>; 5]>::try_from(row).map_err(|_| unreadable("a row has not five columns"))?
        else {
            return Err(unreadable("a row has a column that is null"));
        };
        let event = serde_json::from_str(&envelope)
            .map_err(|error| unreadable(&format!("the envelope of row {id} is not one: {error}")))?;
        let age = Duration::from_secs(age.parse::<i64>().unwrap_or_default().max(0).unsigned_abs());
        let attempts = attempts.parse().unwrap_or_default();
        match groups.last_mut().filter(|group| group.key == key) {
            Some(group) => {
                group.ids.push(id);
                group.events.push(event);
                group.age = group.age.max(age);
            }
            None => groups.push(Group { key, ids: vec![id], events: vec![event], age, attempts }),
        }
    }
    Ok(groups)
}

fn unreadable(problem: &str) -> DatabaseError {
    DatabaseError::new(
        None,
        format!("the table `event_outbox` holds what was not written by `send_in`: {problem}"),
    )
}
