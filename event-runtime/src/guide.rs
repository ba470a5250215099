//! Guides, one for each concept: read them in this order.

#[doc = include_str!("../docs/events.md")]
pub mod events {}

#[doc = include_str!("../docs/from_zod.md")]
pub mod from_zod {}

#[doc = include_str!("../docs/steps.md")]
pub mod steps {}

#[doc = include_str!("../docs/retries.md")]
pub mod retries {}

#[doc = include_str!("../docs/errors.md")]
pub mod errors {}

#[doc = include_str!("../docs/flow_control.md")]
pub mod flow_control {}

#[cfg(feature = "axum")]
#[doc = include_str!("../docs/http_service.md")]
pub mod http_service {}

#[cfg(feature = "testing")]
#[doc = include_str!("../docs/testing.md")]
pub mod testing {}

#[doc = include_str!("../docs/operating.md")]
pub mod operating {}

#[doc = include_str!("../docs/guarantees.md")]
pub mod guarantees {}

#[doc = include_str!("../docs/performance.md")]
pub mod performance {}
