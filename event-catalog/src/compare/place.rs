//! A place inside a payload, and payloads that have a value there.

use serde_json::{Map, Value};

use super::sample::smallest;
use super::schema::{Root, count};

/// The way to a place, from the payload inwards.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place(Vec<Frame>);

/// One step of the way, with the schema of what it leads into.
#[derive(Debug, Clone)]
pub(crate) enum Frame {
    /// A field of an object.
    Field(Value, String),
    /// The entry of a map.
    Entry(Value, String),
    /// The key of an entry of a map.
    Key(Value),
    /// An element of a list.
    Element(Value),
    /// A part of a tuple.
    Part(Value, usize),
}

impl Place {
    pub(crate) fn enter(&mut self, frame: Frame) {
        self.0.push(frame);
    }

    pub(crate) fn leave(&mut self) {
        self.0.pop();
    }

    /// As paths of issues are written: `lines[0].quantity`.
    pub(crate) fn path(&self) -> String {
        self.0.iter().fold(String::new(), |path, frame| match frame {
            Frame::Field(_, name) => below(&path, name),
            Frame::Entry(_, key) => format!("{path}[{key:?}]"),
            Frame::Key(_) => path,
            Frame::Element(_) => format!("{path}[0]"),
            Frame::Part(_, at) => format!("{path}[{at}]"),
        })
    }

    /// The path of a field of what is here.
    pub(crate) fn path_of(&self, name: &str) -> String {
        below(&self.path(), name)
    }

    /// A small payload of the writer with this value here.
    pub(crate) fn payload(&self, writer: Root<'_>, value: Value) -> Option<Value> {
        self.0.iter().rev().try_fold(value, |value, frame| frame.around(writer, value))
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

impl Frame {
    /// A small value of the schema around another.
    fn around(&self, writer: Root<'_>, value: Value) -> Option<Value> {
        match self {
            Self::Field(schema, name) | Self::Entry(schema, name) => {
                let mut object = smallest(writer, &without(schema, "minProperties"))?
                    .as_object()
                    .cloned()
                    .unwrap_or_default();
                object.insert(name.clone(), value);
                Some(filled(writer, schema, object))
            }
            Self::Key(schema) => {
                let element =
                    smallest(writer, schema.get("additionalProperties").unwrap_or(&Value::Bool(true)))?;
                Some(filled(writer, schema, Map::from_iter([(value.as_str()?.to_owned(), element)])))
            }
            Self::Element(schema) => {
                let mut elements = smallest(writer, schema)?.as_array().cloned().unwrap_or_default();
                if elements.is_empty() {
                    elements.push(value);
                } else {
                    elements[0] = value;
                }
                Some(elements.into())
            }
            Self::Part(schema, at) => {
                let mut parts = smallest(writer, schema)?.as_array().cloned().unwrap_or_default();
                *parts.get_mut(*at)? = value;
                Some(parts.into())
            }
        }
    }
}

/// A map with as many entries as there must be.
fn filled(writer: Root<'_>, schema: &Value, mut object: Map<String, Value>) -> Value {
    let least = count(schema, "minProperties").unwrap_or(0);
    if object.len() < least
        && let Some(Value::Object(more)) = smallest(writer, schema)
    {
        for (key, value) in more {
            if object.len() < least {
                object.entry(key).or_insert(value);
            }
        }
    }
    object.into()
}

fn without(schema: &Value, keyword: &str) -> Value {
    let mut schema = schema.as_object().cloned().unwrap_or_default();
    schema.remove(keyword);
    schema.into()
}
