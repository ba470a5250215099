//! The contracts of the events are those that were written down.

use example_orders::functions::ShopFunctions;

#[test]
fn events_are_locked() {
    event_catalog::assert_locked::<ShopFunctions>("events");
}
