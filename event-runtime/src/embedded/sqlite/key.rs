//! The keys of runs and events as SQLite keeps them: whole numbers.

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use crate::engine::model::{EventKey, RunKey, WaitKey};

impl ToSql for RunKey {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for RunKey {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(Self)
    }
}

impl ToSql for EventKey {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for EventKey {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(Self)
    }
}

/// Keys of waits as the bytes of a BLOB.
pub(super) fn to_bytes(waits: &[WaitKey]) -> Vec<u8> {
    waits.iter().flat_map(|wait| [wait.run.0.to_le_bytes(), wait.slot.to_le_bytes()]).flatten().collect()
}

/// The keys of waits from the bytes of a BLOB. `None`: it holds something else.
pub(super) fn from_bytes(bytes: &[u8]) -> Option<Vec<WaitKey>> {
    let (pairs, rest) = bytes.as_chunks::<16>();
    let key = |pair: &[u8; 16]| {
        let (run, slot) = pair.split_first_chunk::<8>()?;
        let slot = slot.first_chunk::<8>()?;
        Some(WaitKey { run: RunKey(i64::from_le_bytes(*run)), slot: u64::from_le_bytes(*slot) })
    };
    if rest.is_empty() { pairs.iter().map(key).collect() } else { None }
}
