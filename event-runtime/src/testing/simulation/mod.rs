//! An engine on one thread, over a store in memory, on virtual time: for tests of functions, and of the engine itself.
//!
//! Whatever may happen next is chosen by a seed: which execution is polled, which report is handled, which effect is carried
//! out. The order within an execution is kept, as channels keep it. A crash drops everything but what was committed.

mod clock;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use crate::clock::{Clock as _, Environment, Random, to_ms};
use crate::engine::execution::{Execution, Mocks, Progress, WaitsFor};
use crate::engine::message::{
    Answer, Effect, ExecutionId, Input, Notice, Question, Reply, ReplyId, StepEvent,
};
use crate::engine::model::RunKey;
use crate::engine::store::StoreError;
use crate::engine::{Engine, Settings, Tx};
use crate::function::{Application, Means};
use crate::inspect::Feed;
use crate::signal::Tokens;
use crate::testing::memory::{MemoryRun, MemoryStore};

pub(crate) use self::clock::VirtualClock;

/// Pseudo-random numbers from a seed (`SplitMix64`).
#[derive(Debug)]
pub(crate) struct Seeded(AtomicU64);

impl Seeded {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    pub(crate) fn next(&self) -> u64 {
        let mut bits =
            self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed).wrapping_add(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `bound`, which is not 0.
    pub(crate) fn below(&self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap_or(u64::MAX)).unwrap_or_default()
    }
}

impl Random for Seeded {
    fn next_u128(&self) -> u128 {
        (u128::from(self.next()) << 64) | u128::from(self.next())
    }
}

/// Where a crash strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strike {
    /// What was written is lost.
    BeforeCommit,
    /// It is on disk, and nobody has learned of it.
    AfterCommit,
}

/// Something a function did, for who checks it afterwards.
#[derive(Debug, Clone)]
pub(crate) struct Ran {
    pub(crate) run: RunKey,
    pub(crate) step: Arc<str>,
}

struct Resident {
    execution: Execution,
    answers: VecDeque<Answer>,
    events: VecDeque<StepEvent>,
    /// It has returned.
    ended: bool,
}

/// The engine.
pub(crate) struct Simulation {
    pub(crate) application: Arc<Application>,
    settings: Settings,
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) random: Arc<Seeded>,
    environment: Environment,
    means: Arc<Means>,
    pub(crate) tokens: Arc<Tokens>,
    engine: Engine,
    pub(crate) store: MemoryStore,
    executions: BTreeMap<ExecutionId, Resident>,
    effects: VecDeque<Effect>,
    pub(crate) replies: BTreeMap<ReplyId, Reply>,
    next_reply: ReplyId,
    pub(crate) notices: Vec<Notice>,
    /// Tells those who watch a run.
    pub(crate) feed: Feed,
    /// The bodies that have ended, in their order.
    pub(crate) bodies: Vec<Ran>,
    mocks: BTreeMap<&'static str, Mocks>,
    /// Whether every recorded result makes its function begin again from its top.
    pub(crate) reenters: bool,
    /// How many transactions there were: the points at which a crash may strike.
    pub(crate) points: usize,
    /// How often the process has died.
    pub(crate) crashes: usize,
    /// Where the next crash strikes.
    pub(crate) strike: Option<(usize, Strike)>,
    /// Looks at what is on disk whenever an execution was polled.
    #[cfg(test)]
    pub(crate) look: Option<Look>,
}

/// Looks at what is on disk.
#[cfg(test)]
pub(crate) type Look = Box<dyn Fn(&MemoryStore) + Send>;

impl Simulation {
    pub(crate) fn new(application: Arc<Application>, settings: Settings, seed: u64, now: i64) -> Self {
        let (clock, random) = (Arc::<VirtualClock>::default(), Arc::new(Seeded::new(seed)));
        clock.set(now);
        let environment =
            Environment { clock: Arc::<VirtualClock>::clone(&clock), random: Arc::<Seeded>::clone(&random) };
        let tokens = Arc::new(Tokens::new([&b"the test kit"[..]]));
        let alarms = Arc::<VirtualClock>::clone(&clock);
        let means = Arc::new(Means { alarms, tokens: Arc::<Tokens>::clone(&tokens) });
        let mut store = MemoryStore::default();
        let engine = open(&application, &settings, &mut store, now);
        Self {
            application,
            settings,
            clock,
            random,
            environment,
            means,
            tokens,
            engine,
            store,
            executions: BTreeMap::new(),
            effects: VecDeque::new(),
            replies: BTreeMap::new(),
            next_reply: 0,
            notices: Vec::new(),
            feed: Feed::default(),
            bodies: Vec::new(),
            mocks: BTreeMap::new(),
            reenters: false,
            points: 0,
            crashes: 0,
            strike: None,
            #[cfg(test)]
            look: None,
        }
    }

