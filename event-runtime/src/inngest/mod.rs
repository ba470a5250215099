//! The Inngest host: the same functions behind an Inngest server.
#![doc = include_str!("../../docs/inngest.md")]

mod branches;
mod call;
mod checkpoint;
mod checkpointing;
mod config;
mod config_error;
#[cfg(feature = "connect")]
pub mod connect;
mod doubles;
mod event_endpoint;
mod events;
mod execute;
mod headers;
mod host;
mod incoming;
mod introspect;
mod key;
mod limits;
mod memo;
mod query;
mod registration;
mod reply;
mod sending;
mod server;
mod service;
mod signals;
mod signature;
mod step;
mod sync;
mod triggers;
mod undo;
mod wire;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

pub use checkpointing::Checkpointing;
pub use config::{InngestConfig, Mode};
pub use config_error::ConfigError;
#[cfg(feature = "connect")]
pub use connect::{ConnectConfig, ConnectError, ConnectionState, Worker};
pub use event_endpoint::EventEndpoint;
pub use service::InngestService;

use crate::app::App;
use crate::client::Client;
use crate::function::{Application, FunctionList};
use crate::registry::Registry;
use events::EventApi;
use host::Host;
pub(crate) use triggers::{MAX_TRIGGERS, triggers};

impl<F: FunctionList> App<F> {
    /// This application behind an Inngest server.
    ///
    /// See [`inngest`](crate::inngest).
    pub fn inngest(&self, config: InngestConfig) -> Inngest<F> {
        Inngest::new(Arc::clone(&self.application), config)
    }
}

/// The functions of the list `F` behind an Inngest server, made by [`App::inngest`](crate::App::inngest).
pub struct Inngest<F> {
    host: Arc<Host>,
    functions: PhantomData<fn() -> F>,
}

impl<F: FunctionList> Inngest<F> {
    pub(crate) fn new(application: Arc<Application>, config: InngestConfig) -> Self {
        let link = Arc::clone(&application.link);
        let host = Arc::new(Host::new(application, config, F::Registry::find));
        // A server has no end that the application would know of.
        link.connect(Self::sender(&host)).keep();
        Self { host, functions: PhantomData }
    }

    fn sender(host: &Host) -> Arc<EventApi> {
        Arc::new(EventApi::new(Arc::clone(&host.server), host.core.middleware.clone()))
    }

    /// Sends events to the server: typed by the registry, validated before they are sent.
    ///
    /// Where the registry names metadata, the client sends with [`with_meta`](Client::with_meta).
    ///
    /// Unlike the embedded engine, a server does not take several events together or not at all:
    /// [`SendError::Partly`](crate::SendError::Partly) says which it did not take.
    pub fn client(&self) -> Client<F::Registry, <F::Registry as Registry>::Meta> {
        Client::new(Self::sender(&self.host))
    }

    /// A worker that opens a connection to the server, for services that the server cannot reach. See [`connect`].
    #[cfg(feature = "connect")]
    pub fn connect(&self, config: ConnectConfig) -> Worker {
        Worker::new(Arc::clone(&self.host), config)
    }

    /// The endpoint, for any server that hosts services of tower.
    pub fn service(&self) -> InngestService {
        InngestService::new(Arc::clone(&self.host))
    }

    /// The endpoint, to be nested: `Router::new().nest("/api/inngest", inngest.into_router())`.
    pub fn into_router(self) -> axum::Router {
        axum::Router::new().route_service("/", self.service())
    }
}

impl<F> fmt::Debug for Inngest<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inngest")
            .field("app", &self.host.app)
            .field("config", &self.host.config)
            .finish_non_exhaustive()
    }
}
