//! Wakes: events that have not reached everybody yet who waits for them.
//!
//! An event that very many runs wait for reaches them a part at a time, so that others have their turn in between. A run never
//! sees that: whoever does something with it lets what is on its way to it reach it first.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::engine::model::{EventKey, RunKey, WaitKey, WakeRow};
#[cfg(any(test, feature = "testing"))]
use crate::engine::store::{Result, StoreError};
use crate::event::RawEnvelope;

/// A part of those whom an event is to reach.
#[derive(Debug, Clone)]
pub(crate) struct Wake {
    pub(crate) event: Arc<RawEnvelope>,
    pub(crate) row: WakeRow,
}

/// The parts, in the order in which they are carried out.
#[derive(Debug, Default)]
pub(crate) struct Wakes(VecDeque<Wake>);

impl Wakes {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn push(&mut self, wake: Wake) {
        self.0.push_back(wake);
    }

    /// The next part.
    pub(crate) fn pop(&mut self) -> Option<Wake> {
        self.0.pop_front()
    }

    /// Whether an event is on its way to a run.
    pub(crate) fn concern(&self, run: RunKey) -> bool {
        self.0.iter().any(|wake| !of(&wake.row.waits, run).is_empty())
    }

    /// Takes out what is on its way to a run, in the order of the events, and returns the parts that this has changed as well.
    pub(crate) fn take(&mut self, run: RunKey) -> (Vec<(Arc<RawEnvelope>, WaitKey)>, Vec<WakeRow>) {
        let (mut taken, mut changed) = (Vec::new(), Vec::new());
        for wake in &mut self.0 {
            let own = of(&wake.row.waits, run);
            if !own.is_empty() {
                taken.extend(wake.row.waits.drain(own).map(|wait| (Arc::clone(&wake.event), wait)));
                changed.push(wake.row.clone());
            }
        }
        self.0.retain(|wake| !wake.row.waits.is_empty());
        (taken, changed)
    }

    /// Whether an event has not reached everybody.
    pub(crate) fn has(&self, event: EventKey) -> bool {
        self.0.iter().any(|wake| wake.row.event == event)
    }

    /// Checks that the parts come in their order, and that each is to reach somebody, whoever comes first first.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn check(&self) -> Result<()> {
        let is_sorted = self.0.iter().map(|wake| (wake.row.event, wake.row.part)).is_sorted();
        let are_sorted = |wake: &Wake| !wake.row.waits.is_empty() && wake.row.waits.is_sorted();
        if is_sorted && self.0.iter().all(are_sorted) {
            return Ok(());
        }
        Err(StoreError::broken("events reach runs in their order"))
    }
}

/// Where the waits of a run stand.
fn of(waits: &[WaitKey], run: RunKey) -> std::ops::Range<usize> {
    waits.partition_point(|wait| wait.run < run)..waits.partition_point(|wait| wait.run <= run)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::value::RawValue;

    use super::{Wake, Wakes};
    use crate::engine::model::{EventKey, RunKey, WaitKey, WakeRow};
    use crate::event::RawEnvelope;

    fn wait(run: i64, slot: u64) -> WaitKey {
        WaitKey { run: RunKey(run), slot }
    }

    fn wake(event: i64, part: u32, waits: &[WaitKey]) -> Wake {
        let envelope = RawEnvelope {
            id: event.to_string(),
            name: "a/came".to_owned(),
            data: RawValue::NULL.to_owned(),
            ts: 0,
            v: None,
            user: None,
            traceparent: None,
            cause: None,
            meta: None,
        };
        Wake {
            event: Arc::new(envelope),
            row: WakeRow { event: EventKey(event), part, waits: waits.to_vec() },
        }
    }

    #[test]
    fn what_is_on_its_way_to_a_run_can_be_taken_out() {
        let mut wakes = Wakes::default();
        wakes.push(wake(1, 0, &[wait(1, 5), wait(2, 5), wait(2, 6)]));
        wakes.push(wake(1, 1, &[wait(3, 5)]));
        wakes.push(wake(2, 0, &[wait(2, 7)]));
        wakes.check().unwrap();
        assert!(wakes.concern(RunKey(2)) && !wakes.concern(RunKey(4)));
        let (taken, changed) = wakes.take(RunKey(2));
        let taken: Vec<_> = taken.iter().map(|(event, wait)| (event.id.as_str(), wait.slot)).collect();
        assert_eq!(taken, [("1", 5), ("1", 6), ("2", 7)]);
        assert_eq!(changed.len(), 2);
        assert_eq!(changed[0].waits, [wait(1, 5)]);
        assert_eq!(changed[1].waits, [], "nobody is left");
        wakes.check().unwrap();
        assert!(!wakes.concern(RunKey(2)) && wakes.has(EventKey(1)) && !wakes.has(EventKey(2)));
        assert_eq!(wakes.pop().map(|wake| wake.row.part), Some(0));
        assert_eq!(wakes.pop().map(|wake| wake.row.part), Some(1));
        assert!(wakes.is_empty());
    }

    #[test]
    fn parts_out_of_order_are_loud() {
        let mut wakes = Wakes::default();
        wakes.push(wake(2, 0, &[wait(1, 5)]));
        wakes.push(wake(1, 0, &[wait(1, 5)]));
        assert!(wakes.check().is_err());
        let mut wakes = Wakes::default();
        wakes.push(wake(1, 0, &[]));
        assert!(wakes.check().is_err(), "it is to reach nobody");
    }
}
