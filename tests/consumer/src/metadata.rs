//! Metadata of a registry, beside what a function declares to send.

use std::assert_eq;
use std::clone::Clone;
use std::convert::From;
use std::string::String;

use ::durable;
use ::std;

/// Who does something, and for whom.
#[durable::payload(crate = ::durable)]
struct LampMeta {
    /// For whom.
    #[validate(length(min = 1))]
    tenant: String,
}

/// The life of a light.
#[durable::domain_events(crate = ::durable)]
enum LightEvent {
    /// A light was lit.
    Lit,
    /// A light was seen.
    #[event(unhandled)]
    Seen,
}

/// Sees a light.
#[durable::function(id = "light-lit-watch", emits(LightSeen), crate = ::durable)]
async fn watch(ctx: &durable::Context<LightLit, LampMeta>) -> durable::Result<String> {
    std::mem::drop(ctx.step.send("see", LightSeen {}).await?);
    durable::Result::Ok(Clone::clone(&ctx.meta.app.tenant))
}

durable::registry! { LightEvents with LampMeta = [LightEvent]; }
durable::functions! { LightFunctions in LightEvents = [watch]; }

#[test]
fn metadata_is_declared_without_the_prelude() {
    let meta = LampMeta { tenant: String::from("acme") };
    let app = durable::App::<LightFunctions>::builder("lights").default_meta(meta).build().unwrap();
    assert_eq!(std::iter::Iterator::count(app.functions()), 1);
}
