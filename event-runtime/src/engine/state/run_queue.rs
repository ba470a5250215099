//! Which run has its turn: in order, as far as the limits of concurrency allow.
//!
//! Runs that count for the same limits stand in one lane. The head of each lane may start unless one of its limits is used
//! up; then the lane stands at that limit until somebody leaves it. So a start costs the logarithm of what waits, however
//! many runs are kept back.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::engine::model::{FunctionIndex, RunKey, Slots};
use crate::engine::slots::distinct;
#[cfg(any(test, feature = "testing"))]
use crate::engine::store::{Result, StoreError};
use crate::key_map::KeyMap;

/// A lane: the runs of one function that count for the same limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Lane {
    pub(crate) function: FunctionIndex,
    pub(crate) slots: Slots,
}

/// The place of a run in the order of starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StartOrder {
    /// When it came, earlier for what has priority.
    pub(crate) time: i64,
    pub(crate) run: RunKey,
}

/// The first run of a lane.
type Head = (StartOrder, Lane);

/// The runs that wait for their turn, and the limits.
#[derive(Debug, Default)]
pub(crate) struct RunQueue {
    lanes: KeyMap<Lane, BTreeSet<StartOrder>>,
    /// The heads of the lanes that no limit is known to keep back.
    heads: BTreeSet<Head>,
    slots: HashMap<u64, Limit>,
    /// Throttles that let nothing start now.
    closed: HashSet<u64>,
    /// Functions that are paused, and the heads of their lanes that had their turn.
    paused: HashMap<FunctionIndex, BTreeSet<Head>>,
    /// For each function, how many runs each of its limits lets execute.
    limits: Vec<[u32; 2]>,
    waiting: usize,
    active: usize,
    max_active: usize,
}

/// A limit, for one value of its key.
#[derive(Debug, Default)]
struct Limit {
    used: u32,
    /// The heads of the lanes that it keeps back.
    kept_back: BTreeSet<Head>,
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
    pub(crate) fn push(&mut self, lane: Lane, place: StartOrder) {
        let runs = self.lanes.entry(lane).or_default();
        let head = runs.first().copied();
        if !runs.insert(place) {
            return;
        }
        self.waiting += 1;
        if head.is_none_or(|head| place < head) {
            if let Some(head) = head {
                self.withdraw(lane, head);
            }
            self.heads.insert((place, lane));
        }
    }

    /// A run does not wait any more. Whether it did.
    pub(crate) fn remove(&mut self, lane: Lane, place: StartOrder) -> bool {
        let Some(runs) = self.lanes.get_mut(&lane) else { return false };
        let was_head = runs.first() == Some(&place);
        if !runs.remove(&place) {
            return false;
        }
        self.waiting -= 1;
        if was_head {
            self.withdraw(lane, place);
            self.offer_head(lane);
            // If a limit had let this one go, another may take its place.
            for slot in lane.slots {
                self.let_one_go(slot);
            }
        }
        true
    }

    /// Takes the head of a lane out of every order.
    fn withdraw(&mut self, lane: Lane, head: StartOrder) {
        if self.heads.remove(&(head, lane)) {
            return;
        }
        if let Some(kept_back) = self.paused.get_mut(&lane.function) {
            kept_back.remove(&(head, lane));
        }
        for slot in lane.slots {
            if let Some(slot) = self.slots.get_mut(&slot) {
                slot.kept_back.remove(&(head, lane));
            }
        }
    }

    /// Puts the head of a lane into the order; forgets a lane of limits that is empty.
    fn offer_head(&mut self, lane: Lane) {
        match self.lanes.get(&lane).and_then(BTreeSet::first).copied() {
            Some(head) => {
                self.heads.insert((head, lane));
            }
            // The lane of a function without limits is used again in a moment: it keeps its room.
            None if lane.slots == Slots::default() => {}
            None => {
                self.lanes.remove(&lane);
            }
        }
    }

