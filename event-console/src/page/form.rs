//! A form from a JSON Schema, and the JSON that it makes.
//!
//! The name of an input says what becomes of its text: a kind (`s` a text, `n` a number, `b` true or false, `j` JSON, `a` a list, `o` an
//! object), `?` where nothing stands for no value, and after a colon the place in the JSON, as a JSON Pointer.

use event_runtime::Issues;
use maud::{Markup, html};
use serde_json::{Map, Value};

/// How deep a form goes; below, JSON is written as a text.
const DEEPEST: usize = 6;

/// The most items of a list.
const MOST: usize = 200;

/// A form: the schema, and what is wrong with what was sent.
#[derive(Clone, Copy)]
pub(super) struct Form<'a> {
    pub(super) root: &'a Value,
    pub(super) issues: &'a [(String, String)],
}

/// A field of a form: where it stands, and what its value is at present.
struct Field<'a> {
    schema: &'a Value,
    pointer: String,
    label: &'a str,
    value: Option<&'a Value>,
    is_optional: bool,
    depth: usize,
}

impl<'a> Form<'a> {
    /// The whole form.
    pub(super) fn show(self, pointer: &str, value: &Value) -> Markup {
        let schema = self.resolve(self.root).0;
        match schema.get("properties").and_then(Value::as_object) {
            Some(_) => html! {
                input type="hidden" name={ "o:" (pointer) } value="";
                (self.properties(schema, pointer, Some(value), 0))
                (self.told(pointer))
            },
            None => self.json(pointer, "Payload", Some(value), false),
        }
    }

    /// Follows the references of a schema. Returns whether null is allowed, too.
    fn resolve(self, mut schema: &'a Value) -> (&'a Value, bool) {
        let mut is_nullable = false;
        for _ in 0..16 {
            if let Some(pointer) =
                schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'))
            {
                let Some(found) = self.root.pointer(pointer) else { break };
                schema = found;
                continue;
            }
            let forms = schema.get("anyOf").and_then(Value::as_array);
            let Some([one, other]) = forms.map(Vec::as_slice) else { break };
            let is_null = |form: &Value| form.get("type").and_then(Value::as_str) == Some("null");
            schema = match (is_null(one), is_null(other)) {
                (false, true) => one,
                (true, false) => other,
                _ => break,
            };
            is_nullable = true;
        }
        (schema, is_nullable)
    }

    fn properties(self, schema: &'a Value, pointer: &str, value: Option<&'a Value>, depth: usize) -> Markup {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = schema.get("properties").and_then(Value::as_object);
        html! {
            @for (name, schema) in properties.into_iter().flatten() {
                (self.field(&Field {
                    schema,
                    pointer: format!("{pointer}/{}", escaped(name)),
                    label: name,
                    value: value.and_then(|value| value.get(name)).filter(|value| !value.is_null()),
                    is_optional: !required.contains(&name.as_str()),
                    depth,
                }))
            }
        }
    }

    fn field(self, field: &Field<'a>) -> Markup {
        let (schema, is_nullable) = self.resolve(field.schema);
        let is_optional = field.is_optional || is_nullable || types(schema).contains(&"null");
        let field = &Field { schema, pointer: field.pointer.clone(), is_optional, ..*field };
        let kind = types(schema).into_iter().find(|kind| *kind != "null");
        if let Some(values) = schema.get("enum").and_then(Value::as_array)
            && values.iter().all(Value::is_string)
        {
            return self.select(field, "s", values.iter().filter_map(Value::as_str));
        }
        match kind {
            Some("string") => self.text(field, "s", "text"),
            Some("integer" | "number") => self.text(field, "n", "text"),
            Some("boolean") => self.select(field, "b", ["true", "false"].into_iter()),
            Some("object") if schema.get("properties").is_some() && field.depth < DEEPEST && !is_optional => {
                self.object(field)
            }
            Some("array") if schema.get("items").is_some_and(Value::is_object) && field.depth < DEEPEST => {
                self.list(field)
            }
            _ => self.json(&field.pointer, field.label, field.value, is_optional),
        }
    }

    /// The label of a field with what its schema says.
    fn described(self, field: &Field<'a>, id: &str) -> Markup {
        let schema = [field.schema, self.resolve(field.schema).0];
        let description = schema.iter().find_map(|schema| schema.get("description").and_then(Value::as_str));
        html! {
            label for=(id) { (field.label) @if field.is_optional { span.optional { " optional" } } }
            @if let Some(description) = description { p.help id={ (id) "-help" } { (description) } }
        }
    }

