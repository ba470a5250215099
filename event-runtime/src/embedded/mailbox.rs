//! The mailbox of an execution: a queue with one reader, which is its task.
//!
//! Most runs get a handful of answers in their life. A channel of tokio allocates room for 32 of them at once, which was a
//! tenth of the time that a short run takes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

/// Makes a mailbox and its sender.
pub(super) fn mailbox<T>() -> (Sender<T>, Mailbox<T>) {
    let shared = Arc::new(Shared(Mutex::new(Inbox { messages: Vec::new(), waker: None, is_closed: false })));
    (Sender(Arc::clone(&shared)), Mailbox(shared))
}

/// Puts messages into a mailbox. Dropping it closes the mailbox.
pub(super) struct Sender<T>(Arc<Shared<T>>);

/// The reader of a mailbox.
pub(super) struct Mailbox<T>(Arc<Shared<T>>);

/// The sender is gone, and there is nothing left to read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Closed;

struct Shared<T>(Mutex<Inbox<T>>);

struct Inbox<T> {
    messages: Vec<T>,
    /// Of the task that waits for a message.
    waker: Option<Waker>,
    is_closed: bool,
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, Inbox<T>> {
        // No code that can panic runs under the lock, but for the allocator.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Inbox<T>)) {
        let waker = {
            let mut inbox = self.lock();
            change(&mut inbox);
            inbox.waker.take()
        };
        // Outside the lock: waking may run the reader at once.
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Sender<T> {
    /// Sends a message. If the reader is gone, the message is dropped with the mailbox.
    pub(super) fn send(&self, message: T) {
        self.0.change(|inbox| inbox.messages.push(message));
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.change(|inbox| inbox.is_closed = true);
    }
}

impl<T> Mailbox<T> {
    /// Takes every message that is there, in order, and wakes the task of `cx` when there are more.
    ///
    /// # Errors
    ///
    /// [`Closed`] once the sender is gone; messages that it left are not read any more.
    pub(super) fn take(&self, cx: &Context<'_>, mut read: impl FnMut(T)) -> Result<(), Closed> {
        let mut inbox = self.0.lock();
        if inbox.is_closed {
            return Err(Closed);
        }
        inbox.messages.drain(..).for_each(&mut read);
        match &mut inbox.waker {
            Some(waker) => waker.clone_from(cx.waker()),
            waker => *waker = Some(cx.waker().clone()),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::{Context, Wake, Waker};

    use super::{Closed, mailbox};

    #[derive(Default)]
    struct Woken(AtomicU32);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn messages_come_in_order_and_wake_the_reader_once() {
        let woken = Arc::<Woken>::default();
        let waker = Waker::from(Arc::clone(&woken));
        let cx = Context::from_waker(&waker);
        let (sender, mailbox) = mailbox();
        let mut read = Vec::new();
        mailbox.take(&cx, |message| read.push(message)).unwrap();
        sender.send(1);
        sender.send(2);
        mailbox.take(&cx, |message| read.push(message)).unwrap();
        assert_eq!((read, woken.0.load(Ordering::Relaxed)), (vec![1, 2], 1));
    }

    #[test]
    fn a_dropped_sender_closes_the_mailbox_and_wakes_the_reader() {
        let woken = Arc::<Woken>::default();
        let waker = Waker::from(Arc::clone(&woken));
        let cx = Context::from_waker(&waker);
        let (sender, mailbox) = mailbox::<u32>();
        mailbox.take(&cx, |_| {}).unwrap();
        drop(sender);
        assert_eq!(woken.0.load(Ordering::Relaxed), 1);
        assert_eq!(mailbox.take(&cx, |_| {}), Err(Closed));
    }
}
