//! Declarations inside a function, with raw identifiers, by macros of the crate's own, and at every visibility.

use ::durable;
use ::std;

mod inner {
    use std::string::String;

    use ::durable;
    use ::std;

    /// Seen in the crate alone.
    #[durable::domain_events(crate = ::durable)]
    pub(in crate::local) enum VisitEvent {
        /// Somebody came.
        Begun {
            /// Who.
            r#where: String,
        },
    }
}

use inner::{VisitBegun, VisitEvent};

/// A function whose name is a keyword.
#[durable::function(id = "visit-begun-loop", crate = ::durable)]
async fn r#loop(ctx: &durable::Context<VisitBegun>) -> durable::Result<usize> {
    std::future::ready(durable::Result::Ok(ctx.event.r#where.len())).await
}

/// Registers the only set of a crate.
macro_rules! application {
    ($registry:ident, $functions:ident: $set:path, $function:path) => {
        durable::registry! { pub(crate) $registry = [$set]; }
        durable::functions! { pub(crate) $functions in $registry = [$function]; }
    };
}

application!(VisitEvents, VisitFunctions: VisitEvent, r#loop);

/// How many functions there are, here and in this function.
#[must_use]
pub fn functions() -> usize {
    /// The life of a lamp.
    #[durable::domain_events(crate = ::durable)]
    enum LampEvent {
        /// The lamp was lit.
        Lit {
            /// Which lamp.
            id: u8,
        },
        /// The lamp was thrown away.
        #[event(unhandled)]
        Discarded,
    }

    /// Watches.
    #[durable::function(id = "lamp-lit-watch", crate = ::durable)]
    async fn watch(ctx: &durable::Context<LampLit>) -> durable::Result<u8> {
        std::future::ready(durable::Result::Ok(ctx.event.id)).await
    }

    durable::registry! { LampEvents = [LampEvent]; }
    durable::functions! { LampFunctions in LampEvents = [watch]; }

    let count = <LampFunctions as durable::FunctionList>::descriptors().len();
    count + <VisitFunctions as durable::FunctionList>::descriptors().len()
}
