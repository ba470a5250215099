//! A function under every crash: what must not differ, and what does.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use super::engine::{BEGIN, outgoing, sent, with_meta};
use super::host::TestHost;
use crate::App;
use crate::engine::message::Question;
use crate::engine::model::RunEnd;
use crate::event::{IntoEnvelope, Outgoing, RawEnvelope, Seals as _};
use crate::function::{FunctionList, Outcome};
use crate::middleware::Place;
use crate::signal::{Address, encode};
use crate::testing::simulation::{Simulation, Strike};
use crate::validate::Payload;

/// The most places at which the process dies: a function with more of them is not tested at the rest.
const MAX_POINTS: usize = 10_000;

/// The findings of [`crash_everywhere`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CrashReport {
    /// The number of points at which the process died.
    pub crashes: usize,
    /// What differed after a crash.
    pub differences: Vec<Difference>,
}

/// A difference found after a crash.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The point of the crash, counted from 1.
    pub crash: usize,
    /// True if the process died after the last work and before its commit, so that the work was repeated.
    pub repeats: bool,
    /// What differs: a step of a function, the result of a function, or what is observed.
    pub what: String,
    /// Its value without a crash.
    pub expected: String,
    /// Its value after the crash.
    pub found: String,
}

impl CrashReport {
    /// Asserts that nothing differs: the functions are idempotent.
    ///
    /// # Panics
    ///
    /// When something does.
    #[track_caller]
    pub fn is_idempotent(&self) {
        assert!(self.differences.is_empty(), "{self}");
    }
}

impl fmt::Display for CrashReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.differences.is_empty() {
            return write!(f, "nothing differed after {} crashes", self.crashes);
        }
        write!(f, "after a crash {} things differ:", self.differences.len())?;
        self.differences.iter().try_for_each(|difference| write!(f, "\n  {difference}"))
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { crash, what, expected, found, .. } = self;
        let why = if self.repeats { "done again after crash" } else { "after crash" };
        write!(f, "{what}, {why} {crash}: {found} instead of {expected}")
    }
}

/// Runs everything that an event starts: once undisturbed, and then once for each point at which the process can die, before and
/// after each commit. Reports every step and every function whose result differs from the one without a crash: a step body that is
/// not idempotent, or a function that depends on more than its event and its steps.
///
/// `app` builds the application for each of these, with fresh state wherever its functions have side effects.
///
/// By itself it compares the results of steps and functions, and nothing else. Side effects, such as a mail that is sent twice,
/// are compared only if [`observing`](CrashTest::observing) says where to look. A body that reads a real clock or a random number has
/// another result each time, and is reported: derive times from `ctx.meta.ts` and ids from the event.
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use event_runtime::prelude::*;
/// use event_runtime::testing::crash_everywhere;
///
/// # /// The life of an order.
/// # #[domain_events]
/// # pub enum OrderEvent {
/// #     /// An order was placed.
/// #     Placed { id: u64 },
/// # }
/// /// Sends mails; a mail with the key of an earlier one is not sent.
/// #[derive(Clone, Default)]
/// pub struct Mailer {
///     sent: Arc<Mutex<Vec<String>>>,
/// }
///
/// #[controller]
/// impl Mailer {
///     /// Confirms an order.
///     #[function(id = "order-placed-confirmation")]
///     async fn confirm(&self, ctx: &Context<OrderPlaced>) -> Result<()> {
///         let key = format!("confirmation-{}", ctx.event.id);
///         let body = async || {
///             let mut sent = self.sent.lock().unwrap();
///             if !sent.contains(&key) {
///                 sent.push(key.clone());
///             }
///             Ok(())
///         };
///         Ok(ctx.step.run("send", body).await?)
///     }
/// }
///
/// registry! { pub AppEvents = [OrderEvent]; }
/// functions! { pub AppFunctions in AppEvents = [Mailer]; }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let mailer = Mailer::default();
/// let app = || {
///     mailer.sent.lock().unwrap().clear();
///     App::<AppFunctions>::builder("shop").provide(mailer.clone()).build().unwrap()
/// };
/// let report = crash_everywhere(app, OrderPlaced { id: 7 })
///     .observing("mails", || mailer.sent.lock().unwrap().clone())
///     .await;
/// report.is_idempotent();
/// # }
/// ```
///
/// # Panics
///
/// When the event is not valid, or lacks the metadata of its registry.
#[must_use = "nothing runs before it is awaited"]
pub fn crash_everywhere<'a, F: FunctionList>(
    app: impl Fn() -> App<F> + 'a,
    event: impl IntoEnvelope,
) -> CrashTest<'a, F> {
    CrashTest { app: Box::new(app), event: outgoing(event), signals: Vec::new(), observed: Vec::new() }
}

