//! Sending events, typed by the registry, over any host.

mod error;
mod json;

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

pub use error::{SendError, SharedError};

use serde_json::value::RawValue;

#[cfg(doc)]
use crate::event::Metadata;
use crate::event::{Outgoing, RawEnvelope, Seals, current_cause};
use crate::middleware::{Chain, Host, Middleware};
use crate::registry::{Carries, RegisteredIn, Registry, Stamps};
use crate::validate::{Issues, Path};

/// A boxed future, as dynamic hosts return it.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A host as a client sees it: takes validated events, answers when they are safe.
pub(crate) trait Transport: Seals + Send + Sync + 'static {
    /// Stores `events` atomically and in order. The receipts are in the order of `events`.
    fn send(&self, events: Vec<RawEnvelope>) -> BoxFuture<'_, Result<Vec<Receipt>, SendError>>;

    /// The kind of host.
    fn host(&self) -> Host;

    /// The layers between this host and its application.
    fn layers(&self) -> &Chain;
}

/// The receipt of an event that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// The id of the event: the one it was sent with, or the one that it was given.
    pub id: String,
    /// True if an event with this id was accepted before, within the deduplication window: this one was ignored.
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
///
/// # Metadata
///
/// `M` is what its events still miss. The client of a host misses the metadata of the registry, if there is any: then it is a
/// `Client<AppEvents, AppMeta>`, and [`with_meta`](Self::with_meta) makes a `Client<AppEvents>` of it that sends. Sending without
/// is an error of the compiler:
///
/// ```compile_fail,E0277
/// use event_runtime::prelude::*;
///
/// /// Who does something, and for whom.
/// #[payload]
/// pub struct AppMeta { tenant: String }
///
/// /// The life of a user.
/// #[domain_events]
/// pub enum UserEvent {
///     /// A user was created.
///     Created { id: u64 },
/// }
///
/// registry! { pub AppEvents with AppMeta = [UserEvent]; }
///
/// async fn sign_up(client: &Client<AppEvents, AppMeta>) {
///     client.send(UserCreated { id: 1 }).await.unwrap(); // `AppMeta` must come with every event of this registry
/// }
/// ```
pub struct Client<R, M = ()> {
    transport: Arc<dyn Transport>,
    /// The metadata of what it sends, or what is wrong with it.
    stamp: Option<Arc<Stamp>>,
    /// The layers of this client alone, inside those of the application.
    layers: Chain,
    types: PhantomData<fn() -> (R, M)>,
}

type Stamp = Result<Box<RawValue>, Issues>;

impl<R, M> Clone for Client<R, M> {
    fn clone(&self) -> Self {
        let (transport, stamp) = (Arc::clone(&self.transport), self.stamp.clone());
        Self { transport, stamp, layers: self.layers.clone(), types: PhantomData }
    }
}

impl<R, M> fmt::Debug for Client<R, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

impl<R: Registry> Client<R, R::Meta> {
    pub(crate) fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport, stamp: None, layers: Chain::default(), types: PhantomData }
    }
}

impl<R: Registry, M> Client<R, M> {
    /// A client whose events carry this metadata, unless an event brings its own: see [`Metadata`]. It stands in place of what JSON
    /// from outside says, too. Cheap: make one for each request.
    ///
    /// Metadata that breaks its rules is told by whatever is sent: [`SendError::Rejected`] with paths such as `meta.tenant`.
    ///
    /// ```
    /// use event_runtime::{SendError, prelude::*};
    ///
    /// /// Who does something, and for whom.
    /// #[payload]
    /// pub struct AppMeta {
    ///     user: u64,
    ///     #[validate(length(min = 1))]
    ///     tenant: String,
    /// }
    ///
    /// /// The life of a user.
    /// #[domain_events]
    /// pub enum UserEvent {
    ///     /// A user was created.
    ///     Created { id: u64 },
    /// }
    ///
    /// registry! { pub AppEvents with AppMeta = [UserEvent]; }
    ///
    /// async fn sign_up(client: &Client<AppEvents, AppMeta>, tenant: &str) -> Result<(), SendError> {
    ///     let client = client.with_meta(AppMeta { user: 7, tenant: tenant.into() });
    ///     client.send(UserCreated { id: 1 }).await?;
    ///     client.send(UserCreated { id: 2 }.with_id("import-2")).await?;
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn with_meta<N: Stamps<R>>(&self, meta: N) -> Client<R> {
        let mut issues = Issues::new();
        let json = meta.write(&Path::root(), &mut issues);
        // Without JSON there is an issue.
        let stamp = issues.into_result(json.unwrap_or_default());
        let (transport, layers) = (Arc::clone(&self.transport), self.layers.clone());
        Client { transport, stamp: Some(Arc::new(stamp)), layers, types: PhantomData }
    }

