//! Conditions in SQL.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Result, Row, params_from_iter};

use crate::clock::to_ms;
use crate::event::EventDescriptor;
use crate::inspect::{KeyFilter, Order, Period};

/// A condition in SQL with its values, in their order.
#[derive(Default)]
pub(super) struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), values: Vec::new() }
    }

    /// Adds text, in which each `?` is one of the values.
    pub(super) fn add<V: Into<Value>>(
        &mut self,
        text: &str,
        values: impl IntoIterator<Item = V>,
    ) -> &mut Self {
        self.text.push_str(text);
        self.values.extend(values.into_iter().map(Into::into));
        self
    }

    pub(super) fn add_all(&mut self, other: &Self) -> &mut Self {
        self.add(&other.text, other.values.iter().cloned())
    }

    /// ` AND column IN (?, ?)`; nothing without values.
    pub(super) fn and_in(&mut self, column: &str, values: &[String]) -> &mut Self {
        if values.is_empty() {
            return self;
        }
        let places = vec!["?"; values.len()].join(", ");
        self.add(&format!(" AND {column} IN ({places})"), values.iter().cloned())
    }

    pub(super) fn and_within(&mut self, Period { column, from, to }: Period) -> &mut Self {
        if let Some(from) = from {
            self.add(&format!(" AND {column} >= ?"), [to_ms(from)]);
        }
        if let Some(to) = to {
            self.add(&format!(" AND {column} < ?"), [to_ms(to)]);
        }
        self
    }

    /// ` AND column < ?`, in the order that is asked for.
    pub(super) fn and_after(&mut self, column: &str, after: Option<i64>, order: Order) -> &mut Self {
        let Some(after) = after else { return self };
        let is = if order == Order::Oldest { '>' } else { '<' };
        self.add(&format!(" AND {column} {is} ?"), [after])
    }

    /// ` AND column >= ?`, to the end of what is looked at.
    pub(super) fn and_up_to(&mut self, column: &str, end: Option<i64>, order: Order) -> &mut Self {
        let Some(end) = end else { return self };
        let is = if order == Order::Oldest { "<=" } else { ">=" };
        self.add(&format!(" AND {column} {is} ?"), [end])
    }

    pub(super) fn in_order(&mut self, column: &str, order: Order) -> &mut Self {
        let direction = if order == Order::Oldest { "ASC" } else { "DESC" };
        self.add::<Value>(&format!(" ORDER BY {column} {direction}"), [])
    }

    pub(super) fn order_by(&mut self, column: &str, order: Order, limit: usize) -> &mut Self {
        self.in_order(column, order).add(" LIMIT ?", [i64::try_from(limit).unwrap_or(i64::MAX)])
    }

    pub(super) fn query<T>(
        &self,
        connection: &Connection,
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = connection.prepare(&self.text)?;
        let rows = statement.query_map(params_from_iter(&self.values), read)?;
        rows.collect()
    }
}

impl Sql {
    /// The first rows that are wanted, at most so many. The others are looked at one by one, and not kept.
    pub(super) fn first<T>(
        &self,
        connection: &Connection,
        limit: usize,
        read: impl Fn(&Row<'_>) -> Result<(i64, T)>,
        is_wanted: impl Fn(&T) -> bool,
    ) -> Result<Vec<(i64, T)>> {
        let mut statement = connection.prepare(&self.text)?;
        let mut rows = statement.query(params_from_iter(&self.values))?;
        let mut found = Vec::new();
        while found.len() < limit
            && let Some(row) = rows.next()?
        {
            let (key, item) = read(row)?;
            if is_wanted(&item) {
                found.push((key, item));
            }
        }
        Ok(found)
    }
}

/// The key up to which a page is looked for, after so many rows from where it begins; `None` to the end of the table.
pub(super) fn look_up_to(
    connection: &Connection,
    table: &str,
    (after, order): (Option<i64>, Order),
    budget: Option<usize>,
) -> Result<Option<i64>> {
    let Some(budget) = budget else { return Ok(None) };
    let mut sql = Sql::new(format!("SELECT seq FROM {table} WHERE 1"));
    sql.and_after("seq", after, order).order_by("seq", order, 1);
    sql.add(" OFFSET ?", [i64::try_from(budget).unwrap_or(i64::MAX)]);
    let mut statement = connection.prepare(&sql.text)?;
    statement.query_row(params_from_iter(&sql.values), |row| row.get(0)).optional()
}

/// The condition that an event has this key, by the fields that are the key of each event.
pub(super) fn keyed(key: &KeyFilter, events: Vec<&'static EventDescriptor>) -> Sql {
    let mut sql = Sql::new(" AND (0");
    let has_such_a_key = |event: &&EventDescriptor| {
        event.key.len() == key.parts.len() && key.kinds.as_ref().is_none_or(|kinds| kinds == event.key_kinds)
    };
    for event in events.into_iter().filter(has_such_a_key) {
        sql.add(" OR (events.name = ?", [event.name.to_owned()]);
        for (field, part) in event.key.iter().zip(&key.parts) {
            let path = format!("$.{}", serde_json::Value::from(*field));
            // A text as it is, or a number as it stands in the JSON.
            let values = [path.clone(), part.clone(), path, part.clone()];
            sql.add(" AND (events.data ->> ? = ? OR events.data -> ? = ?)", values);
        }
        sql.add::<Value>(")", []);
    }
    sql.add::<Value>(")", []);
    sql
}