/// A crash test that runs when it is awaited. Made by [`crash_everywhere`].
#[must_use = "nothing runs before it is awaited"]
pub struct CrashTest<'a, F> {
    app: Box<dyn Fn() -> App<F> + 'a>,
    event: Outgoing,
    /// What signals are completed with, by the key of their step.
    signals: Vec<(String, Arc<str>)>,
    observed: Vec<(String, Observation<'a>)>,
}

/// Reads what functions have done outside.
type Observation<'a> = Box<dyn Fn() -> String + 'a>;

impl<F> fmt::Debug for CrashTest<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let observed: Vec<&str> = self.observed.iter().map(|(what, _)| what.as_str()).collect();
        f.debug_struct("CrashTest").field("event", &self.event.name).field("observed", &observed).finish()
    }
}

impl<'a, F: FunctionList> CrashTest<'a, F> {
    /// Compares a side effect, too: `value` is read when everything has ended, once without a crash and once after each. So the
    /// closure that builds the application must reset the state.
    pub fn observing<T: fmt::Debug>(mut self, what: impl Into<String>, value: impl Fn() -> T + 'a) -> Self {
        self.observed.push((what.into(), Box::new(move || format!("{:?}", value()))));
        self
    }

    /// Completes the signal of the step with this id as soon as a run waits for it, whatever run that is.
    ///
    /// # Panics
    ///
    /// When the payload is not valid.
    pub fn signalling<T: Payload>(mut self, step: &str, payload: &T) -> Self {
        match encode(payload) {
            Ok(json) => self.signals.push((step.to_owned(), json)),
            Err(error) => panic!("the signal of `{step}` cannot be sent: {error}"),
        }
        self
    }

    async fn run(self) -> CrashReport {
        let (expected, points) = self.outcome(None).await;
        let mut report = CrashReport { crashes: 0, differences: Vec::new() };
        for point in 1..=points.min(MAX_POINTS) {
            for strike in [Strike::BeforeCommit, Strike::AfterCommit] {
                let (found, _) = self.outcome(Some((point, strike))).await;
                report.crashes += 1;
                compare(&expected, &found, report.crashes, strike, &mut report.differences);
            }
        }
        report
    }

    /// Runs everything that the event starts. The results, and at how many places the process could have died.
    async fn outcome(&self, strike: Option<(usize, Strike)>) -> (Results, usize) {
        let (host, _clients) = TestHost::start(&(self.app)().application, 0, BEGIN);
        host.simulation().strike = strike;
        let now = host.now_ms();
        loop {
            // Its sender tries again until it knows that the event is stored.
            let event = with_meta(self.event.clone(), &host.simulation().application);
            let event = event.seal(|| "the-event".to_owned(), now);
            let events = sent::<F>(&host.simulation(), event);
            let reply = host.simulation().ask(Question::Send(events));
            host.settle().await;
            if host.simulation().replies.contains_key(&reply) {
                break;
            }
        }
        host.settle().await;
        // Who completes a signal tries again until somebody has answered.
        while self.complete_signals(&host).await || host.pass_to_the_next(i64::MAX) {
            host.settle().await;
        }
        let mut results = results(&host.simulation());
        results.extend(self.observed.iter().map(|(what, value)| (what.clone(), value())));
        let points = host.simulation().points;
        (results, points)
    }
}

