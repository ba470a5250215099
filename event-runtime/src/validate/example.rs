//! Examples of payloads: what the macros know, and for nested types what their JSON Schemas say.

mod sample;

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::json::Tagged;
use super::{Issue, Path, Payload};

/// Fails unless the example in the documentation of a payload is valid. What only a nested type knows is taken from its
/// JSON Schema; where that has no example either, the rest is checked.
///
/// # Panics
///
/// Then: it is called by the test that the macros write.
#[track_caller]
pub fn assert_example<T: Payload + JsonSchema>(json: &str, nested: &[&str]) {
    let template = match serde_json::from_str(json) {
        Ok(template) => template,
        Err(error) => panic!("the example in the documentation is not JSON: {error}\n{json}"),
    };
    let schema = super::schema::of::<T>().to_value();
    let none = Map::new();
    let definitions = schema.get("$defs").and_then(Value::as_object).unwrap_or(&none);
    let (example, gaps) = fill(template, nested, &schema, definitions);
    // Of a value without a name, nothing else is known.
    if !gaps.is_empty() && !example.is_object() {
        return;
    }
    let issues = T::parse_str(&example.to_string()).err().unwrap_or_default();
    let is_known = |issue: &&Issue| !gaps.iter().any(|gap| is_of_field(&issue.path, gap));
    if let Some(issue) = issues.iter().find(is_known) {
        let field = issue.path.split(['.', '[']).next().unwrap_or_default();
        panic!(
            "the example in the documentation is not valid: {issue}\nSay what is, with `#[validate(example = ..)]` above \
             `{field}`.\n{example:#}"
        );
    }
}

/// Fails unless the examples of the variants of an enum, as its JSON Schema says them, are valid.
///
/// # Panics
///
/// Then: it is called by the test that the macros write.
#[track_caller]
pub fn assert_examples<T: Payload + JsonSchema + Tagged>() {
    let schema = super::schema::of::<T>().to_value();
    let none = Map::new();
    let definitions = schema.get("$defs").and_then(Value::as_object).unwrap_or(&none);
    let variants =
        schema.get("oneOf").and_then(Value::as_array).into_iter().flatten().take(T::VARIANTS.len());
    for example in variants.filter_map(|variant| sample(variant, definitions)) {
        if let Err(issues) = T::parse_str(&example.to_string()) {
            panic!(
                "an example of a variant is not valid: {issues}\nSay what is, with `#[validate(example = ..)]` above \
                 the field.\n{example:#}"
            );
        }
    }
}

/// A value that a JSON Schema describes, if it says one or one is simple enough to find.
pub(super) fn sample(schema: &Value, definitions: &Map<String, Value>) -> Option<Value> {
    Samples { definitions }.of(schema, DEEPEST)
}

