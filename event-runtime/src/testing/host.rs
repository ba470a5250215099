//! The test kit as a host: the engine of a test, and the clients that send to it, from functions and from beside them.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::task::{Context, Poll, Waker};

use super::simulation::Simulation;
use crate::client::{Connection, Receipt, SendError, Sent, Transport};
use crate::clock::Environment;
use crate::engine::message::{Command, Question, Reply};
use crate::engine::{Limits, Settings};
use crate::event::{RawEnvelope, Seals};
use crate::function::Application;
use crate::middleware::{Chain, Host};
use crate::run::{CommandError, command_reply};

/// The engine of a test. Whoever holds its lock lets it go on; what clients send meanwhile waits in the inbox, since a function
/// that sends is polled under the lock.
pub(super) struct TestHost {
    simulation: Mutex<Simulation>,
    inbox: Mutex<Inbox>,
    environment: Environment,
    limits: Limits,
    middleware: Chain,
}

#[derive(Default)]
struct Inbox {
    calls: Vec<Call>,
    /// The ids of the events that clients have sent.
    sent: BTreeSet<String>,
    /// Wakes the test that waits for the engine.
    waker: Option<Waker>,
}

/// A call of `send`, and where its result goes.
struct Call {
    events: Vec<RawEnvelope>,
    result: Arc<Mutex<CallResult>>,
}

#[derive(Default)]
struct CallResult {
    receipts: Option<Result<Vec<Receipt>, SendError>>,
    waker: Option<Waker>,
}

impl TestHost {
    /// An engine for an application, to which the clients of the application are connected until the connection is dropped.
    pub(super) fn start(application: &Arc<Application>, seed: u64, now: i64) -> (Arc<Self>, Connection) {
        let settings = Settings { retention: None, ..Settings::default() };
        let limits = settings.limits;
        let simulation = Simulation::new(Arc::clone(application), settings, seed, now);
        let environment = simulation.environment().clone();
        let host = Arc::new(Self {
            simulation: Mutex::new(simulation),
            inbox: Mutex::default(),
            environment,
            limits,
            middleware: application.middleware.clone(),
        });
        let connection = application.link.connect(Arc::<Self>::clone(&host));
        (host, connection)
    }

    /// The engine. What a function sends while it is polled waits until the lock is free.
    pub(super) fn simulation(&self) -> MutexGuard<'_, Simulation> {
        lock(&self.simulation)
    }

    /// Whether a client has sent the event with this id.
    pub(super) fn is_sent_by_client(&self, id: &str) -> bool {
        lock(&self.inbox).sent.contains(id)
    }

    /// Asks the engine something. `None`: the process has died of it.
    pub(super) fn ask_now(&self, question: Question) -> Option<Reply> {
        self.simulation().ask_now(question)
    }

    /// Carries out a command about a run. Returns its id, of `Replay` that of the new run.
    pub(super) fn command(&self, run_id: &str, command: Command) -> Result<String, CommandError> {
        let reply = self.ask_now(Question::Command { run: run_id.into(), command });
        command_reply(run_id, command, reply)
    }

    /// Does everything that can be done without time passing.
    pub(super) async fn settle(&self) {
        poll_fn(|cx| self.poll_settle(cx)).await;
    }

    fn poll_settle(&self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let polled = {
                let mut simulation = self.simulation();
                self.take_calls(&mut simulation);
                simulation.poll_settle(cx)
            };
            let mut inbox = lock(&self.inbox);
            if inbox.calls.is_empty() {
                inbox.waker = polled.is_pending().then(|| cx.waker().clone());
                return polled;
            }
        }
    }

    /// Lets time pass until every run has ended, and no event is held back.
    pub(super) async fn run_to_the_end(&self) {
        self.settle().await;
        while self.pass_to_the_next(i64::MAX) {
            self.settle().await;
        }
    }

    /// Moves the clock to when a run goes on, or an event that is held back comes out.
    pub(super) fn pass_to_the_next(&self, until: i64) -> bool {
        self.simulation().engine().has_work() && self.pass_to_next_due(until)
    }

    /// Moves the clock to when something happens by itself, unless that is later than `until`.
    pub(super) fn pass_to_next_due(&self, until: i64) -> bool {
        let simulation = self.simulation();
        let due = simulation.next_due().filter(|due| *due <= until);
        due.inspect(|due| simulation.clock.set((*due).max(simulation.now()))).is_some()
    }

    /// Stores what clients have sent.
    fn take_calls(&self, simulation: &mut Simulation) {
        let calls = mem::take(&mut lock(&self.inbox).calls);
        // What nobody waits for any more was sent by an execution that is gone, and is gone with it.
        for Call { events, result } in calls.into_iter().filter(|call| Arc::strong_count(&call.result) > 1) {
            let receipts = match simulation.ask_now(Question::Send(events)) {
                Some(Reply::Receipts(receipts)) => Ok(receipts),
                // A process that dies answers nobody.
                _ => Err(SendError::Closed),
            };
            let new = receipts.iter().flatten().filter(|receipt| !receipt.duplicate);
            lock(&self.inbox).sent.extend(new.map(|receipt| receipt.id.clone()));
            let mut result = lock(&result);
            result.receipts = Some(receipts);
            result.waker.take().into_iter().for_each(Waker::wake);
        }
    }

    /// Takes what was sent beside the engine. Under its lock whoever holds that takes it.
    fn take_calls_if_free(&self) {
        let mut simulation = match self.simulation.try_lock() {
            Ok(simulation) => simulation,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        self.take_calls(&mut simulation);
        drop(simulation);
        let waker = lock(&self.inbox).waker.take();
        waker.into_iter().for_each(Waker::wake);
    }
}

impl Transport for TestHost {
    fn host(&self) -> Host {
        Host::Engine
    }

    fn layers(&self) -> &Chain {
        &self.middleware
    }

    fn send(self: Arc<Self>, events: Vec<RawEnvelope>) -> Sent {
        Box::pin(async move {
            let limit = self.limits.events_per_send;
            if events.len() > limit {
                return Err(SendError::TooMany { events: events.len(), limit });
            }
            let result = Arc::<Mutex<CallResult>>::default();
            lock(&self.inbox).calls.push(Call { events, result: Arc::clone(&result) });
            self.take_calls_if_free();
            poll_fn(|cx| {
                let mut result = lock(&result);
                if let Some(receipts) = result.receipts.take() {
                    return Poll::Ready(receipts);
                }
                result.waker = Some(cx.waker().clone());
                Poll::Pending
            })
            .await
        })
    }
}

impl Seals for TestHost {
    fn max_event_bytes(&self) -> usize {
        self.limits.event_bytes
    }

    fn new_id(&self) -> String {
        self.environment.new_id()
    }

    fn now_ms(&self) -> i64 {
        self.environment.now_ms()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
