//! A toolbox for constant evaluation: texts, tables of names, and the nearest of several names.

mod nearest;
mod table;
mod text;

pub(crate) use nearest::Nearest;
pub use table::{Table, slots};
pub use text::Message;
pub(crate) use text::Text;

/// `a == b`, in constants.
#[must_use]
pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}
