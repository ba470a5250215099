//! An engine in the test itself.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::host::TestHost;
use super::mock::{MockTable, value_of};
use super::run::TestRun;
use crate::App;
use crate::client::{Client, Connection};
use crate::clock::from_ms;
use crate::engine::message::{Command, Question, Reply};
use crate::engine::model::EventKey;
use crate::event::{Event, IntoEnvelope, Metadata, Outgoing, RawEnvelope, Reading, Seals as _};
use crate::function::{Application, Error, Failure, Function, FunctionList, Outcome, assert_member};
use crate::middleware::Host;
use crate::registry::{RegisteredIn, Registry};
use crate::signal::{Address, Sign as _, SignalError};
use crate::testing::simulation::Simulation;
use crate::validate::{Path, Payload};

/// When an engine of the test kit begins, unless told otherwise: 1 January 2026, in milliseconds since the Unix epoch.
pub(super) const BEGIN: i64 = 1_767_225_600_000;

/// An engine for tests, on virtual time. See [the module](super).
///
/// Step bodies run for real, unless they are mocked: see [`mock_step`](Self::mock_step). Failed attempts are retried with the
/// default back-off, which takes no time.
pub struct TestEngine<F> {
    host: Arc<TestHost>,
    /// Clients of the application send here as long as this is not dropped.
    _clients: Connection,
    mocks: MockTable,
    /// Events that the test has asked for.
    claimed: BTreeSet<EventKey>,
    functions: PhantomData<fn() -> F>,
}

/// Panics when a step was mocked that no run has asked for: its id may be misspelt.
impl<F> Drop for TestEngine<F> {
    fn drop(&mut self) {
        if !std::thread::panicking()
            && let Some(unused) = self.mocks.unused()
        {
            panic!("{unused}");
        }
    }
}

impl<F> fmt::Debug for TestEngine<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestEngine")
            .field("now", &from_ms(self.host.simulation().now()))
            .finish_non_exhaustive()
    }
}

impl<F: FunctionList> TestEngine<F> {
    /// Creates an engine for an application. Its time begins on 1 January 2026.
    pub fn new(app: &App<F>) -> Self {
        Self::with_seed(app, 0)
    }

    /// Creates an engine with another seed, from which the order of concurrent events is drawn.
    pub fn with_seed(app: &App<F>, seed: u64) -> Self {
        let (host, clients) = TestHost::start(&app.application, seed, BEGIN);
        Self {
            host,
            _clients: clients,
            mocks: MockTable::default(),
            claimed: BTreeSet::new(),
            functions: PhantomData,
        }
    }

    /// Returns a client that sends events to this engine, for services under test. A service whose client is from
    /// [`AppBuilder::client`](crate::AppBuilder::client) does not need it: that client sends to the last engine of its application.
    ///
    /// What a client sends is stored at once. The runs that it starts execute when the test drives the engine, with
    /// [`settle`](Self::settle), [`advance`](Self::advance), [`run`](Self::run) or [`run_to_the_end`](Self::run_to_the_end).
    ///
    /// ```
    /// use event_runtime::prelude::*;
    /// use event_runtime::testing::TestEngine;
    ///
    /// # /// The life of an order.
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     Placed { id: u64 },
    /// # }
    /// # /// Packs an order.
    /// # #[function(id = "order-placed-packing")]
    /// # async fn pack(ctx: &Context<OrderPlaced>) -> Result<u64> { Ok(ctx.event.id) }
    /// # registry! { pub AppEvents = [OrderEvent]; }
    /// # functions! { pub AppFunctions in AppEvents = [pack]; }
    /// /// Takes orders.
    /// pub struct Orders {
    ///     events: Client<AppEvents>,
    /// }
    ///
    /// impl Orders {
    ///     async fn place(&self, id: u64) -> Result<()> {
    ///         self.events.send(OrderPlaced { id }).await?;
    ///         Ok(())
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let app = App::<AppFunctions>::builder("shop").build().unwrap();
    /// let mut engine = TestEngine::new(&app);
    /// let orders = Orders { events: engine.client() };
    ///
    /// orders.place(7).await.unwrap();
    /// assert_eq!(engine.sent::<OrderPlaced>()[0].id, 7);
    /// engine.run_to_the_end().await;
    /// engine.runs()[0].completed_with(&7);
    /// # }
    /// ```
    pub fn client(&self) -> Client<F::Registry, <F::Registry as Registry>::Meta> {
        Client::new(Arc::<TestHost>::clone(&self.host))
    }

