//! Steps that are a transaction on the user's own database.

use std::fmt;
use std::sync::Arc;

use super::{Output, Run, Step};
use crate::database::Database;
use crate::database::step::{Outcome, Place, attempt_in};
use crate::function::machine::{Operation, Request, StepOptions};
use crate::function::{Result, encode_output};

impl<F> Step<F> {
    /// Runs `body` in a transaction on your own database, in which its result is recorded too, in the table `event_steps`: what the
    /// body changes there happens exactly once, also if the process dies before the engine has recorded the result.
    ///
    /// `body` gets the connection, on which the transaction has begun; it is committed when the body returns `Ok`, and rolled back when
    /// it returns an error. Then, as with [`run`](Self::run), it is retried on a clone of the closure, as often as the function or the step
    /// ([`retries`](Run::retries)) says. A serialization failure or a
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
    /// As [`run`](Self::run): [`StepError::Failed`](crate::StepError::Failed) when the body or the database has failed for good, or when the body has ended the
    /// transaction itself.
    pub fn transaction<'a, T, D, B>(
        &'a self,
        id: &str,
        database: &'a D,
        body: B,
    ) -> Run<'a, T, OnDatabase<'a, D, B>, impl Future<Output = ()> + use<'a, T, D, B, F>>
    where
        T: Output,
        D: Database,
        B: AsyncFnOnce(&mut D::Connection) -> Result<T> + Clone,
    {
        let operation = Operation::new(&self.promises, id, Request::Run(StepOptions::default()));
        Run::new(operation, OnDatabase { database, body }, |on: &OnDatabase<'a, D, B>, attempt| {
            let (database, body) = (on.database, on.body.clone());
            let (promises, step) = attempt.place();
            attempt.run(async move {
                let place = Place { run: promises.run().to_owned(), step: step.to_string() };
                let encoded = async move |connection: &mut D::Connection| {
                    encode_output(&body(connection).await?).map(|json| json.to_string())
                };
                // Boxed: what drivers await is large.
                let ran = Box::pin(attempt_in(database, &place, encoded, |json| promises.seal(&step, json)));
                match ran.await? {
                    Outcome::Ran(json) => Ok(Arc::from(json)),
                    Outcome::Recorded(json) => promises.unseal(&step, json),
                }
            })
        })
    }
}

/// The body of a transaction step, and its database: part of the type of [`Step::transaction`].
pub struct OnDatabase<'a, D, B> {
    database: &'a D,
    body: B,
}

impl<D, B> fmt::Debug for OnDatabase<'_, D, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnDatabase").finish_non_exhaustive()
    }
}
