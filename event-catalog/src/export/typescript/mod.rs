//! Types and Zod 4 schemas for TypeScript, and event types for Inngest 4.

mod print;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use event_runtime::catalog::{Catalog, EventEntry, Version};
use serde_json::{Map, Value};

use self::print::{Printed, Printer, comment};
use super::File;
use super::json_schema::portable;
use super::names::{camel, key, pascal};

const HEADER: &str = "// Written by `events export typescript`: change the declarations in Rust.\n";

pub(super) fn files(catalog: &Catalog) -> Vec<File> {
    let modules: Vec<Module<'_>> =
        catalog.domains.iter().map(|domain| Module::of(catalog, &domain.name)).collect();
    let mut files: Vec<File> =
        modules.iter().map(|module| (format!("{}.ts", module.file), module.text())).collect();
    files.push(("index.ts".to_owned(), index(&modules)));
    files.push(("inngest.ts".to_owned(), inngest(&modules)));
    files.push(("fixtures.json".to_owned(), fixtures(&modules)));
    files.sort();
    files
}

/// The events of one domain, in one file.
struct Module<'c> {
    file: String,
    events: Vec<Named<'c>>,
}

/// A version of an event, and its name in TypeScript.
struct Named<'c> {
    event: &'c EventEntry,
    version: &'c Version,
    name: String,
}

impl Named<'_> {
    fn is_latest(&self) -> bool {
        self.event.latest().is_some_and(|latest| latest.version == self.version.version)
    }
}

impl<'c> Module<'c> {
    fn of(catalog: &'c Catalog, domain: &str) -> Self {
        let events = catalog.events.iter().filter(|event| event.domain == domain).flat_map(|event| {
            event.versions.iter().map(|version| {
                let is_latest = event.latest().is_some_and(|latest| latest.version == version.version);
                let name = pascal(&event.name);
                let name = if is_latest { name } else { format!("{name}V{}", version.version) };
                Named { event, version, name }
            })
        });
        // `index` and `inngest` are other files.
        let file = match key(domain) {
            name if name == "index" || name == "inngest" => format!("{name}-events"),
            name => name,
        };
        Self { file, events: events.collect() }
    }

    fn text(&self) -> String {
        let mut taken: BTreeSet<String> = self.events.iter().map(|named| named.name.clone()).collect();
        // What one name means: the same type in several events is printed once.
        let mut definitions: BTreeMap<String, Value> = BTreeMap::new();
        let mut text = format!("{HEADER}\nimport {{ z }} from \"zod\";\n");
        for Named { event, version, name } in &self.events {
            let schema = portable(&version.read);
            let own = schema.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
            let clashes = |name: &str, value: &Value| {
                definitions.get(name).is_some_and(|other| other != value)
                    || (taken.contains(name) && !definitions.contains_key(name))
            };
            let renames: BTreeMap<String, String> =
                if own.iter().any(|(own, value)| clashes(&pascal(own), &value.clone())) {
                    own.keys().map(|own| (own.clone(), format!("{name}{}", pascal(own)))).collect()
                } else {
                    own.keys().map(|own| (own.clone(), pascal(own))).collect()
                };
            let printer = Printer { definitions: &own, names: &renames };
            for definition in in_order(&own) {
                let Some(given) = renames.get(&definition) else { continue };
                if definitions.insert(given.clone(), own[&definition].clone()).is_none() {
                    taken.insert(given.clone());
                    text.push_str(&declaration(
                        given,
                        &own[&definition],
                        printer,
                        &comment(&own[&definition], &[]),
                    ));
                }
            }
            text.push_str(&declaration(name, &schema, printer, &about(event, version)));
        }
        text
    }
}

/// The documentation of an event.
fn about(event: &EventEntry, version: &Version) -> String {
    let mut more = vec![format!("`{}` version {}", event.name, version.version)];
    if let Some(deprecation) = &event.deprecation {
        let note: Vec<&str> =
            deprecation.since.as_deref().into_iter().chain(deprecation.note.as_deref()).collect();
        more.push(format!("@deprecated {}", note.join(": ")).trim_end().to_owned());
    }
    let mut schema = version.read.clone();
    schema.as_object_mut().map(|schema| schema.remove("deprecated"));
    comment(&schema, &more)
}