    /// The next run that may execute. It holds its slots from now on.
    pub(crate) fn pop(&mut self) -> Option<(RunKey, Lane)> {
        while self.active < self.max_active {
            let (place, lane) = self.heads.pop_first()?;
            if let Some(kept_back) = self.paused.get_mut(&lane.function) {
                kept_back.insert((place, lane));
                // As below.
                lane.slots.into_iter().for_each(|slot| self.let_one_go(slot));
                continue;
            }
            match self.used_up(lane) {
                Some(full) => {
                    self.slots.entry(full).or_default().kept_back.insert((place, lane));
                    // It may have been let go by another limit, which somebody else can use.
                    lane.slots
                        .into_iter()
                        .filter(|slot| *slot != full)
                        .for_each(|slot| self.let_one_go(slot));
                }
                None => {
                    self.occupy(lane.slots);
                    self.waiting -= 1;
                    if let Some(runs) = self.lanes.get_mut(&lane) {
                        runs.remove(&place);
                    }
                    self.offer_head(lane);
                    return Some((place.run, lane));
                }
            }
        }
        None
    }

    /// A run executes that did not wait here.
    pub(crate) fn occupy(&mut self, slots: Slots) {
        for slot in distinct(slots) {
            self.slots.entry(slot).or_default().used += 1;
        }
        self.active += 1;
    }

    /// The first limit that is used up.
    fn used_up(&self, Lane { function, slots }: Lane) -> Option<u64> {
        let [.., throttle] = slots;
        let limits = self.limits.get(function.get()).copied().unwrap_or([u32::MAX; 2]);
        let full = |(slot, limit): (u64, u32)| {
            (slot != 0 && self.slots.get(&slot).is_some_and(|of| of.used >= limit)).then_some(slot)
        };
        slots.into_iter().zip(limits).find_map(full).or(self.closed.get(&throttle).copied())
    }

    /// No run of a function begins from now on. Whether that is new.
    pub(crate) fn pause(&mut self, function: FunctionIndex) -> bool {
        if self.is_paused(function) {
            return false;
        }
        self.paused.insert(function, BTreeSet::new());
        true
    }

    /// The runs of a function begin again. Whether it was paused.
    pub(crate) fn resume(&mut self, function: FunctionIndex) -> bool {
        let kept_back = self.paused.remove(&function);
        let was_paused = kept_back.is_some();
        self.heads.extend(kept_back.into_iter().flatten());
        was_paused
    }

    pub(crate) fn is_paused(&self, function: FunctionIndex) -> bool {
        self.paused.contains_key(&function)
    }

    /// How many runs wait for their function to be resumed.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn waiting_for_resume(&self) -> usize {
        let is_paused = |(lane, _): &(&Lane, &BTreeSet<StartOrder>)| self.is_paused(lane.function);
        self.lanes.iter().filter(is_paused).map(|(_, runs)| runs.len()).sum()
    }

    /// A throttle lets nothing start until it is opened.
    pub(crate) fn close(&mut self, throttle: u64) {
        self.closed.insert(throttle);
    }

    /// A throttle lets one start.
    pub(crate) fn open(&mut self, throttle: u64) {
        self.closed.remove(&throttle);
        self.let_one_go(throttle);
        self.forget_unused(throttle);
    }

    /// A run executes no more: it has ended, or waits.
    pub(crate) fn release(&mut self, slots: Slots) {
        self.active -= 1;
        for key in distinct(slots) {
            if let Some(slot) = self.slots.get_mut(&key) {
                slot.used -= 1;
            }
            self.let_one_go(key);
            self.forget_unused(key);
        }
    }

    fn forget_unused(&mut self, slot: u64) {
        if self.slots.get(&slot).is_some_and(|slot| slot.used == 0 && slot.kept_back.is_empty()) {
            self.slots.remove(&slot);
        }
    }

    /// Checks that what waits is counted, and that the head of each lane stands in one order, so that no lane is forgotten.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn check(&self) -> Result<()> {
        let waiting: usize = self.lanes.values().map(BTreeSet::len).sum();
        if waiting != self.waiting || self.active > self.max_active.max(1) {
            return Err(StoreError::broken(format_args!("{waiting} runs wait in lanes, and are counted")));
        }
        let kept_back = self.slots.values().map(|limit| limit.kept_back.len()).sum::<usize>();
        let kept_back = kept_back + self.paused.values().map(BTreeSet::len).sum::<usize>();
        let stands = |(lane, runs): (&Lane, &BTreeSet<StartOrder>)| {
            let head = runs.first().map(|head| (*head, *lane));
            head.is_some_and(|head| {
                let mut limits = lane.slots.iter().filter_map(|slot| self.slots.get(slot));
                let of_paused = self.paused.get(&lane.function).is_some_and(|heads| heads.contains(&head));
                self.heads.contains(&head) || of_paused || limits.any(|limit| limit.kept_back.contains(&head))
            })
        };
        let mut lanes = self.lanes.iter().filter(|(_, runs)| !runs.is_empty());
        if self.heads.len() + kept_back != lanes.clone().count() || !lanes.all(stands) {
            return Err(StoreError::broken("the head of each lane stands in one order"));
        }
        Ok(())
    }

    /// The first lane that a limit keeps back may try again.
    fn let_one_go(&mut self, slot: u64) {
        let first = self.slots.get_mut(&slot).and_then(|slot| slot.kept_back.pop_first());
        self.heads.extend(first);
    }
}

