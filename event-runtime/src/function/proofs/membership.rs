//! A function that is named beside an application is one of its list.

use crate::const_text::{Message, same};
use crate::function::{Function, FunctionDescriptor, FunctionList, Listed};

/// Compiles only when `F` lists the function `G`, or a function whose failures `G` handles.
pub(crate) const fn assert_member<F: FunctionList, G: Function>() {
    let id = G::SOURCE.id;
    if !lists(F::FUNCTIONS, id) {
        let message = ["function `", id, "` is not listed by the application: add it to `functions!`"];
        Message::new().add(&message).fail();
    }
}

/// Whether a function with this id is listed, or handles the failures of one that is.
const fn lists(listed: &[Listed], id: &str) -> bool {
    let mut at = 0;
    while at < listed.len() {
        let found = match listed[at] {
            Listed::One { function: FunctionDescriptor { on_failure: Some(handler), .. }, .. }
                if same(handler.id, id) =>
            {
                true
            }
            Listed::One { function, .. } => same(function.id, id),
            Listed::Many(entries) => lists(entries, id),
        };
        if found {
            return true;
        }
        at += 1;
    }
    false
}
