//! Attributes under a condition count as if they were written alone, where it holds.

use event_runtime::prelude::*;
use event_runtime::{Event, EventSet, FunctionList};

fn is_short(known: &Known) -> Result<(), String> {
    if known.full_name.len() < 100 { Ok(()) } else { Err("is too long".to_owned()) }
}

/// What is known.
#[payload]
#[cfg_attr(all(), serde(rename_all = "camelCase"), validate(refine = is_short))]
#[cfg_attr(any(), serde(rename_all = "nonsense"))]
pub struct Known {
    #[cfg_attr(all(), validate(length(min = 1)), doc = "Who it is.")]
    full_name: String,
}

/// Mail.
#[domain_events]
#[cfg_attr(all(), derive(PartialEq), serde(rename_all = "camelCase"))]
#[cfg_attr(all(), doc = "And more.")]
pub enum MailEvent {
    /// Sent.
    Sent {
        #[cfg_attr(all(), validate(email))]
        to: String,
        #[cfg_attr(any(), validate(nonsense))]
        #[cfg_attr(not(any()), cfg_attr(all(), validate(length(min = 1)), serde(rename = "copies")))]
        carbon_copies: Vec<String>,
        #[cfg_attr(all(), deprecated = "nobody reads it")]
        hops: u8,
    },
    #[cfg_attr(all(), doc = "Read.", deprecated, event(unhandled))]
    #[cfg_attr(any(), doc = "Not read.")]
    Read { id: u64 },
    /// Only where it is wanted.
    #[cfg(any())]
    #[cfg_attr(all(), deprecated)]
    Lost { id: u64 },
}

/// Reads mail.
pub struct Reader;

#[controller]
impl Reader {
    #[cfg_attr(all(), doc = "Reads it.", function(id = "mail-sent-reader"))]
    async fn read(&self, _ctx: &Context<MailSent>) -> Result<()> {
        Ok(())
    }
}

#[function(id = "mail-sent-archive")]
#[cfg_attr(all(), doc = "Keeps it.")]
async fn archive(_ctx: &Context<MailSent>) -> Result<()> {
    Ok(())
}

/// Declares a set with the attributes that it is given.
macro_rules! set {
    ($(#[$above:meta])* $set:ident { $(#[$event:meta])* $variant:ident { $(#[$field:meta])* $name:ident: $ty:ty } }) => {
        $(#[$above])*
        #[domain_events]
        pub enum $set { $(#[$event])* $variant { $(#[$field])* $name: $ty } }
    };
}

set! {
    /// Letters.
    #[cfg_attr(all(), doc = "On paper.")]
    LetterEvent {
        #[cfg_attr(all(), doc = "Sent.", event(unhandled))]
        Sent {
            #[cfg_attr(all(), validate(length(min = 1)))]
            to: String
        }
    }
}

registry! { pub AppEvents = [MailEvent]; }
functions! { pub AppFunctions in AppEvents = [Reader, archive]; }

fn main() {
    let issues = MailSent::parse(br#"{"to":"no","copies":[],"hops":1}"#).unwrap_err();
    let paths: Vec<_> = issues.iter().map(|issue| &*issue.path).collect();
    assert_eq!(paths, ["to", "copies"]);
    let schema = MailSent::schema().to_value();
    assert_eq!(schema["properties"]["hops"]["deprecated"], true);
    assert_eq!(schema["properties"]["to"]["format"], "email");
    let [_, read] = MailEvent::DESCRIPTOR.events else { panic!("two events") };
    assert!(read.deprecated && read.unhandled);
    assert_eq!(read.description, "Read.");
    assert_eq!(MailEvent::DESCRIPTOR.description, "Mail.\nAnd more.");
    let [sent] = LetterEvent::DESCRIPTOR.events else { panic!("one event") };
    assert_eq!((LetterEvent::DESCRIPTOR.description, sent.description), ("Letters.\nOn paper.", "Sent."));
    assert!(sent.unhandled && LetterSent::parse(br#"{"to":""}"#).is_err());
    assert!(Known::parse(br#"{"fullName":""}"#).is_err());
    #[allow(deprecated)]
    let one = MailRead { id: 1 };
    assert!(one == one.clone());
    let descriptions: Vec<_> = AppFunctions::descriptors().iter().map(|function| function.description).collect();
    assert_eq!(descriptions, ["Reads it.", "Keeps it."]);
}