#[cfg(test)]
mod tests {
    use super::{Lane, RunQueue, StartOrder};
    use crate::engine::model::{FunctionIndex, RunKey};

    fn lane(function: usize, slots: [u64; 3]) -> Lane {
        Lane { function: FunctionIndex::new(function), slots }
    }

    fn order(time: i64, run: i64) -> StartOrder {
        StartOrder { time, run: RunKey(run) }
    }

    fn next(queue: &mut RunQueue) -> Option<i64> {
        queue.check().unwrap();
        queue.pop().map(|(run, _)| run.0)
    }

    #[test]
    fn runs_start_in_order_as_limits_allow() {
        let mut queue = RunQueue::new(vec![[1, u32::MAX], [2, 1]], 10);
        for key in 1..=3 {
            queue.push(lane(0, [7, 0, 0]), order(key, key));
        }
        queue.push(lane(1, [8, 9, 0]), order(0, 10));
        queue.push(lane(1, [8, 9, 0]), order(0, 11));
        queue.push(lane(1, [8, 5, 0]), order(0, 12));
        let started: Vec<_> = std::iter::from_fn(|| next(&mut queue)).collect();
        assert_eq!(started, [10, 12, 1], "11 is kept back by the second limit, 2 and 3 by the first");
        queue.release([8, 9, 0]);
        assert_eq!(next(&mut queue), Some(11));
        assert_eq!(next(&mut queue), None);
        queue.release([7, 0, 0]);
        assert!(queue.remove(lane(0, [7, 0, 0]), order(2, 2)));
        assert_eq!(next(&mut queue), Some(3));
        assert_eq!((queue.waiting(), queue.active()), (0, 3));
    }

    #[test]
    fn a_paused_function_keeps_its_runs_and_leaves_limits_to_others() {
        // Both functions count for slot 7, of which there is one.
        let mut queue = RunQueue::new(vec![[1, u32::MAX], [1, u32::MAX]], 10);
        let (paused, other) = (FunctionIndex::new(0), FunctionIndex::new(1));
        queue.push(lane(0, [7, 0, 0]), order(1, 1));
        queue.push(lane(0, [0, 0, 0]), order(2, 2));
        assert!(queue.pause(paused) && !queue.pause(paused) && !queue.is_paused(other));
        assert_eq!(next(&mut queue), None);
        queue.push(lane(0, [7, 0, 0]), order(0, 3));
        queue.push(lane(1, [7, 0, 0]), order(4, 4));
        assert_eq!(next(&mut queue), Some(4), "the paused ones hold nothing");
        assert_eq!((next(&mut queue), queue.waiting_for_resume()), (None, 3));
        assert!(queue.remove(lane(0, [7, 0, 0]), order(0, 3)), "it was cancelled");
        queue.release([7, 0, 0]);
        assert_eq!(next(&mut queue), None);
        assert!(queue.resume(paused) && !queue.resume(paused));
        let started: Vec<_> = std::iter::from_fn(|| next(&mut queue)).collect();
        assert_eq!(started, [1, 2], "in their order");
    }

    #[test]
    fn a_limit_that_is_freed_is_used_though_another_keeps_its_first_lane_back() {
        // Lane A counts for slots 1 and 2, lane B for slots 1 and 3.
        let mut queue = RunQueue::new(vec![[1, 1]], 10);
        queue.push(lane(0, [4, 2, 0]), order(0, 1));
        assert_eq!(next(&mut queue), Some(1));
        queue.push(lane(0, [1, 9, 0]), order(0, 2));
        assert_eq!(next(&mut queue), Some(2));
        queue.push(lane(0, [1, 2, 0]), order(1, 3));
        queue.push(lane(0, [1, 3, 0]), order(2, 4));
        assert_eq!(next(&mut queue), None);
        queue.release([1, 9, 0]);
        assert_eq!(next(&mut queue), Some(4), "3 is kept back by slot 2");
    }
}
