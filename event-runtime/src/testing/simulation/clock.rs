//! Virtual time.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use crate::client::BoxFuture;
use crate::clock::{Clock, from_ms};
use crate::engine::milliseconds;
use crate::function::Alarms;

/// A clock that stands still until it is moved.
#[derive(Debug, Default)]
pub(crate) struct VirtualClock(Arc<Time>);

#[derive(Debug, Default)]
struct Time {
    now: AtomicI64,
    /// Who waits for a time: by that time, and in the order of asking.
    waiting: Mutex<BTreeMap<(i64, u64), Waker>>,
}

impl VirtualClock {
    pub(crate) fn set(&self, now: i64) {
        self.0.now.store(now, Ordering::Relaxed);
        let waiting = self.0.waiting();
        let due: Vec<Waker> = waiting.range(..=(now, u64::MAX)).map(|(_, waker)| waker.clone()).collect();
        drop(waiting);
        due.into_iter().for_each(Waker::wake);
    }

    /// The next time for which somebody waits.
    pub(crate) fn next_alarm(&self) -> Option<i64> {
        self.0.waiting().first_key_value().map(|((due, _), _)| *due)
    }
}

impl Time {
    fn now(&self) -> i64 {
        self.now.load(Ordering::Relaxed)
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeMap<(i64, u64), Waker>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> SystemTime {
        from_ms(self.0.now())
    }
}

impl Alarms for VirtualClock {
    fn after(&self, time: Duration) -> BoxFuture<'static, ()> {
        let due = self.0.now().saturating_add(milliseconds(time));
        Box::pin(Alarm { time: Arc::clone(&self.0), due, place: None })
    }
}

/// Waits until a time has come.
struct Alarm {
    time: Arc<Time>,
    due: i64,
    /// Where it waits.
    place: Option<(i64, u64)>,
}

impl Future for Alarm {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.time.now() >= self.due {
            return Poll::Ready(());
        }
        let (time, due) = (Arc::clone(&self.time), self.due);
        let mut waiting = time.waiting();
        let behind = || waiting.range(..=(due, u64::MAX)).next_back().filter(|((other, _), _)| *other == due);
        let place = self.place.unwrap_or_else(|| (due, behind().map_or(0, |((_, number), _)| number + 1)));
        waiting.insert(place, cx.waker().clone());
        self.place = Some(place);
        Poll::Pending
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            let waker = self.time.waiting().remove(&place);
            drop(waker);
        }
    }
}
