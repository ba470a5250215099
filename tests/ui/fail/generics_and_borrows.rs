//! Generics, and fields that no payload can own: one error each, and none that follows from it.

use event_runtime::prelude::*;

/// A note.
#[payload]
pub struct Note<'a> {
    text: &'a str,
    id: u64,
}

/// A page.
#[payload]
pub struct Page<T: Clone>
where
    T: Send,
{
    items: Vec<T>,
    id: u64,
}

/// Rules for whatever it holds.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, Validate)]
pub struct Basket<T> {
    #[validate(length(min = 1))]
    items: Vec<T>,
}

/// Sets of events.
#[domain_events]
pub enum LetterEvent<'a, T, const N: usize> {
    /// A letter was written.
    Written { text: &'a str, other: Vec<T>, id: u64, pages: [u8; N] },
}

/// Memos.
#[domain_events]
pub enum MemoEvent {
    /// A memo was written.
    Written { id: u64, text: &'static str, parts: Vec<&'static str>, title: std::borrow::Cow<'a, str> },
    /// A memo was deleted.
    Deleted { undo: fn(&str), why: impl Fn(), how: Box<dyn Fn()>, bytes: [u8], any: _, raw: *const u8, all: str },
}

fn main() {
    let _ = (MemoWritten { id: 1 }, MemoDeleted {}, LetterWritten { id: 1 }, Note { id: 1 }, Page { id: 1 });
}
