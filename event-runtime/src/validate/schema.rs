//! The JSON Schema of a payload: what its types say, and a keyword for each rule.

use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::example::{field_of, fill};
use super::{Choice, Field, IpVersion, Rule};

/// The JSON Schema of an object with these fields.
#[must_use]
pub fn object_schema(
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
        // Not required is what has a default, and what decodes when it is missing, as an `Option`.
        required.extend((!(field.shown.is_optional)()).then(|| field.name.into()));
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
    as_it_is_read(schema.ensure_object());
    for rule in field.rules {
        apply(rule, &mut schema, generator);
    }
    describe(&mut schema, field.description, field.deprecated);
    if field.sensitive {
        schema.insert("x-sensitive".to_owned(), true.into());
    }
    // The rules are about what is made of the text, which no keyword says.
    if !field.normalize.is_empty() {
        schema.insert("x-normalize".to_owned(), field.normalize.into());
    }
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

/// Makes the schema of a type say what is read: the bounds of integers, and that a set may repeat an element.
fn as_it_is_read(schema: &mut Map<String, Value>) {
    if let Some((minimum, maximum)) = schema.get("format").and_then(Value::as_str).and_then(integer_bounds) {
        // The type may be narrower: `NonZero` begins at 1.
        keep_tighter(schema, "minimum", minimum, i128::max);
        keep_tighter(schema, "maximum", maximum, i128::min);
    }
    schema.remove("uniqueItems");
    for keyword in ["items", "additionalProperties"] {
        schema.get_mut(keyword).and_then(Value::as_object_mut).into_iter().for_each(as_it_is_read);
    }
    let any = schema.get_mut("anyOf").and_then(Value::as_array_mut);
    any.into_iter().flatten().filter_map(Value::as_object_mut).for_each(as_it_is_read);
}

/// Sets the bound of a type, unless the schema has a tighter one.
fn keep_tighter(
    schema: &mut Map<String, Value>,
    keyword: &str,
    of_type: Value,
    tighter: fn(i128, i128) -> i128,
) {
    let number = |value: &Value| value.as_number().and_then(serde_json::Number::as_i128);
    let found = schema.get(keyword).and_then(number);
    let is_tighter = |found: i128| number(&of_type).is_some_and(|bound| tighter(found, bound) != bound);
    if !found.is_some_and(is_tighter) {
        schema.insert(keyword.to_owned(), of_type);
    }
}

/// The least and the greatest number of a type, by the name that schemars gives it.
fn integer_bounds(format: &str) -> Option<(Value, Value)> {
    Some(match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" | "int" => (i64::MIN.into(), i64::MAX.into()),
        "uint8" => (u8::MIN.into(), u8::MAX.into()),
        "uint16" => (u16::MIN.into(), u16::MAX.into()),
        "uint32" => (u32::MIN.into(), u32::MAX.into()),
        "uint64" | "uint" => (u64::MIN.into(), u64::MAX.into()),
        _ => return None,
    })
}

/// Adds the keywords of a rule.
fn apply(rule: &Rule, schema: &mut Schema, generator: &SchemaGenerator) {
    match rule {
        Rule::Length { min, max } => {
            let (least, most) = length_keywords(schema, generator);
            bound(schema, least, min.map(Value::from));
            bound(schema, most, max.map(Value::from));
        }
        Rule::Range { min, max } => {
            bound(schema, "minimum", min.map(Value::from));
            bound(schema, "maximum", max.map(Value::from));
        }
        Rule::Email => {
            add(schema, "format", "email".into());
            add(schema, "pattern", EMAIL.into());
            add(schema, "maxLength", 254.into());
        }
        Rule::Url => add(schema, "format", "uri".into()),
        Rule::Uuid => add(schema, "format", "uuid".into()),
        Rule::Ip(IpVersion::V4) => add(schema, "format", "ipv4".into()),
        Rule::Ip(IpVersion::V6) => add(schema, "format", "ipv6".into()),
        Rule::Ip(IpVersion::Any) => {
            add(schema, "anyOf", json!([{ "format": "ipv4" }, { "format": "ipv6" }]));
        }
        Rule::DateTime => add(schema, "format", "date-time".into()),
        Rule::Pattern(pattern) => add(schema, "pattern", (*pattern).into()),
        Rule::StartsWith(text) => add(schema, "pattern", format!("^{}", escape(text)).into()),
        Rule::EndsWith(text) => add(schema, "pattern", format!("{}$", escape(text)).into()),
        Rule::Contains(text) => add(schema, "pattern", escape(text).into()),
        Rule::MultipleOf(number) => add(schema, "multipleOf", (*number).into()),
        Rule::OneOf(choices) => one_of(schema, choices),
        Rule::Unique => add(schema, "uniqueItems", true.into()),
        Rule::Inner(rules) => inner(schema, rules, generator),
        // What a function of the user checks is in no schema.
        Rule::Custom(_) => {}
    }
}

