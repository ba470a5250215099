//! Throttles: how many runs of a function start in a while.

use super::State;
use super::flow_control::{FlowKind, FlowState};
use super::timers::Timer;
use crate::engine::model::{FlowKey, FunctionIndex};
use crate::engine::slots::throttle_key;
use crate::engine::store::Result;
use crate::engine::tx::Tx;

impl State {
    /// Counts that a run starts, for the first time.
    pub(crate) fn count_start(
        &mut self,
        tx: &mut Tx<'_>,
        function: FunctionIndex,
        throttle: u64,
    ) -> Result<()> {
        // The option may have been removed since the run was created.
        let Some(rate) = self.rules[function].throttle_rate() else { return Ok(()) };
        let key = state_key(function, throttle);
        let next = match self.flows.get(&key) {
            Some(FlowState::Throttle(next)) => Some(*next),
            _ => None,
        };
        let (_, next) = rate.admit(next, tx.now);
        self.set_flow(tx, key, FlowState::Throttle(next))?;
        self.await_throttle(function, throttle, next, tx.now);
        Ok(())
    }

    /// Lets the next run start, or none until the throttle lets it.
    pub(crate) fn await_throttle(&mut self, function: FunctionIndex, throttle: u64, next: i64, now: i64) {
        let Some(rate) = self.rules[function].throttle_rate() else { return };
        let (start, _) = rate.admit(Some(next), now);
        if start > now {
            self.queue.close(throttle);
            self.timers.set(start, Timer::Throttle(function, throttle));
        } else {
            self.queue.open(throttle);
        }
    }

    /// Lets a run start, if the throttle lets it by now.
    pub(crate) fn open_throttle(&mut self, function: FunctionIndex, throttle: u64, now: i64) {
        match self.flows.get(&state_key(function, throttle)) {
            Some(&FlowState::Throttle(next)) => self.await_throttle(function, throttle, next, now),
            _ => self.queue.open(throttle),
        }
    }
}

fn state_key(function: FunctionIndex, throttle: u64) -> FlowKey {
    FlowKey { function, kind: FlowKind::Throttle, value: throttle_key(throttle) }
}
