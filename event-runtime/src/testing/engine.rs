//! An engine in the test itself.

use std::collections::BTreeSet;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::mock::MockTable;
use super::run::TestRun;
use crate::App;
use crate::clock::from_ms;
use crate::engine::Settings;
use crate::engine::message::{Command, Question, Reply};
use crate::engine::model::EventKey;
use crate::event::{Event, IntoEnvelope, Metadata, Outgoing, RawEnvelope, Reading};
use crate::function::Application;
use crate::function::{Error, Failure, Function, FunctionList, Outcome, assert_member};
use crate::middleware::Host;
use crate::registry::{RegisteredIn, Registry};
use crate::testing::simulation::Simulation;
use crate::validate::Path;

/// When an engine of the test kit begins, unless told otherwise: 1 January 2026, in milliseconds since the Unix epoch.
pub(super) const BEGIN: i64 = 1_767_225_600_000;

/// An engine for tests, on virtual time. See [the module](super).
///
/// Step bodies run for real, unless they are mocked: see [`mock_step`](Self::mock_step). Failed attempts are retried with the
/// default back-off, which takes no time.
pub struct TestEngine<F> {
    simulation: Simulation,
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
        f.debug_struct("TestEngine").field("now", &from_ms(self.simulation.now())).finish_non_exhaustive()
    }
}

pub(super) fn simulation(application: &Arc<Application>, seed: u64) -> Simulation {
    let settings = Settings { retention: None, ..Settings::default() };
    Simulation::new(Arc::clone(application), settings, seed, BEGIN)
}

impl<F: FunctionList> TestEngine<F> {
    /// Creates an engine for an application. Its time begins on 1 January 2026.
    pub fn new(app: &App<F>) -> Self {
        Self::with_seed(app, 0)
    }

    /// Creates an engine with another seed, from which the order of concurrent events is drawn.
    pub fn with_seed(app: &App<F>, seed: u64) -> Self {
        Self {
            simulation: simulation(&app.application, seed),
            mocks: MockTable::default(),
            claimed: BTreeSet::new(),
            functions: PhantomData,
        }
    }

    /// Runs every function again from the top whenever a step has a result, as an Inngest server does. This exposes functions that
    /// depend on more than their event and their steps.
    #[must_use]
    pub fn reenter_at_every_step(mut self) -> Self {
        self.simulation.reenters = true;
        self
    }

    /// Returns the virtual time.
    pub fn now(&self) -> SystemTime {
        from_ms(self.simulation.now())
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
        let json = serde_json::to_string(value).expect("the value of a mocked step is written as JSON");
        self.set_mock::<G>(step, Outcome::Value(json.into()));
    }

    /// Mocks a step of the function with the marker `G`, so that it fails for good: with a message, or with an error made by
    /// [`Error::typed`].
    pub fn mock_failure<G: Function>(&mut self, step: &str, error: impl Into<Error>) {
        const { assert_member::<F, G>() };
        self.set_mock::<G>(step, Outcome::Failed(Failure::of(&error.into(), 1)));
    }

    fn set_mock<G: Function>(&mut self, step: &str, outcome: Outcome) {
        let function = G::SOURCE.id;
        self.simulation.mock(function, self.mocks.set(function, step, outcome));
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
        let outgoing = with_meta(outgoing(event), &self.simulation.application);
        let environment = self.simulation.environment().clone();
        let event = outgoing.seal(|| environment.new_id(), environment.now_ms());
        let id = event.id.clone();
        self.simulation.ask(Question::Send(sent::<F>(&self.simulation, event)));
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
        poll_fn(|cx| self.simulation.poll_settle(cx)).await;
    }

