//! A waker that notes that something can go on, and passes the wake on. Who holds it can be counted: without holders nothing can
//! ever wake what waits.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

#[derive(Default)]
pub(super) struct Relay {
    woken: AtomicBool,
    /// Whom it wakes.
    outer: Mutex<Option<Waker>>,
}

impl Relay {
    pub(super) fn register(&self, outer: &Waker) {
        let replaced = self.outer.lock().unwrap_or_else(PoisonError::into_inner).replace(outer.clone());
        drop(replaced);
    }

    /// Whether nobody but its owner, who has the relay and one waker of it, could ever wake it, and nobody has.
    pub(super) fn has_no_holder(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) == 2 && !self.is_woken()
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

impl Wake for Relay {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.set_woken();
        let outer = self.outer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(outer) = outer {
            outer.wake();
        }
    }
}