    fn text(self, field: &Field<'a>, kind: &str, input: &str) -> Markup {
        let (id, name) = (id(&field.pointer), name(kind, field));
        let value = match field.value {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => String::new(),
        };
        let is_long = value.len() > 120 || value.contains('\n');
        let mode = (kind == "n").then_some("decimal");
        let format = field.schema.get("format").and_then(Value::as_str);
        let is_wrong = self.is_wrong(&field.pointer);
        html! {
            div.field {
                (self.described(field, &id))
                @if is_long { textarea id=(id) name=(name) rows="4" aria-invalid=[is_wrong.then_some("true")] { (value) } }
                @else { input id=(id) type=(input) name=(name) value=(value) inputmode=[mode] placeholder=[format] autocomplete="off" aria-invalid=[is_wrong.then_some("true")]; }
                (self.told(&field.pointer))
            }
        }
    }

    fn select<'o>(self, field: &Field<'a>, kind: &str, options: impl Iterator<Item = &'o str>) -> Markup {
        let (id, name) = (id(&field.pointer), name(kind, field));
        let value = field.value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        html! {
            div.field {
                (self.described(field, &id))
                select id=(id) name=(name) {
                    @if field.is_optional || value.is_none() { option value="" { "–" } }
                    @for option in options { option value=(option) selected[value.as_deref() == Some(option)] { (option) } }
                }
                (self.told(&field.pointer))
            }
        }
    }

    fn object(self, field: &Field<'a>) -> Markup {
        html! {
            fieldset {
                legend { (field.label) }
                input type="hidden" name={ "o:" (field.pointer) } value="";
                (self.properties(field.schema, &field.pointer, field.value, field.depth + 1))
                (self.told(&field.pointer))
            }
        }
    }

    fn list(self, field: &Field<'a>) -> Markup {
        let items: &[Value] = field.value.and_then(Value::as_array).map_or(&[], Vec::as_slice);
        let schema = field.schema.get("items").unwrap_or(&Value::Null);
        html! {
            fieldset {
                legend { (field.label) @if field.is_optional { span.optional { " optional" } } }
                @if !field.is_optional || field.value.is_some() { input type="hidden" name={ "a:" (field.pointer) } value=""; }
                @for (index, item) in items.iter().enumerate() {
                    div.item {
                        (self.field(&Field {
                            schema,
                            pointer: format!("{}/{index}", field.pointer),
                            label: &format!("{} {}", field.label, index + 1),
                            value: Some(item),
                            is_optional: false,
                            depth: field.depth + 1,
                        }))
                        button.small type="submit" name="remove" value={ (field.pointer) "/" (index) } aria-label={ "Remove " (field.label) " " (index + 1) } { "Remove" }
                    }
                }
                button.small type="submit" name="add" value=(field.pointer) aria-label={ "Add to " (field.label) } { "Add" }
                (self.told(&field.pointer))
            }
        }
    }

    /// A value that is written as JSON.
    fn json(self, pointer: &str, label: &str, value: Option<&Value>, is_optional: bool) -> Markup {
        let text = value.and_then(|value| serde_json::to_string_pretty(value).ok()).unwrap_or_default();
        let (id, name) = (id(pointer), format!("j{}:{pointer}", if is_optional { "?" } else { "" }));
        html! {
            div.field {
                label for=(id) { (label) " " span.optional { "JSON" @if is_optional { ", optional" } } }
                textarea.mono id=(id) name=(name) rows="4" spellcheck="false" { (text) }
                (self.told(pointer))
            }
        }
    }

    fn is_wrong(self, pointer: &str) -> bool {
        self.issues.iter().any(|(at, _)| at == pointer)
    }

    /// The issues at this place.
    fn told(self, pointer: &str) -> Markup {
        html! {
            @for (_, message) in self.issues.iter().filter(|(at, _)| at == pointer) { p.issue { (message) } }
        }
    }
}

/// The types of a schema.
fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn name(kind: &str, field: &Field<'_>) -> String {
    format!("{kind}{}:{}", if field.is_optional { "?" } else { "" }, field.pointer)
}

