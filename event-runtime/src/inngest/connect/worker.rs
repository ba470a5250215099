//! The worker: one loop that owns the connection, the calls under way and their replies.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::pending;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{Id, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};

use super::super::config::Mode;
use super::super::host::Host;
use super::ConnectConfig;
use super::error::{ConnectError, Failure};
use super::line::{Line, decode};
use super::replies::{PATIENCE, Replies, flush};
use super::wire::{
    Envelope, ExecutorRequest, ExtendLeaseAck, Kind, ReplyAck, SdkResponse, SystemError, WorkerStatus,
};

/// The waits between attempts to connect (section 8.6).
const WAITS: [u64; 9] = [1, 2, 5, 10, 20, 30, 60, 120, 300];

/// The number of heartbeats that a gateway may leave unanswered.
const MISSED_HEARTBEATS: u32 = 2;

/// The state of the connection of a [`Worker`] (section 8.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectionState {
    /// The first connection is being made.
    Connecting,
    /// The server sends calls.
    Active,
    /// The connection was lost, or the gateway closes; another one is being made.
    Reconnecting,
    /// The worker takes no more calls, and lets those that run end.
    Closing,
    /// The worker has ended.
    Closed,
}

/// A worker: the functions of an application, connected to an Inngest server. Made by
/// [`Inngest::connect`](super::super::Inngest::connect); see [`connect`](crate::inngest::connect).
pub struct Worker {
    host: Arc<Host>,
    config: ConnectConfig,
    state: watch::Sender<ConnectionState>,
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("app", &self.host.app)
            .field("state", &*self.state.borrow())
            .finish_non_exhaustive()
    }
}

impl Worker {
    pub(in crate::inngest) fn new(host: Arc<Host>, config: ConnectConfig) -> Self {
        Self { host, config, state: watch::Sender::new(ConnectionState::Connecting) }
    }

    /// The state of the connection, and its changes.
    pub fn state(&self) -> watch::Receiver<ConnectionState> {
        self.state.subscribe()
    }

    /// Carries out the calls of the server until `shutdown` is ready: then it takes no more, waits until those that run have
    /// ended, and hands over their results.
    ///
    /// A lost connection is made again, after 1 second, then 2, 5, 10 and so on up to 5 minutes, and as often as needed.
    ///
    /// # Errors
    ///
    /// An error that no further attempt would mend: see [`ConnectError`].
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), ConnectError> {
        if self.host.config.mode == Mode::Cloud && self.host.config.signing_key.is_none() {
            return Err(ConnectError::MissingSigningKey);
        }
        let mut running = Running::new(self.host, self.config, self.state);
        let mut shutdown = pin!(shutdown);
        let mut result = Ok(());
        while !running.has_ended() {
            tokio::select! {
                () = &mut shutdown, if !running.is_closing => running.begin_to_close().await,
                input = running.next() => if let Err(error) = running.take(input).await {
                    result = Err(error);
                    break;
                },
            }
        }
        running.end().await;
        result
    }
}

type Connecting = Pin<Box<dyn Future<Output = Result<Box<Line>, Failure>> + Send>>;

type Flushing = Pin<Box<dyn Future<Output = Vec<String>> + Send>>;

/// An event of the loop.
enum Input {
    /// The gateway says something, or is lost.
    Message(Result<Envelope, String>),
    /// There is a new connection, or none.
    Connected(Result<Box<Line>, Failure>),
    /// A call has ended.
    Replied(Id, Option<Box<SdkResponse>>),
    Heartbeat,
    Leases,
    Status,
    /// Replies may be overdue.
    Replies,
    /// Overdue replies were brought to the server: those of these requests.
    Flushed(Vec<String>),
}

/// A call under way.
struct InFlight {
    request: ExecutorRequest,
    /// The server gives the call to another worker when it is not extended; `None` when it has.
    lease: Option<String>,
}

