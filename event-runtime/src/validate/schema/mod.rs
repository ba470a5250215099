//! The JSON Schema of a payload: what its types say, and a keyword for each rule.

mod decimal;
mod keyword;
mod names;
mod rules;
mod type_tree;
mod types;

pub use self::type_tree::{Roleless, TypeRole, TypeTree};
use super::default::DefaultValue;
use super::example::{field_of, fill};
use super::json::Object;
use super::{Field, Rule};
use schemars::generate::{Contract, SchemaSettings};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The JSON Schema of a type, and of what it refers to, as it is read.
pub(crate) fn of<T: JsonSchema>() -> Schema {
    of_contract::<T>(Contract::Deserialize)
}

/// The JSON Schema of a type, and of what it refers to, as it is read or as it is written.
pub(crate) fn of_contract<T: JsonSchema>(contract: Contract) -> Schema {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.contract = contract);
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    types::definitions_as_they_are_read(&mut schema);
    schema
}

/// The JSON Schema of an object with these fields.
#[must_use]
pub fn object_schema<O: Object>(
    generator: &mut SchemaGenerator,
    description: &'static str,
    deprecated: bool,
    example: Option<(&str, &[&str])>,
) -> Schema {
    fields_schema(generator, O::FIELDS, description, deprecated, example)
}

/// The schema of an object with these fields.
pub(super) fn fields_schema(
    generator: &mut SchemaGenerator,
    fields: &[Field],
    description: &'static str,
    deprecated: bool,
    example: Option<(&str, &[&str])>,
) -> Schema {
    let mut schema = Schema::default();
    describe(&mut schema, description, deprecated);
    schema.insert("type".to_owned(), "object".into());
    let (mut properties, mut required) = (Map::new(), Vec::<Value>::new());
    for field in fields {
        properties.insert(field.name.to_owned(), field_schema(field, generator).to_value());
        let is_required = if generator.contract().is_serialize() {
            !field.shown.is_skipped
        } else {
            // Not required is what has a default that is valid, and what decodes when it is missing, as an `Option`.
            !(field.shown.is_optional)() || !field.wrong_default().is_empty()
        };
        required.extend(is_required.then(|| field.name.into()));
    }
    let example = example.and_then(|(json, nested)| filled(json, nested, &properties, &required, generator));
    if let Some(example) = example {
        schema.insert("examples".to_owned(), json!([example]));
    }
    if !properties.is_empty() {
        schema.insert("properties".to_owned(), properties.into());
    }
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    let key: Vec<Value> = fields.iter().filter(|field| field.key).map(|field| field.name.into()).collect();
    if !key.is_empty() {
        schema.insert("x-key".to_owned(), key.into());
    }
    schema
}

/// The schema, with who owns the event and since when it is deprecated.
#[must_use]
pub fn with_ownership(
    mut schema: Schema,
    owner: Option<&'static str>,
    since: Option<&'static str>,
    note: Option<&'static str>,
) -> Schema {
    for (keyword, value) in [("x-owner", owner), ("x-deprecated-since", since), ("x-deprecated-note", note)] {
        if let Some(value) = value {
            schema.insert(keyword.to_owned(), value.into());
        }
    }
    schema
}

/// The example of the documentation. What stands at the pointers is taken from the schemas of the types there; of what has
/// none, such as a type in itself, an optional field is left out, and without a required one there is none.
fn filled(
    json: &str,
    nested: &[&str],
    properties: &Map<String, Value>,
    required: &[Value],
    generator: &mut SchemaGenerator,
) -> Option<Value> {
    let template = serde_json::from_str(json).ok()?;
    let schema = json!({ "properties": properties, "required": required });
    let (mut example, gaps) = fill(template, nested, &schema, generator.definitions());
    for gap in gaps {
        let field = field_of(&gap);
        if required.iter().any(|required| *required == *field) {
            return None;
        }
        example.as_object_mut().map(|fields| fields.remove(&field));
    }
    Some(example)
}

/// The JSON Schema of a struct around one value: that of the value, with its rules.
#[must_use]
pub fn value_schema(
    generator: &mut SchemaGenerator,
    value: &Field,
    description: &'static str,
    deprecated: bool,
    example: Option<(&str, &[&str])>,
) -> Schema {
    let mut schema = as_defined(field_schema(value, generator), generator);
    describe(&mut schema, description, deprecated);
    if let Some((json, &[])) = example
        && let Ok(example) = serde_json::from_str::<Value>(json)
    {
        schema.insert("examples".to_owned(), json!([example]));
    }
    schema
}

/// What a reference refers to, unless that is being made: the value is shown as what it is.
fn as_defined(mut schema: Schema, generator: &SchemaGenerator) -> Schema {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.rsplit('/').next());
    let definition = name.and_then(|name| generator.definitions().get(name)).and_then(Value::as_object);
    let Some(definition) = definition.cloned() else { return schema };
    schema.remove("$ref");
    for (keyword, value) in definition {
        if schema.get(&keyword).is_none() {
            schema.insert(keyword, value);
        }
    }
    schema
}

pub(super) fn field_schema(field: &Field, generator: &mut SchemaGenerator) -> Schema {
    let mut schema = (field.shown.schema)(generator);
    let object = schema.ensure_object();
    if let Some(tree) = field.tree {
        tree.apply(object, generator);
    }
    types::as_it_is_read(object);
    let rules = rules::Rules { definitions: generator.definitions() };
    rules.apply_all(field.rules, object);
    names::written_as_texts(object);
    let default = field.default.and_then(DefaultValue::json).filter(|default| types::may_be(object, default));
    default.map(|default| object.insert("default".to_owned(), default));
    describe(&mut schema, field.description, field.deprecated);
    if field.sensitive {
        schema.insert("x-sensitive".to_owned(), true.into());
    }
    let custom = custom_rules(field.rules);
    if !custom.is_empty() {
        schema.insert("x-custom".to_owned(), custom.into());
    }
    // The rules are about what is made of the text, which no keyword says.
    if !field.normalize.is_empty() {
        schema.insert("x-normalize".to_owned(), field.normalize.into());
    }
    schema
}

/// The functions of the user that check a value, or something inside: what they refuse is in no schema.
fn custom_rules(rules: &[Rule]) -> Vec<&'static str> {
    let of = |rule: &Rule| match rule {
        Rule::Custom(path) => vec![*path],
        Rule::Inner(rules) | Rule::Keys(rules) | Rule::OrEmpty(rules) => custom_rules(rules),
        _ => Vec::new(),
    };
    rules.iter().flat_map(of).collect()
}

/// The schema, with the functions that look at all fields.
#[must_use]
pub fn with_refine(mut schema: Schema, refine: &[&'static str]) -> Schema {
    schema.insert("x-refine".to_owned(), refine.into());
    schema
}

pub(super) fn describe(schema: &mut Schema, description: &'static str, deprecated: bool) {
    if !description.is_empty() {
        schema.insert("description".to_owned(), description.into());
    }
    if deprecated {
        schema.insert("deprecated".to_owned(), true.into());
    }
}
