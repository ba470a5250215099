//! The link between an application and the host that runs it: clients that exist before the host send through it.

use std::sync::{Arc, PoisonError, RwLock, Weak};

use super::{SendError, Transport};

/// A place for the host of an application, empty until one starts.
#[derive(Default)]
pub(crate) struct Link(RwLock<State>);

#[derive(Default)]
struct State {
    host: HostState,
    /// How many hosts there have been.
    connections: u64,
}

#[derive(Default)]
enum HostState {
    #[default]
    NotStarted,
    Running(Arc<dyn Transport>),
    /// It has ended, and says why as long as somebody else holds it. The functions of a host hold the link in turn: a host that
    /// has ended is not kept in memory by itself.
    Ended(Weak<dyn Transport>),
}

impl Link {
    /// Connects a host, in place of the one before it.
    pub(crate) fn connect(self: &Arc<Self>, host: Arc<dyn Transport>) -> Connection {
        let mut state = self.0.write().unwrap_or_else(PoisonError::into_inner);
        state.connections += 1;
        state.host = HostState::Running(host);
        Connection { link: Arc::clone(self), number: state.connections }
    }

    /// The host that runs the application.
    pub(super) fn host(&self) -> Result<Arc<dyn Transport>, SendError> {
        match &self.0.read().unwrap_or_else(PoisonError::into_inner).host {
            HostState::NotStarted => Err(SendError::NotStarted),
            HostState::Running(host) => Ok(Arc::clone(host)),
            HostState::Ended(host) => host.upgrade().ok_or(SendError::Closed),
        }
    }
}

impl Connection {
    /// Leaves the host connected until another takes its place.
    #[cfg(feature = "inngest")]
    pub(crate) fn keep(mut self) {
        self.number = 0;
    }
}

/// The connection of a host. Dropping it says that the host has ended, unless another has taken its place.
#[must_use = "dropping it ends the connection"]
pub(crate) struct Connection {
    link: Arc<Link>,
    number: u64,
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut state = self.link.0.write().unwrap_or_else(PoisonError::into_inner);
        if state.connections == self.number
            && let HostState::Running(host) = &state.host
        {
            let ended = HostState::Ended(Arc::downgrade(host));
            let running = std::mem::replace(&mut state.host, ended);
            // The host may hold clients of this link.
            drop(state);
            drop(running);
        }
    }
}
