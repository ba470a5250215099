//! Sending events, typed by the registry, over any host.

mod error;
mod json;
mod link;

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

pub use error::{SendError, SharedError};
#[cfg(any(feature = "testing", all(test, feature = "engine")))]
pub(crate) use link::Connection;
pub(crate) use link::Link;

use serde::Serialize;
use serde_json::value::RawValue;

#[cfg(feature = "engine")]
use crate::event::IntoEnvelope;
#[cfg(doc)]
use crate::event::Metadata;
use crate::event::{EventList, ListFor, Outgoing, RawEnvelope, Seals, current_cause};
use crate::middleware::{Chain, Host, Middleware};
use crate::registry::{Carries, PartOf, RegisteredIn, Registry, Stamps};
use crate::validate::{Issues, Path};

/// A boxed future, as dynamic hosts return it.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A host as a client sees it: takes validated events, answers when they are safe.
pub(crate) trait Transport: Seals + Send + Sync + 'static {
    /// Stores `events` atomically and in order. The receipts are in the order of `events`.
    fn send(self: Arc<Self>, events: Vec<RawEnvelope>) -> Sent;

    /// The kind of host.
    fn host(&self) -> Host;

    /// The layers between this host and its application.
    fn layers(&self) -> &Chain;
}

/// What becomes of events that were given to a host.
pub(crate) type Sent = BoxFuture<'static, Result<Vec<Receipt>, SendError>>;

/// The receipt of an event that was sent. In JSON: `{ "id": "order-7", "duplicate": false }`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Receipt {
    /// The id of the event: the one it was sent with, or the one that it was given.
    pub id: String,
    /// True if an event with this id was accepted before, within the deduplication window: this one was ignored.
    pub duplicate: bool,
}

/// `order-7`, or `order-7 (accepted before)`
impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        if self.duplicate { f.write_str(" (accepted before)") } else { Ok(()) }
    }
}

/// Sends events of the registry `R` to a host. Cheap to clone.
///
/// A running host has one: [`Engine::client`](crate::embedded::Engine::client),
/// [`Inngest::client`](crate::inngest::Inngest::client), [`TestEngine::client`](crate::testing::TestEngine::client). Services that
/// are controllers, or that controllers hold, need one before the host exists: they take it from
/// [`AppBuilder::client`](crate::AppBuilder::client).
///
/// An event that is not in `R` is a compile error:
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
/// /// The user and the tenant on whose behalf an event is sent.
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
    host: HostOf,
    /// The metadata of what it sends, or what is wrong with it.
    stamp: Option<Arc<Stamp>>,
    /// The layers of this client alone, inside those of the application.
    layers: Chain,
    types: PhantomData<fn() -> (R, M)>,
}

type Stamp = Result<Box<RawValue>, Issues>;

/// The host of a client: a certain one, or the one that runs an application at the time.
#[derive(Clone)]
enum HostOf {
    #[cfg_attr(
        not(any(feature = "engine", feature = "inngest")),
        allow(dead_code, reason = "there is no host")
    )]
    Itself(Arc<dyn Transport>),
    Application(Arc<Link>),
}

impl<R, M> Clone for Client<R, M> {
    fn clone(&self) -> Self {
        let (host, stamp) = (self.host.clone(), self.stamp.clone());
        Self { host, stamp, layers: self.layers.clone(), types: PhantomData }
    }
}

impl<R, M> fmt::Debug for Client<R, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

impl<R: Registry> Client<R, R::Meta> {
    /// A client of a host.
    #[cfg(any(feature = "database", feature = "engine", feature = "inngest"))]
    pub(crate) fn new(host: Arc<dyn Transport>) -> Self {
        Self { host: HostOf::Itself(host), stamp: None, layers: Chain::default(), types: PhantomData }
    }

