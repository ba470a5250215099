//! Which run has its turn: in order, as far as the limits of concurrency allow.
//!
//! Runs that count for the same limits stand in one lane. The head of each lane may start unless one of its limits is used
//! up; then the lane stands at that limit until somebody leaves it. So a start costs the logarithm of what waits, however
//! many runs are kept back.

use std::collections::{BTreeSet, HashMap};

use crate::engine::store::{FunctionIndex, RunKey};

/// Runs of one function that count for the same limits.
type LaneKey = (FunctionIndex, [u64; 2]);

/// The place of a run in the order of starts.
type Place = (i64, RunKey);

/// The runs that wait for their turn, and the limits.
#[derive(Debug, Default)]
pub(crate) struct RunQueue {
    lanes: HashMap<LaneKey, BTreeSet<Place>>,
    /// The heads of the lanes that no limit is known to keep back.
    heads: BTreeSet<(Place, LaneKey)>,
    slots: HashMap<u64, Slot>,
    /// For each function, how many runs each of its limits lets execute.
    limits: Vec<[u32; 2]>,
    waiting: usize,
    active: usize,
    max_active: usize,
}

/// A limit, for one value of its key.
#[derive(Debug, Default)]
struct Slot {
    used: u32,
    /// The heads of the lanes that it keeps back.
    kept_back: BTreeSet<(Place, LaneKey)>,
}

impl RunQueue {
    /// `limits` are those of each function; `max_active` is how many runs execute at once, whatever they count for.
    pub(crate) fn new(limits: Vec<[u32; 2]>, max_active: usize) -> Self {
        Self { limits, max_active, ..Self::default() }
    }

