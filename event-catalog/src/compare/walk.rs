//! Where a reader asks for something that a writer does not promise, and payloads that may show it.
//!
//! A place that the walk does not report is proved: the writer promises it. A place that it reports is only a candidate: `proof` tries the payloads.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::place::{Frame, Place};
use super::sample::{GUESSES, as_json, smallest, texts};
use super::schema::{Root, bounds, count, list, members, requires, same, types};
use crate::rules::Kind;

/// Something that the reader asks for and the writer does not promise.
#[derive(Debug, Clone)]
pub(crate) struct Difference {
    pub(crate) kind: Kind,
    /// Where, as paths of issues are written: `lines[0].quantity`.
    pub(crate) path: String,
    /// The difference, in a few words.
    pub(crate) what: String,
    /// Payloads that may fail there.
    pub(crate) payloads: Vec<Value>,
}

/// Walks through two schemas at once.
pub(crate) struct Walk<'s> {
    writer: Root<'s>,
    reader: Root<'s>,
    place: Place,
    seen: HashSet<(String, String)>,
    found: Vec<Difference>,
    agreed: bool,
}

/// Everything that the reader asks for and the writer does not promise; and whether the oracle, which takes no agreement for granted, may
/// find more: what an open enum keeps comes from newer code, which knows its shape.
pub(crate) fn differences(writer: &Value, reader: &Value) -> (Vec<Difference>, bool) {
    let mut walk = Walk {
        writer: Root::of(writer),
        reader: Root::of(reader),
        place: Place::default(),
        seen: HashSet::new(),
        found: Vec::new(),
        agreed: false,
    };
    walk.value(writer, reader);
    (walk.found, walk.agreed)
}

