//! Documentation from files and macros, hidden items and further names for the search.
#![deny(missing_docs)]

use event_runtime::prelude::*;
use event_runtime::{Event, EventSet};

#[doc = include_str!("documentation.md")]
#[doc(alias = "sheets")]
#[domain_events]
pub enum PageEvent {
    #[doc = include_str!("documentation.md")]
    Written {
        #[doc = concat!("Which", " page.")]
        id: u64,
        /// The author:
        #[doc = include_str!("documentation.md")]
        #[doc(alias = "writer")]
        author: String,
        #[doc(hidden)]
        pulp: u64,
    },
    /// A page was torn out.
    #[doc(hidden)]
    #[doc(alias = "ripped")]
    Torn {
        /// Which page.
        id: u64,
    },
}

const TEXT: &str = "A page was written\nby hand.\n\nIn ink.";

fn main() {
    let [written, torn] = PageEvent::DESCRIPTOR.events else { panic!("there are two events") };
    assert_eq!((PageEvent::DESCRIPTOR.description, written.description), (TEXT, TEXT));
    assert_eq!(torn.description, "A page was torn out.");
    let descriptions: Vec<_> = written.fields.iter().map(|field| field.description.to_owned()).collect();
    assert_eq!(descriptions, ["Which page.".to_owned(), format!("The author:\n{TEXT}"), String::new()]);
    assert_eq!(PageWritten::schema().to_value()["description"], TEXT);
}