impl<'a, F: FunctionList> IntoFuture for CrashTest<'a, F> {
    type Output = CrashReport;
    type IntoFuture = Pin<Box<dyn Future<Output = CrashReport> + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<F> CrashTest<'_, F> {
    /// Completes the signals that runs wait for. Whether there were any.
    async fn complete_signals(&self, host: &TestHost) -> bool {
        let waiting = |simulation: &Simulation| {
            let open = simulation.store.runs.values().filter(|run| run.status.is_open());
            let mut waiting = Vec::new();
            for run in open {
                for (step, json) in &self.signals {
                    let pending = run.pending.get(&**step);
                    if pending.is_some_and(|pending| pending.kind == crate::StepKind::Signal) {
                        let address = Address::of_step(&run.row.id, step);
                        waiting.push(Question::Signal { address, json: Arc::clone(json) });
                    }
                }
            }
            waiting
        };
        let questions = waiting(&host.simulation());
        let any = !questions.is_empty();
        for question in questions {
            host.simulation().ask(question);
            host.settle().await;
        }
        any
    }
}

/// Results, by what they are results of.
type Results = BTreeMap<String, String>;

fn results(simulation: &Simulation) -> Results {
    let mut results = Results::new();
    let functions = &simulation.application.functions;
    let mut ordinals: BTreeMap<&str, usize> = BTreeMap::new();
    for run in simulation.store.runs.values() {
        let function = functions[run.row.function.get()].descriptor.id;
        let shown = |step: Option<(&str, crate::StepKind)>, json: &str| {
            let place = Place::stored(function, &run.row.id, step);
            simulation.application.middleware.shown(&place, json).into_owned()
        };
        let ordinal = ordinals.entry(function).or_default();
        let name = if *ordinal == 0 {
            format!("`{function}`")
        } else {
            format!("`{function}` (run {})", *ordinal + 1)
        };
        *ordinal += 1;
        for memo in &run.memos {
            // The ids of events that were sent follow from the id of the run, which is another each time.
            let result = match &memo.outcome {
                Outcome::Value(_) if memo.kind == crate::StepKind::Send => "sent".to_owned(),
                Outcome::Value(json) if memo.kind == crate::StepKind::Wait => {
                    payload(&shown(Some((&memo.key, memo.kind)), json))
                }
                Outcome::Value(json) => shown(Some((&memo.key, memo.kind)), json),
                Outcome::Failed(failure) => format!("the failure `{}`", failure.message),
            };
            results.insert(format!("step `{}` of {name}", memo.key), result);
        }
        let end = match &run.end {
            Some(RunEnd::Completed(json)) => shown(None, json),
            Some(RunEnd::Failed(failure)) => format!("the failure `{}`", failure.message),
            Some(RunEnd::Cancelled(failure)) => format!("cancelled, `{}`", failure.message),
            None => "no end".to_owned(),
        };
        results.insert(format!("the result of {name}"), end);
    }
    results
}

/// The payload of an event that was waited for.
fn payload(json: &str) -> String {
    serde_json::from_str::<RawEnvelope>(json)
        .map_or_else(|_| json.to_owned(), |event| event.data.get().to_owned())
}

fn compare(
    expected: &Results,
    found: &Results,
    crash: usize,
    strike: Strike,
    differences: &mut Vec<Difference>,
) {
    const NOTHING: &str = "nothing";
    let keys = expected.keys().chain(found.keys().filter(|key| !expected.contains_key(*key)));
    for what in keys {
        let of = |results: &Results| results.get(what).cloned().unwrap_or_else(|| NOTHING.to_owned());
        let (expected, found) = (of(expected), of(found));
        if expected != found {
            let repeats = strike == Strike::BeforeCommit;
            differences.push(Difference { crash, repeats, what: what.clone(), expected, found });
        }
    }
}
