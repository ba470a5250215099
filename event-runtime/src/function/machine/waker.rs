//! The waker of a handler: it notes that the handler can go on, and wakes the task of the host.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

#[derive(Default)]
pub(super) struct HandlerWaker {
    woken: AtomicBool,
    host: Mutex<Option<Waker>>,
}

impl HandlerWaker {
    pub(super) fn register(&self, host: &Waker) {
        let replaced = self.host.lock().unwrap_or_else(PoisonError::into_inner).replace(host.clone());
        drop(replaced);
    }

    pub(super) fn set_woken(&self) {
        self.woken.store(true, Ordering::Release);
    }

    pub(super) fn is_woken(&self) -> bool {
        self.woken.load(Ordering::Acquire)
    }

    pub(super) fn take_woken(&self) -> bool {
        self.woken.swap(false, Ordering::AcqRel)
    }
}

impl Wake for HandlerWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.set_woken();
        let host = self.host.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(host) = host {
            host.wake();
        }
    }
}
