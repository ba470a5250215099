//! `llms.txt`: what an assistant needs to use the events of an application.

use event_runtime::catalog::{Catalog, EventEntry};

use super::File;
use super::names::summary;

pub(super) fn files(catalog: &Catalog) -> Vec<File> {
    let mut text = format!(
        "# {}\n\n> The events of the application `{}`: their names, payloads and the functions that react to them.\n\n\
         An event has a name `domain/action` and a JSON object as payload. Unknown fields are ignored, missing required ones are refused, \
         and all issues are reported at once. Fields are required unless they are said to be optional.\n\n## Events\n",
        catalog.application, catalog.application,
    );
    text.extend(catalog.events.iter().map(event));
    if !catalog.functions.is_empty() {
        text.push_str("\n## Functions\n\n");
        for function in &catalog.functions {
            let sends = if function.sends.is_empty() {
                String::new()
            } else {
                format!("; sends {}", function.sends.join(", "))
            };
            let starts = if function.triggers.is_empty() {
                function.crons.join(", ")
            } else {
                function.triggers.join(", ")
            };
            text.push_str(&format!(
                "- {} (on {starts}{sends}): {}\n",
                function.id,
                summary(&function.description)
            ));
        }
    }
    vec![("llms.txt".to_owned(), text)]
}

fn event(event: &EventEntry) -> String {
    let Some(latest) = event.latest() else { return String::new() };
    let deprecated = if event.deprecation.is_some() { " Deprecated." } else { "" };
    let mut text = format!(
        "\n### {} (version {})\n\n{}{deprecated}\n\n",
        event.name,
        latest.version,
        summary(&event.description)
    );
    for field in &latest.fields {
        let optional = if field.required { "" } else { ", optional" };
        let rules =
            if field.rules.is_empty() { String::new() } else { format!(", {}", field.rules.join(", ")) };
        let about = summary(&field.description);
        let about = if about.is_empty() { String::new() } else { format!(": {about}") };
        text.push_str(&format!("- `{}` ({}{optional}{rules}){about}\n", field.name, field.kind));
    }
    if let Some(example) = latest.examples.first() {
        text.push_str(&format!("\nExample: `{example}`\n"));
    }
    text
}
