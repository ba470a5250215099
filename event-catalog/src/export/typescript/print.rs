//! A JSON Schema as a type of TypeScript and as a schema of Zod.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::text::{property, regex};
use crate::compare::schema::{Root, count, list, members, requires, types};

/// A schema as a Zod expression and as a TypeScript type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Printed {
    pub(super) ts: String,
    pub(super) zod: String,
}

/// The printer of a schema.
#[derive(Clone, Copy)]
pub(super) struct Printer<'d> {
    pub(super) definitions: &'d Map<String, Value>,
    /// The names of definitions.
    pub(super) names: &'d BTreeMap<String, String>,
}

fn printed(ts: impl Into<String>, zod: impl Into<String>) -> Printed {
    Printed { ts: ts.into(), zod: zod.into() }
}

impl Printer<'_> {
    pub(super) fn print(self, schema: &Value) -> Printed {
        self.nested(schema, 0)
    }

    /// Whether a definition holds itself, so that its type must be named.
    pub(super) fn is_recursive(self, schema: &Value, name: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = references(schema);
        while let Some(next) = open.pop_first() {
            if self.names.get(&next).is_some_and(|given| given == name) {
                return true;
            }
            if seen.insert(next.clone()) {
                open.extend(self.definitions.get(&next).map(references).unwrap_or_default());
            }
        }
        false
    }

    fn nested(self, schema: &Value, depth: usize) -> Printed {
        match schema {
            Value::Bool(false) => return printed("never", "z.never()"),
            Value::Bool(true) => return printed("unknown", "z.unknown()"),
            _ => {}
        }
        if let Some(name) = Root::reference(schema) {
            return self.reference(schema, name, depth);
        }
        if let Some(constant) = schema.get("const") {
            return printed(constant.to_string(), format!("z.literal({constant})"));
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let all: Vec<String> = values.iter().map(Value::to_string).collect();
            return Self::constrained(
                schema,
                printed(all.join(" | "), format!("z.literal([{}])", all.join(", "))),
            );
        }
        for keyword in ["oneOf", "anyOf"] {
            let choices = list(schema, keyword);
            if !choices.is_empty() {
                return self.union(schema, keyword, choices, depth);
            }
        }
        let kinds = types(schema);
        match &kinds[..] {
            [] if schema.get("properties").is_some() => self.object(schema, depth),
            [] => match list(schema, "allOf") {
                [] => printed("unknown", "z.unknown()"),
                parts => self.intersection(parts, depth),
            },
            [kind] => self.of_kind(kind, schema, depth),
            kinds => {
                let is_null = |kind: &&String| *kind == "null";
                let all: Vec<Printed> = kinds
                    .iter()
                    .filter(|kind| !is_null(kind))
                    .map(|kind| self.of_kind(kind, schema, depth))
                    .collect();
                let one = union(all);
                if kinds.iter().any(|kind| is_null(&kind)) {
                    printed(format!("{} | null", one.ts), format!("{}.nullable()", one.zod))
                } else {
                    one
                }
            }
        }
    }

    /// Prints a reference to a definition, intersected with the keywords beside it.
    fn reference(self, schema: &Value, name: &str, depth: usize) -> Printed {
        let given = self.names.get(name).cloned().unwrap_or_else(|| name.to_owned());
        let is_recursive =
            self.definitions.get(name).is_some_and(|definition| self.is_recursive(definition, &given));
        let reference = if is_recursive {
            printed(given.clone(), format!("z.lazy((): z.ZodType<{given}, {given}> => {given})"))
        } else {
            printed(given.clone(), given)
        };
        let beside = [
            "properties",
            "required",
            "minLength",
            "maxLength",
            "pattern",
            "minimum",
            "maximum",
            "minItems",
            "maxItems",
            "enum",
        ];
        if !beside.iter().any(|keyword| schema.get(*keyword).is_some()) {
            return reference;
        }
        // Keywords beside a reference, such as the tag of a variant: what both say.
        let merged = Root::of(&Value::from(Map::from_iter([(
            "$defs".to_owned(),
            Value::from(self.definitions.clone()),
        )])))
        .resolved(schema)
        .into_owned();
        let merged = with_required(merged, schema, self.definitions.get(name));
        self.nested(&merged, depth)
    }

    fn of_kind(self, kind: &str, schema: &Value, depth: usize) -> Printed {
        match kind {
            "null" => printed("null", "z.null()"),
            "boolean" => printed("boolean", "z.boolean()"),
            "integer" | "number" => {
                Self::constrained(schema, printed("number", number(schema, kind == "integer")))
            }
            "string" => Self::constrained(schema, printed("string", text(schema))),
            "array" => self.array(schema, depth),
            "object" => self.object(schema, depth),
            _ => printed("unknown", "z.unknown()"),
        }
    }

    /// With what no method of Zod says.
    fn constrained(schema: &Value, mut one: Printed) -> Printed {
        if let Some(refused) = schema.get("not") {
            if let Some(values) = refused.get("enum") {
                one.zod.push_str(&format!(".refine((value) => !({values} as unknown[]).includes(value))"));
            } else if let Some(pattern) = refused.get("pattern").and_then(Value::as_str) {
                one.zod.push_str(&format!(".refine((value) => !{}.test(value))", regex(pattern)));
            }
        }
        one
    }

    fn array(self, schema: &Value, depth: usize) -> Printed {
        let parts = list(schema, "prefixItems");
        if !parts.is_empty() {
            let parts: Vec<Printed> = parts.iter().map(|part| self.nested(part, depth)).collect();
            let all = |of: fn(&Printed) -> &str| parts.iter().map(of).collect::<Vec<_>>().join(", ");
            return printed(
                format!("[{}]", all(|one| &one.ts)),
                format!("z.tuple([{}])", all(|one| &one.zod)),
            );
        }
        let element = self.nested(schema.get("items").unwrap_or(&Value::Bool(true)), depth);
        let mut zod = format!("z.array({})", element.zod);
        zod.push_str(&counts(schema, "minItems", "maxItems"));
        if schema.get("uniqueItems").and_then(Value::as_bool) == Some(true) {
            zod.push_str(
                ".refine((all) => new Set(all.map((one) => JSON.stringify(one))).size === all.length)",
            );
        }
        let ts = if element.ts.contains([' ', '|']) {
            format!("({})[]", element.ts)
        } else {
            format!("{}[]", element.ts)
        };
        printed(ts, zod)
    }

    fn object(self, schema: &Value, depth: usize) -> Printed {
        let own: Vec<(&String, &Value)> = members(schema, "properties").collect();
        if own.is_empty() && list(schema, "required").is_empty() {
            return self.map(schema, depth);
        }
        let (inner, outer) = ("  ".repeat(depth + 1), "  ".repeat(depth));
        let (mut ts, mut zod) = ("{\n".to_owned(), "z.object({\n".to_owned());
        for (name, value) in own {
            let one = self.nested(value, depth + 1);
            let about =
                comment(value, &[]).lines().map(|line| format!("{inner}{line}\n")).collect::<String>();
            let is_required = requires(schema, name);
            let (mark, optional) = if is_required { ("", "") } else { ("?", ".optional()") };
            let more = if is_required { "" } else { " | undefined" };
            ts.push_str(&format!("{about}{inner}{}{mark}: {}{more};\n", property(name), one.ts));
            zod.push_str(&format!("{inner}{}: {}{optional},\n", property(name), one.zod));
        }
        let known = |name: &str| members(schema, "properties").any(|(own, _)| own == name);
        for name in list(schema, "required").iter().filter_map(Value::as_str).filter(|name| !known(name)) {
            ts.push_str(&format!("{inner}{}: unknown;\n", property(name)));
            zod.push_str(&format!("{inner}{}: z.unknown(),\n", property(name)));
        }
        let closed = schema.get("additionalProperties").and_then(Value::as_bool) == Some(false);
        let zod = if closed { zod.replacen("z.object(", "z.strictObject(", 1) } else { zod };
        printed(format!("{ts}{outer}}}"), format!("{zod}{outer}}})"))
    }

    fn map(self, schema: &Value, depth: usize) -> Printed {
        let value = self.nested(schema.get("additionalProperties").unwrap_or(&Value::Bool(true)), depth);
        let names = schema
            .get("propertyNames")
            .map_or_else(|| "z.string()".to_owned(), |names| self.nested(&as_text(names), depth).zod);
        // Only texts may be keys, whatever they are made of: a union of literals would ask for each of them.
        let names = if names.starts_with("z.literal")
            || names.starts_with("z.union")
            || !names.starts_with("z.string")
        {
            format!("z.string().refine((key) => {names}.safeParse(key).success)")
        } else {
            names
        };
        let mut zod = format!("z.record({names}, {})", value.zod);
        for (keyword, sign) in [("minProperties", ">="), ("maxProperties", "<=")] {
            if let Some(bound) = count(schema, keyword) {
                zod.push_str(&format!(".refine((map) => Object.keys(map).length {sign} {bound})"));
            }
        }
        if let Some(refused) = schema.get("not").and_then(|not| not.get("anyOf")).and_then(Value::as_array) {
            let names: Vec<String> = refused
                .iter()
                .filter_map(|one| list(one, "required").first())
                .map(Value::to_string)
                .collect();
            zod.push_str(&format!(".refine((map) => ![{}].some((name) => name in map))", names.join(", ")));
        }
        printed(format!("{{ [key: string]: {} }}", value.ts), zod)
    }

    fn union(self, schema: &Value, keyword: &str, choices: &[Value], depth: usize) -> Printed {
        let document =
            Value::from(Map::from_iter([("$defs".to_owned(), Value::from(self.definitions.clone()))]));
        let has_siblings = schema.as_object().is_some_and(|schema| {
            schema.keys().any(|other| other != keyword && !ABOUT.contains(&other.as_str()))
        });
        let all = choices.iter().map(|choice| {
            if has_siblings {
                self.nested(&Root::of(&document).beside(schema, keyword, choice), depth)
            } else {
                self.nested(choice, depth)
            }
        });
        union(all.collect())
    }

    fn intersection(self, parts: &[Value], depth: usize) -> Printed {
        let all: Vec<Printed> = parts.iter().map(|part| self.nested(part, depth)).collect();
        let ts = all.iter().map(|one| one.ts.as_str()).collect::<Vec<_>>().join(" & ");
        let zod = all
            .iter()
            .map(|one| one.zod.clone())
            .reduce(|one, other| format!("z.intersection({one}, {other})"));
        printed(ts, zod.unwrap_or_else(|| "z.unknown()".to_owned()))
    }
}

