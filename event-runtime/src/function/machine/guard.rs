//! The guard of steps: it knows which handler, and which body of it, is being polled on this thread. A step that is awaited elsewhere is an error.

use std::any::Any;
use std::cell::RefCell;
use std::sync::Arc;

use super::Promises;
use crate::event::{Sender, set_sender};
use crate::function::Error;

thread_local! {
    static CURRENT: RefCell<Current> = const { RefCell::new(Current { handler: None, body: None }) };
}

/// The handler, and the body of it, that is being polled.
#[derive(Clone)]
struct Current {
    /// The address of the handler's promises: compared, never followed.
    handler: Option<usize>,
    body: Option<Body>,
}

/// One attempt of a body.
#[derive(Clone)]
struct Body {
    key: Arc<str>,
    failed: u32,
}

/// Puts back what was current before.
pub(super) struct Entered {
    before: Option<Current>,
    sender: Option<Sender>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        if let Some(before) = self.before.take() {
            CURRENT.with(|current| current.replace(before));
            set_sender(self.sender.take());
        }
    }
}

fn set(promises: &Arc<Promises>, body: Option<Body>) -> Entered {
    let step = body.as_ref().map(|body| Arc::clone(&body.key));
    let sender = promises.origin.get().map(|origin| Sender { origin: Arc::clone(origin), step });
    let next = Current { handler: Some(address(promises)), body };
    Entered { before: Some(CURRENT.with(|current| current.replace(next))), sender: set_sender(sender) }
}

fn address(promises: &Arc<Promises>) -> usize {
    Arc::as_ptr(promises).addr()
}

/// The handler is being polled.
pub(super) fn enter(promises: &Arc<Promises>) -> Entered {
    set(promises, None)
}

/// The body of the step `key`, which has failed so often, is being polled.
pub(super) fn enter_body(promises: &Arc<Promises>, key: &Arc<str>, failed: u32) -> Entered {
    set(promises, Some(Body { key: Arc::clone(key), failed }))
}

/// The number of failed attempts of the body that is being polled, if it is one of this handler; 0 outside bodies.
pub(crate) fn failed_attempts(promises: &Arc<Promises>) -> u32 {
    CURRENT.with_borrow(|current| {
        let body = current.body.as_ref().filter(|_| current.handler == Some(address(promises)));
        body.map_or(0, |body| body.failed)
    })
}

/// The reason why a step of this handler cannot be awaited here and now.
pub(super) fn misuse(promises: &Arc<Promises>) -> Option<String> {
    CURRENT.with_borrow(|current| {
        if current.handler != Some(address(promises)) {
            let message = "was awaited outside its run (in a spawned task?): await steps in the function itself, \
                           `join!` runs them in parallel";
            return Some(message.to_owned());
        }
        let outer = &current.body.as_ref()?.key;
        Some(format!("was awaited inside the body of step `{outer}`: steps do not nest, call it beside `{outer}`"))
    })
}

/// The error of a function that has panicked.
pub(crate) fn function_panicked(panic: &(dyn Any + Send)) -> Error {
    Error::msg(format!("the function panicked: {}", panic_message(panic)))
}

/// The message of a panic.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("(no message)")
}
