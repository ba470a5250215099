//! The catalogue of an application as one plain value: its events with every version, and its functions.
//!
//! It is what the declarations say, for tools: a lock of the contracts, documents for other teams, pages. No host is needed.
//!
//! ```
//! use event_runtime::catalog::Catalog;
//! use event_runtime::prelude::*;
//!
//! /// The life of an order.
//! #[domain_events]
//! pub enum OrderEvent {
//!     /// A customer placed an order.
//!     Placed {
//!         #[event(key)]
//!         id: u64,
//!         #[validate(length(min = 1, max = 80))]
//!         customer: String,
//!     },
//! }
//!
//! /// Sends the receipt.
//! #[function(id = "order-placed-receipt")]
//! async fn send_receipt(ctx: &Context<OrderPlaced>) -> Result<()> {
//!     Ok(())
//! }
//!
//! registry! { pub AppEvents = [OrderEvent]; }
//! functions! { pub AppFunctions in AppEvents = [send_receipt]; }
//!
//! let catalog = Catalog::of::<AppFunctions>("shop");
//! let placed = catalog.event("order/placed").unwrap();
//! assert_eq!(placed.handled_by, ["order-placed-receipt"]);
//!
//! let version = placed.latest().unwrap();
//! assert_eq!(version.fields[1].rules, ["length(min = 1, max = 80)"]);
//! // What is written is closed, what is read is open: unknown fields are ignored.
//! assert_eq!(version.written["additionalProperties"], false);
//! assert!(version.read.get("additionalProperties").is_none());
//! ```
//!
//! # The same bytes each time
//!
//! [`Catalog::to_json`] is sorted, and contains neither dates nor paths of a machine. Where something is declared is known
//! in memory alone ([`Position`]).

mod canonical;
mod contract;
mod event;
mod field;
mod function;
mod rule;

use schemars::generate::Contract;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::canonical::canonical;
pub use self::event::{Deprecation, Domain, EventEntry, Version};
pub use self::field::FieldEntry;
pub use self::function::FunctionEntry;
use crate::function::FunctionList;
use crate::registry::Registry;

/// The catalogue of an application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Catalog {
    /// The id of the application.
    pub application: String,
    /// The domains, by name.
    pub domains: Vec<Domain>,
    /// The events, by name.
    pub events: Vec<EventEntry>,
    /// The functions, by id.
    pub functions: Vec<FunctionEntry>,
    /// The JSON Schema of the metadata that comes with every event, if the registry names some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Value>,
}

/// Where something is declared, as the compiler names the file: relative to the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Position {
    /// The file.
    pub file: &'static str,
    /// The line, from 1.
    pub line: u32,
}

impl Catalog {
    /// The catalogue of a list of functions and of its registry.
    #[must_use]
    pub fn of<F: FunctionList>(application: &str) -> Self {
        let mut catalog = Self::of_registry::<F::Registry>(application);
        catalog.functions = function::entries(&F::descriptors());
        catalog.functions.sort_by(|one, other| one.id.cmp(&other.id));
        for event in &mut catalog.events {
            let name = event.name.as_str();
            let ids = |is_it: &dyn Fn(&FunctionEntry) -> bool| {
                let functions = catalog.functions.iter().filter(|function| is_it(function));
                functions.map(|function| function.id.clone()).collect()
            };
            event.handled_by = ids(&|function| function.triggers.iter().any(|one| one == name));
            event.sent_by = ids(&|function| function.sends.iter().any(|one| one == name));
            event.cancels = ids(&|function| function.cancelled_by.iter().any(|one| one == name));
        }
        catalog
    }

    /// The catalogue of a registry alone: without functions.
    #[must_use]
    pub fn of_registry<R: Registry>(application: &str) -> Self {
        let mut domains: Vec<Domain> = R::SETS.iter().map(|set| Domain::of(set)).collect();
        domains.sort_by(|one, other| one.name.cmp(&other.name));
        let sets = R::SETS.iter();
        let mut events: Vec<EventEntry> =
            sets.flat_map(|set| set.events.iter().map(|event| EventEntry::of(set, event))).collect();
        events.sort_by(|one, other| one.name.cmp(&other.name));
        let metadata =
            R::meta_schema().map(|schema| contract::prepared(schema.to_value(), &Contract::Deserialize));
        Self { application: application.to_owned(), domains, events, functions: Vec::new(), metadata }
    }

    /// Finds an event by its name.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<&EventEntry> {
        self.events.iter().find(|event| event.name == name)
    }

    /// Finds a function by its id.
    #[must_use]
    pub fn function(&self, id: &str) -> Option<&FunctionEntry> {
        self.functions.iter().find(|function| function.id == id)
    }

    /// The catalogue as JSON: sorted, indented by two spaces, with `\n` after each line.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Texts, lists and objects with texts as keys: that cannot fail.
        canonical(&serde_json::to_value(self).unwrap_or_default())
    }
}
