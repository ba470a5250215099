//! The queue of the thread of the engine: many send, one takes everything that has gathered at once.
//!
//! A channel of the standard library hands over one by one and allocates a block for every 31; here both ends swap two buffers.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Makes a queue.
pub(super) fn queue<T>() -> (Sender<T>, Receiver<T>) {
    let state = State { gathered: VecDeque::new(), is_awaited: false, is_closed: false };
    let shared = Arc::new(Shared { state: Mutex::new(state), wake: Condvar::new() });
    (Sender(Arc::clone(&shared)), Receiver(shared))
}

/// Sends to the queue.
pub(super) struct Sender<T>(Arc<Shared<T>>);

/// Takes from the queue. Dropping it closes the queue.
pub(super) struct Receiver<T>(Arc<Shared<T>>);

struct Shared<T> {
    state: Mutex<State<T>>,
    wake: Condvar,
}

struct State<T> {
    gathered: VecDeque<T>,
    /// Whether the receiver sleeps.
    is_awaited: bool,
    is_closed: bool,
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // No code that can panic runs under the lock, but for the allocator.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Sender<T> {
    /// Sends several, which nothing else comes between. Whether the receiver was still there.
    pub(super) fn send_all(&self, items: impl IntoIterator<Item = T>) -> bool {
        let mut state = self.0.lock();
        if state.is_closed {
            return false;
        }
        state.gathered.extend(items);
        let is_awaited = std::mem::take(&mut state.is_awaited);
        drop(state);
        if is_awaited {
            self.0.wake.notify_one();
        }
        true
    }
}

impl<T> Receiver<T> {
    /// Takes whatever has gathered, in order, for an empty buffer.
    pub(super) fn take(&self, into: &mut VecDeque<T>) {
        std::mem::swap(&mut self.0.lock().gathered, into);
    }

    /// Waits until something has gathered, at most so long.
    pub(super) fn wait(&self, timeout: Duration) {
        let mut state = self.0.lock();
        state.is_awaited = state.gathered.is_empty();
        let waited = self.0.wake.wait_timeout_while(state, timeout, |state| state.gathered.is_empty());
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.is_awaited = false;
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let left = {
            let mut state = self.0.lock();
            state.is_closed = true;
            std::mem::take(&mut state.gathered)
        };
        // Outside the lock: what is dropped may send.
        drop(left);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::time::Duration;

    use super::queue;

    #[test]
    fn everything_that_has_gathered_is_taken_in_order() {
        let (sender, receiver) = queue();
        assert!(sender.send_all([1, 2]) && sender.clone().send_all([3]));
        let mut taken = VecDeque::new();
        receiver.wait(Duration::MAX);
        receiver.take(&mut taken);
        assert_eq!(taken, [1, 2, 3]);
        receiver.wait(Duration::ZERO);
        taken.clear();
        receiver.take(&mut taken);
        assert!(taken.is_empty());
    }

    #[test]
    fn a_receiver_that_waits_is_woken() {
        let (sender, receiver) = queue();
        let waiting = std::thread::spawn(move || {
            let mut taken = VecDeque::new();
            receiver.wait(Duration::MAX);
            receiver.take(&mut taken);
            taken
        });
        assert!(sender.send_all(["job"]));
        assert_eq!(waiting.join().unwrap(), ["job"]);
    }

    #[test]
    fn nothing_is_sent_to_a_receiver_that_is_gone() {
        let (sender, receiver) = queue();
        drop(receiver);
        assert!(!sender.send_all([()]));
    }
}
