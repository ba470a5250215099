//! The clock: what counts from now is computed anew when it was set back, so that nothing is put off by the size of the step.
//!
//! Times that a function has asked for (sleeps, timeouts, the next attempt) stay as they are: they come by the clock.

use super::retention::PRUNE_EVERY_MS;
use crate::engine::slots::throttle_of_key;
use crate::engine::state::State;
use crate::engine::state::flow_control::FlowKind;
use crate::engine::state::timers::Timer;
use crate::engine::store::Result;
use crate::engine::tx::Tx;

/// Brings forward whatever would come later than if it had begun now. `latest` is what the clock has shown before.
pub(crate) fn set_back(state: &mut State, tx: &mut Tx<'_>, latest: i64) -> Result<()> {
    let now = tx.now;
    state.order_floor = state.order_floor.max(latest);
    state.crons.go_on_from(now, &mut state.timers);
    for (key, flow) in state.flows.to_vec() {
        let within = flow.clone().within(state.rules[key.function].options(), now);
        if within == flow {
            continue;
        }
        state.set_flow(tx, key.clone(), within)?;
        if let Some(throttle) = throttle_of_key(&key.value).filter(|_| key.kind == FlowKind::Throttle) {
            state.open_throttle(key.function, throttle, now);
        }
    }
    let trust = state.quarantine.hold_no_longer(now);
    let idle_ms = state.settings.idle_ms;
    state.timers.bring_forward(|timer| match timer {
        Timer::Park(_) => Some(now.saturating_add(idle_ms)),
        Timer::Prune => Some(now.saturating_add(PRUNE_EVERY_MS)),
        Timer::Trust => Some(trust),
        Timer::Run(_) | Timer::Deadline(_) | Timer::Flow(_) | Timer::Throttle(..) | Timer::Cron(_) => None,
    });
    Ok(())
}