/// Whether an issue is about the field in which a gap is.
fn is_of_field(path: &str, gap: &str) -> bool {
    let rest = path.strip_prefix(Path::root().field(&field_of(gap)).to_string().as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The field in which a gap is.
pub(super) fn field_of(gap: &str) -> String {
    unescape(gap.split('/').nth(1).unwrap_or_default())
}

/// Puts into the gaps of a template, at these JSON Pointers, what the schema says of them, and adds the fields that it lacks,
/// which are flattened; returns the gaps that stay.
pub(super) fn fill(
    mut template: Value,
    gaps: &[&str],
    schema: &Value,
    definitions: &Map<String, Value>,
) -> (Value, Vec<String>) {
    let samples = Samples { definitions };
    let mut left = Vec::new();
    for &gap in gaps {
        let mut steps = gap.split('/').skip(1).map(unescape);
        let found = steps.try_fold(schema, |schema, step| samples.below(schema, &step));
        match (found.and_then(|schema| samples.of(schema, DEEPEST)), template.pointer_mut(gap)) {
            (Some(sample), Some(place)) => *place = sample,
            _ => left.push(gap.to_owned()),
        }
    }
    left.extend(samples.add_required(&mut template, schema));
    (template, left)
}

/// A step of a JSON Pointer.
fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// How deep a type is looked into: it may hold itself.
const DEEPEST: usize = 12;

/// Values that JSON Schemas describe.
struct Samples<'s> {
    definitions: &'s Map<String, Value>,
}

impl<'s> Samples<'s> {
    fn definition(&self, schema: &Value) -> Option<&'s Value> {
        self.definitions.get(schema.get("$ref")?.as_str()?.rsplit('/').next()?)
    }

    /// Adds to an object what it must have and does not; returns the pointers to what is not found.
    fn add_required(&self, template: &mut Value, schema: &Value) -> Vec<String> {
        let (Some(object), Some(required)) =
            (template.as_object_mut(), schema.get("required").and_then(Value::as_array))
        else {
            return Vec::new();
        };
        let mut left = Vec::new();
        for name in required.iter().filter_map(Value::as_str) {
            if object.contains_key(name) {
                continue;
            }
            let property = schema.get("properties").and_then(|properties| properties.get(name));
            match property.and_then(|property| self.of(property, DEEPEST)) {
                Some(sample) => drop(object.insert(name.to_owned(), sample)),
                None => left.push(format!("/{}", name.replace('~', "~0").replace('/', "~1"))),
            }
        }
        left
    }

    /// The schema of a property or of an element.
    fn below<'v>(&self, schema: &'v Value, step: &str) -> Option<&'v Value>
    where
        's: 'v,
    {
        if let Some(definition) = self.definition(schema) {
            return self.below(definition, step);
        }
        let property = schema.get("properties").and_then(|properties| properties.get(step));
        let element = || schema.get("items").or_else(|| schema.get("additionalProperties"));
        let choice = || schema.get("anyOf")?.as_array()?.iter().find_map(|one| self.below(one, step));
        property.or_else(element).or_else(choice)
    }

    /// A value: the schema's own example, or one that is simple enough to find.
    fn of(&self, schema: &Value, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        let first = |keyword: &str| schema.get(keyword)?.get(0).cloned();
        let chosen = || schema.get("const").or_else(|| schema.get("default")).cloned();
        if let Some(value) = first("examples").or_else(chosen).or_else(|| first("enum")) {
            return Some(value);
        }
        if let Some(definition) = self.definition(schema) {
            let sample = self.of(definition, depth)?;
            return self.with_siblings(sample, schema, depth);
        }
        let kind = schema.get("type").and_then(|kind| kind.as_str().or_else(|| kind.get(0)?.as_str()));
        if kind == Some("string") {
            return sample::text(schema).map(Value::from);
        }
        if let Some(choices) = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array) {
            return choices.iter().find_map(|one| self.of(one, depth));
        }
        match kind? {
            "object" => self.object(schema, depth),
            "array" => self.array(schema, depth),
            "boolean" => Some(true.into()),
            "integer" => sample::integer(schema),
            "number" => sample::number(schema),
            "null" => Some(Value::Null),
            _ => None,
        }
    }

    /// The parts of a tuple, or as many elements as there must be.
    fn array(&self, schema: &Value, depth: usize) -> Option<Value> {
        if let Some(parts) = schema.get("prefixItems").and_then(Value::as_array) {
            return parts.iter().map(|part| self.of(part, depth)).collect();
        }
        let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        let most = if schema.get("uniqueItems").is_some() { 1 } else { 4 };
        if least > most {
            return None;
        }
        (0..least).map(|_| self.of(schema.get("items")?, depth)).collect()
    }

    /// Adds to what a reference stands for the properties beside it: the tag of an enum whose variant holds another type.
    fn with_siblings(&self, mut sample: Value, schema: &Value, depth: usize) -> Option<Value> {
        if schema.get("properties").is_some()
            && let (Some(sample), Value::Object(beside)) =
                (sample.as_object_mut(), self.object(schema, depth)?)
        {
            sample.extend(beside);
        }
        Some(sample)
    }

    fn object(&self, schema: &Value, depth: usize) -> Option<Value> {
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        let property = |name: &Value| {
            let name = name.as_str()?;
            Some((name.to_owned(), self.of(schema.get("properties")?.get(name)?, depth)?))
        };
        let mut object = required.map(property).collect::<Option<Map<_, _>>>()?;
        // A map that is not to be empty.
        if object.is_empty() && schema.get("minProperties").is_some_and(|least| *least != 0) {
            let names = schema.get("propertyNames").cloned().unwrap_or_else(|| json!({}));
            let value = self.of(schema.get("additionalProperties")?, depth)?;
            object.insert(sample::text(&names)?, value);
        }
        Some(object.into())
    }
}
