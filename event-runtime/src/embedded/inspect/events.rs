//! Events.

use rusqlite::types::Type;
use rusqlite::{Connection, Error, Result, Row};
use serde_json::value::RawValue;

use super::sql::Sql;
use crate::clock::from_ms;
use crate::inspect::{Cursor, EventFilter, EventInfo, Page};

/// Finds a page of events.
pub(super) fn events(
    connection: &Connection,
    filter: &EventFilter,
    key: Option<&Sql>,
) -> Result<Page<EventInfo>> {
    let mut sql = Sql::new("SELECT seq, id, name, data, ts, received, cause, meta FROM events WHERE 1");
    if let Some(id) = &filter.id {
        sql.add(" AND id = ?", [id.clone()]);
    }
    if let Some(domain) = &filter.domain {
        // What follows the slash in the alphabet ends it.
        sql.add(" AND name >= ? AND name < ?", [format!("{domain}/"), format!("{domain}0")]);
    }
    sql.and_in("name", &filter.names).and_within(filter.period());
    if let Some(key) = key {
        sql.add_all(key);
    }
    sql.and_after("seq", filter.after.map(Cursor::key), filter.order);
    let limit = filter.page();
    sql.order_by("seq", filter.order, limit + 1);
    let found = sql.query(connection, |row| {
        let event = EventInfo {
            id: row.get(1)?,
            name: row.get(2)?,
            data: RawValue::from_string(row.get(3)?).map_err(|error| not_json(3, error))?,
            ts: from_ms(row.get(4)?),
            received: from_ms(row.get(5)?),
            cause: optional(row, 6, |json| serde_json::from_str(&json))?,
            meta: optional(row, 7, RawValue::from_string)?,
        };
        Ok((row.get(0)?, event))
    })?;
    Ok(Page::new(found, limit))
}

/// Reads JSON that may be missing.
fn optional<T>(
    row: &Row<'_>,
    column: usize,
    read: impl FnOnce(String) -> serde_json::Result<T>,
) -> Result<Option<T>> {
    let json: Option<String> = row.get(column)?;
    json.map(|json| read(json).map_err(|error| not_json(column, error))).transpose()
}

fn not_json(column: usize, error: serde_json::Error) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, error.into())
}