/// Keywords that change nothing.
const ABOUT: &[&str] = &["description", "title", "examples", "deprecated", "default", "$defs", "$schema"];

fn union(all: Vec<Printed>) -> Printed {
    let mut distinct: Vec<Printed> = Vec::new();
    for one in all {
        if !distinct.contains(&one) {
            distinct.push(one);
        }
    }
    if let [one] = &distinct[..] {
        return one.clone();
    }
    let mut types: Vec<&str> = distinct.iter().map(|one| one.ts.as_str()).collect();
    types.dedup();
    let zod: Vec<&str> = distinct.iter().map(|one| one.zod.as_str()).collect();
    printed(types.join(" | "), format!("z.union([{}])", zod.join(", ")))
}

/// The properties and names of a reference, and those beside it.
fn with_required(mut merged: Value, beside: &Value, definition: Option<&Value>) -> Value {
    let Some(definition) = definition else { return merged };
    let both = |keyword: &str| {
        list(definition, keyword).iter().chain(list(beside, keyword)).cloned().collect::<Vec<_>>()
    };
    let required = both("required");
    if !required.is_empty() {
        merged["required"] = required.into();
    }
    let properties: Map<String, Value> = members(definition, "properties")
        .chain(members(beside, "properties"))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if !properties.is_empty() {
        merged["properties"] = properties.into();
    }
    merged
}

