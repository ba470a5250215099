//! The test kit: runs functions on virtual time, with assertions that explain their failure.
//!
//! An engine of the test kit runs inside the test: no thread, no file, and a sleep of 30 days takes no time. The order of
//! concurrent things is drawn from a seed, so that an order that breaks a function can be reproduced.
//!
//! ```
//! use event_runtime::prelude::*;
//! use event_runtime::testing::TestEngine;
//!
//! # /// The life of an order.
//! # #[domain_events]
//! # pub enum OrderEvent {
//! #     /// An order was placed.
//! #     Placed { id: u64 },
//! #     /// An order was reminded of.
//! #     Reminded { id: u64 },
//! # }
//! /// Reminds of an order after a month.
//! #[function(id = "order-placed-reminder")]
//! async fn remind(ctx: &Context<OrderPlaced>) -> Result<u64> {
//!     let paid = ctx.step.run("check", async || Ok(false)).await?;
//!     ctx.step.sleep("month", Duration::from_hours(30 * 24)).await?;
//!     if !paid {
//!         ctx.step.send("remind", OrderReminded { id: ctx.event.id }).await?;
//!     }
//!     Ok(ctx.event.id)
//! }
//! # /// Counts.
//! # #[function(id = "order-reminded-counter")]
//! # async fn count(ctx: &Context<OrderReminded>) -> Result<()> { let _ = ctx; Ok(()) }
//! # registry! { pub AppEvents = [OrderEvent]; }
//! # functions! { pub AppFunctions in AppEvents = [remind, count]; }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let app = App::<AppFunctions>::builder("shop").build().unwrap();
//! let mut engine = TestEngine::new(&app);
//! let run = engine.run(OrderPlaced { id: 7 }).await;
//! run.completed_with(&7_u64);
//! run.step("check").ran_once();
//! assert_eq!(engine.sent::<OrderReminded>().len(), 1);
//! engine.nothing_else_sent();
//! # }
//! ```
//!
//! [`crash_everywhere`] runs a function again and again, and lets the process die at another point each time: idempotency as a
//! one-line test.

mod call;
mod crash;
mod engine;
mod handle;
mod host;
mod memory;
mod mock;
mod run;
mod simulation;

pub use crate::run::{CommandError, RunError, StartRunError};
pub use call::{Call, Occasion, Starts, call, cron, failure};
pub use crash::{CrashReport, CrashTest, Difference, crash_everywhere};
pub use engine::TestEngine;
pub use handle::{TestChanges, TestHandle};
pub use run::{StepRecord, TestRun};
