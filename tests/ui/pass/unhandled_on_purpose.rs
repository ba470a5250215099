//! What keeps the compiler from warning of events that nothing handles.
#![deny(warnings)]

use event_runtime::prelude::*;

mod orders {
    /// The life of an order.
    #[event_runtime::domain_events]
    pub enum OrderEvent {
        /// An order was placed.
        Placed { id: u64 },
        /// An order was archived.
        #[event(unhandled)]
        Archived,
        /// Not declared at all.
        #[cfg(any())]
        Lost,
    }

    /// Two events of one place in the source, and of one name in two modules.
    macro_rules! users {
        ($module:ident) => {
            pub mod $module {
                /// The life of a user.
                #[event_runtime::domain_events]
                pub enum UserEvent {
                    /// A user was created.
                    Created { id: u64 },
                }
            }
        };
    }

    users!(staff);
    users!(guests);
}

use orders::{OrderEvent, OrderPlaced, staff};

registry! { pub AppEvents = [OrderEvent, staff::UserEvent]; }

/// Counts.
#[function(id = "order-placed-counter")]
async fn count(ctx: &Context<OrderPlaced>) -> Result<u64> {
    Ok(ctx.event.id)
}

/// Sees every event of the domain.
#[function(id = "user-audit")]
async fn audit(_ctx: &Context<staff::UserEvent>) -> Result<()> {
    Ok(())
}

functions! {
    /// A part of the list: others handle the other events.
    pub OrderFunctions = [count];
}

functions! {
    /// Every function.
    pub AppFunctions in AppEvents = [OrderFunctions, audit];
}

functions! {
    /// A second application, which does not care about users.
    #[allow(deprecated)]
    pub CountFunctions in crate::AppEvents = [count];
}

registry! { pub GuestEvents = [self::orders::guests::UserEvent]; }

registry! { pub NoEvents = []; }

functions! { pub NoFunctions in NoEvents = []; }

fn main() {
    registry! { LocalEvents = [OrderEvent]; }
    functions! { LocalFunctions in LocalEvents = [count]; }

    assert_eq!(App::<LocalFunctions>::builder("local").build().unwrap().functions().count(), 1);
    assert_eq!(App::<AppFunctions>::builder("app").build().unwrap().unhandled_events().count(), 0);
    let unhandled = App::<CountFunctions>::builder("count").build().unwrap();
    assert_eq!(unhandled.unhandled_events().map(|event| event.name).collect::<Vec<_>>(), ["user/created"]);
    assert_eq!(GuestEvents::events().count() + NoEvents::events().count(), 1);
}