/// A worker that runs.
struct Running {
    host: Arc<Host>,
    config: ConnectConfig,
    state: watch::Sender<ConnectionState>,
    started_ms: i64,
    line: Option<Line>,
    /// The connection that is being made: the first one, or instead of one that is lost or closes.
    connecting: Option<Connecting>,
    /// Attempts that have failed since the last connection.
    failures: usize,
    was_connected: bool,
    is_closing: bool,
    /// The heartbeats that the gateway has not answered.
    unanswered: u32,
    next_heartbeat: Instant,
    next_leases: Instant,
    next_status: Option<Instant>,
    calls: JoinSet<SdkResponse>,
    in_flight: HashMap<String, InFlight>,
    /// The request that a task carries out.
    by_task: HashMap<Id, String>,
    /// Calls beyond the most at a time, acknowledged already.
    waiting: VecDeque<String>,
    replies: Replies,
    next_flush: Instant,
    /// Overdue replies on their way to the server: heartbeats and leases do not wait for it.
    flushing: Option<Flushing>,
}

impl Running {
    fn new(host: Arc<Host>, config: ConnectConfig, state: watch::Sender<ConnectionState>) -> Self {
        let now = Instant::now();
        let mut running = Self {
            started_ms: host.environment.now_ms(),
            host,
            config,
            state,
            line: None,
            connecting: None,
            failures: 0,
            was_connected: false,
            is_closing: false,
            unanswered: 0,
            next_heartbeat: now,
            next_leases: now,
            next_status: None,
            calls: JoinSet::new(),
            in_flight: HashMap::new(),
            by_task: HashMap::new(),
            waiting: VecDeque::new(),
            replies: Replies::default(),
            next_flush: now + PATIENCE,
            flushing: None,
        };
        running.connect(Vec::new(), Duration::ZERO);
        running
    }

    fn has_ended(&self) -> bool {
        self.is_closing && self.in_flight.is_empty()
    }

    /// Begins to connect after a while.
    fn connect(&mut self, excluded: Vec<String>, after: Duration) {
        let line = Line::connect(Arc::clone(&self.host), self.config.clone(), excluded, self.started_ms);
        self.connecting = Some(Box::pin(async move {
            sleep(after).await;
            line.await.map(Box::new)
        }));
    }

    /// Waits for whatever comes next. Nothing is lost when this is cut off.
    async fn next(&mut self) -> Input {
        let Self { line, connecting, calls, flushing, .. } = self;
        let has_line = line.is_some();
        let message = async {
            match line {
                Some(line) => line.next().await,
                None => pending().await,
            }
        };
        let connected = async {
            match connecting {
                Some(connecting) => connecting.await,
                None => pending().await,
            }
        };
        let waits_for_replies = !self.replies.is_empty() && flushing.is_none();
        let flushed = async {
            match flushing {
                Some(flushing) => flushing.await,
                None => pending().await,
            }
        };
        let status = async {
            match self.next_status {
                Some(at) => sleep_until(at).await,
                None => pending().await,
            }
        };
        tokio::select! {
            // A call that has ended first: its slot is free then.
            biased;
            Some(ended) = calls.join_next_with_id() => match ended {
                Ok((task, reply)) => Input::Replied(task, Some(Box::new(reply))),
                Err(panicked) => Input::Replied(panicked.id(), None),
            },
            message = message => Input::Message(message),
            line = connected => Input::Connected(line),
            () = sleep_until(self.next_heartbeat), if has_line => Input::Heartbeat,
            () = sleep_until(self.next_leases), if has_line => Input::Leases,
            () = status, if has_line => Input::Status,
            () = sleep_until(self.next_flush), if waits_for_replies => Input::Replies,
            done = flushed => Input::Flushed(done),
        }
    }

    async fn take(&mut self, input: Input) -> Result<(), ConnectError> {
        match input {
            Input::Message(Ok(message)) => self.hear(&message).await,
            Input::Message(Err(lost)) => self.lose(&lost),
            Input::Connected(line) => return self.change_over(line).await,
            Input::Replied(task, reply) => self.reply(task, reply.map(|reply| *reply)).await,
            Input::Heartbeat => self.beat().await,
            Input::Leases => self.extend_leases().await,
            Input::Status => self.tell_status().await,
            Input::Replies => self.flush_overdue(),
            Input::Flushed(done) => {
                self.flushing = None;
                for request in done {
                    self.replies.acknowledge(&request);
                }
            }
        }
        Ok(())
    }

