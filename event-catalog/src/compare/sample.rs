//! The smallest values that a schema allows.

use serde_json::{Map, Value, json};

use super::schema::{Root, bounds, count, types};

/// How deep a type is looked into: it may hold itself.
const DEEPEST: usize = 12;

/// A small value that a schema allows, mostly: whoever needs to know asks a validator.
pub(crate) fn smallest(root: Root<'_>, schema: &Value) -> Option<Value> {
    of(root, schema, DEEPEST)
}

fn of(root: Root<'_>, schema: &Value, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    if schema.as_bool() == Some(true) {
        return Some(Value::Null);
    }
    let schema = root.resolved(schema);
    let schema = schema.as_ref();
    if let Some(value) = schema.get("const").or_else(|| schema.get("enum")?.get(0)) {
        return Some(value.clone());
    }
    for keyword in ["oneOf", "anyOf"] {
        let Some(choices) = schema.get(keyword).and_then(Value::as_array) else { continue };
        let found =
            choices.iter().filter_map(|choice| of(root, &root.beside(schema, keyword, choice), depth));
        return found.min_by_key(|value| value.to_string().len());
    }
    let kinds = types(schema);
    if kinds.is_empty() {
        return Some(if schema.get("properties").is_some() {
            object(root, schema, depth)?
        } else {
            Value::Null
        });
    }
    let of_kind = |kind: &str| match kind {
        "null" => Some(Value::Null),
        "boolean" => Some(false.into()),
        "integer" | "number" => number(schema, kind == "integer"),
        "string" => texts(schema).into_iter().next().map(Value::from),
        "array" => array(root, schema, depth),
        "object" => object(root, schema, depth),
        _ => None,
    };
    // A value says more than null.
    let chosen = kinds.iter().filter(|kind| *kind != "null").find_map(|kind| of_kind(kind));
    chosen.or_else(|| kinds.iter().find_map(|kind| of_kind(kind)))
}

#[allow(clippy::cast_possible_truncation, reason = "within what is exact")]
fn number(schema: &Value, is_integer: bool) -> Option<Value> {
    let (least, most) = bounds(schema);
    let step = schema.get("multipleOf").and_then(Value::as_f64).unwrap_or(1.0);
    let start = 0.0_f64.clamp(least, most.max(least));
    let candidates =
        [start, (start / step).ceil() * step, (start / step).floor() * step, start + 1.0, start - 1.0];
    let midpoint = if least.is_finite() && most.is_finite() { f64::midpoint(least, most) } else { start };
    let within = |number: &f64| {
        let exclusive = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
        let is_multiple = schema.get("multipleOf").is_none() || (number / step).fract() == 0.0;
        *number >= least
            && *number <= most
            && exclusive("exclusiveMinimum").is_none_or(|above| *number > above)
            && exclusive("exclusiveMaximum").is_none_or(|below| *number < below)
            && is_multiple
            && (!is_integer || number.fract() == 0.0)
    };
    let found = candidates.into_iter().chain([midpoint]).find(within)?;
    Some(as_json(found))
}

/// A number as JSON: integers without a fraction.
#[allow(clippy::cast_possible_truncation, reason = "integers within what is exact")]
pub(crate) fn as_json(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 {
        json!(number as i64)
    } else {
        json!(number)
    }
}

fn array(root: Root<'_>, schema: &Value, depth: usize) -> Option<Value> {
    if let Some(parts) = schema.get("prefixItems").and_then(Value::as_array) {
        return parts.iter().map(|part| of(root, part, depth)).collect();
    }
    let least = count(schema, "minItems").unwrap_or(0);
    let items = schema.get("items").unwrap_or(&Value::Bool(true));
    if schema.get("uniqueItems").is_some() && least > 1 {
        let distinct = distinct(root, items, depth);
        return (distinct.len() >= least).then(|| distinct.into_iter().take(least).collect());
    }
    (0..least).map(|_| of(root, items, depth)).collect()
}

/// Some different values of a schema.
fn distinct(root: Root<'_>, schema: &Value, depth: usize) -> Vec<Value> {
    let schema = root.resolved(schema);
    let mut values: Vec<Value> = match schema.get("enum").and_then(Value::as_array) {
        Some(values) => values.clone(),
        None if types(&schema).iter().any(|kind| kind == "string") => {
            texts(&schema).into_iter().map(Value::from).collect()
        }
        None => (0..8).map(Value::from).collect(),
    };
    values.extend(of(root, &schema, depth));
    values
}