/// A type and its schema; that both say the same is proved by the compiler.
fn declaration(name: &str, schema: &Value, printer: Printer<'_>, about: &str) -> String {
    let Printed { ts, zod } = printer.print(schema);
    if printer.is_recursive(schema, name) {
        return format!(
            "\n{about}export type {name} = {ts};\n\n{about}export const {name}: z.ZodType<{name}, {name}> = {zod};\n"
        );
    }
    format!(
        "\n{about}export type {name} = {ts};\n\n{about}export const {name} = {zod} satisfies z.ZodType<{name}>;\n"
    )
}

/// Definitions, each after those that it refers to.
fn in_order(definitions: &Map<String, Value>) -> Vec<String> {
    fn add(
        name: &str,
        definitions: &Map<String, Value>,
        seen: &mut BTreeSet<String>,
        order: &mut Vec<String>,
    ) {
        let Some(definition) = definitions.get(name) else { return };
        if !seen.insert(name.to_owned()) {
            return;
        }
        for other in print::references(definition) {
            add(&other, definitions, seen, order);
        }
        order.push(name.to_owned());
    }
    let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
    for name in definitions.keys() {
        add(name, definitions, &mut seen, &mut order);
    }
    order
}

fn index(modules: &[Module<'_>]) -> String {
    let mut text = HEADER.to_owned() + "\n";
    for module in modules {
        text.push_str(&format!("export * from \"./{}.js\";\n", module.file));
    }
    let latest =
        || modules.iter().map(|module| (module, module.events.iter().filter(|named| named.is_latest())));
    for (module, events) in latest() {
        let names: Vec<&str> = events.map(|named| named.name.as_str()).collect();
        if !names.is_empty() {
            text.push_str(&format!("import {{ {} }} from \"./{}.js\";\n", names.join(", "), module.file));
        }
    }
    text.push_str("\n/** Payloads by the names of events. */\nexport type EventMap = {\n");
    let entries: Vec<(String, String)> = latest()
        .flat_map(|(_, events)| events.map(|named| (text::quoted(&named.event.name), named.name.clone())))
        .collect();
    text.extend(entries.iter().map(|(event, name)| format!("  {event}: {name};\n")));
    text.push_str("};\n\n/** The names of all events. */\nexport type EventName = keyof EventMap;\n\n/** Schemas by the names of events. */\nexport const schemas = {\n");
    text.extend(entries.iter().map(|(event, name)| format!("  {event}: {name},\n")));
    text.push_str("} satisfies { [Name in EventName]: unknown };\n");
    text
}

fn inngest(modules: &[Module<'_>]) -> String {
    let mut text = HEADER.to_owned() + "\nimport { eventType } from \"inngest\";\n";
    for module in modules {
        let names: Vec<&str> =
            module.events.iter().filter(|named| named.is_latest()).map(|named| named.name.as_str()).collect();
        if !names.is_empty() {
            text.push_str(&format!("import {{ {} }} from \"./{}.js\";\n", names.join(", "), module.file));
        }
    }
    for Named { event, version, name } in
        modules.iter().flat_map(|module| module.events.iter().filter(|named| named.is_latest()))
    {
        let about = comment(&version.read, &[]);
        text.push_str(&format!(
            "\n{about}export const {} = eventType({}, {{ schema: {name}, version: \"{}\" }});\n",
            variable(&event.name),
            text::quoted(&event.name),
            version.version,
        ));
    }
    text
}

/// A name that TypeScript does not keep for itself.
fn variable(name: &str) -> String {
    let name = camel(name);
    if name == "eventType" { format!("{name}_") } else { name }
}

/// Examples, for the tests of whoever uses the files: each is accepted.
fn fixtures(modules: &[Module<'_>]) -> String {
    let events = modules.iter().flat_map(|module| module.events.iter());
    let fixtures: Map<String, Value> =
        events.map(|named| (named.name.clone(), named.version.examples.clone().into())).collect();
    event_runtime::catalog::canonical(&fixtures.into())
}