fn as_text(names: &Value) -> Value {
    let mut names = names.as_object().cloned().unwrap_or_default();
    names.entry("type").or_insert_with(|| "string".into());
    names.into()
}

fn number(schema: &Value, is_integer: bool) -> String {
    let mut zod = if is_integer { "z.number().int()".to_owned() } else { "z.number()".to_owned() };
    for (keyword, method) in [
        ("minimum", "gte"),
        ("exclusiveMinimum", "gt"),
        ("maximum", "lte"),
        ("exclusiveMaximum", "lt"),
        ("multipleOf", "multipleOf"),
    ] {
        let Some(bound) = schema.get(keyword) else { continue };
        // JavaScript has no integers beyond this, and `int` refuses them.
        let is_beyond =
            is_integer && bound.as_f64().is_some_and(|bound| bound.abs() > 9_007_199_254_740_991.0);
        if !is_beyond {
            zod.push_str(&format!(".{method}({bound})"));
        }
    }
    zod
}

fn text(schema: &Value) -> String {
    let mut zod = "z.string()".to_owned();
    let parts: Vec<&Value> = std::iter::once(schema).chain(list(schema, "allOf")).collect();
    for part in &parts {
        if let Some(format) = part.get("format").and_then(Value::as_str)
            && let Some(check) = format_check(format)
        {
            if zod == "z.string()" {
                check.clone_into(&mut zod);
            } else {
                zod.push_str(&format!(".and({check})"));
            }
        }
    }
    for part in &parts {
        // In code points, since Zod 4.6, as Rust counts them.
        zod.push_str(&counts(part, "minLength", "maxLength"));
        if let Some(pattern) = part.get("pattern").and_then(Value::as_str) {
            zod.push_str(&format!(".regex({})", regex(pattern)));
        }
    }
    zod
}

