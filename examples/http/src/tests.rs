//! The functions on virtual time, without HTTP.

use event_runtime::prelude::*;
use event_runtime::testing::crash_everywhere;

use crate::events::{Line, OrderPlaced};
use crate::functions::{ShopFunctions, Warehouse};

#[tokio::test]
async fn no_crash_makes_a_difference() {
    let app = || App::<ShopFunctions>::builder("shop").provide(Warehouse).build().unwrap();
    let lines =
        vec![Line { product: "tea".into(), quantity: 2 }, Line { product: "cup".into(), quantity: 1 }];
    let order = OrderPlaced { id: Uuid::nil(), customer: "ada@example.org".into(), lines };
    crash_everywhere(app, order).await.is_idempotent();
}
