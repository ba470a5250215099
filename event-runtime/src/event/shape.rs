//! The payload of one version as data.

use schemars::generate::Contract;
use schemars::{JsonSchema, Schema};

use crate::validate::json::{Json, members_of};
use crate::validate::{Field, schema};

/// The payload of one version of an event: its fields, and its JSON Schemas.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The fields, with their rules.
    pub(crate) fields: &'static [Field],
    schema: fn(Contract) -> Schema,
}

impl Shape {
    /// That of a payload.
    #[must_use]
    pub const fn of<T: Json + JsonSchema>() -> Self {
        Self { fields: members_of::<T>(), schema: schema::of_contract::<T> }
    }

    /// The JSON Schema of what is accepted, or of what is written.
    pub(crate) fn schema(&self, contract: Contract) -> Schema {
        (self.schema)(contract)
    }
}