    /// Runs every function again from the top whenever a step has a result, as an Inngest server does. This exposes functions that
    /// depend on more than their event and their steps.
    #[must_use]
    pub fn reenter_at_every_step(self) -> Self {
        self.host.simulation().reenters = true;
        self
    }

    /// Leaves out the crons of the application: functions start by events alone, and when a test [fires](Self::fire) one.
    #[must_use]
    pub fn without_crons(self) -> Self {
        self.host.simulation().leave_out_crons();
        self
    }

    /// Starts the function with the marker `G` as its `cron` does, of several the first, whatever the time; then lets time pass
    /// until every run has ended, and returns its run.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    /// use event_runtime::testing::TestEngine;
    ///
    /// # registry! { pub AppEvents = []; }
    /// /// Cleans up.
    /// #[function(id = "nightly-clean-up", cron = "0 3 * * *")]
    /// async fn clean_up(ctx: &Context<Cron>) -> Result<String> {
    ///     Ok(ctx.event.cron.clone())
    /// }
    /// functions! { pub AppFunctions in AppEvents = [clean_up]; }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let app = App::<AppFunctions>::builder("shop").build().unwrap();
    /// let mut engine = TestEngine::new(&app).without_crons();
    /// engine.advance(Duration::from_hours(48)).await;
    /// assert!(engine.runs().is_empty());
    /// engine.fire::<CleanUp>().await.completed_with(&"0 3 * * *");
    /// # }
    /// ```
    ///
    /// That the function has a cron, and is listed, is checked when the test is built.
    ///
    /// # Panics
    ///
    /// When an option of the function has kept it from starting, such as `singleton`.
    pub async fn fire<G: Function>(&mut self) -> TestRun {
        const {
            assert_member::<F, G>();
            assert!(!G::SOURCE.options.crons.is_empty(), "the function that is fired has no `cron`");
        }
        let fired = self.host.simulation().ask_now(Question::Fire { function: G::SOURCE.id });
        let Some(Reply::Receipts(receipts)) = fired else { unreachable!("the engine answers") };
        self.run_to_the_end().await;
        let mut runs = receipts.iter().flat_map(|receipt| self.runs_of(&receipt.id));
        match runs.next() {
            Some(run) => run,
            None => panic!("`{}` has not started: do its options let it?", G::SOURCE.id),
        }
    }

    pub(super) const fn host(&self) -> &Arc<TestHost> {
        &self.host
    }

    /// Returns the virtual time.
    pub fn now(&self) -> SystemTime {
        from_ms(self.host.simulation().now())
    }

    /// Mocks a step of the function with the marker `G`, so that it returns `value` and does nothing. Any kind of step can be mocked:
    /// an `invoke` by the result of the function, a `wait_for_event` by the event in its envelope or by `null`.
    ///
    /// That the application lists the function is checked when the test is built, as in `cargo test`; `cargo check` does not
    /// see it.
    ///
    /// # Panics
    ///
    /// When the value cannot be written as JSON. When the engine is dropped, if the function has run and no run has asked for
    /// the step: its id may be misspelt.
    pub fn mock_step<G: Function>(&mut self, step: &str, value: &impl Serialize) {
        const { assert_member::<F, G>() };
        self.set_mock::<G>(step, value_of(value));
    }

    /// Mocks a step of the function with the marker `G`, so that it fails for good: with a message, or with an error made by
    /// [`Error::typed`].
    pub fn mock_failure<G: Function>(&mut self, step: &str, error: impl Into<Error>) {
        const { assert_member::<F, G>() };
        self.set_mock::<G>(step, Outcome::Failed(Failure::of(&error.into(), 1)));
    }

    fn set_mock<G: Function>(&mut self, step: &str, outcome: Outcome) {
        let function = G::SOURCE.id;
        self.host.simulation().mock(function, self.mocks.set(function, step, outcome));
    }

    /// Sends an event, and executes everything that is possible without time passing. Returns the event's id.
    ///
    /// Where the registry names metadata, the event brings it, `event.with_meta(..)`, or the application has
    /// [`default_meta`](crate::AppBuilder::default_meta).
    ///
    /// # Panics
    ///
    /// When the event is not valid, or lacks metadata.
    pub async fn send<E: RegisteredIn<F::Registry>>(&mut self, event: E) -> String {
        let outgoing = with_meta(outgoing(event), &self.host.simulation().application);
        let event = outgoing.seal(|| self.host.new_id(), self.host.now_ms());
        let id = event.id.clone();
        let events = sent::<F>(&self.host.simulation(), event);
        self.host.simulation().ask(Question::Send(events));
        self.settle().await;
        id
    }

