//! The relay: forwards what stands in an outbox to a host.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::outbox::{Group, Taken};
use super::{Database, DatabaseError};
use crate::client::{Client, SendError, Transport};
use crate::event::RawEnvelope;
use crate::registry::Registry;

/// How many transactions are forwarded at once, at most.
const MOST_GROUPS: usize = 256;

/// How many events are sent to the host in one call, at most.
const MOST_EVENTS: usize = 500;

/// The pauses after failures in a row: from, to.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(30));

/// Between two warnings of events that have waited for too long.
const WARN_EVERY: Duration = Duration::from_mins(10);

/// Forwards the events of an outbox to a host, with their own ids, and deletes them once the host has acknowledged them.
///
/// The host is that of the client: an embedded engine, an Inngest server, or the test kit. The events of one transaction are forwarded
/// in their order. When the relay or its host dies between the acknowledgement and the deletion, they are forwarded again: the host
/// knows their ids, and they start nothing twice, as long as it is back within its window of deduplication.
///
/// Any number of relays may run, in any number of processes: in PostgreSQL they share the work. In SQLite more than one forwards the
/// same events more than once, which is harmless.
///
/// ```no_run
/// # #[cfg(feature = "sqlx-postgres")] mod sqlx_postgres {
/// use event_runtime::database::{Relay, install};
/// use event_runtime::prelude::*;
/// # registry! { pub AppEvents = []; }
/// # functions! { pub AppFunctions in AppEvents = []; }
///
/// async fn start(pool: sqlx::PgPool, app: App<AppFunctions>) -> Result<()> {
///     install(&pool).await?;
///     let engine = app.embedded("events.db").start().await?;
///     let relay = Relay::new(&pool, &engine.client());
///     let relay = tokio::spawn(async move { relay.run().await });
///     // ..
///     relay.abort(); // it stops at any point, and loses nothing
///     engine.shutdown().await;
///     Ok(())
/// }
/// # }
/// ```
pub struct Relay<D> {
    database: D,
    host: Arc<FindHost>,
    poll: Duration,
    window: Duration,
    woken: Arc<Notify>,
}

type FindHost = dyn Fn() -> Result<Arc<dyn Transport>, SendError> + Send + Sync;

/// The error of forwarding. The events are still in the outbox.
#[derive(Debug)]
#[non_exhaustive]
pub enum RelayError {
    /// The database cannot be read or written.
    Database(DatabaseError),
    /// The host has not taken the events.
    Host(SendError),
}

impl fmt::Display for RelayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(error) => write!(f, "the outbox cannot be read: {error}"),
            Self::Host(error) => write!(f, "the host does not take the events of the outbox: {error}"),
        }
    }
}

impl std::error::Error for RelayError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Database(error) => Some(error),
            Self::Host(error) => Some(error),
        }
    }
}

impl From<DatabaseError> for RelayError {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl<D: fmt::Debug> fmt::Debug for Relay<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay")
            .field("poll", &self.poll)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}

impl<D: Database> Relay<D> {
    /// A relay from a database to the host of a client. What the client's own middleware and metadata would add was added when the
    /// events were sent.
    pub fn new<R: Registry + 'static, M: 'static>(database: &D, client: &Client<R, M>) -> Self {
        let client = client.clone();
        Self {
            database: database.clone(),
            host: Arc::new(move || client.host()),
            poll: Duration::from_secs(1),
            window: Duration::from_hours(24),
            woken: Arc::default(),
        }
    }

    /// Sets how often it looks into the outbox unless it is woken: each second unless set. With `sqlx-postgres` it is woken by
    /// `LISTEN`, elsewhere by [`waker`](Self::waker) alone.
    #[must_use]
    pub fn poll(mut self, interval: Duration) -> Self {
        self.poll = interval;
        self
    }

    /// Sets for how long the host knows the ids of events: 24 hours unless set. It warns of events that have waited for longer: one that
    /// was forwarded before, and not deleted, would start its functions again.
    #[must_use]
    pub fn window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// Returns what wakes it at once: for code of the same process that has just committed.
    pub fn waker(&self) -> RelayWaker {
        RelayWaker(Arc::clone(&self.woken))
    }