    /// Takes a new connection into use, or tries again later.
    async fn change_over(&mut self, line: Result<Box<Line>, Failure>) -> Result<(), ConnectError> {
        self.connecting = None;
        let line = match line {
            Ok(line) => line,
            Err(Failure::Fatal(error)) if !self.was_connected || error == ConnectError::Unauthorized => {
                return Err(error);
            }
            Err(failure) => {
                self.try_again(&match failure {
                    Failure::Fatal(error) => error.to_string(),
                    Failure::Passing(what) => what,
                });
                return Ok(());
            }
        };
        tracing::info!(app = self.host.app, gateway = line.group, "connected to the Inngest server");
        let now = Instant::now();
        (self.failures, self.was_connected, self.unanswered) = (0, true, 0);
        self.next_heartbeat = now + line.heartbeat;
        self.next_leases = now + line.lease;
        self.next_status = line.status.map(|interval| now + interval);
        if let Some(old) = self.line.replace(*line) {
            tokio::spawn(old.close("WORKER_RECONNECT"));
        }
        // The old gateway acknowledges nothing any more.
        self.replies.give_up_on_the_gateway();
        self.flush_overdue();
        if self.is_closing {
            self.say(Envelope::empty(Kind::WorkerPause)).await;
        } else {
            self.state.send_replace(ConnectionState::Active);
        }
        Ok(())
    }

    fn try_again(&mut self, why: &str) {
        let wait = Duration::from_secs(WAITS[self.failures.min(WAITS.len() - 1)]);
        tracing::warn!(app = self.host.app, why, ?wait, "not connected to the Inngest server: trying again");
        self.failures += 1;
        self.connect(Vec::new(), wait);
    }

    /// The connection is lost. Calls go on; their replies wait for the next one.
    fn lose(&mut self, why: &str) {
        self.line = None;
        self.replies.give_up_on_the_gateway();
        if !self.is_closing {
            self.state.send_replace(ConnectionState::Reconnecting);
        }
        if self.connecting.is_none() {
            self.try_again(why);
        }
    }

    /// Says something to the gateway. Returns whether it went out.
    async fn say(&mut self, message: Envelope) -> bool {
        let Some(line) = &mut self.line else { return false };
        match line.send(&message).await {
            Ok(()) => true,
            Err(lost) => {
                self.lose(&lost);
                false
            }
        }
    }

    async fn hear(&mut self, message: &Envelope) {
        let result = match message.kind() {
            Kind::GatewayExecutorRequest => match decode(message) {
                Ok(request) => {
                    self.accept(request).await;
                    Ok(())
                }
                Err(unreadable) => Err(unreadable),
            },
            Kind::GatewayHeartbeat => {
                self.unanswered = 0;
                Ok(())
            }
            Kind::WorkerReplyAck => {
                decode(message).map(|ReplyAck { request_id }| self.replies.acknowledge(&request_id))
            }
            Kind::WorkerRequestExtendLeaseAck => decode(message).map(|ack| self.lease(ack)),
            Kind::GatewayClosing => {
                self.leave();
                Ok(())
            }
            Kind::SyncFailed => decode(message).map(|SystemError { code, message }| {
                tracing::error!(
                    app = self.host.app,
                    code,
                    message,
                    "the Inngest server has not registered the functions"
                );
            }),
            // What later gateways say, this worker need not understand.
            _ => Ok(()),
        };
        if let Err(unreadable) = result {
            tracing::error!(app = self.host.app, "{unreadable}");
        }
    }

    /// The gateway closes: another one is looked for, while this one still takes replies.
    fn leave(&mut self) {
        if self.connecting.is_some() {
            return;
        }
        let group = self.line.as_ref().map(|line| line.group.clone());
        if !self.is_closing {
            self.state.send_replace(ConnectionState::Reconnecting);
        }
        self.connect(group.into_iter().collect(), Duration::ZERO);
    }

    /// Takes a call.
    async fn accept(&mut self, request: ExecutorRequest) {
        // What is acknowledged is carried out; what is not, the server gives to another worker.
        if self.is_closing
            || request.app_name != self.host.app
            || self.in_flight.contains_key(&request.request_id)
        {
            return;
        }
        let ack = Envelope::new(Kind::WorkerRequestAck, &request.ack(String::new()));
        if !self.say(ack).await {
            return;
        }
        let id = request.request_id.clone();
        let lease = Some(request.lease_id.clone());
        self.in_flight.insert(id.clone(), InFlight { request, lease });
        self.waiting.push_back(id);
        self.start_waiting();
    }

