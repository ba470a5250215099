//! The drivers, each behind a feature.

#[cfg(feature = "rusqlite")]
pub(super) mod rusqlite;
#[cfg(any(feature = "sqlx-postgres", feature = "sqlx-sqlite"))]
mod sqlx;
#[cfg(feature = "tokio-postgres")]
mod tokio_postgres;
