//! The functions on virtual time.

use event_runtime::prelude::*;
use event_runtime::testing::crash_everywhere;

use crate::events::{Line, OrderPlaced};
use crate::functions::{AppFunctions, Shop};

#[tokio::test(start_paused = true)]
async fn no_crash_makes_a_difference() {
    let app = || App::<AppFunctions>::builder("shop").provide(Shop).build().unwrap();
    let order = OrderPlaced {
        number: 1,
        customer: "ada@example.org".into(),
        card: "4242 4242 4242 4242".into(),
        lines: vec![Line { product: "tea".into(), quantity: 2 }],
    };
    crash_everywhere(app, order).await.is_idempotent();
}