    pub(crate) fn mock(&mut self, function: &'static str, mocks: Mocks) {
        self.mocks.insert(function, mocks);
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }

    pub(crate) fn now(&self) -> i64 {
        to_ms(self.clock.now())
    }

    /// The run with this id.
    pub(crate) fn find_run(&self, id: &str) -> Option<&MemoryRun> {
        self.store.runs.values().find(|run| *run.row.id == *id)
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Asks the engine something.
    pub(crate) fn ask(&mut self, question: Question) -> ReplyId {
        self.next_reply += 1;
        let reply = self.next_reply;
        self.transact(Some(Input::Ask(question, reply)));
        reply
    }

    /// Asks the engine something, and takes the reply before anything else happens. `None`: the process has died of it.
    pub(crate) fn ask_now(&mut self, question: Question) -> Option<Reply> {
        let asked = self.ask(question);
        let is_it = |effect: &Effect| matches!(effect, Effect::Reply(id, _) if *id == asked);
        match self.effects.remove(self.effects.iter().position(is_it)?)? {
            Effect::Reply(_, reply) => Some(reply),
            _ => None,
        }
    }

    /// Handles an input, or what is due, as one transaction. Whether it was committed and its effects will come.
    fn transact(&mut self, input: Option<Input>) -> bool {
        self.points += 1;
        let strike = self.strike.filter(|(point, _)| *point == self.points).map(|(_, strike)| strike);
        let before = (strike == Some(Strike::BeforeCommit)).then(|| self.store.clone());
        let mut effects = Vec::new();
        let mut tx = Tx::new(&mut self.store, self.environment.now_ms(), &self.environment, &mut effects);
        let handled = match input {
            Some(input) => self.engine.handle(&mut tx, input),
            None => self.engine.tick(&mut tx),
        };
        let handled = handled.and_then(|()| self.engine.check(self.environment.now_ms()));
        // A store in memory does not fail, and invariants hold.
        assert_eq!(handled, Ok::<(), StoreError>(()));
        if let Some(before) = before {
            self.store = before;
        }
        if strike.is_some() {
            self.crash();
            return false;
        }
        self.effects.extend(effects);
        true
    }

    /// Lets no function start by its cron from now on.
    pub(crate) fn leave_out_crons(&mut self) {
        self.settings.crons = false;
        self.crash();
        self.crashes -= 1;
    }

    /// Everything but what was committed is lost.
    pub(crate) fn crash(&mut self) {
        self.crashes += 1;
        self.executions.clear();
        self.effects.clear();
        let now = self.now();
        self.engine = open(&self.application, &self.settings, &mut self.store, now);
        self.tick();
    }

    /// Carries out what is due now.
    pub(crate) fn tick(&mut self) {
        self.transact(None);
    }

    /// Does everything that can be done without the time going on. Pending when bodies wait for something of the outside.
    pub(crate) fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let mut progress = false;
            while self.step(cx) {
                progress = true;
            }
            if !progress && self.engine.next_due(self.now()).is_some_and(|due| due <= self.now()) {
                self.tick();
                progress = true;
            }
            if !progress {
                return if self.is_settled() { Poll::Ready(()) } else { Poll::Pending };
            }
        }
    }

    /// Whether nothing more happens before the time goes on.
    fn is_settled(&self) -> bool {
        let executing = self.executions.values().filter(|resident| !resident.ended);
        let waits: Vec<WaitsFor> = executing.map(|resident| resident.execution.waits_for()).collect();
        self.engine.active() == 0 || waits.contains(&WaitsFor::Time) && !waits.contains(&WaitsFor::Outside)
    }

    /// When something happens by itself: in the engine, or because a body has had its time.
    pub(crate) fn next_due(&self) -> Option<i64> {
        self.engine.next_due(self.now()).into_iter().chain(self.clock.next_alarm()).min()
    }

    /// One thing that may happen next, chosen by the seed. Whether there was any.
    fn step(&mut self, cx: &mut Context<'_>) -> bool {
        let executions: Vec<ExecutionId> = self.executions.keys().copied().collect();
        let choices = executions.len() + usize::from(!self.effects.is_empty());
        let first = self.random.below(choices);
        // From a random one on, the first that leads to something.
        (0..choices).any(|offset| {
            let choice = (first + offset) % choices;
            match executions.get(choice) {
                Some(&execution) => self.step_entry(execution, cx),
                None => self.carry_out_one(),
            }
        })
    }

    fn carry_out_one(&mut self) -> bool {
        let Some(effect) = self.effects.pop_front() else { return false };
        match effect {
            Effect::Reply(id, reply) => {
                self.replies.insert(id, reply);
            }
            Effect::Start(start) => {
                let function = &self.application.functions[start.function.get()];
                let mocks = self.mocks.get(function.descriptor.id).cloned();
                let id = start.execution;
                let means = Arc::clone(&self.means);
                let execution = Execution::new(*start, function, means).with_mocks(mocks);
                let resident =
                    Resident { execution, answers: VecDeque::new(), events: VecDeque::new(), ended: false };
                self.executions.insert(id, resident);
            }
            Effect::Answer(execution, answer) => {
                if let Some(resident) = self.executions.get_mut(&execution) {
                    resident.answers.push_back(answer);
                }
            }
            Effect::Stop(execution) => {
                self.executions.remove(&execution);
            }
            Effect::Drained => {}
            Effect::Notice(notice) => {
                self.feed.tell([&notice]);
                self.notices.push(notice);
            }
        }
        true
    }

    /// An execution is polled, takes an answer, or one of its reports is handled.
    fn step_entry(&mut self, id: ExecutionId, cx: &mut Context<'_>) -> bool {
        let can_poll = {
            let Some(resident) = self.executions.get_mut(&id) else { return false };
            !resident.ended
        };
        if self.random.below(2) == 0 && self.handle_event(id) {
            return true;
        }
        if can_poll && self.poll_entry(id, cx) {
            return true;
        }
        self.handle_event(id)
    }

    fn poll_entry(&mut self, id: ExecutionId, cx: &mut Context<'_>) -> bool {
        let Some(resident) = self.executions.get_mut(&id) else { return false };
        let answered = match resident.answers.pop_front() {
            Some(answer) => {
                resident.execution.answer(answer);
                true
            }
            None => false,
        };
        let polled = resident.execution.poll(cx);
        #[cfg(test)]
        self.look.iter().for_each(|look| look(&self.store));
        match polled {
            Poll::Ready(Progress { events, has_ended }) => {
                resident.ended = has_ended;
                resident.events.extend(events);
                true
            }
            Poll::Pending => answered,
        }
    }

    fn handle_event(&mut self, id: ExecutionId) -> bool {
        let Some(resident) = self.executions.get_mut(&id) else { return false };
        let Some(event) = resident.events.pop_front() else { return false };
        let run = resident.execution.run;
        if resident.ended && resident.events.is_empty() {
            self.executions.remove(&id);
        }
        if let StepEvent::Ran { key, .. } = &event {
            self.bodies.push(Ran { run, step: Arc::clone(key) });
        }
        let before = self.effects.len();
        let committed = self.transact(Some(Input::Step { run, execution: id, event }));
        let is_record = |effect: &Effect| matches!(effect, Effect::Notice(Notice::Recorded { .. }));
        if committed && self.reenters && self.effects.range(before..).any(is_record) {
            // Nothing has died: no run is to be held for the cause.
            self.store.runs.values_mut().for_each(|run| run.recoveries = 0);
            self.crash();
        }
        true
    }
}

fn open(application: &Arc<Application>, settings: &Settings, store: &mut MemoryStore, now: i64) -> Engine {
    match Engine::open_store(Arc::clone(application), settings.clone(), store, now) {
        Ok(engine) => engine,
        // A store in memory does not fail.
        Err(error) => unreachable!("{error}"),
    }
}

#[cfg(test)]
mod tests;
