//! Events.

use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, Result, Row, params};
use serde_json::value::RawValue;

use super::sql::{Sql, look_up_to};
use crate::clock::from_ms;
use crate::inspect::{Cursor, EventFilter, EventInfo, Order, Page, Skipped};

const COLUMNS: &str = "seq, id, name, data, ts, received, cause, meta, v, user, trace";

/// Finds a page of events. `is_wanted` is asked of each that meets the other conditions.
pub(super) fn events(
    connection: &Connection,
    filter: &EventFilter,
    key: Option<&Sql>,
    is_wanted: impl Fn(&EventInfo) -> bool,
) -> Result<Page<EventInfo>> {
    let end =
        look_up_to(connection, "events", (filter.after.map(Cursor::key), filter.order), filter.budget())?;
    let some = |name: Option<&str>| {
        let mut sql = Sql::new(format!("SELECT {COLUMNS} FROM events WHERE 1"));
        sql.and_up_to("seq", end, filter.order);
        if let Some(name) = name {
            sql.add(" AND name = ?", [name.to_owned()]);
        }
        if let Some(id) = &filter.id {
            sql.add(" AND id = ?", [id.clone()]);
        }
        sql.and_within(filter.period());
        if let Some(key) = key {
            sql.add_all(key);
        }
        sql.and_after("seq", filter.after.map(Cursor::key), filter.order).in_order("seq", filter.order);
        sql.first(connection, filter.page() + 1, event_info, &is_wanted)
    };
    let mut found = match names(connection, filter)? {
        None => some(None)?,
        // Of each name some are looked up in the index.
        Some(names) => names
            .iter()
            .map(|name| some(Some(name)))
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .flatten()
            .collect(),
    };
    found.sort_by_key(|(key, _)| *key);
    if filter.order == Order::Newest {
        found.reverse();
    }
    found.truncate(filter.page() + 1);
    for (key, event) in &mut found {
        count_runs(connection, *key, event)?;
    }
    Ok(Page::new(found, filter.page(), end))
}

/// The names that a filter allows, of those that occur; `None` for any.
fn names(connection: &Connection, filter: &EventFilter) -> Result<Option<Vec<String>>> {
    let Some(domain) = &filter.domain else {
        return Ok(Some(filter.names.clone()).filter(|names| !names.is_empty()));
    };
    // From each name to the next in the index. What follows the slash in the alphabet ends the domain.
    let mut statement = connection.prepare(
        "WITH RECURSIVE found (name) AS (
             SELECT min(name) FROM events WHERE name >= ?1 AND name < ?2
             UNION ALL
             SELECT (SELECT min(name) FROM events WHERE name > found.name AND name < ?2) FROM found
             WHERE found.name IS NOT NULL)
         SELECT name FROM found WHERE name IS NOT NULL",
    )?;
    let rows = statement.query_map([format!("{domain}/"), format!("{domain}0")], |row| row.get(0))?;
    let mut names: Vec<String> = rows.collect::<Result<_>>()?;
    if !filter.names.is_empty() {
        names.retain(|name| filter.names.contains(name));
    }
    Ok(Some(names))
}

/// The newest event with this id, and its key.
pub(super) fn event_of_id(connection: &Connection, id: &str) -> Result<Option<(i64, EventInfo)>> {
    let sql = format!("SELECT {COLUMNS} FROM events WHERE id = ?1 ORDER BY seq DESC LIMIT 1");
    find(connection, &sql, id)
}

/// The event with this key.
pub(super) fn event_of_key(connection: &Connection, key: i64) -> Result<Option<EventInfo>> {
    let sql = format!("SELECT {COLUMNS} FROM events WHERE seq = ?1");
    Ok(find(connection, &sql, key)?.map(|(_, event)| event))
}

fn find(connection: &Connection, sql: &str, value: impl rusqlite::ToSql) -> Result<Option<(i64, EventInfo)>> {
    let mut found = connection.query_row(sql, [value], event_info).optional()?;
    if let Some((key, event)) = &mut found {
        count_runs(connection, *key, event)?;
    }
    Ok(found)
}

fn event_info(row: &Row<'_>) -> Result<(i64, EventInfo)> {
    let event = EventInfo {
        id: row.get(1)?,
        name: row.get(2)?,
        data: RawValue::from_string(row.get(3)?).map_err(|error| not_json(3, error))?,
        ts: from_ms(row.get(4)?),
        received: from_ms(row.get(5)?),
        cause: optional(row, 6, |json| serde_json::from_str(&json))?,
        meta: optional(row, 7, RawValue::from_string)?,
        version: row.get(8)?,
        user: optional(row, 9, RawValue::from_string)?,
        traceparent: row.get(10)?,
        runs: 0,
        skipped: Vec::new(),
    };
    Ok((row.get(0)?, event))
}

/// Fills in what an event has started, and what it has not.
fn count_runs(connection: &Connection, key: i64, event: &mut EventInfo) -> Result<()> {
    let mut count = connection.prepare_cached(
        "SELECT (SELECT count(*) FROM runs WHERE event = ?1)
              + (SELECT count(*) FROM batches JOIN runs ON runs.seq = run WHERE batches.event = ?1 AND runs.event <> ?1)",
    )?;
    event.runs = count.query_row([key], |row| row.get::<_, i64>(0))?.unsigned_abs();
    let mut skips = connection.prepare_cached(
        "SELECT coalesce(heirs.id, functions.id), by FROM skips JOIN functions ON functions.num = function
         LEFT JOIN functions AS heirs ON heirs.num = functions.heir WHERE event = ?1 ORDER BY 1",
    )?;
    let rows =
        skips.query_map(params![key], |row| Ok(Skipped { function_id: row.get(0)?, by: row.get(1)? }))?;
    event.skipped = rows.collect::<Result<_>>()?;
    Ok(())
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
