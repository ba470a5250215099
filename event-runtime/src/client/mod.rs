//! Sending events, typed by the registry, over any host.

mod error;
mod json;

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

pub use error::{SendError, SharedError};

use crate::event::{Outgoing, RawEnvelope, check_size};
use crate::registry::{RegisteredIn, Registry};
use crate::validate::{Issues, Path};

/// A boxed future, as dynamic hosts return it.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A host as a client sees it: takes validated events, answers when they are safe.
pub(crate) trait Transport: Send + Sync + 'static {
    /// Stores `events` atomically and in order. The receipts are in the order of `events`.
    fn send(&self, events: Vec<RawEnvelope>) -> BoxFuture<'_, Result<Vec<Receipt>, SendError>>;

    /// The greatest size of a payload, in bytes of JSON.
    fn max_event_bytes(&self) -> usize;

    /// The id of an event that was sent without one.
    fn new_id(&self) -> String;

    /// The time of an event that was sent without one, in milliseconds since the Unix epoch.
    fn now_ms(&self) -> i64;
}

/// The receipt of an event that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// The id of the event: the one it was sent with, or the one that it was given.
    pub id: String,
    /// Whether an event with this id had been accepted before, within the deduplication window: then nothing was started.
    pub duplicate: bool,
}

/// Sends events of the registry `R` to a host. Cheap to clone.
///
/// An event that is not in `R` is an error of the compiler:
///
/// ```compile_fail,E0277
/// use event_runtime::prelude::*;
///
/// /// The life of a user.
/// #[domain_events]
/// pub enum UserEvent {
///     /// A user was created.
///     Created { id: u64 },
/// }
///
/// registry! { pub AppEvents = []; }
///
/// async fn sign_up(client: &Client<AppEvents>) {
///     client.send(UserCreated { id: 1 }).await.unwrap(); // the event set `UserEvent` is not registered in `AppEvents`
/// }
/// ```
pub struct Client<R> {
    transport: Arc<dyn Transport>,
    registry: PhantomData<fn() -> R>,
}

impl<R> Clone for Client<R> {
    fn clone(&self) -> Self {
        Self { transport: Arc::clone(&self.transport), registry: PhantomData }
    }
}

impl<R> fmt::Debug for Client<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

impl<R: Registry> Client<R> {
    pub(crate) fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport, registry: PhantomData }
    }

    /// Validates an event and sends it. When this returns `Ok`, the event and every run it starts are stored.
    ///
    /// # Errors
    ///
    /// [`SendError::Rejected`] with every issue when it is not valid; otherwise what kept the host from storing it.
    /// Nothing was stored.
    pub fn send<E: RegisteredIn<R>>(&self, event: E) -> Sending<'_, Receipt> {
        let sealed = Outgoing::new(event.into_envelope(), &Path::root());
        let sealed = sealed.and_then(|event| self.transport.seal(vec![event], |_| Path::root()));
        Sending(Box::pin(async { self.transport.send_one(sealed?).await }))
    }

    /// Validates events and sends them: all of them are stored, or none.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); the path of each issue begins with the place of its event, `[3].name`.
    pub fn send_all<E: RegisteredIn<R>>(
        &self,
        events: impl IntoIterator<Item = E>,
    ) -> Sending<'_, Vec<Receipt>> {
        let root = Path::root();
        let sealed =
            Outgoing::all(events).and_then(|events| self.transport.seal(events, |index| root.index(index)));
        Sending(Box::pin(async { self.transport.send(sealed?).await }))
    }

    /// Sends an event that arrived as JSON: an envelope `{ name, data?, id?, ts?, v?, user? }`.
    ///
    /// The paths of issues in the payload are those of [`Payload::parse`](crate::Payload::parse), `steps[3].key`;
    /// an issue of the envelope itself has the name of its field, `ts`.
    ///
    /// # Errors
    ///
    /// [`SendError::Rejected`] with every issue: bytes that are not UTF-8 or not JSON, a name that the registry lacks,
    /// a payload that is too large or not valid, a wrong `id`, `ts` or `v`. Otherwise what kept the host from storing
    /// it. Nothing was stored.
    pub async fn send_json(&self, envelope: &[u8]) -> Result<Receipt, SendError> {
        let raw = json::read::<R>(envelope, &*self.transport)?;
        self.transport.send_one(vec![raw]).await
    }
}

/// Events on their way to the host: a future. It is a type of its own, and not `async fn`, so that an event that is not
/// registered is one error and not three.
#[must_use = "nothing is sent until it is awaited"]
pub struct Sending<'a, T>(BoxFuture<'a, Result<T, SendError>>);

impl<T> Future for Sending<'_, T> {
    type Output = Result<T, SendError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx)
    }
}

impl<T> fmt::Debug for Sending<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").finish_non_exhaustive()
    }
}

impl dyn Transport {
    /// Checks the sizes of events and fills in what their sender left open. `place` is where an event stands in the call.
    fn seal<'p>(
        &self,
        events: Vec<Outgoing>,
        place: impl Fn(usize) -> Path<'p>,
    ) -> Result<Vec<RawEnvelope>, Issues> {
        let (max, now, mut issues) = (self.max_event_bytes(), self.now_ms(), Issues::new());
        for (index, event) in events.iter().enumerate() {
            check_size(&event.data, max, &place(index), &mut issues);
        }
        issues.into_result(())?;
        Ok(events.into_iter().map(|event| event.seal(|| self.new_id(), now)).collect())
    }

    /// Sends one event.
    async fn send_one(&self, event: Vec<RawEnvelope>) -> Result<Receipt, SendError> {
        // A transport answers with one receipt an event.
        self.send(event).await?.pop().ok_or(SendError::Closed)
    }
}