    /// How many runs wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting
    }

    /// How many runs execute.
    pub(crate) fn active(&self) -> usize {
        self.active
    }

    /// A run waits for its turn.
    pub(crate) fn push(&mut self, function: FunctionIndex, slots: [u64; 2], place: Place) {
        let lane_key = (function, slots);
        let lane = self.lanes.entry(lane_key).or_default();
        let head = lane.first().copied();
        if !lane.insert(place) {
            return;
        }
        self.waiting += 1;
        if head.is_none_or(|head| place < head) {
            if let Some(head) = head {
                self.withdraw(lane_key, head);
            }
            self.heads.insert((place, lane_key));
        }
    }

    /// A run does not wait any more. Whether it did.
    pub(crate) fn remove(&mut self, function: FunctionIndex, slots: [u64; 2], place: Place) -> bool {
        let lane_key = (function, slots);
        let Some(lane) = self.lanes.get_mut(&lane_key) else { return false };
        let was_head = lane.first() == Some(&place);
        if !lane.remove(&place) {
            return false;
        }
        self.waiting -= 1;
        if was_head {
            self.withdraw(lane_key, place);
            self.offer_head(lane_key);
            // If a limit had let this one go, another may take its place.
            for slot in slots {
                self.let_one_go(slot);
            }
        }
        true
    }

    /// Takes the head of a lane out of every order.
    fn withdraw(&mut self, lane: LaneKey, head: Place) {
        if self.heads.remove(&(head, lane)) {
            return;
        }
        for slot in lane.1 {
            if let Some(slot) = self.slots.get_mut(&slot) {
                slot.kept_back.remove(&(head, lane));
            }
        }
    }

    /// Puts the head of a lane into the order; forgets a lane that is empty.
    fn offer_head(&mut self, lane_key: LaneKey) {
        match self.lanes.get(&lane_key).and_then(BTreeSet::first).copied() {
            Some(head) => {
                self.heads.insert((head, lane_key));
            }
            None => {
                self.lanes.remove(&lane_key);
            }
        }
    }

    /// The next run that may execute. It holds its slots from now on.
    pub(crate) fn pop(&mut self) -> Option<(RunKey, [u64; 2])> {
        while self.active < self.max_active {
            let (place, lane_key) = self.heads.pop_first()?;
            let (function, slots) = lane_key;
            match self.used_up(function, slots) {
                Some(full) => {
                    self.slots.entry(full).or_default().kept_back.insert((place, lane_key));
                    // It may have been let go by another limit, which somebody else can use.
                    slots.into_iter().filter(|slot| *slot != full).for_each(|slot| self.let_one_go(slot));
                }
                None => {
                    self.occupy(slots);
                    self.waiting -= 1;
                    if let Some(lane) = self.lanes.get_mut(&lane_key) {
                        lane.remove(&place);
                    }
                    self.offer_head(lane_key);
                    return Some((place.1, slots));
                }
            }
        }
        None
    }

    /// A run executes that did not wait here.
    pub(crate) fn occupy(&mut self, slots: [u64; 2]) {
        for slot in slots.into_iter().filter(|slot| *slot != 0) {
            self.slots.entry(slot).or_default().used += 1;
        }
        self.active += 1;
    }

    /// The first limit that is used up.
    fn used_up(&self, function: FunctionIndex, slots: [u64; 2]) -> Option<u64> {
        let limits = self.limits.get(function as usize).copied().unwrap_or([u32::MAX; 2]);
        let full = |(slot, limit): (u64, u32)| {
            (slot != 0 && self.slots.get(&slot).is_some_and(|of| of.used >= limit)).then_some(slot)
        };
        slots.into_iter().zip(limits).find_map(full)
    }

    /// A run executes no more: it has ended, or waits.
    pub(crate) fn release(&mut self, slots: [u64; 2]) {
        self.active -= 1;
        for key in slots.into_iter().filter(|slot| *slot != 0) {
            if let Some(slot) = self.slots.get_mut(&key) {
                slot.used -= 1;
            }
            self.let_one_go(key);
            if self.slots.get(&key).is_some_and(|slot| slot.used == 0 && slot.kept_back.is_empty()) {
                self.slots.remove(&key);
            }
        }
    }

    /// The first lane that a limit keeps back may try again.
    fn let_one_go(&mut self, slot: u64) {
        let first = self.slots.get_mut(&slot).and_then(|slot| slot.kept_back.pop_first());
        self.heads.extend(first);
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{RunKey, RunQueue};

    fn next(ready: &mut RunQueue) -> Option<RunKey> {
        ready.pop().map(|(run, _)| run)
    }

    #[test]
    fn runs_start_in_order_as_limits_allow() {
        let mut ready = RunQueue::new(vec![[1, u32::MAX], [2, 1]], 10);
        for key in 1..=3 {
            ready.push(0, [7, 0], (key, key));
        }
        ready.push(1, [8, 9], (0, 10));
        ready.push(1, [8, 9], (0, 11));
        ready.push(1, [8, 5], (0, 12));
        let started: Vec<_> = std::iter::from_fn(|| next(&mut ready)).collect();
        assert_eq!(started, [10, 12, 1], "11 is kept back by the second limit, 2 and 3 by the first");
        ready.release([8, 9]);
        assert_eq!(next(&mut ready), Some(11));
        assert_eq!(next(&mut ready), None);
        ready.release([7, 0]);
        assert!(ready.remove(0, [7, 0], (2, 2)));
        assert_eq!(next(&mut ready), Some(3));
        assert_eq!((ready.waiting(), ready.active()), (0, 3));
    }

    #[test]
    fn a_limit_that_is_freed_is_used_though_another_keeps_its_first_lane_back() {
        // Lane A counts for slots 1 and 2, lane B for slots 1 and 3.
        let mut ready = RunQueue::new(vec![[1, 1]], 10);
        ready.push(0, [4, 2], (0, 1));
        assert_eq!(next(&mut ready), Some(1));
        ready.push(0, [1, 9], (0, 2));
        assert_eq!(next(&mut ready), Some(2));
        ready.push(0, [1, 2], (1, 3));
        ready.push(0, [1, 3], (2, 4));
        assert_eq!(next(&mut ready), None);
        ready.release([1, 9]);
        assert_eq!(next(&mut ready), Some(4), "3 is kept back by slot 2");
    }
}