/// Formats, as Rust reads them.
fn format_check(format: &str) -> Option<&'static str> {
    Some(match format {
        "uuid" => {
            r"z.string().regex(/^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$/u)"
        }
        "date-time" => "z.iso.datetime({ offset: true })",
        "date" => "z.iso.date()",
        "time" => {
            r"z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$/u)"
        }
        "uri" => {
            r"z.string().regex(/^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\\^`{|}\x22]*$/u).refine((text) => URL.canParse(text))"
        }
        "uri-reference" => r"z.string().regex(/^[^\s<>\\^`{|}\x22]*$/u)",
        "hostname" => {
            r"z.string().regex(/^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/u)"
        }
        "ipv4" => "z.ipv4()",
        "ipv6" => "z.ipv6()",
        // Its pattern says it.
        _ => return None,
    })
}

fn counts(schema: &Value, least: &str, most: &str) -> String {
    let bound = |keyword: &str, method: &str| {
        count(schema, keyword).map(|count| format!(".{method}({count})")).unwrap_or_default()
    };
    bound(least, "min") + &bound(most, "max")
}

/// Returns the definitions that a schema refers to.
pub(super) fn references(schema: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    match schema {
        Value::Object(members) => {
            found.extend(Root::reference(schema).map(str::to_owned));
            let inside = members.iter().filter(|(keyword, _)| *keyword != "$defs" && *keyword != "examples");
            found.extend(inside.flat_map(|(_, value)| references(value)));
        }
        Value::Array(parts) => found.extend(parts.iter().flat_map(references)),
        _ => {}
    }
    found
}

/// The documentation of a schema as a comment.
pub(super) fn comment(schema: &Value, more: &[String]) -> String {
    let description = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let mut lines: Vec<String> =
        description.trim().lines().map(|line| line.trim_end().replace("*/", "*\\/")).collect();
    if !lines.is_empty() && !more.is_empty() {
        lines.push(String::new());
    }
    lines.extend(more.iter().map(|line| line.replace("*/", "*\\/").replace('\n', " ")));
    if schema.get("deprecated").and_then(Value::as_bool) == Some(true) {
        lines.push("@deprecated".to_owned());
    }
    match &lines[..] {
        [] => String::new(),
        [line] => format!("/** {line} */\n"),
        lines => format!(
            "/**\n{} */\n",
            lines.iter().map(|line| format!(" * {line}").trim_end().to_owned() + "\n").collect::<String>()
        ),
    }
}