    /// Lets this much time pass, and executes what becomes due, when it becomes due.
    pub async fn advance(&mut self, duration: Duration) {
        let until =
            self.simulation.now().saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX));
        self.settle().await;
        while let Some(due) = self.simulation.next_due()
            && due <= until
        {
            self.simulation.clock.set(due.max(self.simulation.now()));
            self.settle().await;
        }
        self.simulation.clock.set(until);
        self.settle().await;
    }

    /// Lets time pass until every run has ended and no batch or debounce is pending.
    pub async fn run_to_the_end(&mut self) {
        self.settle().await;
        while self.simulation.engine().has_work()
            && let Some(due) = self.simulation.next_due()
        {
            self.simulation.clock.set(due.max(self.simulation.now()));
            self.settle().await;
        }
    }

    /// Simulates a crash of the process: what was not on disk is lost, and every open run is resumed.
    pub async fn crash(&mut self) {
        self.simulation.crash();
        self.settle().await;
    }

    /// Cancels a run. Returns whether it was still open.
    pub async fn cancel(&mut self, run: &TestRun) -> bool {
        let id: Arc<str> = run.id().into();
        let reply = self.simulation.ask(Question::Command { run: id, command: Command::Cancel });
        self.settle().await;
        matches!(self.simulation.replies.remove(&reply), Some(Reply::Run(_)))
    }

    /// Returns every run so far, in the order of their creation.
    pub fn runs(&self) -> Vec<TestRun> {
        let store = &self.simulation.store;
        store.runs.values().map(|run| TestRun::new(run, &self.simulation)).collect()
    }

    /// Returns the runs of a function, named by its marker, in the order of their creation.
    pub fn runs_of_function<G: Function>(&self) -> Vec<TestRun> {
        const { assert_member::<F, G>() };
        self.runs().into_iter().filter(|run| run.function_id() == G::SOURCE.id).collect()
    }

    /// Returns the runs that the event with this id started.
    pub fn runs_of(&self, event_id: &str) -> Vec<TestRun> {
        let store = &self.simulation.store;
        let keys: Vec<EventKey> =
            store.events.iter().filter(|(_, (event, _))| event.id == event_id).map(|(key, _)| *key).collect();
        let runs = store.runs.values().filter(|run| run.row.events.iter().any(|event| keys.contains(event)));
        runs.map(|run| TestRun::new(run, &self.simulation)).collect()
    }

    /// The events of a type that functions have sent so far.
    ///
    /// # Panics
    ///
    /// Never: what functions send is valid.
    pub fn sent<E: Event>(&mut self) -> Vec<E> {
        let (mut found, mut claimed) = (Vec::new(), Vec::new());
        for (key, event) in self.sent_by_steps() {
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

    /// The metadata that came with the events of a type that functions have sent so far, in the order of [`sent`](Self::sent): their
    /// own, or what the run had that has sent them.
    ///
    /// # Panics
    ///
    /// Never: what functions send is valid.
    pub fn sent_meta<E: Event>(&self) -> Vec<<F::Registry as Registry>::Meta> {
        let sent = self.sent_by_steps().filter(|(_, event)| event.name == E::NAME);
        sent.filter_map(|(_, event)| Metadata::read(event.meta.as_deref(), Reading::Stored).ok()).collect()
    }

    /// Asserts that functions have sent nothing but what [`sent`](Self::sent) was asked for.
    ///
    /// # Panics
    ///
    /// When they have.
    #[track_caller]
    pub fn nothing_else_sent(&self) {
        let others: Vec<String> = self
            .sent_by_steps()
            .filter(|(key, _)| !self.claimed.contains(key))
            .map(|(_, event)| format!("{} {}", event.name, event.data.get()))
            .collect();
        assert!(
            others.is_empty(),
            "functions have sent what nobody has asked for:\n  {}",
            others.join("\n  ")
        );
    }

    /// What steps have sent: the ids of these events begin with that of their run.
    fn sent_by_steps(&self) -> impl Iterator<Item = (EventKey, RawEnvelope)> {
        let store = &self.simulation.store;
        let is_sent = |id: &str| {
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
            .filter(move |(key, (event, _))| is_sent(&event.id) && !is_called(key))
            .filter(|(_, (event, _))| !event.name.starts_with("inngest/"))
            .map(|(key, (event, _))| {
                (*key, self.simulation.application.middleware.shown_event(event.clone()))
            })
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
