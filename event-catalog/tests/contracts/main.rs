//! Contracts of events that use every rule: what an edit breaks, and what the tools of others make of the exports.

mod after;
mod before;
mod edits;
mod exports;
mod table;
mod types_after;
mod types_before;

use std::sync::LazyLock;

use event_runtime::catalog::Catalog;

static BEFORE: LazyLock<Catalog> = LazyLock::new(|| Catalog::of_registry::<before::Events>("app"));
static AFTER: LazyLock<Catalog> = LazyLock::new(|| Catalog::of_registry::<after::Events>("app"));

#[allow(clippy::trivially_copy_pass_by_ref, reason = "so are rules called")]
fn even(number: &u32) -> Result<(), &'static str> {
    if number.is_multiple_of(2) { Ok(()) } else { Err("must be even") }
}
