//! The state that every request to an application shares.

use std::collections::HashMap;
use std::sync::Arc;

use super::config::{InngestConfig, Mode};
use super::events::EventApi;
use super::incoming::Find;
use super::key::SigningKey;
use super::registration::{Callable, callables};
use super::server::Server;
use super::signature::Keys;
use crate::clock::{Environment, SystemClock, SystemRandom};
use crate::function::{Application, Means, TokioAlarms};
use crate::signal::Tokens;

/// An application, behind a server.
pub(super) struct Host {
    /// The id of the application.
    pub(super) app: String,
    pub(super) core: Arc<Application>,
    pub(super) callables: Vec<Callable>,
    by_id: HashMap<String, usize>,
    pub(super) config: Arc<InngestConfig>,
    pub(super) server: Arc<Server>,
    pub(super) events: EventApi,
    pub(super) environment: Environment,
    pub(super) find: Find,
    /// The timers and tokens lent to the steps of functions.
    pub(super) means: Arc<Means>,
    /// Signs and verifies the tokens of signals.
    pub(super) tokens: Arc<Tokens>,
}

impl Host {
    pub(super) fn new(core: Arc<Application>, config: InngestConfig, find: Find) -> Self {
        let clock = config.clock.clone().unwrap_or_else(|| Arc::new(SystemClock));
        let environment = Environment { clock, random: Arc::new(SystemRandom) };
        let tokens = Arc::new(tokens(&config));
        let config = Arc::new(config);
        let server = Arc::new(Server::new(Arc::clone(&config), environment.clone()));
        let functions: Vec<_> = core.functions.iter().map(|function| function.descriptor).collect();
        let callables = callables(&core.id, &functions);
        let ids = callables.iter().enumerate().map(|(at, callable)| (callable.id.clone(), at));
        Self {
            app: core.id.clone(),
            by_id: ids.collect(),
            callables,
            events: EventApi::new(Arc::clone(&server), core.middleware.clone()),
            core,
            config,
            server,
            environment,
            find,
            means: Arc::new(Means { alarms: Arc::new(TokioAlarms), tokens: Arc::<Tokens>::clone(&tokens) }),
            tokens,
        }
    }

    pub(super) fn callable(&self, id: &str) -> Option<&Callable> {
        self.by_id.get(id).map(|at| &self.callables[*at])
    }

    pub(super) fn keys(&self) -> Option<Keys<'_>> {
        let primary = self.config.signing_key.as_ref()?;
        Some(Keys { primary, fallback: self.config.signing_key_fallback.as_ref() })
    }

    pub(super) fn is_dev(&self) -> bool {
        self.config.mode == Mode::Dev
    }
}

/// Tokens by the signing key, which outlive its rotation. A dev server, which authenticates nobody, may have none.
fn tokens(config: &InngestConfig) -> Tokens {
    let keys: Vec<&[u8]> =
        config.signing_key.iter().chain(&config.signing_key_fallback).map(SigningKey::secret).collect();
    Tokens::new(if keys.is_empty() { vec![&b"dev"[..]] } else { keys })
}
