//! Steps that are a transaction on the user's own database.

use std::sync::Arc;

use super::{Output, Step};
use crate::database::Database;
use crate::database::step::{Attempt, Place, attempt};
use crate::function::machine::{Operation, Request, Signal};
use crate::function::{Result, StepError, encode_output};

impl<F> Step<F> {
    /// Runs `body` in a transaction on your own database, in which its result is recorded too, in the table `event_steps`: what the
    /// body changes there happens exactly once, also if the process dies before the engine has recorded the result.
    ///
    /// `body` gets the connection, on which the transaction has begun; it is committed when the body returns `Ok`, and rolled back when
    /// it returns an error. Then, as with [`run`](Self::run), it is retried on a clone of the closure. A serialization failure or a
    /// deadlock (`40001`, `40P01`) is retried at once, up to five times. A body that returns early, panics or is dropped leaves nothing
    /// behind: its connection is closed.
    ///
    /// Side effects beside that database must be idempotent, as in [`run`](Self::run). Send events with
    /// [`Client::send_in`](crate::Client::send_in) in the body: they are sent when it commits. With `sqlx`, a `begin` in the body is a savepoint.
    ///
    /// The tables are created by [`database::install`](crate::database::install). A test that resets your tables empties `event_steps`
    /// too: a run of the test kit may have the id of an earlier one.
    ///
    /// ```no_run
    /// # #[cfg(feature = "sqlx-postgres")] mod sqlx_postgres {
    /// use event_runtime::prelude::*;
    ///
    /// # #[domain_events]
    /// # pub enum TransferEvent {
    /// #     /// A transfer was requested.
    /// #     Requested { from: i64, cents: i64 },
    /// # }
    /// /// Moves money.
    /// pub struct Bank {
    ///     pool: sqlx::PgPool,
    /// }
    ///
    /// #[controller]
    /// impl Bank {
    ///     /// Takes money from an account, and returns what is left.
    ///     #[function(id = "transfer-requested-charge")]
    ///     async fn charge(&self, ctx: &Context<TransferRequested>) -> Result<i64> {
    ///         let left = ctx.step.transaction("charge", &self.pool, async |tx| {
    ///             let charge = "update accounts set cents = cents - $1 where id = $2 returning cents";
    ///             Ok(sqlx::query_scalar(charge).bind(ctx.event.cents).bind(ctx.event.from).fetch_one(&mut **tx).await?)
    ///         });
    ///         Ok(left.await?)
    ///     }
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run): [`StepError::Failed`] when the body or the database has failed for good, or when the body has ended the
    /// transaction itself.
    pub fn transaction<'a, T, D, B>(
        &'a self,
        id: &str,
        database: &'a D,
        body: B,
    ) -> impl Future<Output = Result<T, StepError>> + use<'a, T, D, B, F>
    where
        T: Output,
        D: Database,
        B: AsyncFnOnce(&mut D::Connection) -> Result<T> + Clone,
    {
        let mut operation = Operation::new(&self.promises, id, Request::Run);
        async move {
            loop {
                match operation.signal().await {
                    Signal::Done(result) => return operation.decode(&result?),
                    Signal::Go { op, failed } => {
                        let place =
                            Place { run: self.promises.run().to_owned(), step: operation.key().to_owned() };
                        let body = body.clone();
                        let encoded = async move |connection: &mut D::Connection| {
                            encode_output(&body(connection).await?).map(|json| json.to_string())
                        };
                        let attempt = async {
                            let seal = |json: String| self.promises.seal(&place.step, json);
                            match attempt(database, &place, encoded, seal).await? {
                                Attempt::Ran(json) => Ok(Arc::from(json)),
                                Attempt::Recorded(json) => self.promises.unseal(&place.step, json),
                            }
                        };
                        operation.execute(op, failed, attempt).await;
                    }
                }
            }
        }
    }
}
