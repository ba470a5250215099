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
pub use crate::validate::strict::ReadPlain;
pub use crate::validate::{
    Bound, Choice, Described, Diagnose, Enter, Field, Inside, IpVersion, OrElse, Plain, Probe, Reached, Rule,
    SerializeFields, Then, Typed, UnknownKind, Unreached, Unruled, ViaContents, ViaNothing, ViaSerde,
    ViaValidate, assert_entered, assert_example, assert_rules, diagnose_fields, diagnose_plain, enter,
    inside, not_of_domain, object_schema, read_object, rules,
};