    /// Forwards until it is dropped, at whatever point. Errors are logged and tried again, with pauses of up to 30 seconds.
    pub async fn run(&self) {
        let forwarding = async {
            let mut pace = Pace::default();
            loop {
                match self.forward(pace.groups).await {
                    Ok(Forwarded { events: 0, .. }) => {
                        pace.succeeded();
                        let _ = tokio::time::timeout(self.poll, self.woken.notified()).await;
                    }
                    Ok(forwarded) => {
                        pace.succeeded();
                        self.warn_of_age(forwarded.oldest, &mut pace);
                    }
                    Err(error) => {
                        let pause = pace.failed();
                        tracing::warn!(%error, retry_in = ?pause, "the relay of the outbox will try again");
                        tokio::time::sleep(pause).await;
                    }
                }
            }
        };
        let listening = async {
            self.database.listen(Arc::clone(&self.woken)).await;
            // A driver that has stopped to listen leaves it to poll.
            std::future::pending::<()>().await;
        };
        tokio::join!(listening, forwarding);
    }

    /// Forwards what is in the outbox now, and returns how many events that were: for tests, and for programs that a timer starts.
    ///
    /// # Errors
    ///
    /// The first error. What was acknowledged before is deleted, the rest is still there.
    pub async fn forward_all(&self) -> Result<usize, RelayError> {
        let mut all = 0;
        loop {
            match self.forward(MOST_GROUPS).await?.events {
                0 => return Ok(all),
                events => all += events,
            }
        }
    }

    /// Forwards the events of so many transactions.
    async fn forward(&self, groups: usize) -> Result<Forwarded, RelayError> {
        let host = (self.host)().map_err(RelayError::Host)?;
        let taken = Taken::take(&self.database, groups).await?;
        let oldest = taken.groups().iter().map(|group| group.age).max().unwrap_or_default();
        let sent = send(&host, taken.groups()).await;
        match sent {
            Ok(events) => {
                taken.delete().await?;
                Ok(Forwarded { events, oldest })
            }
            Err(error) => {
                // Alone it has been refused: those behind it go on.
                if let [group] = taken.groups()
                    && blames_events(&error)
                {
                    let (id, attempts) = (group.first_id(), group.attempts);
                    taken.put_off(id, attempts, &error.to_string()).await?;
                }
                Err(RelayError::Host(error))
            }
        }
    }

    fn warn_of_age(&self, oldest: Duration, pace: &mut Pace) {
        if oldest <= self.window || pace.warned.is_some_and(|warned| warned.elapsed() < WARN_EVERY) {
            return;
        }
        pace.warned = Some(Instant::now());
        tracing::warn!(
            waited = ?oldest, window = ?self.window,
            "events of the outbox have waited for longer than their ids are known: one that was forwarded before a relay has died starts \
             its functions twice"
        );
    }
}

/// Wakes a [`Relay`].
#[derive(Debug, Clone)]
pub struct RelayWaker(Arc<Notify>);

impl RelayWaker {
    /// Lets the relay look into the outbox at once.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

struct Forwarded {
    events: usize,
    oldest: Duration,
}

/// How much the relay tries at once, and how long it pauses.
struct Pace {
    groups: usize,
    failures: u32,
    warned: Option<Instant>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { groups: MOST_GROUPS, failures: 0, warned: None }
    }
}

impl Pace {
    fn succeeded(&mut self) {
        self.failures = 0;
        self.groups = (self.groups * 2).min(MOST_GROUPS);
    }

    /// The pause. One event that is refused must not hold up all others: fewer are tried together, in the end each transaction alone.
    fn failed(&mut self) -> Duration {
        self.groups = (self.groups / 16).max(1);
        let pause = PAUSES.0 * 2_u32.pow(self.failures.min(7));
        self.failures += 1;
        pause.min(PAUSES.1)
    }
}

/// Sends the events of groups in their order, in as few calls as they fit in.
async fn send(host: &Arc<dyn Transport>, groups: &[Group]) -> Result<usize, SendError> {
    let events: Vec<&RawEnvelope> = groups.iter().flat_map(|group| &group.events).collect();
    let mut most = MOST_EVENTS;
    let mut sent = 0;
    while sent < events.len() {
        let some = &events[sent..events.len().min(sent + most)];
        let call = Arc::clone(host).send(some.iter().map(|&event| event.clone()).collect());
        match call.await {
            Ok(_) => sent += some.len(),
            // A host may take fewer.
            Err(SendError::TooMany { limit, .. }) if limit > 0 && limit < most => most = limit,
            Err(error) => return Err(error),
        }
    }
    Ok(sent)
}

/// Whether the error may be that of certain events, and not of the host.
fn blames_events(error: &SendError) -> bool {
    matches!(error, SendError::Rejected(_) | SendError::Server(_) | SendError::Partly { .. })
}
