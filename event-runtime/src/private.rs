//! What the expansion of the macros refers to. No part of the public interface: it may change with any release.

pub use event_macros::{event, foreign, functions, names, registry, unhandled};
pub use regex::Regex;
pub use schemars::{self, JsonSchema, Schema, SchemaGenerator};
pub use serde::de::{Deserialize, Deserializer};
pub use serde::ser::{Serialize, Serializer};

pub use crate::const_text::{Message, Table, slots};
pub use crate::event::{
    EventDescriptor, EventSource, Outgoing, Reading, SetDescriptor, outgoing, unknown_version,
};
pub use crate::function::{
    Collector, Duplicates, Emit, FunctionSource, Listed, Loops, WantedWith, assert_failure_handler,
    assert_foreign_id, assert_function_id, assert_key, assert_key_of_version, assert_listed, assert_numbers,
    assert_options, assert_paths, assert_same_key, count, handled, key_of, options, pairs, same_key,
};
pub use crate::registry::{assert_set, find_event, total};
pub use crate::validate::choice_schema::choice_schema;
pub use crate::validate::decode::not_of_domain;
pub use crate::validate::default::{Default, assert_defaults};
pub use crate::validate::example::{assert_example, assert_examples};
pub use crate::validate::field::JsonKind;
pub use crate::validate::integers::{Exact, Integers, Reach, assert_exact};
pub use crate::validate::json::{
    Absent, FieldType, Held, Json, Kind, Name, Newtype, Object, Parts, Reader, Shown, Tagged, Tagging, Then,
    ThroughSerde, Types, Values, Variant, Writer, concat_fields, concat_names, count_fields, count_names,
    deserialize, distinct, fields_beside_tag, fields_of, members_of, members_or_none, missing_newtype,
    pass_over, read_newtype, read_object, read_tagged, serialize, tag_field, validate_members,
    validate_newtype, validate_object, write_held, write_members, write_newtype, write_object, write_unit,
    write_unknown,
};
pub use crate::validate::nested::{
    Enter, Inside, Probe, Reached, Unreached, Unruled, ViaContents, ViaNothing, ViaValidate, assert_entered,
    assert_rules, enter, inside,
};
pub use crate::validate::normalize::{Normalization, Normalize, normalize};
pub use crate::validate::schema::{
    Roleless, TypeRole, TypeTree, object_schema, value_schema, with_ownership,
};
pub use crate::validate::sensitive::HIDDEN;
pub use crate::validate::{Bound, Choice, Field, IpVersion, Rule, Unknown};

/// The checks of rules.
pub mod rules {
    pub use crate::validate::rules::*;
}
