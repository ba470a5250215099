//! Schemas as declarations in Rust.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::names::{identifier, pascal, snake};
use super::source::{Source, resolve};
use crate::compare::schema::{count, list, members, requires, types};

/// Prints declarations.
pub(super) struct Printer<'d> {
    document: &'d Value,
    /// The names of referenced types, by their path.
    named: BTreeMap<String, String>,
    taken: BTreeSet<String>,
    /// The types of fields, in the order in which they were met.
    types: Vec<String>,
    /// References that are being printed.
    open: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// A type of a field, and the attributes above the field.
struct Field {
    ty: String,
    rules: Vec<String>,
}

fn plain(ty: impl Into<String>) -> Field {
    Field { ty: ty.into(), rules: Vec::new() }
}

impl<'d> Printer<'d> {
    pub(super) fn new(document: &'d Value) -> Self {
        Self {
            document,
            named: BTreeMap::new(),
            taken: BTreeSet::new(),
            types: Vec::new(),
            open: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// An enum of events, and the types of their fields.
    pub(super) fn events(&mut self, domain: &str, source: &Source) -> String {
        let mut variants = String::new();
        let prefix = domain.to_owned();
        self.taken.insert(format!("{domain}Event"));
        for event in &source.events {
            let ident = self.unique_variant(domain, &event.name);
            let about = or(&event.description, &format!("The event `{}`.", event.name));
            let schema = resolve(self.document, &event.schema);
            let fields = self.fields(&schema, &format!("{prefix}{ident}"), &event.name, "        ");
            let body = if fields.is_empty() { "{}".to_owned() } else { format!("{{\n{fields}    }}") };
            variants.push_str(&format!(
                "{}    #[event(name = {:?}, unhandled)]\n    {ident} {body},\n",
                docs(&about, "    "),
                event.name
            ));
        }
        let about = docs(&or(&source.about, &format!("Events of another system: {domain}.")), "");
        let types = self.types.join("\n");
        let maps = if variants.contains("BTreeMap<") || types.contains("BTreeMap<") {
            "use std::collections::BTreeMap;\n\n"
        } else {
            ""
        };
        let notes: String = self.notes.iter().map(|note| format!("// Not in the types: {note}\n")).collect();
        let types = if types.is_empty() { types } else { format!("\n{types}") };
        format!(
            "{notes}{maps}use event_runtime::prelude::*;\n\n{about}#[domain_events(foreign)]\npub enum {domain}Event {{\n{variants}}}\n{types}"
        )
    }

    /// A variant, and the struct that is made of it.
    fn unique_variant(&mut self, domain: &str, name: &str) -> String {
        let base = pascal(name);
        let base = base
            .strip_prefix(domain)
            .filter(|rest| rest.starts_with(|char: char| char.is_ascii_uppercase()))
            .unwrap_or(&base)
            .to_owned();
        let number = (1..=u32::MAX)
            .find(|number| !self.taken.contains(&format!("{domain}{}", numbered(&base, *number))))
            .unwrap_or(1);
        let ident = numbered(&base, number);
        self.taken.insert(format!("{domain}{ident}"));
        ident
    }

    fn unique(&mut self, name: &str) -> String {
        let number =
            (1..=u32::MAX).find(|number| !self.taken.contains(&numbered(name, *number))).unwrap_or(1);
        let name = numbered(name, number);
        self.taken.insert(name.clone());
        name
    }

    /// The fields of an object.
    fn fields(&mut self, schema: &Value, owner: &str, path: &str, indent: &str) -> String {
        let schema = self.merged(schema);
        self.note_unsupported(&schema, path);
        let mut used = BTreeSet::new();
        let mut fields = String::new();
        for (name, property) in members(&schema, "properties") {
            let snake = snake(name);
            let field_name = (1..=u32::MAX)
                .map(|number| numbered(&snake, number))
                .find(|found| used.insert(found.clone()))
                .unwrap_or_default();
            let below = format!("{path}.{name}");
            let mut field = self.field(property, &format!("{owner}{}", pascal(name)), &below);
            let description = resolve(self.document, property)
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            let mut attributes = docs(&description, indent);
            if field_name != *name {
                attributes.push_str(&format!("{indent}#[serde(rename = {name:?})]\n"));
            }
            if !requires(&schema, name) && !field.ty.starts_with("Option<") {
                field.ty = format!("Option<{}>", field.ty);
            }
            if !requires(&schema, name) {
                attributes
                    .push_str(&format!("{indent}#[serde(skip_serializing_if = \"Option::is_none\")]\n"));
            }
            if !field.rules.is_empty() {
                attributes.push_str(&format!("{indent}#[validate({})]\n", field.rules.join(", ")));
            }
            fields.push_str(&format!("{attributes}{indent}{}: {},\n", identifier(&field_name), field.ty));
        }
        fields
    }

    /// An object of all parts.
    fn merged(&self, schema: &Value) -> Value {
        let parts = list(schema, "allOf").to_vec();
        let mut merged = schema.as_object().cloned().unwrap_or_default();
        merged.remove("allOf");
        for part in parts {
            let part = resolve(self.document, &part);
            let part = self.merged(&part);
            for (keyword, value) in part.as_object().cloned().unwrap_or_default() {
                match (merged.get_mut(&keyword), value) {
                    (Some(Value::Object(own)), Value::Object(more)) => own.extend(more),
                    (Some(Value::Array(own)), Value::Array(more)) => own.extend(more),
                    (Some(_), _) => {}
                    (None, value) => drop(merged.insert(keyword, value)),
                }
            }
        }
        merged.into()
    }

    fn field(&mut self, schema: &Value, name: &str, path: &str) -> Field {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.reference(reference, path);
        }
        let schema = &self.merged(schema);
        for keyword in ["oneOf", "anyOf"] {
            let choices = list(schema, keyword).to_vec();
            if !choices.is_empty() {
                return self.choices(keyword, &choices, name, path);
            }
        }
        if schema.get("const").is_some() || schema.get("enum").is_some() {
            return self.one_of(schema, name, path);
        }
        let mut kinds = types(schema);
        let is_nullable = kinds.iter().any(|kind| kind == "null")
            || schema.get("nullable").and_then(Value::as_bool) == Some(true);
        kinds.retain(|kind| kind != "null");
        let field = match &kinds[..] {
            [kind] => self.of_kind(kind, schema, name, path),
            [] if schema.get("properties").is_some() => self.of_kind("object", schema, name, path),
            [] => plain("serde_json::Value"),
            several => {
                self.notes.push(format!("{path}: is {}, kept as any JSON", several.join(" or ")));
                return plain("serde_json::Value");
            }
        };
        if is_nullable && field.ty != "serde_json::Value" {
            Field { ty: format!("Option<{}>", field.ty), ..field }
        } else {
            field
        }
    }

    fn reference(&mut self, reference: &str, path: &str) -> Field {
        let Some(target) =
            reference.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer)).cloned()
        else {
            self.notes
                .push(format!("{path}: `$ref` to `{reference}`, outside of this document: kept as any JSON"));
            return plain("serde_json::Value");
        };
        let is_struct = target.get("properties").is_some() || target.get("allOf").is_some();
        if !is_struct && !self.open.iter().any(|open| open == reference) {
            self.open.push(reference.to_owned());
            let name = reference.rsplit('/').next().unwrap_or_default();
            let field = self.field(&target, &pascal(name), path);
            self.open.pop();
            return field;
        }
        if let Some(name) = self.named.get(reference) {
            // A type that holds itself is held in a box.
            let ty = if self.open.iter().any(|open| open == reference) {
                format!("Box<{name}>")
            } else {
                name.clone()
            };
            return plain(ty);
        }
        if !is_struct {
            self.notes.push(format!("{path}: `{reference}` holds itself and is no object: kept as any JSON"));
            return plain("serde_json::Value");
        }
        let name = self.unique(&pascal(reference.rsplit('/').next().unwrap_or_default()));
        self.named.insert(reference.to_owned(), name.clone());
        self.open.push(reference.to_owned());
        self.structure(&target, &name, path);
        self.open.pop();
        plain(name)
    }

    /// Declares a struct.
    fn structure(&mut self, schema: &Value, name: &str, path: &str) {
        let fields = self.fields(schema, name, path, "    ");
        let about = schema.get("description").and_then(Value::as_str).unwrap_or_default();
        let about = docs(&or(about, &format!("In `{path}`.")), "");
        self.types.push(format!("{about}#[payload]\npub struct {name} {{\n{fields}}}\n"));
    }

    fn of_kind(&mut self, kind: &str, schema: &Value, name: &str, path: &str) -> Field {
        self.note_unsupported(schema, path);
        match kind {
            "boolean" => plain("bool"),
            "integer" => integer(schema),
            "number" => {
                let rules = range(schema, |bound| format!("{bound:?}"));
                Field { ty: "f64".to_owned(), rules }
            }
            "string" => self.text(schema, path),
            "array" => self.list(schema, name, path),
            "object" if schema.get("properties").is_some() => {
                let name = self.unique(name);
                self.structure(schema, &name, path);
                plain(name)
            }
            "object" => {
                let value = schema.get("additionalProperties").filter(|value| value.is_object()).cloned();
                let value = value.map_or_else(
                    || plain("serde_json::Value"),
                    |value| self.field(&value, &format!("{name}Value"), path),
                );
                let mut rules = length(schema, "minProperties", "maxProperties");
                if !value.rules.is_empty() {
                    rules.push(format!("inner({})", value.rules.join(", ")));
                }
                Field { ty: format!("BTreeMap<String, {}>", value.ty), rules }
            }
            other => {
                self.notes.push(format!("{path}: the type `{other}` is not known, kept as any JSON"));
                plain("serde_json::Value")
            }
        }
    }

    fn list(&mut self, schema: &Value, name: &str, path: &str) -> Field {
        let parts = list(schema, "prefixItems").to_vec();
        if !parts.is_empty()
            && count(schema, "maxItems") == Some(parts.len())
            && count(schema, "minItems") == Some(parts.len())
        {
            let parts: Vec<Field> = parts
                .iter()
                .enumerate()
                .map(|(at, part)| self.field(part, &format!("{name}{at}"), &format!("{path}[{at}]")))
                .collect();
            if parts.iter().any(|part| !part.rules.is_empty()) {
                self.notes.push(format!("{path}: the rules of the parts of a tuple"));
            }
            let types: Vec<String> = parts.into_iter().map(|part| part.ty).collect();
            let comma = if types.len() == 1 { "," } else { "" };
            return plain(format!("({}{comma})", types.join(", ")));
        }
        let element = match schema.get("items") {
            Some(items) if items.is_object() && parts.is_empty() => {
                self.field(&items.clone(), &format!("{name}Item"), &format!("{path}[]"))
            }
            _ => plain("serde_json::Value"),
        };
        let mut rules = length(schema, "minItems", "maxItems");
        if schema.get("uniqueItems").and_then(Value::as_bool) == Some(true) {
            if ["String", "u64", "i64", "bool", "Uuid"].contains(&element.ty.as_str()) {
                rules.push("unique".to_owned());
            } else {
                self.notes.push(format!("{path}: `uniqueItems` of elements that cannot be compared"));
            }
        }
        if !element.rules.is_empty() {
            rules.push(format!("inner({})", element.rules.join(", ")));
        }
        let ty = element.ty.strip_prefix("Box<").and_then(|ty| ty.strip_suffix('>')).unwrap_or(&element.ty);
        Field { ty: format!("Vec<{ty}>"), rules }
    }

    fn text(&mut self, schema: &Value, path: &str) -> Field {
        let mut rules = length(schema, "minLength", "maxLength");
        let mut ty = "String";
        match schema.get("format").and_then(Value::as_str) {
            Some("uuid") if rules.is_empty() && schema.get("pattern").is_none() => ty = "Uuid",
            Some("uuid") => rules.push("uuid".to_owned()),
            Some("email") => rules.push("email".to_owned()),
            Some("uri" | "url") => rules.push("url".to_owned()),
            Some("uri-reference") => rules.push("uri_reference".to_owned()),
            Some("hostname") => rules.push("hostname".to_owned()),
            Some("ipv4") => rules.push("ip(v4)".to_owned()),
            Some("ipv6") => rules.push("ip(v6)".to_owned()),
            Some("date-time") => rules.push("datetime".to_owned()),
            Some("date") => rules.push("date".to_owned()),
            Some("time") => rules.push("time".to_owned()),
            Some(format) => self.notes.push(format!("{path}: `format: {format}`")),
            None => {}
        }
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
            let is_backtracking = ["(?=", "(?!", "(?<"].iter().any(|part| pattern.contains(part))
                || (1..=9).any(|number| pattern.contains(&format!("\\{number}")));
            if is_backtracking {
                self.notes.push(format!("{path}: the pattern `{pattern}` looks around or back"));
            } else {
                rules.push(format!("pattern({pattern:?})"));
            }
        }
        Field { ty: ty.to_owned(), rules }
    }

    /// One of some values.
    fn one_of(&mut self, schema: &Value, name: &str, path: &str) -> Field {
        let mut values = list(schema, "enum").to_vec();
        values.extend(schema.get("const").cloned());
        let is_nullable = values.iter().any(Value::is_null);
        values.retain(|value| !value.is_null());
        let all = |is: fn(&Value) -> bool| values.iter().all(is);
        let choices = values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ");
        let field = if values.is_empty() {
            return plain("serde_json::Value");
        } else if all(Value::is_string) {
            Field { ty: "String".to_owned(), rules: vec![format!("one_of({choices})")] }
        } else if all(Value::is_u64) {
            Field { ty: "u64".to_owned(), rules: vec![format!("one_of({choices})")] }
        } else if all(Value::is_i64) {
            Field { ty: "i64".to_owned(), rules: vec![format!("one_of({choices})")] }
        } else if all(Value::is_boolean) {
            if values.len() == 1 {
                self.notes.push(format!("{path}: is always {choices}"));
            }
            plain("bool")
        } else {
            self.notes.push(format!("{path}: is one of {choices}, kept as any JSON"));
            return plain("serde_json::Value");
        };
        let _ = name;
        if is_nullable { Field { ty: format!("Option<{}>", field.ty), ..field } } else { field }
    }

    /// Something or null; variants with a tag; or any JSON.
    fn choices(&mut self, keyword: &str, choices: &[Value], name: &str, path: &str) -> Field {
        let is_null =
            |choice: &Value| types(choice) == ["null"] || choice.get("const").is_some_and(Value::is_null);
        let other: Vec<&Value> = choices.iter().filter(|choice| !is_null(choice)).collect();
        let is_nullable = other.len() < choices.len();
        let field = match &other[..] {
            [one] => self.field(one, name, path),
            several => match self.tagged(several, name, path) {
                Some(name) => plain(name),
                None => {
                    self.notes.push(format!("{path}: `{keyword}` without a tag, kept as any JSON"));
                    return plain("serde_json::Value");
                }
            },
        };
        if is_nullable && field.ty != "serde_json::Value" && !field.ty.starts_with("Option<") {
            Field { ty: format!("Option<{}>", field.ty), ..field }
        } else {
            field
        }
    }

    /// An enum of objects that a constant tells apart.
    fn tagged(&mut self, choices: &[&Value], name: &str, path: &str) -> Option<String> {
        let choices: Vec<Value> = choices
            .iter()
            .map(|choice| {
                let choice = resolve(self.document, choice);
                self.merged(&choice)
            })
            .collect();
        let tag_of = |schema: &Value, name: &str| {
            let property = schema.get("properties")?.get(name)?;
            let constant = property.get("const").or_else(|| {
                property
                    .get("enum")
                    .filter(|values| values.as_array().is_some_and(|values| values.len() == 1))?
                    .get(0)
            })?;
            constant.as_str().map(str::to_owned)
        };
        let tag = members(choices.first()?, "properties").map(|(name, _)| name.clone()).find(|tag| {
            let values: Option<BTreeSet<String>> =
                choices.iter().map(|choice| tag_of(choice, tag).filter(|_| requires(choice, tag))).collect();
            values.is_some_and(|values| values.len() == choices.len())
        })?;
        let enumeration = self.unique(name);
        let mut variants = String::new();
        let mut used = BTreeSet::new();
        for choice in &choices {
            let value = tag_of(choice, &tag)?;
            let ident = (1..=u32::MAX)
                .map(|number| numbered(&pascal(&value), number))
                .find(|ident| used.insert(ident.clone()))?;
            let mut rest = choice.clone();
            rest.get_mut("properties")
                .and_then(Value::as_object_mut)
                .map(|properties| properties.remove(&tag));
            let fields = self.fields(&rest, &format!("{enumeration}{ident}"), path, "        ");
            let about = choice.get("description").and_then(Value::as_str).unwrap_or_default();
            let body = if fields.is_empty() { String::new() } else { format!(" {{\n{fields}    }}") };
            variants.push_str(&format!(
                "{}    #[serde(rename = {value:?})]\n    {ident}{body},\n",
                docs(&or(about, &format!("`{value}`.")), "    ")
            ));
        }
        self.types.push(format!(
            "/// In `{path}`.\n#[payload]\n#[serde(tag = {tag:?})]\npub enum {enumeration} {{\n{variants}}}\n"
        ));
        Some(enumeration)
    }

    fn note_unsupported(&mut self, schema: &Value, path: &str) {
        for keyword in UNSUPPORTED {
            if schema.get(*keyword).is_some() {
                self.notes.push(format!("{path}: `{keyword}`"));
            }
        }
        if schema.get("additionalProperties").and_then(Value::as_bool) == Some(false) {
            self.notes.push(format!("{path}: unknown fields are ignored, and not refused"));
        }
        if schema.get("properties").is_some()
            && schema.get("additionalProperties").is_some_and(Value::is_object)
        {
            self.notes.push(format!("{path}: `additionalProperties` beside named ones are ignored"));
        }
    }
}

