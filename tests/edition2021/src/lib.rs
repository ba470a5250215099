//! Uses every macro in edition 2021, at every level of visibility.
#![deny(warnings)]

mod shapes;

use event_runtime::prelude::*;

/// Private, in a module that sees more than it shows.
mod inner {
    use event_runtime::prelude::*;

    /// The life of a visit.
    #[domain_events]
    pub(super) enum VisitEvent {
        /// Somebody came.
        Begun {
            /// Who.
            #[validate(length(min = 1))]
            by: String,
        },
        /// Somebody went.
        #[event(unhandled)]
        Ended,
    }

    /// Where somebody sits.
    #[payload]
    pub(in crate::inner) struct Seat {
        pub(super) row: u8,
    }

    /// The life of a seat.
    #[domain_events(js_safe, owner = "rooms", deprecated = "people stand", common(row: u32))]
    pub(in crate::inner) enum SeatEvent {
        /// Somebody sat down.
        Taken {
            /// Where.
            seat: Seat,
        },
        /// The seat was given an address.
        #[event(action = "ipv4-assigned", payload = AddressOfSeat)]
        IPv4Assigned {
            /// Which.
            #[cfg_attr(all(), validate(ip(v4)), doc = "In the house.")]
            #[doc = concat!("In the", " net.")]
            address: String,
        },
    }

    pub(super) fn parses() -> bool {
        SeatTaken::parse(br#"{ "row": 7, "seat": { "row": 7 } }"#)
            .is_ok_and(|taken| u32::from(taken.seat.row) == taken.row)
            && AddressOfSeat::parse(br#"{ "row": 7, "address": "10.0.0" }"#).is_err()
            && SeatEvent::IPV4_ASSIGNED == "seat/ipv4-assigned"
    }
}

use inner::{VisitBegun, VisitEvent};

registry! { pub(crate) AppEvents = [VisitEvent]; }

/// Counts.
#[function(id = "visit-begun-counter")]
async fn count(ctx: &Context<VisitBegun>) -> Result<usize> {
    Ok(ctx.event.by.len())
}

functions! { pub(crate) AppFunctions in AppEvents = [count]; }

/// The application, on the inside.
#[must_use]
pub fn events() -> usize {
    let app = App::<AppFunctions>::builder("app").build();
    app.map_or(0, |app| app.functions().count() + AppEvents::events().count() + usize::from(inner::parses()))
}

#[cfg(test)]
mod tests {
    use super::inner::VisitEnded;
    use super::*;

    #[test]
    fn everything_is_there() {
        assert_eq!(events(), 4);
        assert!(matches!(VisitEvent::from(VisitEnded), VisitEvent::Ended(_)));
    }
}
