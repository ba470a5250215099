//! What the expansion of the macros refers to. No part of the public interface: it may change with any release.

pub use event_macros::{event, functions, names, registry, unhandled};
pub use regex::Regex;
pub use schemars::{self, JsonSchema, Schema, SchemaGenerator};
pub use serde::de::{Deserialize, Deserializer, MapAccess};
pub use serde::ser::{Serialize, Serializer};
pub use serde_json::Value;

pub use crate::const_text::{Message, Table, slots};
pub use crate::event::{EventDescriptor, EventSource, Reading, SetDescriptor, unknown_version};
pub use crate::function::{
    Collector, Duplicates, Emit, FunctionSource, Listed, Loops, assert_failure_handler, assert_function_id,
    assert_listed, assert_numbers, assert_options, assert_paths, count, handled, options, pairs,
};
pub use crate::registry::{assert_set, find_event, total};
pub use crate::validate::choice_schema::choice_schema;
pub use crate::validate::decode::{
    Diagnose, Probe, ViaSerde, diagnose_fields, diagnose_plain, not_of_domain,
};
pub use crate::validate::example::{assert_example, assert_examples};
pub use crate::validate::field::{Described, Typed, UnknownKind};
pub use crate::validate::nested::{
    Enter, Inside, Reached, Unreached, Unruled, ViaContents, ViaNothing, ViaValidate, assert_entered,
    assert_rules, enter, inside,
};
pub use crate::validate::newtype::Newtype;
pub use crate::validate::normalize::{Normalization, Normalize, normalize};
pub use crate::validate::object::read_object;
pub use crate::validate::read::{OrElse, Plain, Then};
pub use crate::validate::schema::{object_schema, value_schema};
pub use crate::validate::sensitive::{HIDDEN, redact};
pub use crate::validate::strict::ReadPlain;
pub use crate::validate::tagged::{
    Held, Object, Tagged, Tagging, Variant, assert_distinct, concat_fields,
    count_fields, fields_beside_tag, fields_of, tag_field,
};
pub use crate::validate::tagged_value::{
    Written, decode_tagged, decode_value, diagnose_tagged, de_error, diagnose_value, read_value, through_value,
};
pub use crate::validate::write::SerializeFields;
pub use crate::validate::{Bound, Choice, Field, IpVersion, Rule, Unknown};

/// The checks of rules.
pub mod rules {
    pub use crate::validate::rules::*;
}
