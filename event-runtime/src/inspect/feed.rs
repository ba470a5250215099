//! The feed: what has happened, for those who watch a run. Nobody who all is ever waited for.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::RunChange;
use crate::engine::message::Notice;
use crate::engine::model::RunEnd;

/// How many changes are kept for a reader.
const KEPT: usize = 256;

/// Tells of what happens to runs.
#[derive(Clone, Default)]
pub(crate) struct Feed(Arc<Mutex<Watches>>);

#[derive(Default)]
struct Watches {
    of_run: HashMap<Arc<str>, Vec<Arc<Mutex<Watched>>>>,
    is_closed: bool,
}

/// The buffer of one watcher: changes that were not read yet.
#[derive(Default)]
struct Watched {
    /// How many changes are kept.
    room: usize,
    changes: VecDeque<RunChange>,
    /// How many were left out before those.
    missed: u64,
    stop: Option<Stop>,
    waker: Option<Waker>,
}

/// Why nothing more comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The run has ended.
    Ended(RunEnd),
    /// The run waits for another build.
    Held(String),
    /// The engine does nothing any more.
    Closed,
}

impl Watched {
    /// Takes a notice. Who is to be woken for it.
    fn tell(&mut self, notice: &Notice) -> Option<Waker> {
        // What comes after the end is of another life of the run, after a retry.
        if self.stop.is_some() {
            return None;
        }
        if let Some(change) = RunChange::of(notice) {
            self.push(change);
        }
        match notice {
            Notice::Ended { end, .. } => self.stop(Stop::Ended(end.clone())),
            Notice::Held { reason, .. } => self.stop(Stop::Held(reason.clone())),
            _ if self.room == 0 => None,
            _ => self.waker.take(),
        }
    }

    /// Adds a change. Of those that nobody has read in time, the oldest are left out.
    fn push(&mut self, change: RunChange) {
        if self.room == 0 {
            return;
        }
        if self.changes.len() == self.room {
            self.changes.pop_front();
            self.missed += 1;
        }
        self.changes.push_back(change);
    }

    fn stop(&mut self, stop: Stop) -> Option<Waker> {
        self.stop.get_or_insert(stop);
        self.waker.take()
    }

    fn next(&mut self) -> Option<RunChange> {
        match std::mem::take(&mut self.missed) {
            0 => self.changes.pop_front(),
            changes => Some(RunChange::Missed { changes }),
        }
    }
}

impl Feed {
    /// Watches a run for its end alone.
    pub(crate) fn await_end(&self, run: &Arc<str>) -> Watch {
        self.watch_with(run, 0)
    }

    /// Watches what happens to a run.
    pub(crate) fn watch(&self, run: &Arc<str>) -> Watch {
        self.watch_with(run, KEPT)
    }

    fn watch_with(&self, run: &Arc<str>, room: usize) -> Watch {
        let mut all = lock(&self.0);
        let stop = all.is_closed.then_some(Stop::Closed);
        let watched = Arc::new(Mutex::new(Watched { room, stop, ..Watched::default() }));
        all.of_run.entry(Arc::clone(run)).or_default().push(Arc::clone(&watched));
        Watch { feed: self.clone(), run: Arc::clone(run), watched }
    }

    /// Tells of what has happened, in its order, once it is on disk.
    pub(crate) fn tell<'n>(&self, notices: impl IntoIterator<Item = &'n Notice>) {
        let all = lock(&self.0);
        if all.of_run.is_empty() {
            return;
        }
        let mut wakers = Vec::new();
        for notice in notices {
            let of_run = notice.run().and_then(|run| all.of_run.get(run));
            wakers.extend(of_run.into_iter().flatten().filter_map(|watched| lock(watched).tell(notice)));
        }
        // Outside the lock: waking may run the reader at once.
        drop(all);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Nothing happens any more.
    pub(crate) fn close(&self) {
        let mut all = lock(&self.0);
        all.is_closed = true;
        let of_runs = all.of_run.values().flatten();
        let wakers: Vec<_> = of_runs.filter_map(|watched| lock(watched).stop(Stop::Closed)).collect();
        drop(all);
        wakers.into_iter().for_each(Waker::wake);
    }
}

/// A watcher of a run. Dropping it ends the watch.
pub(crate) struct Watch {
    feed: Feed,
    run: Arc<str>,
    watched: Arc<Mutex<Watched>>,
}

impl Watch {
    /// Waits until nothing more comes, and says why.
    pub(crate) async fn stopped(&self) -> Stop {
        poll_fn(|cx| {
            let mut watched = lock(&self.watched);
            match &watched.stop {
                Some(stop) => Poll::Ready(stop.clone()),
                None => {
                    watched.waker = Some(cx.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// Whether nothing was told that is not read yet.
    #[cfg(any(feature = "testing", test))]
    pub(crate) fn is_empty(&self) -> bool {
        let watched = lock(&self.watched);
        watched.changes.is_empty() && watched.missed == 0 && watched.stop.is_none()
    }

    /// Whether nothing more comes.
    pub(crate) fn has_stopped(&self) -> bool {
        lock(&self.watched).stop.is_some()
    }

    /// The run had stopped before it was watched.
    pub(crate) fn had_stopped(&self, stop: Stop) {
        let mut watched = lock(&self.watched);
        // That may have been told meanwhile.
        if watched.stop.is_none() {
            match &stop {
                Stop::Ended(end) => watched.push(RunChange::end(end)),
                Stop::Held(reason) => watched.push(RunChange::Held { reason: reason.clone() }),
                Stop::Closed => {}
            }
            watched.stop = Some(stop);
        }
    }

    /// The next change, if it is there. `Ready(None)`: nothing more comes.
    pub(crate) fn try_next(&self) -> Poll<Option<RunChange>> {
        let mut watched = lock(&self.watched);
        match (watched.next(), &watched.stop) {
            (None, None) => Poll::Pending,
            (next, _) => Poll::Ready(next),
        }
    }

    fn poll_next(&self, cx: &Context<'_>) -> Poll<Option<RunChange>> {
        // Before the look, so that nothing comes between them unnoticed.
        lock(&self.watched).waker = Some(cx.waker().clone());
        self.try_next()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut all = lock(&self.feed.0);
        let Some(of_run) = all.of_run.get_mut(&self.run) else { return };
        of_run.retain(|watched| !Arc::ptr_eq(watched, &self.watched));
        if of_run.is_empty() {
            all.of_run.remove(&self.run);
        }
    }
}

/// The changes of a run from now on, in their order: see [`RunHandle::watch`](crate::embedded::RunHandle::watch).
///
/// The engine never waits for a reader. The newest 256 changes are kept for it; of others it is told how many there were, by
/// [`RunChange::Missed`].
pub struct RunChanges(Watch);

impl RunChanges {
    pub(crate) const fn new(watch: Watch) -> Self {
        Self(watch)
    }

    /// Returns the next change as soon as there is one. `None` after [`RunChange::Ended`] or [`RunChange::Held`], and when the
    /// engine was shut down or has died. A call that is dropped loses nothing.
    pub async fn next(&mut self) -> Option<RunChange> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// Polls for the next change. `futures::stream::poll_fn(move |cx| changes.poll_next(cx))` is a `Stream`.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<RunChange>> {
        self.0.poll_next(cx)
    }
}

impl fmt::Debug for RunChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunChanges").field("run", &self.0.run).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