fn object(root: Root<'_>, schema: &Value, depth: usize) -> Option<Value> {
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    let mut object = Map::new();
    for name in required.filter_map(Value::as_str) {
        let property = schema.get("properties").and_then(|properties| properties.get(name));
        object.insert(name.to_owned(), of(root, property.unwrap_or(&Value::Bool(true)), depth)?);
    }
    let least = count(schema, "minProperties").unwrap_or(0);
    let keys =
        schema.get("propertyNames").map_or_else(|| texts(&json!({})), |names| texts(&root.resolved(names)));
    for key in keys {
        if object.len() >= least {
            break;
        }
        let value = schema.get("additionalProperties").unwrap_or(&Value::Bool(true));
        object.insert(key, of(root, value, depth)?);
    }
    Some(object.into())
}

/// Texts that a schema may allow, the smallest first; those of another length than it allows are left out.
pub(crate) fn texts(schema: &Value) -> Vec<String> {
    let (least, most) =
        (count(schema, "minLength").unwrap_or(0), count(schema, "maxLength").unwrap_or(usize::MAX));
    let mut texts: Vec<String> = schema
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    texts.extend(formats(schema).into_iter().flat_map(of_format).map(|text| (*text).to_owned()));
    texts.extend(GUESSES.iter().map(|text| (*text).to_owned()));
    if least <= 10_000 {
        for letter in ["a", "0", "A", " ", "-", "é"] {
            texts.extend([letter.repeat(least), letter.repeat(most.min(least + 1))]);
        }
    }
    let matcher = Matcher::of(schema);
    texts.retain(|text| (least..=most).contains(&text.chars().count()));
    let (mut good, other): (Vec<String>, Vec<String>) =
        texts.into_iter().partition(|text| matcher.allows(text));
    good.sort_by_key(String::len);
    good.dedup();
    good.extend(other);
    good
}

/// The formats that a schema names, itself or in its parts.
fn formats(schema: &Value) -> Vec<&str> {
    let own = schema.get("format").and_then(Value::as_str);
    let parts =
        ["allOf", "anyOf"].into_iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten();
    own.into_iter().chain(parts.filter_map(|part| part.get("format").and_then(Value::as_str))).collect()
}

/// Whether a schema allows a text, apart from what it refers to.
struct Matcher(Option<jsonschema::Validator>);

impl Matcher {
    fn of(schema: &Value) -> Self {
        Self(jsonschema::options().should_validate_formats(true).build(schema).ok())
    }

    fn allows(&self, text: &str) -> bool {
        self.0.as_ref().is_none_or(|validator| validator.is_valid(&Value::from(text)))
    }
}

/// Texts that often match a pattern, or just do not.
pub(crate) const GUESSES: &[&str] = &[
    "",
    "a",
    "b",
    "A",
    "1",
    "-",
    " ",
    "_",
    "é",
    "a b",
    "ab",
    "AB",
    "aB",
    "a1",
    "12",
    "123",
    "1234",
    "12345",
    "a-b",
    "a_b",
    "a.b",
    "a/b",
    "abc",
    "ABC",
    "ABC-123",
    "abc123",
    "example",
    "EUR",
    "2026-11",
    "2026-11-23",
    "a@b.co",
    "https://a.co/",
    "192.0.2.1:443",
];

fn of_format(format: &str) -> &'static [&'static str] {
    match format {
        "uuid" => &["00000000-0000-4000-8000-000000000000", "01890000-0000-7000-8000-000000000000"],
        "date-time" => &["2026-11-23T08:30:00Z"],
        "date" => &["2026-11-23"],
        "time" => &["08:30:00Z"],
        "uri" => &["a:b", "https://a.co/", "mailto:a@b.co"],
        "uri-reference" => &["/a"],
        "hostname" => &["a.co"],
        "email" => &["a@b.co"],
        "ipv4" => &["192.0.2.1"],
        "ipv6" => &["::1"],
        "duration" => &["PT1H"],
        _ => &[],
    }
}