/// An id for an input.
fn id(pointer: &str) -> String {
    format!("at{}", pointer.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"))
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Where issues stand: their paths (`lines[0].product`) as JSON Pointers into what a form makes.
pub(super) fn places(issues: &Issues) -> Vec<(String, String)> {
    let place = |path: &str| {
        let path = match path.strip_prefix("data.") {
            Some(rest) => rest,
            None if path == "data" => "",
            None => path,
        };
        let base = if path.starts_with("meta.") || path == "meta" { "" } else { "/data" };
        let parts =
            path.split(['.', '[']).map(|part| part.trim_end_matches(']')).filter(|part| !part.is_empty());
        parts.fold(base.to_owned(), |pointer, part| pointer + "/" + &escaped(part))
    };
    issues.iter().map(|issue| (place(&issue.path), issue.message.to_string())).collect()
}

/// The JSON that the inputs of a form make.
pub(super) fn read(pairs: &[(String, String)]) -> Value {
    let mut whole = Value::Object(Map::new());
    for (name, text) in pairs {
        let Some((kind, pointer)) = name.split_once(':') else { continue };
        let (kind, is_optional) = kind.strip_suffix('?').map_or((kind, false), |kind| (kind, true));
        if is_optional && text.trim().is_empty() {
            continue;
        }
        let value = match kind {
            "s" => Value::from(text.replace("\r\n", "\n")),
            // What is none of its kind is told at its field.
            "n" | "b" | "j" => {
                serde_json::from_str(text.trim()).unwrap_or_else(|_| Value::from(text.as_str()))
            }
            "a" => Value::Array(Vec::new()),
            "o" => Value::Object(Map::new()),
            _ => continue,
        };
        set(&mut whole, pointer, value);
    }
    whole
}

/// Puts a value at a place.
fn set(whole: &mut Value, pointer: &str, value: Value) {
    let mut place = whole;
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        place = match place {
            Value::Array(items) => {
                let index = part.parse().unwrap_or(items.len()).min(items.len());
                if index >= MOST {
                    return;
                }
                if index == items.len() {
                    items.push(Value::Null);
                }
                &mut items[index]
            }
            other => {
                if !other.is_object() {
                    *other = Value::Object(Map::new());
                }
                let Value::Object(fields) = other else { return };
                fields.entry(part).or_insert(Value::Null)
            }
        };
    }
    *place = value;
}

/// Adds an item to the list at a place: like the first, or nothing yet.
pub(super) fn add(whole: &mut Value, pointer: &str) {
    if !whole.pointer(pointer).is_some_and(Value::is_array) {
        set(whole, pointer, Value::Array(Vec::new()));
    }
    if let Some(Value::Array(items)) = whole.pointer_mut(pointer)
        && items.len() < MOST
    {
        items.push(items.last().cloned().unwrap_or(Value::Null));
    }
}

/// Removes an item of a list.
pub(super) fn remove(whole: &mut Value, pointer: &str) {
    let Some((list, index)) = pointer.rsplit_once('/') else { return };
    if let (Some(Value::Array(items)), Ok(index)) = (whole.pointer_mut(list), index.parse::<usize>())
        && index < items.len()
    {
        items.remove(index);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{add, read, remove};

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_form_makes_json() {
        let mut made = read(&pairs(&[
            ("o:/data", ""),
            ("s:/data/name", "Ada"),
            ("s?:/data/nick", ""),
            ("n:/data/age", "36"),
            ("n:/data/odd", "many"),
            ("b:/data/is_new", "true"),
            ("a:/data/lines", ""),
            ("o:/data/lines/0", ""),
            ("s:/data/lines/0/product", "tea"),
            ("n:/data/lines/0/quantity", "2"),
            ("j?:/data/extra", "{\"a\": [1]}"),
            ("s:/data/a~1b", "c"),
            ("other", "x"),
        ]));
        let expected = json!({ "data": {
            "name": "Ada", "age": 36, "odd": "many", "is_new": true, "lines": [{ "product": "tea", "quantity": 2 }],
            "extra": { "a": [1] }, "a/b": "c",
        } });
        assert_eq!(made, expected);
        add(&mut made, "/data/lines");
        assert_eq!(made["data"]["lines"].as_array().unwrap().len(), 2);
        remove(&mut made, "/data/lines/0");
        assert_eq!(made, expected);
        add(&mut made, "/data/tags");
        assert_eq!(made["data"]["tags"], json!([null]));
    }

    #[test]
    fn a_place_that_makes_no_sense_does_no_harm() {
        for pointer in ["/data/lines/99999999999", "/data/lines/x/y", "", "/", "nowhere"] {
            let name = format!("s:{pointer}");
            read(&pairs(&[("a:/data/lines", ""), (&name, "x")]));
        }
    }
}
