//! The keywords of the rules.

use serde_json::{Map, Value, json};

use super::keyword::{Object, add, at_least, at_most};
use crate::validate::{Bound, Choice, IpVersion, Rule};

/// Adds rules to schemas.
#[derive(Clone, Copy)]
pub(super) struct Rules<'g> {
    /// The schemas that others refer to.
    pub(super) definitions: &'g Map<String, Value>,
}

impl Rules<'_> {
    pub(super) fn apply_all(self, rules: &[Rule], schema: &mut Object) {
        for rule in rules {
            self.apply(rule, schema);
        }
    }

    fn apply(self, rule: &Rule, schema: &mut Object) {
        match rule {
            Rule::Length { min, max } => {
                let (least, most) = self.kind(schema).length_keywords();
                at_least(schema, least, *min);
                at_most(schema, most, *max);
            }
            Rule::Range { min, max, above, below } => {
                at_least(schema, "minimum", *min);
                at_most(schema, "maximum", *max);
                at_least(schema, "exclusiveMinimum", *above);
                at_most(schema, "exclusiveMaximum", *below);
            }
            Rule::MultipleOf(number) => {
                add(schema, "multipleOf", Bound::from(*number).into());
            }
            Rule::OneOf(choices) => self.one_of(choices, schema),
            Rule::Unique => add(schema, "uniqueItems", true.into()),
            Rule::Inner(rules) => {
                let keyword =
                    if self.kind(schema) == Kind::Object { "additionalProperties" } else { "items" };
                self.within(keyword, rules, schema);
            }
            Rule::Keys(rules) => self.within("propertyNames", rules, schema),
            Rule::OrEmpty(rules) => self.or_empty(rules, schema),
            // What a function of the user checks is in no schema: it is named beside.
            Rule::Custom(_) => {}
            _ => of_text(rule, schema),
        }
    }

    /// Adds the rules of the elements or of the keys.
    fn within(self, keyword: &str, rules: &[Rule], schema: &mut Object) {
        let mut inside = match schema.remove(keyword) {
            Some(Value::Object(inside)) => inside,
            _ => Object::new(),
        };
        self.apply_all(rules, &mut inside);
        schema.insert(keyword.to_owned(), inside.into());
    }

    /// The empty text, or one that keeps the rules.
    fn or_empty(self, rules: &[Rule], schema: &mut Object) {
        let kind = schema.get("type").cloned();
        let mut valid = Object::from_iter(kind.map(|kind| ("type".to_owned(), kind)));
        self.apply_all(rules, &mut valid);
        valid.remove("type");
        add(schema, "anyOf", json!([{ "maxLength": 0 }, valid]));
    }

    /// The values, and null where the type allows it.
    fn one_of(self, choices: &[Choice], schema: &mut Object) {
        let mut values: Vec<Value> = choices.iter().map(|choice| (*choice).into()).collect();
        if self.is_nullable(schema) {
            values.push(Value::Null);
        }
        add(schema, "enum", values.into());
    }

    fn is_nullable(self, schema: &Object) -> bool {
        self.kinds(schema).any(|kind| kind == "null")
    }

    /// What of JSON a schema describes, apart from null.
    fn kind(self, schema: &Object) -> Kind {
        let found = self.kinds(schema).find(|kind| kind != "null");
        match found.as_deref() {
            Some("array") => Kind::Array,
            Some("object") => Kind::Object,
            _ => Kind::Other,
        }
    }

    /// The types of JSON that a schema names, itself or in one of its alternatives.
    fn kinds(self, schema: &Object) -> impl Iterator<Item = String> {
        let mut kinds = Vec::new();
        self.collect_kinds(schema, DEEPEST, &mut kinds);
        kinds.into_iter()
    }

    fn collect_kinds(self, schema: &Object, depth: usize, kinds: &mut Vec<String>) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match schema.get("type") {
            Some(Value::String(kind)) => kinds.push(kind.clone()),
            Some(Value::Array(several)) => {
                kinds.extend(several.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            _ => {}
        }
        let reference = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
        let definition = reference.and_then(|name| self.definitions.get(name));
        let alternatives =
            ["anyOf", "oneOf"].into_iter().filter_map(|keyword| schema.get(keyword)?.as_array());
        let inside = definition.into_iter().chain(alternatives.flatten()).filter_map(Value::as_object);
        inside.for_each(|schema| self.collect_kinds(schema, depth, kinds));
    }
}

/// How deep alternatives are looked into: a type may refer to itself.
const DEEPEST: usize = 8;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Array,
    Object,
    Other,
}

impl Kind {
    /// The keywords of a length depend on what is counted.
    const fn length_keywords(self) -> (&'static str, &'static str) {
        match self {
            Self::Array => ("minItems", "maxItems"),
            Self::Object => ("minProperties", "maxProperties"),
            Self::Other => ("minLength", "maxLength"),
        }
    }
}

/// Adds the keywords of a rule about texts.
fn of_text(rule: &Rule, schema: &mut Object) {
    match rule {
        Rule::Email => {
            add(schema, "format", "email".into());
            add(schema, "pattern", EMAIL.into());
            at_most(schema, "maxLength", Some(254));
        }
        Rule::Url => add(schema, "format", "uri".into()),
        Rule::UrlOf(schemes) => {
            add(schema, "format", "uri".into());
            let schemes: Vec<String> = schemes.iter().map(|scheme| in_any_case(scheme)).collect();
            add(schema, "pattern", format!("^({}):", schemes.join("|")).into());
        }
        Rule::UriReference => add(schema, "format", "uri-reference".into()),
        Rule::Hostname => add(schema, "format", "hostname".into()),
        Rule::Uuid => add(schema, "format", "uuid".into()),
        Rule::UuidOf(version) => {
            if schema.get("format").is_none_or(|format| format != "uuid") {
                add(schema, "format", "uuid".into());
            }
            add(schema, "pattern", format!("^[^-]{{8}}-[^-]{{4}}-{version}[^-]{{3}}-[89abAB]").into());
        }
        Rule::Ip(IpVersion::V4) => add(schema, "format", "ipv4".into()),
        Rule::Ip(IpVersion::V6) => add(schema, "format", "ipv6".into()),
        Rule::Ip(IpVersion::Any) => {
            add(schema, "anyOf", json!([{ "format": "ipv4" }, { "format": "ipv6" }]));
        }
        Rule::DateTime => add(schema, "format", "date-time".into()),
        Rule::Date => add(schema, "format", "date".into()),
        Rule::Time => add(schema, "format", "time".into()),
        Rule::Pattern(pattern) => add(schema, "pattern", (*pattern).into()),
        Rule::StartsWith(text) => add(schema, "pattern", format!("^{}", escape(text)).into()),
        Rule::EndsWith(text) => add(schema, "pattern", format!("{}$", escape(text)).into()),
        Rule::Contains(text) => add(schema, "pattern", escape(text).into()),
        _ => {}
    }
}

/// `email` as a regular expression (ECMA-262), since what validators make of `format` differs.
const EMAIL: &str = "^(?=.{1,64}@)(?!.*@(.*\\.)?(?![Xx][Nn])[^.]{2}--)\
    [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@\
    [A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$";

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

/// A scheme, whose letters may be upper or lower case.
fn in_any_case(scheme: &str) -> String {
    let either = |char: char| match char {
        'a'..='z' => format!("[{}{char}]", char.to_ascii_uppercase()),
        _ => escape(char.encode_utf8(&mut [0; 4])),
    };
    scheme.chars().map(either).collect()
}