impl Walk<'_> {
    fn value(&mut self, writer: &Value, reader: &Value) {
        if let (Some(one), Some(other)) = (Root::reference(writer), Root::reference(reader))
            && !self.seen.insert((one.to_owned(), other.to_owned()))
        {
            // It is being compared: whatever differs is found there.
            return;
        }
        if writer.as_bool() == Some(false) {
            return;
        }
        let (writer, reader) =
            (self.writer.resolved(writer).into_owned(), self.reader.resolved(reader).into_owned());
        self.functions(&writer, &reader);
        self.resolved(&writer, &reader);
    }

    /// The functions of the user that look at a value.
    fn functions(&mut self, writer: &Value, reader: &Value) {
        for keyword in ["x-custom", "x-refine"] {
            for function in list(reader, keyword) {
                if !list(writer, keyword).contains(function) {
                    let name = function.as_str().unwrap_or_default();
                    self.propose(
                        Kind::Custom,
                        format!("`{name}` looks at the value, and no schema tells what it refuses"),
                        [],
                    );
                }
            }
        }
    }

    fn resolved(&mut self, writer: &Value, reader: &Value) {
        if reader.as_bool() == Some(true) || reader.as_object().is_some_and(Map::is_empty) {
            return;
        }
        if let Some(values) = fixed(writer) {
            self.fixed(&values, reader);
            return;
        }
        for keyword in ["oneOf", "anyOf"] {
            let choices = list(writer, keyword);
            // What both ask for in the same words holds.
            if choices.is_empty() || Self::is_same(writer, reader, keyword) {
                continue;
            }
            for choice in choices {
                let choice = self.writer.beside(writer, keyword, choice);
                self.resolved(&choice, reader);
            }
            return;
        }
        let kinds = types(writer);
        if kinds.len() > 1 {
            for kind in kinds {
                self.resolved(&with(writer, "type", kind.into()), reader);
            }
            return;
        }
        self.conjunction(writer, reader);
    }

    /// Whether a keyword says the same on both sides, what it refers to included.
    fn is_same(writer: &Value, reader: &Value, keyword: &str) -> bool {
        let (one, other) = (list(writer, keyword), list(reader, keyword));
        let has_reference = |parts: &[Value]| parts.iter().any(|part| part.to_string().contains("\"$ref\""));
        one.len() == other.len()
            && !has_reference(one)
            && one.iter().zip(other).all(|(one, other)| same(one, other))
    }

    /// All that the reader asks of a value of one type.
    fn conjunction(&mut self, writer: &Value, reader: &Value) {
        for (keyword, value) in reader.as_object().into_iter().flatten() {
            let is_walked = WALKED.contains(&keyword.as_str()) || keyword.starts_with("x-");
            if !is_walked && (writer.get(keyword) != Some(value) || value.to_string().contains("\"$ref\"")) {
                self.propose(
                    Kind::Other,
                    format!("`{keyword}` is not compared"),
                    smallest(self.writer, writer),
                );
            }
        }
        for part in list(reader, "allOf") {
            let part = self.reader.resolved(part).into_owned();
            if !list(writer, "allOf").iter().any(|promised| same(promised, &part)) && !implied(writer, &part)
            {
                self.resolved(writer, &part);
            }
        }
        for keyword in ["oneOf", "anyOf"] {
            if !list(reader, keyword).is_empty() && !Self::is_same(writer, reader, keyword) {
                self.choices(writer, reader, keyword);
                return;
            }
        }
        if let Some(refused) =
            reader.get("not").filter(|refused| !same(refused, writer.get("not").unwrap_or(&Value::Null)))
        {
            let candidates = fixed(refused).unwrap_or_default();
            self.propose(Kind::Values, "some values are refused".to_owned(), candidates);
        }
        if let Some(values) = fixed(reader) {
            let names =
                values.iter().map(|value| format!("`{}`", plain(value))).collect::<Vec<_>>().join(", ");
            let other = texts(writer).into_iter().map(Value::from).chain(smallest(self.writer, writer));
            self.propose(
                Kind::Values,
                format!("must be one of {names}"),
                other.chain([json!("unknown"), json!(0)]),
            );
            return;
        }
        self.typed(writer, reader);
    }

    /// One of the values that a writer names.
    fn fixed(&mut self, values: &[Value], reader: &Value) {
        let document = self.reader.document(reader);
        let Ok(validator) = jsonschema::options().should_validate_formats(true).build(&document) else {
            return self.propose(Kind::Other, "cannot be compared".to_owned(), []);
        };
        let refused: Vec<Value> = values.iter().filter(|value| !validator.is_valid(value)).cloned().collect();
        if let Some(first) = refused.first() {
            self.propose(Kind::Values, format!("`{}` is not known", plain(first)), refused);
        }
    }

    /// One of the choices of the reader must take all of it.
    fn choices(&mut self, writer: &Value, reader: &Value, keyword: &str) {
        if keeps_unknown(writer) && list(reader, keyword).iter().any(keeps_unknown) {
            self.agreed = true;
            return;
        }
        let mut nearest: Option<Vec<Difference>> = None;
        for choice in list(reader, keyword) {
            let choice = self.reader.beside(reader, keyword, choice);
            let before = self.found.len();
            let seen = self.seen.clone();
            self.resolved(writer, &choice);
            let found = self.found.split_off(before);
            if found.is_empty() {
                return;
            }
            self.seen = seen;
            let is_meant = tags(writer).iter().any(|tag| tags(&choice).contains(tag))
                || types(writer).first().is_some_and(|kind| {
                    types(&choice).contains(kind) && kind != "object" && kind != "string"
                });
            if is_meant {
                nearest = Some(found);
            }
        }
        match nearest {
            Some(found) => self.found.extend(found),
            None => {
                let example = smallest(self.writer, writer);
                let what = match tags(writer).first() {
                    Some((_, tag)) => format!("the variant `{tag}` is not known"),
                    None => "is none of what is known".to_owned(),
                };
                let kind = if list(reader, keyword)
                    .iter()
                    .any(|choice| !types(choice).is_empty() && types(choice) == types(writer))
                    || !tags(writer).is_empty()
                {
                    Kind::Values
                } else {
                    Kind::Type
                };
                self.propose(kind, what, texts_if(writer).into_iter().chain(example));
            }
        }
    }

    fn typed(&mut self, writer: &Value, reader: &Value) {
        let kind = types(writer).into_iter().next();
        let wanted = types(reader);
        let fits =
            |kind: &str| wanted.iter().any(|one| one == kind || (one == "number" && kind == "integer"));
        match kind.as_deref() {
            None if !wanted.is_empty() => {
                let all = [json!(null), json!(true), json!(0), json!("a"), json!([]), json!({})];
                self.propose(Kind::Type, format!("must be {}", wanted.join(" or ")), all);
            }
            None => {
                if !same(writer, reader) {
                    self.propose(
                        Kind::Other,
                        "the schema has changed".to_owned(),
                        smallest(self.writer, writer),
                    );
                }
            }
            Some(kind) if !wanted.is_empty() && !fits(kind) => {
                let example =
                    (kind == "number").then(|| json!(0.5)).into_iter().chain(smallest(self.writer, writer));
                let (kind, wanted) =
                    (named(kind), wanted.iter().map(|kind| named(kind)).collect::<Vec<_>>().join(" or "));
                self.propose(Kind::Type, format!("must be {wanted}, and is {kind}"), example);
            }
            Some("integer" | "number") => self.number(writer, reader),
            Some("string") => self.text(writer, reader),
            Some("array") => self.array(writer, reader),
            Some("object") => self.object(writer, reader),
            Some(_) => {}
        }
    }

    fn number(&mut self, writer: &Value, reader: &Value) {
        let ((least, most), (reader_least, reader_most)) = (bounds(writer), bounds(reader));
        let excluded = |schema: &Value, keyword: &str| schema.get(keyword).and_then(Value::as_f64);
        // A bound that both have and only the reader excludes.
        let tighter = |keyword: &str, edge: f64, own: &str| {
            excluded(reader, keyword).is_some_and(|bound| bound.total_cmp(&edge).is_eq())
                && excluded(writer, own).is_none_or(|bound| bound.total_cmp(&edge).is_ne())
        };
        let step = reader.get("multipleOf").and_then(Value::as_f64).unwrap_or(1.0);
        if least < reader_least || tighter("exclusiveMinimum", least, "exclusiveMinimum") {
            let just_below = [reader_least, reader_least - step, reader_least - 0.5, least];
            let what =
                match reader.get("exclusiveMinimum").filter(|bound| bound.as_f64() == Some(reader_least)) {
                    Some(_) => format!("must be more than {}", as_json(reader_least)),
                    None => format!("must be at least {}", as_json(reader_least)),
                };
            self.propose(
                Kind::Range,
                what,
                just_below.into_iter().filter(|number| number.is_finite()).map(as_json),
            );
        }
        if most > reader_most || tighter("exclusiveMaximum", most, "exclusiveMaximum") {
            let just_above = [reader_most, reader_most + step, reader_most + 0.5, most];
            let what =
                match reader.get("exclusiveMaximum").filter(|bound| bound.as_f64() == Some(reader_most)) {
                    Some(_) => format!("must be less than {}", as_json(reader_most)),
                    None => format!("must be at most {}", as_json(reader_most)),
                };
            self.propose(
                Kind::Range,
                what,
                just_above.into_iter().filter(|number| number.is_finite()).map(as_json),
            );
        }
        if let Some(multiple) = reader.get("multipleOf").and_then(Value::as_f64) {
            let own = writer.get("multipleOf").and_then(Value::as_f64);
            if own.is_none_or(|own| (own / multiple).fract() != 0.0) {
                let own = own.unwrap_or(1.0);
                let candidates =
                    (1..=3).flat_map(|times: i32| [own * f64::from(times), least + f64::from(times) - 1.0]);
                let candidates: Vec<Value> =
                    candidates.filter(|number| number.is_finite()).map(as_json).collect();
                self.propose(
                    Kind::Multiple,
                    format!("must be a multiple of {}", as_json(multiple)),
                    candidates,
                );
            }
        }
    }

    fn text(&mut self, writer: &Value, reader: &Value) {
        self.lengths(writer, reader, "minLength", "maxLength", |count, schema| {
            let of_length = |letter: &str| Value::from(letter.repeat(count));
            let mut candidates: Vec<Value> = ["a", "0", "A", " "].map(of_length).to_vec();
            candidates.extend(
                texts(schema).into_iter().filter(|text| text.chars().count() == count).map(Value::from),
            );
            candidates
        });
        for keyword in ["pattern", "format"] {
            let Some(asked) = reader.get(keyword).and_then(Value::as_str) else { continue };
            let promised = std::iter::once(writer).chain(list(writer, "allOf"));
            if promised.into_iter().any(|promise| promise.get(keyword).and_then(Value::as_str) == Some(asked))
            {
                continue;
            }
            // Names of types in numbers, such as `uint8`, are in `bounds`.
            let candidates = texts(writer)
                .into_iter()
                .chain(GUESSES.iter().map(|text| (*text).to_owned()))
                .map(Value::from);
            match keyword {
                "pattern" => self.propose(Kind::Pattern, format!("must match `{asked}`"), candidates),
                _ => self.propose(Kind::Format, format!("must be in the format `{asked}`"), candidates),
            }
        }
    }

    /// A length that the reader limits more.
    fn lengths(
        &mut self,
        writer: &Value,
        reader: &Value,
        least: &str,
        most: &str,
        of: impl Fn(usize, &Value) -> Vec<Value>,
    ) {
        let unit = match least {
            "minLength" => "characters",
            "minItems" => "elements",
            _ => "entries",
        };
        if let Some(bound) = count(reader, least)
            && count(writer, least).unwrap_or(0) < bound
        {
            let candidates = [bound.saturating_sub(1), count(writer, least).unwrap_or(0)]
                .into_iter()
                .flat_map(|count| of(count, writer));
            self.propose(
                Kind::Length,
                format!("must have at least {bound} {unit}"),
                candidates.collect::<Vec<_>>(),
            );
        }
        if let Some(bound) = count(reader, most)
            && count(writer, most).is_none_or(|own| own > bound)
        {
            // What is longer would not be told to anybody.
            let candidates = if bound < 100_000 { of(bound + 1, writer) } else { Vec::new() };
            self.propose(Kind::Length, format!("must have at most {bound} {unit}"), candidates);
        }
    }

    fn array(&mut self, writer: &Value, reader: &Value) {
        let root = self.writer;
        self.lengths(writer, reader, "minItems", "maxItems", |count, schema| {
            let longer = with(&with(schema, "minItems", count.into()), "maxItems", count.into());
            smallest(root, &longer).into_iter().collect()
        });
        let is_unique = |schema: &Value| schema.get("uniqueItems").and_then(Value::as_bool) == Some(true);
        if is_unique(reader) && !is_unique(writer) {
            let element = smallest(root, writer.get("items").unwrap_or(&Value::Bool(true)));
            self.propose(
                Kind::Unique,
                "no element may be there twice".to_owned(),
                element.map(|element| json!([element, element])),
            );
        }
        let (parts, wanted) = (list(writer, "prefixItems").to_vec(), list(reader, "prefixItems").to_vec());
        let open = Value::Bool(true);
        let rest = |schema: &Value| schema.get("items").cloned().unwrap_or_else(|| open.clone());
        let longest = count(writer, "maxItems").unwrap_or(usize::MAX);
        for at in 0..parts.len().max(wanted.len()).min(longest) {
            let (part, asked) = (
                parts.get(at).cloned().unwrap_or_else(|| rest(writer)),
                wanted.get(at).cloned().unwrap_or_else(|| rest(reader)),
            );
            self.inside(Frame::Part(writer.clone(), at), &part, &asked);
        }
        if longest > parts.len().max(wanted.len()) {
            let (items, asked) = (rest(writer), rest(reader));
            self.inside(Frame::Element(writer.clone()), &items, &asked);
        }
    }

    fn object(&mut self, writer: &Value, reader: &Value) {
        self.required(writer, reader);
        let own: Map<String, Value> =
            members(writer, "properties").map(|(name, value)| (name.clone(), value.clone())).collect();
        let asked: Map<String, Value> =
            members(reader, "properties").map(|(name, value)| (name.clone(), value.clone())).collect();
        for (name, property) in &own {
            let frame = Frame::Field(writer.clone(), name.clone());
            match (asked.get(name), reader.get("additionalProperties")) {
                (Some(asked), _) => self.inside(frame, property, asked),
                (None, Some(Value::Bool(false))) => {
                    let example = smallest(self.writer, property);
                    self.place.enter(frame);
                    self.propose(
                        Kind::Refused,
                        format!("`{name}` is refused, as every unknown field"),
                        example,
                    );
                    self.place.leave();
                }
                (None, Some(other)) => self.inside(frame, property, other),
                (None, None) => {}
            }
        }
        let additional = writer.get("additionalProperties");
        if additional != Some(&Value::Bool(false)) {
            let value = additional.cloned().unwrap_or(Value::Bool(true));
            for (name, property) in asked.iter().filter(|(name, _)| !own.contains_key(*name)) {
                self.inside(Frame::Entry(writer.clone(), name.clone()), &value, property);
            }
            self.entries(writer, &value, reader);
        }
        let root = self.writer;
        self.lengths(writer, reader, "minProperties", "maxProperties", |count, schema| {
            smallest(root, &with(schema, "minProperties", count.into())).into_iter().collect()
        });
    }

    /// The entries of a map.
    fn entries(&mut self, writer: &Value, value: &Value, reader: &Value) {
        let text = json!({ "type": "string" });
        let names = with(writer.get("propertyNames").unwrap_or(&text), "type", "string".into());
        let key = texts(&names).into_iter().next().unwrap_or_default();
        if let Some(asked) = reader.get("additionalProperties") {
            self.inside(Frame::Entry(writer.clone(), key), value, asked);
        }
        if let Some(asked) = reader.get("propertyNames") {
            let before = self.found.len();
            self.inside(Frame::Key(writer.clone()), &names, &with(asked, "type", "string".into()));
            self.found.iter_mut().skip(before).for_each(|difference| difference.kind = Kind::Keys);
        }
    }

    /// The fields that the reader asks for.
    fn required(&mut self, writer: &Value, reader: &Value) {
        let missing = |name: &str| !requires(writer, name);
        for name in list(reader, "required").iter().filter_map(Value::as_str).filter(|name| missing(name)) {
            let is_known = members(writer, "properties").any(|(own, _)| own == name);
            let asked = members(reader, "properties").find(|(own, _)| *own == name).map(|(_, value)| value);
            let renamed = asked.filter(|_| !is_known).and_then(|asked| self.renamed(writer, reader, asked));
            let (kind, what) = match renamed {
                Some(other) => (Kind::Renamed, format!("`{other}` is `{name}` here")),
                None if is_known => (Kind::Required, format!("`{name}` is required, and may be missing")),
                None => (Kind::Required, format!("`{name}` is required, and is not there")),
            };
            let without = smallest(self.writer, writer).map(|mut payload| {
                payload.as_object_mut().map(|fields| fields.remove(name));
                payload
            });
            let path = self.place.path_of(name);
            self.propose_at(path, kind, what, without);
        }
    }

    /// A field of the writer that the reader does not have, of the same type as one that is asked for.
    fn renamed(&self, writer: &Value, reader: &Value, asked: &Value) -> Option<String> {
        let is_gone = |name: &str| members(reader, "properties").all(|(own, _)| own != name);
        let without_default = |schema: &Value| {
            let mut schema = self.writer.resolved(schema).into_owned();
            schema.as_object_mut().map(|keywords| keywords.remove("default"));
            schema
        };
        let asked = self.reader.resolved(asked).into_owned();
        let mut candidates = members(writer, "properties").filter(|(name, own)| {
            is_gone(name) && requires(writer, name) && same(&without_default(own), &asked)
        });
        candidates.next().map(|(name, _)| name.clone())
    }

    fn inside(&mut self, frame: Frame, writer: &Value, reader: &Value) {
        self.place.enter(frame);
        self.value(writer, reader);
        self.place.leave();
    }

    fn propose(&mut self, kind: Kind, what: String, values: impl IntoIterator<Item = Value>) {
        let path = self.place.path();
        self.propose_at(path, kind, what, values);
    }

    fn propose_at(
        &mut self,
        path: String,
        kind: Kind,
        what: String,
        values: impl IntoIterator<Item = Value>,
    ) {
        let payloads =
            values.into_iter().filter_map(|value| self.place.payload(self.writer, value)).collect();
        self.found.push(Difference { kind, path, what, payloads });
    }
}

