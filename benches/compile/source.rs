//! The crates that are compiled.

use std::fmt::Write;

/// How the events are declared.
#[derive(Clone, Copy)]
pub enum Variant {
    /// With this crate.
    Ours,
    /// With derives.
    Derives,
}

impl Variant {
    /// The name of the package.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Derives => "derives",
        }
    }
}

/// The manifest of the package.
pub fn manifest(variant: Variant) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../event-runtime");
    let dependencies = match variant {
        Variant::Ours => format!("event-runtime = {{ path = {root:?}, default-features = false }}\n"),
        Variant::Derives => {
            "garde = { version = \"0.23\", default-features = false, features = [\"derive\", \"email\"] }\n\
             schemars = { version = \"1\", features = [\"uuid1\"] }\n\
             serde = { version = \"1\", features = [\"derive\"] }\n\
             uuid = { version = \"1\", features = [\"serde\"] }\n"
                .to_owned()
        }
    };
    let name = variant.name();
    format!(
        "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\
         serde_json = \"1\"\n\n[workspace]\n"
    )
}

/// So many events of five fields, and a function that decodes, validates and writes each, and makes its schema.
pub fn source(variant: Variant, events: usize) -> String {
    match variant {
        Variant::Ours => ours(events),
        Variant::Derives => derives(events),
    }
}

/// The fields of an event, with their rules for us and for garde.
const FIELDS: [(&str, &str, &str); 5] = [
    ("id: Uuid", "", "skip"),
    ("name: String", "#[validate(length(min = 1, max = 120))]", "length(min = 1, max = 120)"),
    ("count: i64", "#[validate(range(min = 1, max = 9))]", "range(min = 1, max = 9)"),
    ("email: Option<String>", "#[validate(email)]", "email"),
    ("tags: Vec<String>", "#[validate(length(max = 9))]", "length(max = 9)"),
];

/// The fields in one of their 120 orders: events that follow each other are not of one shape.
fn fields(event: usize) -> Vec<(&'static str, &'static str, &'static str)> {
    let (mut left, mut number) = (FIELDS.to_vec(), event * 7);
    let mut taken = Vec::new();
    while !left.is_empty() {
        taken.push(left.remove(number % left.len()));
        number /= left.len() + 1;
    }
    taken
}

/// The events of each set.
const ACTIONS: [&str; 10] =
    ["Created", "Updated", "Deleted", "Sent", "Paid", "Failed", "Started", "Stopped", "Opened", "Closed"];

fn ours(events: usize) -> String {
    let mut code = "use event_runtime::prelude::*;\n".to_owned();
    let mut sets = Vec::new();
    for first in (0..events).step_by(ACTIONS.len()) {
        write(&mut code, &format!("/// A domain.\n#[domain_events]\npub enum Thing{first}Event {{\n"));
        for (event, action) in (first..events).zip(ACTIONS) {
            write(&mut code, &format!("/// It happened.\n{action} {{\n"));
            for (field, rule, _) in fields(event) {
                write(&mut code, &format!("{rule} {field},\n"));
            }
            code.push_str("},\n");
        }
        code.push_str("}\n");
        sets.push(format!("Thing{first}Event"));
    }
    write(&mut code, &format!("registry! {{ pub AppEvents = [{}]; }}\n", sets.join(", ")));
    code.push_str("pub fn use_all(json: &[u8]) -> usize {\n let mut sum = 0;\n");
    for event in 0..events {
        let within = event % ACTIONS.len();
        let name = format!("Thing{}{}", event - within, ACTIONS[within]);
        write(
            &mut code,
            &format!(
                "if let Ok(value) = {name}::parse(json) {{ sum += serde_json::to_string(&value).map_or(0, |text| text.len()); }}\n \
                 sum += {name}::schema().as_value().to_string().len();\n"
            ),
        );
    }
    code.push_str("sum\n}\n");
    code
}

fn derives(events: usize) -> String {
    let mut code = "use garde::Validate;\nuse schemars::JsonSchema;\nuse serde::{Deserialize, Serialize};\nuse uuid::Uuid;\n".to_owned();
    for event in 0..events {
        let derives = "Debug, Clone, Serialize, Deserialize, Validate, JsonSchema";
        write(&mut code, &format!("/// It happened.\n#[derive({derives})]\npub struct Created{event} {{\n"));
        for (field, _, rule) in fields(event) {
            write(&mut code, &format!("#[garde({rule})] pub {field},\n"));
        }
        code.push_str("}\n");
    }
    code.push_str("pub fn use_all(json: &[u8]) -> usize {\n let mut sum = 0;\n");
    for event in 0..events {
        write(
            &mut code,
            &format!(
                "if let Ok(value) = serde_json::from_slice::<Created{event}>(json) && value.validate().is_ok() {{ \
                 sum += serde_json::to_string(&value).map_or(0, |text| text.len()); }}\n \
                 sum += schemars::schema_for!(Created{event}).as_value().to_string().len();\n"
            ),
        );
    }
    code.push_str("sum\n}\n");
    code
}

fn write(code: &mut String, text: &str) {
    // Writing to a text cannot fail.
    let _ = code.write_str(text);
}
