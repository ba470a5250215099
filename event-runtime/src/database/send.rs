//! Sending in a transaction of the user's own: the outbox.

use std::sync::Arc;

use super::{Connection, Statements};
use crate::App;
use crate::client::{BoxFuture, Client, SendError, Sent, SharedError, Transport};
use crate::clock::Environment;
use crate::event::{EventList, ListFor, Outgoing, RawEnvelope, Seals};
use crate::function::FunctionList;
use crate::middleware::{Chain, Host};
use crate::registry::{Carries, RegisteredIn, Registry};

/// The future of sending in a transaction.
pub type SendingIn<'t, T> = BoxFuture<'t, Result<T, SendError>>;

impl<R: Registry, M> Client<R, M> {
    /// Validates an event and writes it into the table `event_outbox` of your own database, in your transaction: when that is
    /// committed the event is sent, when it is rolled back it is not. A [`Relay`](super::Relay) forwards it, with the id that is
    /// returned here.
    ///
    /// `transaction` is what your driver gives you: `&mut` a transaction of `sqlx`, `tokio-postgres`, `deadpool-postgres` or
    /// `rusqlite` (each a feature), or the connection in the body of a [`step.transaction`](crate::Step::transaction). The tables are
    /// created by [`install`](super::install).
    ///
    /// ```no_run
    /// # #[cfg(feature = "sqlx-postgres")] mod sqlx_postgres {
    /// use event_runtime::prelude::*;
    ///
    /// # /// The life of an order.
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     #[event(unhandled)]
    /// #     Placed { id: i64 },
    /// # }
    /// # registry! { pub AppEvents = [OrderEvent]; }
    /// async fn place(pool: &sqlx::PgPool, client: &Client<AppEvents>, id: i64) -> Result<()> {
    ///     let mut tx = pool.begin().await?;
    ///     sqlx::query("insert into orders (id) values ($1)").bind(id).execute(&mut *tx).await?;
    ///     client.send_in(&mut tx, OrderPlaced { id }).await?;
    ///     tx.commit().await?; // both, or neither
    ///     Ok(())
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`SendError::Rejected`] with every issue when the event is not valid; [`SendError::Database`] when it could not be written:
    /// then PostgreSQL has aborted the transaction. [`SendError::NotStarted`] when the client is that of an application without a
    /// host: a process that has none sends with [`App::outbox`].
    pub fn send_in<'t, T, E>(&self, transaction: &'t mut T, event: E) -> SendingIn<'t, String>
    where
        T: Connection + ?Sized,
        E: RegisteredIn<R> + Carries<M>,
    {
        let events = self.outgoing(|host| Outgoing::sealed(event.into_envelope(), host));
        let id = events.as_ref().ok().and_then(|(_, events)| Some(events.first()?.id.clone()));
        let written = write(transaction, events);
        Box::pin(async move { written.await.map(|()| id.unwrap_or_default()) })
    }

    /// Validates events and writes them into the outbox together: see [`send_in`](Self::send_in), and
    /// [`send_all`](Self::send_all) for what a list may be. Returns their ids.
    ///
    /// # Errors
    ///
    /// As [`send_in`](Self::send_in); the path of each issue begins with the place of its event.
    pub fn send_all_in<'t, T, L, K>(&self, transaction: &'t mut T, events: L) -> SendingIn<'t, Vec<String>>
    where
        T: Connection + ?Sized,
        L: EventList<K> + ListFor<R, M, K>,
    {
        let events = self.outgoing(|host| Outgoing::all_sealed(events.outgoing()?, host));
        let ids = events.iter().flat_map(|(_, events)| events).map(|event| event.id.clone()).collect();
        let written = write(transaction, events);
        Box::pin(async move { written.await.map(|()| ids) })
    }

    /// [`send_in`](Self::send_in) for code that is not async: `rusqlite` waits for nobody.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// # /// The life of an order.
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     #[event(unhandled)]
    /// #     Placed { id: i64 },
    /// # }
    /// # registry! { pub AppEvents = [OrderEvent]; }
    /// fn place(database: &mut rusqlite::Connection, client: &Client<AppEvents>, id: i64) -> Result<()> {
    ///     let tx = database.transaction()?;
    ///     tx.execute("insert into orders (id) values (?1)", [id])?;
    ///     client.blocking_send_in(&tx, OrderPlaced { id })?;
    ///     Ok(tx.commit()?)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`send_in`](Self::send_in).
    #[cfg(feature = "rusqlite")]
    pub fn blocking_send_in<E: RegisteredIn<R> + Carries<M>>(
        &self,
        transaction: &rusqlite::Connection,
        event: E,
    ) -> Result<String, SendError> {
        let (_, events) = self.outgoing(|host| Outgoing::sealed(event.into_envelope(), host))?;
        let insert = Statements::of(super::Dialect::Sqlite).insert;
        super::drivers::rusqlite::query(transaction, insert, vec![envelopes(&events)?])
            .map_err(not_written)?;
        Ok(events.into_iter().map(|event| event.id).next().unwrap_or_default())
    }
}

/// Writes events into the outbox. What a client makes of them comes with its host.
fn write<T: Connection + ?Sized>(
    transaction: &mut T,
    events: Result<(Arc<dyn Transport>, Vec<RawEnvelope>), SendError>,
) -> SendingIn<'_, ()> {
    let envelopes = events.and_then(|(_, events)| Ok((!events.is_empty()).then_some(envelopes(&events)?)));
    match envelopes {
        Ok(Some(envelopes)) => {
            let inserted = transaction.query(Statements::of(T::DIALECT).insert, vec![envelopes]);
            Box::pin(async move { inserted.await.map(drop).map_err(not_written) })
        }
        Ok(None) => Box::pin(async { Ok(()) }),
        Err(error) => Box::pin(async { Err(error) }),
    }
}

/// A JSON array of the envelopes, each as a text.
fn envelopes(events: &[RawEnvelope]) -> Result<String, SendError> {
    let texts = events.iter().map(serde_json::to_string).collect::<serde_json::Result<Vec<String>>>();
    texts
        .and_then(|texts| serde_json::to_string(&texts))
        .map_err(|error| SendError::Database(SharedError::new(error)))
}

fn not_written(error: super::DatabaseError) -> SendError {
    SendError::Database(SharedError::new(error))
}

impl<F: FunctionList> App<F> {
    /// Returns a client for a process that runs no host: it sends in transactions alone, by [`Client::send_in`], through the
    /// middleware of the application. The process that runs a host has a [`Relay`](super::Relay) too.
    ///
    /// Events may be as large as an engine takes them unless it is told otherwise, 512 KiB of JSON.
    pub fn outbox(&self) -> Client<F::Registry, <F::Registry as Registry>::Meta> {
        let layers = self.application.middleware.clone();
        Client::new(Arc::new(WithoutHost { layers, environment: Environment::default() }))
    }
}

/// The link of a client that only sends in transactions.
struct WithoutHost {
    layers: Chain,
    environment: Environment,
}

impl Transport for WithoutHost {
    fn send(self: Arc<Self>, _events: Vec<RawEnvelope>) -> Sent {
        Box::pin(async { Err(SendError::NotStarted) })
    }

    fn host(&self) -> Host {
        Host::Engine
    }

    fn layers(&self) -> &Chain {
        &self.layers
    }
}

impl Seals for WithoutHost {
    fn max_event_bytes(&self) -> usize {
        512 * 1024
    }

    fn new_id(&self) -> String {
        self.environment.new_id()
    }

    fn now_ms(&self) -> i64 {
        self.environment.now_ms()
    }
}