/// The keywords that are looked at, and those that allow everything.
const WALKED: &[&str] = &[
    "$comment",
    "$defs",
    "$ref",
    "$schema",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "default",
    "deprecated",
    "description",
    "enum",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "prefixItems",
    "properties",
    "propertyNames",
    "readOnly",
    "required",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
];

/// The values that a schema names, if it names all.
fn fixed(schema: &Value) -> Option<Vec<Value>> {
    let constant = schema.get("const").map(|constant| vec![constant.clone()]);
    constant.or_else(|| schema.get("enum").and_then(Value::as_array).cloned())
}

/// Whether a schema promises, in a keyword of its own, all that a part asks for.
fn implied(writer: &Value, part: &Value) -> bool {
    part.as_object()
        .is_some_and(|part| part.iter().all(|(keyword, value)| writer.get(keyword) == Some(value)))
}

/// The fields with one value: the tags of a variant.
fn tags(schema: &Value) -> Vec<(String, String)> {
    let tagged = members(schema, "properties")
        .filter_map(|(name, property)| Some((name.clone(), property.get("const")?.as_str()?.to_owned())));
    let mut tags: Vec<_> = tagged.collect();
    // `{ "card": .. }`, and nothing else.
    if tags.is_empty()
        && let ([name], Some(false)) =
            (list(schema, "required"), schema.get("additionalProperties").and_then(Value::as_bool))
        && members(schema, "properties").count() == 1
    {
        tags.extend(name.as_str().map(|name| (String::new(), name.to_owned())));
    }
    tags.extend(schema.get("const").and_then(Value::as_str).map(|text| (String::new(), text.to_owned())));
    tags
}

/// Whether this is what an open enum keeps of a variant that it does not know.
fn keeps_unknown(schema: &Value) -> bool {
    let is_tag = |schema: &Value| {
        schema.pointer("/not/enum").is_some() || schema.pointer("/not/anyOf/0/required").is_some()
    };
    let mut properties = members(schema, "properties");
    is_tag(schema) || (properties.next().is_some_and(|(_, tag)| is_tag(tag)) && properties.next().is_none())
}

/// Texts, where a schema is of texts.
fn texts_if(schema: &Value) -> Vec<Value> {
    if types(schema) == ["string"] {
        texts(schema).into_iter().map(Value::from).collect()
    } else {
        Vec::new()
    }
}

fn with(schema: &Value, keyword: &str, value: Value) -> Value {
    let mut schema = schema.as_object().cloned().unwrap_or_default();
    schema.insert(keyword.to_owned(), value);
    schema.into()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn named(kind: &str) -> String {
    match kind {
        "string" => "a text",
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "a boolean",
        "array" => "a list",
        "object" => "an object",
        other => other,
    }
    .to_owned()
}