/// The keywords that no declaration can express.
const UNSUPPORTED: &[&str] = &[
    "if",
    "then",
    "else",
    "not",
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "patternProperties",
    "unevaluatedProperties",
    "unevaluatedItems",
    "$dynamicRef",
    "contentEncoding",
    "contentMediaType",
];

fn numbered(name: &str, number: u32) -> String {
    if number == 1 { name.to_owned() } else { format!("{name}{number}") }
}

fn or(text: &str, other: &str) -> String {
    if text.trim().is_empty() { other.to_owned() } else { text.to_owned() }
}

fn docs(text: &str, indent: &str) -> String {
    text.trim()
        .lines()
        .map(|line| format!("{indent}/// {}", line.trim()).trim_end().to_owned() + "\n")
        .collect()
}

fn integer(schema: &Value) -> Field {
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    let is_positive = bound("minimum").is_some_and(|least| least >= 0.0)
        || bound("exclusiveMinimum").is_some_and(|above| above >= -1.0);
    let mut rules = range(schema, |bound| format!("{bound:.0}"));
    // That much the type says.
    rules.retain(|rule| !(is_positive && rule == "range(min = 0)"));
    if let Some(multiple) = schema.get("multipleOf").and_then(Value::as_u64).filter(|multiple| *multiple > 1)
    {
        rules.push(format!("multiple_of({multiple})"));
    }
    Field { ty: if is_positive { "u64" } else { "i64" }.to_owned(), rules }
}

