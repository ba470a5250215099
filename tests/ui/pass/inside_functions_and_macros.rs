//! Events may be declared inside a function, and by a macro of the user's own.

use event_runtime::prelude::*;

macro_rules! life {
    ($(#[$doc:meta])* $vis:vis $name:ident: $($variant:ident),*) => {
        $(#[$doc])*
        #[domain_events]
        $vis enum $name {
            $(
                /// It happened.
                $variant { id: u64 },
            )*
        }
    };
}

life! {
    /// The life of an account.
    pub AccountEvent: Opened, Closed
}

registry! {
    pub(crate) AppEvents = [AccountEvent];
}

fn main() {
    /// The life of a visit.
    #[domain_events]
    enum VisitEvent {
        /// Somebody came.
        Begun { by: String },
    }
    registry! { LocalEvents = [VisitEvent]; }

    assert_eq!(VisitBegun::NAME, "visit/begun");
    assert_eq!(AccountEvent::OPENED, "account/opened");
    assert!(LocalEvents::find("visit/begun").is_some());
    assert!(AppEvents::find("visit/begun").is_none());
    let event = AccountEvent::from(AccountClosed { id: 1 });
    assert!(matches!(event, AccountEvent::Closed(AccountClosed { id: 1 })));
}
