//! A transaction on a connection of a pool.

use super::{Database, DatabaseError};

/// An open transaction. Dropped before it is committed or rolled back, its connection is closed and not given back.
pub(crate) struct Open<D: Database>(Option<D::Connection>);

impl<D: Database> Open<D> {
    /// Takes a connection, and begins.
    pub(crate) async fn begin(database: &D) -> Result<Self, DatabaseError> {
        let mut open = Self(Some(database.connect().await?));
        D::begin(open.connection()).await?;
        Ok(open)
    }

    /// The connection.
    pub(crate) fn connection(&mut self) -> &mut D::Connection {
        self.0.as_mut().expect("a transaction that is open has a connection")
    }

    /// Commits, and gives the connection back.
    pub(crate) async fn commit(mut self) -> Result<(), DatabaseError> {
        D::commit(self.connection()).await?;
        drop(self.0.take());
        Ok(())
    }

    /// Commits, and returns the connection.
    pub(crate) async fn commit_and_keep(mut self) -> Result<Option<D::Connection>, DatabaseError> {
        D::commit(self.connection()).await?;
        Ok(self.0.take())
    }

    /// Rolls back, and gives the connection back: if that fails, it is closed.
    pub(crate) async fn roll_back(mut self) {
        match D::rollback(self.connection()).await {
            Ok(()) => drop(self.0.take()),
            Err(error) => {
                tracing::debug!(%error, "a transaction could not be rolled back: its connection is closed");
            }
        }
    }
}

impl<D: Database> Drop for Open<D> {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            D::close(connection);
        }
    }
}
