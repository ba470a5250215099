//! Options of formats, messages, keys, and the empty text.

use event_runtime::prelude::*;

/// The life of a part.
#[domain_events]
pub enum PartEvent {
    /// A part was found.
    Found {
        #[validate(url(schem("https")))]
        option: String,
        #[validate(url(scheme("https://")))]
        scheme: String,
        #[validate(url(scheme()))]
        no_scheme: String,
        #[validate(uuid(version = 9))]
        version: String,
        #[validate(uuid(v7))]
        short: String,
        #[validate(hostnam)]
        host: String,
        #[validate(date("2026"))]
        date: String,
        #[validate(email(message = ""))]
        empty: String,
        #[validate(email(mesage = "no"))]
        misspelled: String,
        #[validate(email, message = "no")]
        outside: String,
        #[validate(length(min = 1, message = 7))]
        number: String,
        #[validate(inner(email, message = "no"))]
        inside: Vec<String>,
        #[validate(or_empty)]
        alone: String,
        #[validate(keys(emial))]
        keys: std::collections::BTreeMap<String, u8>,
    },
}

fn main() {}
