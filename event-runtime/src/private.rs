//! What the expansion of the macros refers to. No part of the public interface: it may change with any release.

pub use event_macros::{event, foreign, functions, names, registry};
pub use regex::Regex;
pub use schemars::{self, JsonSchema, Schema, SchemaGenerator};
pub use serde::de::{Deserialize, Deserializer};
pub use serde::ser::{Serialize, Serializer};

pub use self::editors::unhandled;
pub use crate::const_text::{Message, Table, slots};
pub use crate::event::{
    Described, Descriptors, EventDescriptor, EventSource, Outgoing, Reading, SetDescriptor, SetSource, Shape,
    events_of, outgoing, unknown_version,
};
pub use crate::function::{
    Collector, Duplicates, Emit, Emits, EventsOf, FunctionSource, Listed, Loops, NoEvents, WantedWith,
    assert_failure_handler, assert_foreign_id, assert_function_id, assert_key, assert_key_of_version,
    assert_listed, assert_not_own, assert_numbers, assert_options, assert_paths, assert_same_key, count,
    handled_as_declared, key_of, options, pairs, returned, same_key,
};
pub use crate::registry::{assert_set, find, find_event, total};
pub use crate::validate::choice_schema::choice_schema;
pub use crate::validate::decode::not_of_domain;
pub use crate::validate::default::{Default, assert_defaults};
pub use crate::validate::example::{assert_example, assert_examples};
pub use crate::validate::field::JsonKind;
pub use crate::validate::integers::{Exact, Integers, Reach, assert_exact};
pub use crate::validate::json::{
    Absent, ByFields, FieldType, Held, Json, Kind, Name, Newtype, Object, Own, Parts, Reader, Shown, Tagged,
    Tagging, Then, Types, Values, Variant, Writer, concat_fields, concat_names, count_fields, count_names,
    deserialize, distinct, fields_beside_tag, fields_of, members_of, members_or_none, missing_newtype,
    pass_over, read_newtype, read_object, read_tagged, serialize, tag_field, validate_members,
    validate_newtype, validate_object, write_held, write_members, write_newtype, write_unit, write_unknown,
};
pub use crate::validate::nested::{
    Enter, Inside, Probe, Reached, assert_entered, assert_rules, enter, inside,
};
pub use crate::validate::normalize::{Normalization, Normalize, normalize};
pub use crate::validate::part::{Part, Unfit};
pub use crate::validate::schema::{
    TypeRole, TypeTree, object_schema, value_schema, with_ownership, with_refine,
};
pub use crate::validate::sensitive::HIDDEN;
pub use crate::validate::{Bound, Choice, Field, IpVersion, Rule, Unknown};

/// The checks of rules.
pub mod rules {
    pub use crate::validate::rules::*;
}

/// The traits by which the types of fields are told apart: what is imported from here has no name.
pub mod probes {
    pub use crate::validate::json::ThroughSerde as _;
    pub use crate::validate::nested::{
        Unreached as _, Unruled as _, ViaContents as _, ViaNothing as _, ViaValidate as _,
    };
    pub use crate::validate::schema::Roleless as _;
}

/// rust-analyzer cannot evaluate the constants by which the compiler warns of an event that nothing handles, and shows errors there.
/// The condition stands here, and not in what is generated: the compiler would warn of it in the user's crate.
#[allow(unexpected_cfgs, reason = "rust-analyzer sets it, and cargo does not know it")]
mod editors {
    #[cfg(not(rust_analyzer))]
    pub use event_macros::unhandled;

    #[cfg(rust_analyzer)]
    #[macro_export]
    macro_rules! __unhandled {
        ($($names:tt)*) => {};
    }
    #[cfg(rust_analyzer)]
    pub use crate::__unhandled as unhandled;
}