fn range(schema: &Value, print: impl Fn(f64) -> String) -> Vec<String> {
    let names = [
        ("minimum", "min"),
        ("exclusiveMinimum", "above"),
        ("maximum", "max"),
        ("exclusiveMaximum", "below"),
    ];
    let part = |(keyword, name): (&str, &str)| {
        let bound = schema.get(keyword)?.as_f64().filter(|bound| bound.abs() < 9e15)?;
        Some(format!("{name} = {}", print(bound)))
    };
    let mut parts: Vec<String> = names.into_iter().filter_map(part).collect();
    // Of two bounds on one side, the macro takes one.
    if parts.iter().filter(|part| part.starts_with("min") || part.starts_with("above")).count() > 1 {
        parts.retain(|part| !part.starts_with("min"));
    }
    if parts.iter().filter(|part| part.starts_with("max") || part.starts_with("below")).count() > 1 {
        parts.retain(|part| !part.starts_with("max"));
    }
    if parts.is_empty() { Vec::new() } else { vec![format!("range({})", parts.join(", "))] }
}

fn length(schema: &Value, least: &str, most: &str) -> Vec<String> {
    let bound = |keyword: &str, name: &str| {
        count(schema, keyword)
            .filter(|count| *count > 0 || name == "max")
            .map(|count| format!("{name} = {count}"))
    };
    let parts: Vec<String> = [bound(least, "min"), bound(most, "max")].into_iter().flatten().collect();
    if parts.is_empty() { Vec::new() } else { vec![format!("length({})", parts.join(", "))] }
}
