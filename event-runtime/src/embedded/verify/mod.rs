//! Will this build carry on what another has begun? Every open run is re-entered against its recorded results.

mod reentry;
mod report;

pub use report::{Finding, Misfit, VerifyReport};

use std::path::Path;
use std::sync::Arc;

use tokio::runtime::Handle;

use self::reentry::reenter;
use self::report::Found;
use super::sqlite::{Opener, Snapshot, SqliteStore, shared, snapshot};
use super::{Embedded, StartError};
use crate::client::SharedError;
use crate::engine::model::RunKey;
use crate::engine::store::{Store as _, StoreError};
use crate::function::Foreign;

impl<F> Embedded<F> {
    /// Verifies, before a deployment, that this build can carry on the open runs of the database: re-enters each of them against its
    /// recorded results, and reports what does not fit. It works on a snapshot, also while another process has the database open, and
    /// writes nothing. No body of a step runs, and nothing is sent; what stands between the steps of a function does run.
    ///
    /// ```no_run
    /// # use event_runtime::prelude::*;
    /// # registry! { pub AppEvents = []; }
    /// # functions! { pub AppFunctions in AppEvents = []; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<()> {
    /// let app = App::<AppFunctions>::builder("shop").build()?;
    /// let report = app.embedded("events.db").verify().await?;
    /// println!("{report}");
    /// assert!(report.fits());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`StartError`]: there is no such database, it belongs to another application, was written by a later version, or cannot be
    /// read.
    pub async fn verify(&self) -> Result<VerifyReport, StartError> {
        if let Some(&Foreign { app, function }) = self.application.foreign.first() {
            return Err(StartError::ForeignFunction { app, function });
        }
        let (application, path) = (Arc::clone(&self.application), self.path.clone());
        let (adopts, now) = (self.options.adopts, self.options.environment.now_ms());
        let runtime = Handle::current();
        let verifying = runtime.clone().spawn_blocking(move || {
            let opener = Opener { application: &application.id, adopts };
            let Snapshot { connection, format } = snapshot(&path, opener)?;
            let mut store =
                // No token is given out.
                SqliteStore::new(&connection, &application, || [0; 32], now).map_err(|error| failed(&path, error))?;
            let mut report = VerifyReport::new(format);
            let runs = open_runs(&connection)
                .map_err(|error| StartError::Store { path: path.clone(), source: shared(error) })?;
            for (key, id, function) in runs {
                match store.load_run(key).map_err(|error| failed(&path, error))? {
                    Some(run) => report.add(&function, &id, runtime.block_on(reenter(&application, run))),
                    None => report.add(&function, &id, vec![Found::function_gone()]),
                }
            }
            Ok(report)
        });
        let panicked = |error: tokio::task::JoinError| StartError::Panicked { message: error.to_string() };
        verifying.await.map_err(panicked)?
    }
}

fn failed(path: &Path, error: StoreError) -> StartError {
    let source: SharedError = error.0;
    StartError::Store { path: path.to_owned(), source }
}

/// The open runs, with their ids and those of their functions, in their order.
fn open_runs(connection: &rusqlite::Connection) -> rusqlite::Result<Vec<(RunKey, String, String)>> {
    let mut statement = connection.prepare(
        "SELECT runs.seq, runs.id, coalesce(heirs.id, functions.id) FROM runs JOIN functions ON functions.num = function
         LEFT JOIN functions AS heirs ON heirs.num = functions.heir ORDER BY runs.seq",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect()
}