    /// The same client with a layer around the events that it sends, inside those of the application: an event comes to this
    /// layer first. See [`middleware`](crate::middleware).
    #[must_use]
    pub fn middleware(mut self, middleware: impl Middleware) -> Self {
        self.layers = self.layers.with(Arc::new(middleware));
        self
    }

    /// Validates an event and sends it. When this returns `Ok`, the event and every run it starts are stored.
    ///
    /// # Errors
    ///
    /// [`SendError::Rejected`] with every issue when it is not valid; otherwise what kept the host from storing it.
    /// Nothing was stored.
    pub fn send<E: RegisteredIn<R> + Carries<M>>(&self, event: E) -> Sending<'_, Receipt> {
        let sealed = Outgoing::sealed(event.into_envelope(), &*self.transport);
        self.sending(sealed, |mut receipts| receipts.pop())
    }

    /// Validates events and sends them: all of them are stored, or none.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); the path of each issue begins with the place of its event, `[3].name`.
    pub fn send_all<E: RegisteredIn<R> + Carries<M>>(
        &self,
        events: impl IntoIterator<Item = E>,
    ) -> Sending<'_, Vec<Receipt>> {
        self.sending(Outgoing::all_sealed(events, &*self.transport), Some)
    }

    fn sending<T>(
        &self,
        sealed: Result<Vec<RawEnvelope>, Issues>,
        receipt: fn(Vec<Receipt>) -> Option<T>,
    ) -> Sending<'_, T> {
        let send = |mut events: Vec<RawEnvelope>| -> Result<_, SendError> {
            // What a function sends beside its steps is known by the thread on which it is polled.
            if let Some(cause) = current_cause() {
                for event in &mut events {
                    event.cause = Some(Box::new(cause.clone()));
                }
            }
            for layers in [&self.layers, self.transport.layers()] {
                let passed = layers.send(self.transport.host(), &mut events, R::find);
                passed.map_err(|error| SendError::Middleware(SharedError::new(error.into_source())))?;
            }
            Ok(self.transport.send(events))
        };
        let stamped = sealed.and_then(|events| self.stamped(events));
        Sending { sent: stamped.map_err(SendError::from).and_then(send).map_err(Some), receipt }
    }

    /// The events with the client's metadata, where they bring none.
    fn stamped(&self, mut events: Vec<RawEnvelope>) -> Result<Vec<RawEnvelope>, Issues> {
        if let Some(stamp) = &self.stamp {
            for event in events.iter_mut().filter(|event| event.meta.is_none()) {
                event.meta = Some(stamp.as_ref().clone()?);
            }
        }
        Ok(events)
    }

    /// Sends an event that arrived as JSON: an envelope `{ name, data?, id?, ts?, v?, user?, meta? }`. The registry may want `meta`: see
    /// [`Metadata`]; with that of [`with_meta`](Self::with_meta) the JSON's does not count.
    ///
    /// The paths of issues in the payload are those of [`Payload::parse`](crate::Payload::parse), `steps[3].key`;
    /// an issue of the envelope itself has the name of its field, `ts`.
    ///
    /// # Errors
    ///
    /// [`SendError::Rejected`] with every issue: bytes that are not UTF-8 or not JSON, a name that the registry lacks,
    /// a payload that is too large or not valid, a wrong `id`, `ts`, `v` or `meta`. Otherwise what kept the host from storing
    /// it. Nothing was stored.
    pub async fn send_json(&self, envelope: &[u8]) -> Result<Receipt, SendError> {
        let stamp = self.stamp.as_deref().map(Stamp::as_ref).transpose().map_err(Issues::clone)?;
        let raw = json::read::<R>(envelope, stamp.map(|stamp| &**stamp), &*self.transport);
        self.sending(raw.map(|raw| vec![raw]), |mut receipts| receipts.pop()).await
    }
}

/// Events on their way to the host: a future. It is a type of its own, and not `async fn`, so that an event that is not
/// registered is one error and not three.
#[must_use = "nothing is sent until it is awaited"]
pub struct Sending<'a, T> {
    /// What the host makes of the events, or why they are not sent.
    sent: Result<BoxFuture<'a, Result<Vec<Receipt>, SendError>>, Option<SendError>>,
    /// Picks the result out of the receipts, of which a host returns one for each event.
    receipt: fn(Vec<Receipt>) -> Option<T>,
}

impl<T> Future for Sending<'_, T> {
    type Output = Result<T, SendError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let receipts = match &mut self.sent {
            Ok(sent) => ready!(sent.as_mut().poll(cx)),
            Err(error) => Err(error.take().unwrap_or(SendError::Closed)),
        };
        Poll::Ready(receipts.and_then(|receipts| (self.receipt)(receipts).ok_or(SendError::Closed)))
    }
}

impl<T> fmt::Debug for Sending<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").finish_non_exhaustive()
    }
}
