//! Proves that a function which is named beside an application is in its list.
//!
//! The proof is a constant of a generic method, so that it fails when the method is instantiated: in `cargo test`, and not in
//! `cargo check`. A bound of the method would be seen earlier, but none can be written. Lists contain lists, and
//! `impl<G> Lists<G> for App where Part: Lists<G>` conflicts with itself from the second part on (E0119). An index that keeps
//! these apart is one more parameter of the method, which `mock_step::<Price>` would have to name (E0107). And a constant
//! in a bound must not depend on parameters. The methods are those of the test kit: their callers are built to be run.

use crate::const_text::{Message, same};
use crate::function::{Function, FunctionDescriptor, FunctionList, Listed};

/// Compiles only when `F` lists the function `G`, or a function whose failures `G` handles.
#[track_caller]
pub(crate) const fn assert_member<F: FunctionList, G: Function>() {
    let source = &G::SOURCE;
    if lists(F::FUNCTIONS, source.id) {
        return;
    }
    let message = Message::new().add(&["function `", source.id, "` is not listed by the application:"]);
    message.place(source.path, source.file, source.line).add(&["\n    add it to `functions!`"]).fail();
}

/// Returns `true` if a function with this id is listed, or handles the failures of one that is.
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
