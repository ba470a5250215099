//! What keeps an application from being built, and what to write instead.

use std::sync::Arc;

use event_runtime::BuildError;
use event_runtime::prelude::*;

use crate::events::{Events, OrderPlaced, OrderPriced};

/// Prices.
pub struct Prices;

#[controller]
impl Prices {
    /// Prices an order.
    #[function(id = "order-placed-pricing")]
    async fn price(&self, ctx: &Context<OrderPlaced>) -> Result<u64> {
        Ok(ctx.event.id)
    }

    /// Keeps the registry handled.
    #[function(id = "order-priced-pricing")]
    async fn keep(&self, ctx: &Context<OrderPriced>) -> Result<u64> {
        Ok(ctx.event.id)
    }
}

functions! { PricesApp in Events = [Prices]; }

mod other {
    /// Has the same name.
    pub struct Prices;
}

/// Why it cannot be built with this.
fn refused<C: Send + Sync + 'static>(controller: C) -> String {
    let error = App::<PricesApp>::builder("shop").provide(controller).build().unwrap_err();
    assert!(matches!(error, BuildError::MissingController { .. }), "{error:?}");
    error.to_string()
}

#[test]
fn what_was_provided_in_place_of_a_controller_is_told() {
    let listed =
        "the controller `functions::building::Prices` of function `order-placed-pricing` is listed, and ";
    let itself = |shape: &str| format!("provide the controller itself, a `Prices` and not a `{shape}`");
    assert_eq!(
        refused(Arc::new(Prices)),
        format!(
            "{listed}`alloc::sync::Arc<functions::building::Prices>` was provided: {}",
            itself("Arc<Prices>")
        )
    );
    assert!(refused(Box::new(Prices)).ends_with(&itself("Box<Prices>")));
    assert!(refused(&Prices).ends_with(&itself("&Prices")));
    assert!(refused(Some(Arc::new(Prices))).ends_with(&itself("Option<Arc<Prices>>")));
    assert_eq!(
        refused(other::Prices),
        format!(
            "{listed}`functions::building::other::Prices` was provided: these are two types of one name, provide the one that is \
             listed"
        )
    );
    assert!(
        refused(7).ends_with("is listed but not provided: add `.provide(Prices { .. })` before `.build()`")
    );
}

#[test]
fn a_controller_that_is_not_listed_is_told_by_its_own_name() {
    let app = App::<PricesApp>::builder("shop").provide(Prices);
    let error = app.provide(Arc::new(other::Prices)).build().unwrap_err().to_string();
    assert!(
        error.contains("is provided but not listed: add `Prices` to the list in `functions!`"),
        "{error}"
    );
    let twice = App::<PricesApp>::builder("shop").provide(Prices).provide(Prices).build().unwrap_err();
    assert!(twice.to_string().ends_with("remove one of the two `.provide(..)`"), "{twice}");
    assert_eq!(App::<PricesApp>::builder("").provide(Prices).build().unwrap_err(), BuildError::EmptyId);
}