    /// A client of whatever host runs an application.
    pub(crate) fn linked(link: Arc<Link>) -> Self {
        Self { host: HostOf::Application(link), stamp: None, layers: Chain::default(), types: PhantomData }
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
    /// /// The user and the tenant on whose behalf an event is sent.
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
    #[allow(clippy::needless_pass_by_value, reason = "it is made for this call")]
    pub fn with_meta<N: Stamps<R>>(&self, meta: N) -> Client<R> {
        let mut issues = Issues::new();
        let json = meta.write(&Path::root(), &mut issues);
        // Without JSON there is an issue.
        let stamp = issues.into_result(json.unwrap_or_default());
        let (host, layers) = (self.host.clone(), self.layers.clone());
        Client { host, stamp: Some(Arc::new(stamp)), layers, types: PhantomData }
    }

    /// The same client with a layer around the events that it sends, inside those of the application: an event comes to this
    /// layer first. See [`middleware`](crate::middleware).
    #[must_use]
    pub fn middleware(mut self, middleware: impl Middleware) -> Self {
        self.layers = self.layers.with(Arc::new(middleware));
        self
    }

    /// Returns the same client for a smaller registry, all of whose event sets are in `R`: a crate that knows only its own events
    /// sends through the client of the application that it is part of. Metadata and middleware of the client stay with it.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// // The crate `billing` knows its own events, and takes a client of them.
    /// /// What is owed.
    /// #[domain_events]
    /// pub enum InvoiceEvent {
    ///     /// An invoice was sent.
    ///     Sent { cents: u64 },
    /// }
    /// registry! { pub BillingEvents = [InvoiceEvent]; }
    ///
    /// /// Sends invoices.
    /// pub struct Billing {
    ///     events: Client<BillingEvents>,
    /// }
    ///
    /// // The application has these events and others, and narrows its client.
    /// # /// The life of a user.
    /// # #[domain_events]
    /// # pub enum UserEvent {
    /// #     /// A user was created.
    /// #     Created { id: u64 },
    /// # }
    /// registry! { pub AppEvents = [InvoiceEvent, UserEvent]; }
    ///
    /// fn billing(client: &Client<AppEvents>) -> Billing {
    ///     Billing { events: client.narrow() }
    /// }
    /// ```
    pub fn narrow<N: PartOf<R>>(&self) -> Client<N, M> {
        let (host, stamp) = (self.host.clone(), self.stamp.clone());
        Client { host, stamp, layers: self.layers.clone(), types: PhantomData }
    }

    /// Validates an event and sends it. When this returns `Ok`, the event and every run it starts are stored.
    ///
    /// # Errors
    ///
    /// [`SendError::Rejected`] with every issue when it is not valid; otherwise why the host could not store it.
    /// Nothing was stored.
    pub fn send<E: RegisteredIn<R> + Carries<M>>(&self, event: E) -> Sending<Receipt> {
        self.sending(|host| Outgoing::sealed(event.into_envelope(), host), |mut receipts| receipts.pop())
    }

    /// Validates events and sends them together. The receipts are in the order of the events.
    ///
    /// Events of one type are given as anything that can be iterated over, and so are events of one set, as values of its enum. Events
    /// of several types or sets are given as a tuple of up to twelve. Each may be in its envelope.
    ///
    /// An embedded engine, and the test kit, store all of them in one transaction, or none. An Inngest server gets them in one
    /// request, as long as they are at most 5,000 events and 3 MiB; it may refuse some and accept the others, see
    /// [`SendError::Partly`].
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// # /// The life of a user.
    /// # #[domain_events]
    /// # pub enum UserEvent {
    /// #     /// A user was created.
    /// #     #[event(unhandled)]
    /// #     Created { id: u64 },
    /// #     /// A user was deleted.
    /// #     #[event(unhandled)]
    /// #     Deleted { id: u64 },
    /// # }
    /// # /// The life of an order.
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     #[event(unhandled)]
    /// #     Placed { id: u64 },
    /// # }
    /// # registry! { pub AppEvents = [UserEvent, OrderEvent]; }
    /// # functions! { pub AppFunctions in AppEvents = []; }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<()> {
    /// # let app = App::<AppFunctions>::builder("shop").build()?;
    /// # let engine = app.embedded(":memory:").start().await?;
    /// let client = engine.client();
    /// // Of one type:
    /// client.send_all((1..=3).map(|id| OrderPlaced { id })).await?;
    /// // Of one set:
    /// client.send_all(vec![UserEvent::Created(UserCreated { id: 1 }), UserEvent::Deleted(UserDeleted { id: 1 })]).await?;
    /// // Of several:
    /// let receipts = client.send_all((UserCreated { id: 7 }, OrderPlaced { id: 7 }.with_id("first-order-7"))).await?;
    /// assert_eq!(receipts[1].id, "first-order-7");
    /// # engine.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); the path of each issue begins with the place of its event, `[3].name`.
    /// [`SendError::TooMany`] above the limit of the host: 5,000 events unless
    /// [`Limits::events_per_send`](crate::embedded::Limits::events_per_send) says otherwise.
    pub fn send_all<L, K>(&self, events: L) -> Sending<Vec<Receipt>>
    where
        L: EventList<K> + ListFor<R, M, K>,
    {
        self.sending(|host| Outgoing::all_sealed(events.outgoing()?, host), Some)
    }

    fn sending<T>(
        &self,
        sealed: impl FnOnce(&dyn Transport) -> Result<Vec<RawEnvelope>, Issues>,
        receipt: fn(Vec<Receipt>) -> Option<T>,
    ) -> Sending<T> {
        let sent = self.outgoing(sealed).map(|(host, events)| host.send(events));
        Sending { sent: sent.map_err(Some), receipt }
    }

    /// Events as the host gets them, and the host.
    pub(crate) fn outgoing(
        &self,
        sealed: impl FnOnce(&dyn Transport) -> Result<Vec<RawEnvelope>, Issues>,
    ) -> Result<(Arc<dyn Transport>, Vec<RawEnvelope>), SendError> {
        let host = self.host()?;
        let events = self.stamped(sealed(&*host)?)?;
        let events = passed::<R>(events, &[&self.layers, host.layers()], host.host())?;
        Ok((host, events))
    }

    pub(crate) fn host(&self) -> Result<Arc<dyn Transport>, SendError> {
        match &self.host {
            HostOf::Itself(host) => Ok(Arc::clone(host)),
            HostOf::Application(link) => link.host(),
        }
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
        let stamp = stamp.map(|stamp| &**stamp);
        let read = |host: &dyn Transport| json::read::<R>(envelope, stamp, host).map(|event| vec![event]);
        self.sending(read, |mut receipts| receipts.pop()).await
    }
}

/// Sealed events as they come to a host: with what has caused them, and through the layers.
fn passed<R: Registry>(
    mut events: Vec<RawEnvelope>,
    layers: &[&Chain],
    host: Host,
) -> Result<Vec<RawEnvelope>, SendError> {
    // What a function sends beside its steps is known by the thread on which it is polled.
    if let Some(cause) = current_cause() {
        for event in &mut events {
            event.cause = Some(Box::new(cause.clone()));
        }
    }
    for layers in layers {
        let passed = layers.send(host, &mut events, R::find);
        passed.map_err(|error| SendError::Middleware(SharedError::new(error.into_source())))?;
    }
    Ok(events)
}

/// A valid event as it comes to a host that starts one function with it.
#[cfg(feature = "engine")]
pub(crate) fn sealed_for_one<R: Registry>(
    event: impl IntoEnvelope,
    host: &impl Transport,
) -> Result<RawEnvelope, SendError> {
    let events = Outgoing::sealed(event.into_envelope(), host)?;
    passed::<R>(events, &[host.layers()], host.host())?.pop().ok_or(SendError::Closed)
}

/// A payload of this event as it comes to a host that starts one function with it: validated, with an id and a time of its own.
#[cfg(feature = "embedded")]
pub(crate) fn sealed_json<R: Registry>(
    name: &str,
    payload: &[u8],
    host: &impl Transport,
) -> Result<RawEnvelope, SendError> {
    let event = json::read_payload::<R>(name, payload, host)?;
    passed::<R>(vec![event], &[host.layers()], host.host())?.pop().ok_or(SendError::Closed)
}

/// The future of sending events. It is a type of its own instead of an `async fn`, so that an unregistered event is one compile
/// error instead of three.
#[must_use = "nothing is sent until it is awaited"]
pub struct Sending<T> {
    /// What the host makes of the events, or why they are not sent.
    sent: Result<Sent, Option<SendError>>,
    /// Picks the result out of the receipts, of which a host returns one for each event.
    receipt: fn(Vec<Receipt>) -> Option<T>,
}

impl<T> Future for Sending<T> {
    type Output = Result<T, SendError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let receipts = match &mut self.sent {
            Ok(sent) => ready!(sent.as_mut().poll(cx)),
            Err(error) => Err(error.take().unwrap_or(SendError::Closed)),
        };
        Poll::Ready(receipts.and_then(|receipts| (self.receipt)(receipts).ok_or(SendError::Closed)))
    }
}

impl<T> fmt::Debug for Sending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").finish_non_exhaustive()
    }
}