    /// Starts as many of the calls that wait as may run.
    fn start_waiting(&mut self) {
        while self.calls.len() < self.config.max_concurrency
            && let Some(id) = self.waiting.pop_front()
        {
            let Some(InFlight { request, .. }) = self.in_flight.get(&id) else { continue };
            let (request, host) = (request.clone(), Arc::clone(&self.host));
            let task = self.calls.spawn(async move { request.answer(&host).await });
            self.by_task.insert(task.id(), id);
        }
    }

    /// Hands over the result of a call.
    async fn reply(&mut self, task: Id, reply: Option<SdkResponse>) {
        let ended = self.by_task.remove(&task).and_then(|id| self.in_flight.remove(&id));
        if let Some(InFlight { request, .. }) = ended {
            let reply = reply.unwrap_or_else(|| request.broken());
            let is_sent = self.say(Envelope::new(Kind::WorkerReply, &reply)).await;
            self.replies.keep(reply, is_sent);
        }
        self.start_waiting();
    }

    async fn beat(&mut self) {
        if self.unanswered == MISSED_HEARTBEATS {
            return self.lose("the gateway has answered no heartbeat");
        }
        self.unanswered += 1;
        self.say(Envelope::empty(Kind::WorkerHeartbeat)).await;
        if let Some(line) = &self.line {
            self.next_heartbeat = Instant::now() + line.heartbeat;
        }
    }

    /// Begins to bring overdue replies to the server.
    fn flush_overdue(&mut self) {
        self.next_flush = Instant::now() + PATIENCE;
        let overdue = self.replies.overdue();
        if self.flushing.is_none() && !overdue.is_empty() {
            self.flushing = Some(Box::pin(flush(Arc::clone(&self.host), overdue)));
        }
    }

    /// Asks for more time for the calls under way.
    async fn extend_leases(&mut self) {
        let leases = self.in_flight.values().filter_map(|call| Some(call.request.ack(call.lease.clone()?)));
        for ack in leases.collect::<Vec<_>>() {
            self.say(Envelope::new(Kind::WorkerRequestExtendLease, &ack)).await;
        }
        if let Some(line) = &self.line {
            self.next_leases = Instant::now() + line.lease;
        }
    }

    fn lease(&mut self, ack: ExtendLeaseAck) {
        if let Some(call) = self.in_flight.get_mut(&ack.request_id) {
            if ack.new_lease_id.is_none() {
                tracing::warn!(
                    run = call.request.run_id,
                    "the Inngest server gives a call to another worker too"
                );
            }
            call.lease = ack.new_lease_id;
        }
    }

    async fn tell_status(&mut self) {
        let status = WorkerStatus {
            in_flight_request_ids: self.in_flight.keys().cloned().collect(),
            shutdown_requested: self.is_closing,
        };
        self.say(Envelope::new(Kind::WorkerStatus, &status)).await;
        let interval = self.line.as_ref().and_then(|line| line.status);
        self.next_status = interval.map(|interval| Instant::now() + interval);
    }

    /// Takes no more calls (section 8.8).
    async fn begin_to_close(&mut self) {
        self.is_closing = true;
        self.state.send_replace(ConnectionState::Closing);
        self.say(Envelope::empty(Kind::WorkerPause)).await;
    }

    /// Hands over what is left, and says goodbye.
    async fn end(mut self) {
        let deadline = Instant::now() + PATIENCE;
        while !self.replies.is_empty()
            && let Some(line) = &mut self.line
        {
            match tokio::time::timeout_at(deadline, line.next()).await {
                Ok(Ok(message)) => self.hear(&message).await,
                Ok(Err(_)) | Err(_) => break,
            }
        }
        self.replies.give_up_on_the_gateway();
        if let Some(flushing) = self.flushing.take() {
            for request in flushing.await {
                self.replies.acknowledge(&request);
            }
        }
        flush(Arc::clone(&self.host), self.replies.overdue()).await;
        if let Some(line) = self.line.take() {
            line.close("WORKER_SHUTDOWN").await;
        }
        self.state.send_replace(ConnectionState::Closed);
    }
}
