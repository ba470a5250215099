//! One attempt of a transaction step.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::install::clean_some;
use super::open::Open;
use super::{Connection, Database, DatabaseError, Statements};
use crate::function::{Error, Result};

/// How often a transaction is tried at once when the database says that it has met another one.
const CONFLICTS: u32 = 5;

/// For how long results are kept.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// After so many transactions of this process old results are removed.
const CLEAN_EVERY: u32 = 1_000;

static TRANSACTIONS: AtomicU32 = AtomicU32::new(0);

/// The place of a result: a step of a run.
pub(crate) struct Place {
    pub(crate) run: String,
    pub(crate) step: String,
}

/// Runs a body in a transaction that records its result, or returns what an earlier attempt has recorded.
pub(crate) async fn attempt_in<D, B, S>(database: &D, place: &Place, body: B, seal: S) -> Result<Outcome>
where
    D: Database,
    B: AsyncFnOnce(&mut D::Connection) -> Result<String> + Clone,
    S: Fn(String) -> Result<String>,
{
    let mut conflicts = 0;
    loop {
        match once(database, place, body.clone(), &seal).await {
            Err(error) if conflicts < CONFLICTS && is_conflict::<D>(&error) => conflicts += 1,
            result => return result,
        }
    }
}

/// The result of an attempt, as JSON.
pub(crate) enum Outcome {
    /// The body has run, and has returned this.
    Ran(String),
    /// An earlier attempt has recorded this, as it was sealed.
    Recorded(String),
}

async fn once<D, B, S>(database: &D, place: &Place, body: B, seal: &S) -> Result<Outcome>
where
    D: Database,
    B: AsyncFnOnce(&mut D::Connection) -> Result<String>,
    S: Fn(String) -> Result<String>,
{
    let statements = Statements::of(D::Connection::DIALECT);
    let mut open = Open::begin(database).await?;
    let claimed = open.connection().query(statements.claim, place.values()).await?;
    if claimed.is_empty() {
        return recall(open, place).await.map(Outcome::Recorded);
    }
    let ran = async {
        let result = body(open.connection()).await?;
        let mut values = place.values();
        values.push(seal(result.clone())?);
        match open.connection().query(statements.record, values).await {
            Ok(rows) if rows.is_empty() => Err(Error::non_retriable(Error::msg(ENDED_BY_BODY))),
            Ok(_) => Ok(result),
            Err(error) => Err(Error::from(error)),
        }
    };
    match ran.await {
        Ok(result) => {
            let connection = open.commit_and_keep().await?;
            if let Some(connection) = connection {
                clean_now_and_then::<D>(connection).await;
            }
            Ok(Outcome::Ran(result))
        }
        Err(error) => {
            open.roll_back().await;
            Err(error)
        }
    }
}

/// Reads the result that an earlier attempt has recorded.
async fn recall<D: Database>(mut open: Open<D>, place: &Place) -> Result<String> {
    let recall = Statements::of(D::Connection::DIALECT).recall;
    let rows = open.connection().query(recall, place.values()).await?;
    open.roll_back().await;
    match rows.into_iter().next().and_then(|row| row.into_iter().next()) {
        Some(Some(result)) => Ok(result),
        Some(None) => Err(Error::non_retriable(Error::msg(format!(
            "an earlier attempt of it has committed by itself, and whether it was done then is unknown. Remove `commit` and `rollback` from \
             its body, see what it has left in the database, and delete the row of run `{}` and step `{}` from `event_steps`",
            place.run, place.step
        )))),
        None => Err(Error::msg("its recorded result was deleted at this very moment")),
    }
}

/// Whether the transaction has met another one: a serialization failure, or a deadlock. In SQLite: the database is locked.
fn is_conflict<D: Database>(error: &Error) -> bool {
    error.chain().any(|error| {
        let ours = error.downcast_ref::<DatabaseError>().and_then(|error| error.code().map(str::to_owned));
        let code = ours.or_else(|| D::code(error));
        matches!(code.as_deref(), Some("40001" | "40P01" | "5" | "261" | "517"))
    })
}

async fn clean_now_and_then<D: Database>(mut connection: D::Connection) {
    if !TRANSACTIONS.fetch_add(1, Ordering::Relaxed).is_multiple_of(CLEAN_EVERY) {
        return;
    }
    if let Err(error) = clean_some::<D>(&mut connection, KEPT).await {
        tracing::warn!(%error, "old rows of `event_steps` could not be removed");
    }
}

impl Place {
    fn values(&self) -> Vec<String> {
        vec![self.run.clone(), self.step.clone()]
    }
}

const ENDED_BY_BODY: &str = "its body has ended the transaction: leave `commit` and `rollback` to the step, which commits when the body returns \
    `Ok` and rolls back when it returns an error. A part of it may fail in a savepoint";
