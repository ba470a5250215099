//! What a host lends to the steps of a handler.

use std::sync::Arc;
use std::time::Duration;

use crate::client::BoxFuture;
use crate::signal::Sign;

/// What a host lends to the steps of a handler.
#[derive(Clone)]
pub(crate) struct Means {
    pub(crate) alarms: Arc<dyn Alarms>,
    pub(crate) tokens: Arc<dyn Sign>,
}

/// Rings when the time of a body is over: the host's sense of how time passes.
pub(crate) trait Alarms: Send + Sync {
    /// Ends after this time.
    fn after(&self, time: Duration) -> BoxFuture<'static, ()>;
}

/// The timers of tokio.
#[cfg(any(feature = "embedded", feature = "inngest"))]
pub(crate) struct TokioAlarms;

#[cfg(any(feature = "embedded", feature = "inngest"))]
impl Alarms for TokioAlarms {
    fn after(&self, time: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}
