//! Retention: history that is not to be kept is removed, a part at a time.

use crate::engine::milliseconds;
use crate::engine::model::Keep;
use crate::engine::state::State;
use crate::engine::state::timers::Timer;
use crate::engine::store::Result;
use crate::engine::tx::Tx;

/// How often history is looked through, in milliseconds.
pub(super) const PRUNE_EVERY_MS: i64 = 60_000;

/// The pause between two parts of a long pruning, in milliseconds.
const PRUNE_ON_AFTER_MS: i64 = 10;

/// Removes a part of the history that is not to be kept.
pub(crate) fn prune(state: &mut State, tx: &mut Tx<'_>) -> Result<()> {
    // Then its timer is never set.
    let Some(retention) = state.settings.retention else { return Ok(()) };
    for (key, flow) in state.flows.take_over(tx.now) {
        tx.store.drop_flow(&key.row(flow))?;
    }
    let before = retention.age.map(|age| tx.now.saturating_sub(milliseconds(age)));
    let seen_before = tx.now.saturating_sub(state.settings.dedupe_window_ms);
    let keep = Keep {
        ended_before: before.unwrap_or(i64::MIN),
        runs: retention.runs.unwrap_or(u64::MAX),
        seen_before,
        received_before: match (before, retention.runs) {
            (None, None) => i64::MIN,
            (before, _) => before.unwrap_or(i64::MAX).min(seen_before),
        },
        is_held_back: &|event| state.flows.holds_back(event) || state.wakes.has(event),
    };
    let more = tx.store.prune(&keep)?;
    let pause = if more { PRUNE_ON_AFTER_MS } else { PRUNE_EVERY_MS };
    state.timers.set(tx.now.saturating_add(pause), Timer::Prune);
    Ok(())
}
