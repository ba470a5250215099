//! The events that cancel a function are not those that it sends.

use crate::const_text::{Message, same};
use crate::event::Event;
use crate::function::Function;

/// Fails if the function `F`, which `E` cancels, declares to send `E` itself.
///
/// # Panics
///
/// When it does: a panic of a constant evaluation is an error of the compiler.
#[track_caller]
pub const fn assert_not_own<F: Function, E: Event>() {
    let (emits, mut at) = (F::SOURCE.emits, 0);
    while at < emits.len() {
        if same(emits[at].name, E::NAME) {
            Message::new()
                .add(&["this function emits `", E::NAME, "` itself, and so cancels itself: remove it from `cancel_on`, "])
                .add(&["or write `allow_own` beside it if the event may also come from elsewhere and the function "])
                .add(&["expects to be cancelled by its own"])
                .fail();
        }
        at += 1;
    }
}
