//! Mistakes under a condition are told as if they were written alone, once.

use event_runtime::prelude::*;

/// Mail.
#[domain_events]
pub enum MailEvent {
    /// Sent.
    Sent {
        #[cfg_attr(all(), validate(emial))]
        to: String,
        #[cfg_attr(any(), validate(nonsense))]
        from: String,
    },
    #[cfg_attr(any(), doc = "Where the condition does not hold, it is not documented.")]
    Read { id: u64 },
    /// Lost.
    #[cfg_attr(all(), serde(rename = "gone"))]
    Lost {
        #[cfg_attr(validate(email))]
        to: String,
    },
}

fn main() {}
