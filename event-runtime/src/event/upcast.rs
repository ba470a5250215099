//! Versions of payloads.

use crate::validate::{Issue, Issues, Path, code};

/// The step from a payload to that of the next version: see `#[event(version = 2, upcast(..))]`.
///
/// ```
/// use event_runtime::prelude::*;
///
/// /// The life of an order.
/// #[domain_events]
/// pub enum OrderEvent {
///     /// An order was placed.
///     #[event(version = 2, upcast(OrderPlacedV1))]
///     Placed { id: u64, cents: u64 },
/// }
///
/// /// `order/placed` as it was sent at first.
/// #[payload]
/// pub struct OrderPlacedV1 {
///     id: u64,
///     euros: u64,
/// }
///
/// impl Upcast<OrderPlaced> for OrderPlacedV1 {
///     fn upcast(self) -> OrderPlaced {
///         OrderPlaced { id: self.id, cents: self.euros * 100 }
///     }
/// }
///
/// let placed = OrderPlaced::parse_version(1, r#"{ "id": 7, "euros": 12 }"#).unwrap();
/// assert_eq!(placed.cents, 1200);
/// ```
#[diagnostic::on_unimplemented(
    message = "there is no step from `{Self}` to `{Next}`, the payload of the next version",
    label = "cannot be lifted to `{Next}`",
    note = "write it: `impl Upcast<{Next}> for {Self} {{ fn upcast(self) -> {Next} {{ .. }} }}`"
)]
pub trait Upcast<Next> {
    /// The payload of the next version.
    fn upcast(self) -> Next;
}

/// The issue of a version that an event does not have.
#[cold]
#[doc(hidden)]
#[must_use]
pub fn unknown_version(name: &str, version: u32, latest: u32) -> Issues {
    let message = format!("version {version} of `{name}` is not known: this application knows 1 to {latest}");
    Issue::new(&Path::root().field("v"), code::UNKNOWN_VERSION, message).with("maximum", latest).into()
}