/// `email` as a regular expression (ECMA-262), since what validators make of `format` differs.
const EMAIL: &str = "^(?=.{1,64}@)(?!.*@(.*\\.)?(?![Xx][Nn])[^.]{2}--)\
    [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@\
    [A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$";

/// Sets a bound, in the place of that of the type.
fn bound(schema: &mut Schema, keyword: &str, value: Option<Value>) {
    if let Some(value) = value {
        schema.insert(keyword.to_owned(), value);
    }
}

/// Adds a keyword; where it is there already, in an `allOf`.
fn add(schema: &mut Schema, keyword: &str, value: Value) {
    let object = schema.ensure_object();
    if !object.contains_key(keyword) {
        object.insert(keyword.to_owned(), value);
        return;
    }
    let all = object.entry("allOf").or_insert_with(|| json!([]));
    if let Some(all) = all.as_array_mut() {
        all.push(json!({ keyword: value }));
    }
}

/// A text as a regular expression that finds it.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        if "^$\\.*+?()[]{}|/".contains(char) {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

/// The values, and null where the type allows it.
fn one_of(schema: &mut Schema, choices: &[Choice]) {
    let mut values: Vec<Value> = choices.iter().map(|choice| (*choice).into()).collect();
    let is_null = |kind: &Value| kind == "null";
    let in_type = schema.get("type").and_then(Value::as_array).is_some_and(|kinds| kinds.iter().any(is_null));
    let in_any = schema.get("anyOf").and_then(Value::as_array);
    if in_type || in_any.is_some_and(|any| any.iter().any(|one| one.get("type").is_some_and(is_null))) {
        values.push(Value::Null);
    }
    add(schema, "enum", values.into());
}

/// Adds the rules of the elements: of a list to `items`, of a map to `additionalProperties`.
fn inner(schema: &mut Schema, rules: &[Rule], generator: &SchemaGenerator) {
    let keyword = if length_keywords(schema, generator).0 == "minProperties" {
        "additionalProperties"
    } else {
        "items"
    };
    let element = schema.remove(keyword).and_then(|element| Schema::try_from(element).ok());
    let mut element = element.unwrap_or_default();
    for rule in rules {
        apply(rule, &mut element, generator);
    }
    schema.insert(keyword.to_owned(), element.to_value());
}

/// The keywords of a length depend on the JSON type of what is counted.
fn length_keywords(schema: &Schema, generator: &SchemaGenerator) -> (&'static str, &'static str) {
    if is_of_type(schema, "array", generator) {
        ("minItems", "maxItems")
    } else if is_of_type(schema, "object", generator) {
        ("minProperties", "maxProperties")
    } else {
        ("minLength", "maxLength")
    }
}

fn is_of_type(schema: &Schema, name: &str, generator: &SchemaGenerator) -> bool {
    let definition = schema.get("$ref").and_then(Value::as_str).and_then(|reference| {
        let name = reference.rsplit('/').next()?;
        generator.definitions().get(name)
    });
    match definition.and_then(|schema| schema.get("type")).or_else(|| schema.get("type")) {
        Some(Value::String(kind)) => kind == name,
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == name),
        _ => false,
    }
}
