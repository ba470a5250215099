//! What the containers and addresses of the standard library say of themselves, where schemars has no word for it.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::net::{SocketAddr, SocketAddrV4, SocketAddrV6};
use std::rc::Rc;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};

use super::keyword::{Object, add};
use crate::validate::nested::Probe;

/// A type, as the macro has found it written, and the types inside.
#[derive(Debug)]
pub struct TypeTree {
    /// What the type is.
    pub role: TypeRole,
    /// Its type arguments, or the parts of a tuple.
    pub inside: &'static [Self],
}

/// What a type is, as far as its schema is concerned.
#[derive(Debug, Clone, Copy)]
pub enum TypeRole {
    /// Something that describes itself.
    Itself,
    /// It has the schema of what it holds.
    Wrapper,
    /// A list.
    List,
    /// A list in which schemars allows no element twice, although it is read.
    Set,
    /// A map, and the schema of its keys.
    Map(fn(&mut SchemaGenerator) -> Schema),
    /// A tuple.
    Tuple,
    /// A text of this form.
    Text(&'static str),
    /// A text that is not of this form.
    TextBut(&'static str),
}

impl TypeTree {
    /// Makes the schema of the type say what it is.
    pub(super) fn apply(&self, schema: &mut Object, generator: &mut SchemaGenerator) {
        // What is described elsewhere describes itself.
        if schema.contains_key("$ref") {
            return;
        }
        match (self.role, self.inside) {
            (TypeRole::Wrapper, [held, ..]) => held.apply(schema, generator),
            (TypeRole::List, [element, ..]) => element.apply_to("items", schema, generator),
            (TypeRole::Set, inside) => {
                schema.remove("uniqueItems");
                inside.iter().take(1).for_each(|element| element.apply_to("items", schema, generator));
            }
            (TypeRole::Map(key), [_, value, ..]) => {
                let key = key(generator).to_value();
                keyed(schema, key);
                value.apply_to("additionalProperties", schema, generator);
            }
            (TypeRole::Tuple, parts) => {
                let schemas = schema.get_mut("prefixItems").and_then(Value::as_array_mut);
                for (part, schema) in parts.iter().zip(schemas.into_iter().flatten()) {
                    schema.as_object_mut().into_iter().for_each(|schema| part.apply(schema, generator));
                }
            }
            (TypeRole::Text(pattern), _) => add(schema, "pattern", pattern.into()),
            (TypeRole::TextBut(pattern), _) => add(schema, "not", json!({ "pattern": pattern })),
            _ => {}
        }
    }

    fn apply_to(&self, keyword: &str, schema: &mut Object, generator: &mut SchemaGenerator) {
        if let Some(inside) = schema.get_mut(keyword).and_then(Value::as_object_mut) {
            self.apply(inside, generator);
        }
    }
}

/// Says what the keys of a map are in `propertyNames`, and what its values are in `additionalProperties` alone.
fn keyed(schema: &mut Object, key: Value) {
    for keyword in ["patternProperties", "properties"] {
        let by_name = schema.remove(keyword);
        let value = by_name.as_ref().and_then(Value::as_object).and_then(|values| values.values().next());
        if let Some(value) = value {
            schema.insert("additionalProperties".to_owned(), value.clone());
        }
    }
    schema.insert("propertyNames".to_owned(), key);
}

/// For all other types.
pub trait Roleless {
    /// The type describes itself.
    const ROLE: TypeRole = TypeRole::Itself;
}

impl<T: ?Sized> Roleless for Probe<T> {}

macro_rules! roles {
    ($([$($parameters:tt)*] $type:ty => $role:expr),* $(,)?) => {$(
        impl<$($parameters)*> Probe<$type> {
            #[doc(hidden)]
            pub const ROLE: TypeRole = $role;
        }
    )*};
}

roles!(
    [T] Option<T> => TypeRole::Wrapper,
    [T: ?Sized] Box<T> => TypeRole::Wrapper,
    [T: ?Sized] Rc<T> => TypeRole::Wrapper,
    [T: ?Sized] Arc<T> => TypeRole::Wrapper,
    [T] [T] => TypeRole::List,
    [T, const N: usize] [T; N] => TypeRole::List,
    [T] Vec<T> => TypeRole::List,
    [T] VecDeque<T> => TypeRole::List,
    [T] LinkedList<T> => TypeRole::List,
    [T] BinaryHeap<T> => TypeRole::List,
    [T] BTreeSet<T> => TypeRole::Set,
    [T, S] HashSet<T, S> => TypeRole::Set,
    [K: JsonSchema, V] BTreeMap<K, V> => TypeRole::Map(K::json_schema),
    [K: JsonSchema, V, S] HashMap<K, V, S> => TypeRole::Map(K::json_schema),
    [] SocketAddr => TypeRole::Text(SOCKET),
    [] SocketAddrV4 => TypeRole::Text(SOCKET_V4),
    [] SocketAddrV6 => TypeRole::Text(SOCKET_V6),
);

#[cfg(feature = "jiff")]
roles!([] jiff::Timestamp => TypeRole::TextBut(AFTER_THE_LAST_TIMESTAMP));

/// Moments that are certainly after the last one of a `jiff::Timestamp`: those with an offset to the east may be before it.
#[cfg(feature = "jiff")]
const AFTER_THE_LAST_TIMESTAMP: &str = "^9999-12-(31|30[Tt](23|22:(0[1-9]|[1-5][0-9]|00:(0[1-9]|[1-5][0-9]))))\
    .*([Zz]|\\+00:00|-[0-9]{2}:[0-9]{2})$";

/// The forms of socket addresses; of IPv6 roughly, since its addresses have many.
macro_rules! forms {
    (v4) => {
        "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}"
    };
    (v6) => {
        "\\[[0-9A-Fa-f:.]{2,45}(%[0-9]{1,10})?\\]"
    };
    (port) => {
        ":0*([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$"
    };
}

const SOCKET: &str = concat!("^(", forms!(v4), "|", forms!(v6), ")", forms!(port));
const SOCKET_V4: &str = concat!("^", forms!(v4), forms!(port));
const SOCKET_V6: &str = concat!("^", forms!(v6), forms!(port));