    /// Sends an event, lets time pass until every run has ended, and returns the first run that the event has started.
    ///
    /// # Panics
    ///
    /// When the event is not valid, or has started nothing.
    pub async fn run<E: RegisteredIn<F::Registry>>(&mut self, event: E) -> TestRun {
        let id = self.send(event).await;
        self.run_to_the_end().await;
        let runs = self.runs_of(&id);
        match runs.into_iter().next() {
            Some(run) => run,
            None => panic!(
                "the event `{id}` has started no run: is a function triggered by it, and do its options let it?"
            ),
        }
    }

    /// Executes everything that is possible without time passing.
    pub async fn settle(&mut self) {
        self.host.settle().await;
    }

    /// Lets this much time pass, and executes what becomes due, when it becomes due.
    pub async fn advance(&mut self, duration: Duration) {
        let until =
            self.host.now_ms().saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX));
        self.settle().await;
        while self.host.pass_to_next_due(until) {
            self.settle().await;
        }
        self.host.simulation().clock.set(until);
        self.settle().await;
    }

    /// Lets time pass until every run has ended and no batch or debounce is pending.
    pub async fn run_to_the_end(&mut self) {
        self.host.run_to_the_end().await;
    }

    /// Simulates a crash of the process: what was not on disk is lost, and every open run is resumed.
    pub async fn crash(&mut self) {
        self.host.simulation().crash();
        self.settle().await;
    }

    /// Cancels a run. Returns whether it was still open.
    pub async fn cancel(&mut self, run: &TestRun) -> bool {
        let id: Arc<str> = run.id().into();
        let reply = self.host.simulation().ask_now(Question::Command { run: id, command: Command::Cancel });
        self.settle().await;
        matches!(reply, Some(Reply::Run(_)))
    }

    /// Completes the signal with this token, and executes everything that is possible without time passing. See
    /// [`Step::signal`](crate::Step::signal).
    ///
    /// # Errors
    ///
    /// Those of [`Engine::signal`](crate::embedded::Engine::signal).
    pub async fn signal<T: Payload>(&mut self, token: &str, payload: &T) -> Result<(), SignalError> {
        let address = self.host.simulation().tokens.verify(token)?;
        let json = crate::signal::encode(payload)?;
        let reply = self.host.simulation().ask_now(Question::Signal { address, json });
        self.settle().await;
        match reply {
            Some(Reply::Signal(reply)) => reply.into_result(),
            _ => Err(SignalError::Unknown),
        }
    }

    /// Returns the token of a signal: of the step with this id, numbered if the id is used again, in this run.
    pub fn signal_token(&self, run: &TestRun, step: &str) -> String {
        self.host.simulation().tokens.sign(&Address::of_step(run.id(), step))
    }

    /// Pauses the function with the marker `G`, as [`Engine::pause`](crate::embedded::Engine::pause) does, and executes what is possible
    /// without time passing. Returns whether it was not paused before.
    ///
    /// [`run_to_the_end`](Self::run_to_the_end) does not wait for the runs of a paused function.
    pub async fn pause<G: Function>(&mut self) -> bool {
        const { assert_member::<F, G>() };
        self.set_paused(G::SOURCE.id, true).await
    }

    /// Resumes the function with the marker `G`, and executes what is possible without time passing. Returns whether it was
    /// paused.
    pub async fn resume<G: Function>(&mut self) -> bool {
        const { assert_member::<F, G>() };
        self.set_paused(G::SOURCE.id, false).await
    }

    async fn set_paused(&mut self, function: &str, pauses: bool) -> bool {
        let reply = self.host.ask_now(Question::Pause { function: function.into(), pauses });
        self.settle().await;
        reply == Some(Reply::Paused(true))
    }

    /// Returns every run so far, in the order of their creation.
    pub fn runs(&self) -> Vec<TestRun> {
        let simulation = self.host.simulation();
        simulation.store.runs.values().map(|run| TestRun::new(run, &simulation)).collect()
    }

    /// Returns the runs of a function, named by its marker, in the order of their creation.
    pub fn runs_of_function<G: Function>(&self) -> Vec<TestRun> {
        const { assert_member::<F, G>() };
        self.runs().into_iter().filter(|run| run.function_id() == G::SOURCE.id).collect()
    }

    /// Returns the runs that the event with this id started.
    pub fn runs_of(&self, event_id: &str) -> Vec<TestRun> {
        let simulation = self.host.simulation();
        let store = &simulation.store;
        let keys: Vec<EventKey> =
            store.events.iter().filter(|(_, (event, _))| event.id == event_id).map(|(key, _)| *key).collect();
        let runs = store.runs.values().filter(|run| run.row.events.iter().any(|event| keys.contains(event)));
        runs.map(|run| TestRun::new(run, &simulation)).collect()
    }

    /// Returns the events of a type that functions and clients have sent so far.
    ///
    /// # Panics
    ///
    /// Never: what was sent is valid.
    pub fn sent<E: Event>(&mut self) -> Vec<E> {
        let (mut found, mut claimed) = (Vec::new(), Vec::new());
        for (key, event) in self.sent_by_code() {
            if event.name == E::NAME
                && let Ok(payload) = E::parse_version(event.v.unwrap_or(1), event.data.get())
            {
                claimed.push(key);
                found.push(payload);
            }
        }
        self.claimed.extend(claimed);
        found
    }

    /// The metadata that came with the events of a type that [`sent`](Self::sent) gives, in the same order: their own, or what the
    /// run or the client had that has sent them.
    ///
    /// # Panics
    ///
    /// Never: what was sent is valid.
    pub fn sent_meta<E: Event>(&self) -> Vec<<F::Registry as Registry>::Meta> {
        let sent = self.sent_by_code().into_iter().filter(|(_, event)| event.name == E::NAME);
        sent.filter_map(|(_, event)| Metadata::read(event.meta.as_deref(), Reading::Stored).ok()).collect()
    }

    /// Asserts that functions and clients have sent nothing but what [`sent`](Self::sent) was asked for.
    ///
    /// # Panics
    ///
    /// When they have.
    #[track_caller]
    pub fn nothing_else_sent(&self) {
        let others: Vec<String> = self
            .sent_by_code()
            .into_iter()
            .filter(|(key, _)| !self.claimed.contains(key))
            .map(|(_, event)| format!("{} {}", event.name, event.data.get()))
            .collect();
        assert!(others.is_empty(), "events were sent that nobody has asked for:\n  {}", others.join("\n  "));
    }

    /// What the code under test has sent: steps, whose events have ids that begin with that of their run, and clients.
    fn sent_by_code(&self) -> Vec<(EventKey, RawEnvelope)> {
        let simulation = self.host.simulation();
        let store = &simulation.store;
        let is_of_step = |id: &str| {
            store
                .runs
                .values()
                .any(|run| id.strip_prefix(&*run.row.id).is_some_and(|rest| rest.starts_with('-')))
        };
        let is_called = |key: &EventKey| {
            store.runs.values().any(|run| run.row.parent.is_some() && run.row.events.contains(key))
        };
        store
            .events
            .iter()
            .filter(|(_, (event, _))| is_of_step(&event.id) || self.host.is_sent_by_client(&event.id))
            .filter(|(key, (event, _))| !is_called(key) && !event.name.starts_with("inngest/"))
            .map(|(key, (event, _))| (*key, simulation.application.middleware.shown_event(event.clone())))
            .collect()
    }
}

/// An event as the layers of the application let it pass to the engine.
pub(super) fn sent<F: FunctionList>(simulation: &Simulation, event: RawEnvelope) -> Vec<RawEnvelope> {
    let mut events = vec![event];
    match simulation.application.middleware.send(Host::Engine, &mut events, F::Registry::find) {
        Ok(()) => events,
        Err(error) => panic!("a middleware has refused the event: {error}"),
    }
}

/// The event with the default metadata, where it needs some and brings none.
pub(super) fn with_meta(event: Outgoing, application: &Application) -> Outgoing {
    let meta = event.meta.clone().or_else(|| application.meta.default());
    match application.meta.check(meta.as_deref()) {
        Ok(()) => event.with_meta(meta),
        Err(issues) => panic!(
            "the event is not valid: {issues}: send `{}` with `.with_meta(..)`, or say `.default_meta(..)` where the application is built",
            event.name
        ),
    }
}

/// An event that is sent, as `crash_everywhere` takes it.
pub(super) fn outgoing(event: impl IntoEnvelope) -> Outgoing {
    match Outgoing::new(event.into_envelope(), &Path::root()) {
        Ok(outgoing) => outgoing,
        Err(issues) => panic!("the event is not valid: {issues}"),
    }
}
