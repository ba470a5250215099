//! The catalogue in the forms that others read.

mod asyncapi;
mod catalog;
mod cloudevents;
mod eventcatalog;
mod json_schema;
mod llms;
mod markdown;
mod names;
mod typescript;

use std::fs;
use std::path::Path;

use event_runtime::catalog::Catalog;

use crate::error::Error;
use crate::lock::{Change, write_all};

/// A form of the catalogue.
struct Export {
    name: &'static str,
    /// The folder, unless another one is named.
    folder: &'static str,
    about: &'static str,
    /// The files, by their paths inside the folder.
    files: fn(&Catalog) -> Vec<File>,
}

/// A file: its path inside the folder, and its content.
pub(crate) type File = (String, String);

const EXPORTS: &[Export] = &[
    Export {
        name: "json-schema",
        folder: "catalog/json-schema",
        about: "a JSON Schema (2020-12) for each version of an event, of what is accepted and of what is written",
        files: json_schema::files,
    },
    Export {
        name: "asyncapi",
        folder: "catalog/asyncapi",
        about: "an AsyncAPI 3.0 document",
        files: asyncapi::files,
    },
    Export {
        name: "typescript",
        folder: "catalog/typescript",
        about: "types and Zod 4 schemas, and event types of Inngest 4",
        files: typescript::files,
    },
    Export {
        name: "markdown",
        folder: ".",
        about: "EVENTS.md: tables, examples and a graph of events and functions",
        files: markdown::files,
    },
    Export {
        name: "llms",
        folder: ".",
        about: "llms.txt: what an assistant needs to know",
        files: llms::files,
    },
    Export {
        name: "eventcatalog",
        folder: "catalog/eventcatalog",
        about: "the folder that EventCatalog 3 reads",
        files: eventcatalog::files,
    },
    Export {
        name: "cloudevents",
        folder: "catalog/cloudevents",
        about: "samples as CloudEvents 1.0",
        files: cloudevents::files,
    },
    Export {
        name: "catalog",
        folder: "catalog",
        about: "catalog.json: the whole catalogue as one value",
        files: catalog::files,
    },
];

/// The exports, for whoever asks for help.
pub(crate) fn about() -> String {
    EXPORTS.iter().map(|export| format!("        {:<13} {}\n", export.name, export.about)).collect()
}

/// The outcome of an export: the files written, unchanged or stale.
pub(crate) struct Exported {
    pub(crate) folder: String,
    /// The files that were written, or that are stale.
    pub(crate) changed: Vec<String>,
}

/// Writes an export, or finds what of it is stale.
pub(crate) fn export(
    catalog: &Catalog,
    what: &str,
    out: Option<&str>,
    check: bool,
) -> Result<Exported, Error> {
    let Some(export) = EXPORTS.iter().find(|export| export.name == what) else {
        return Err(Error::new(format!("there is no export `{what}`:\n{}", about())));
    };
    let folder = out.unwrap_or(export.folder);
    let changed: Vec<File> = (export.files)(catalog)
        .into_iter()
        .filter(|(path, content)| !is_written(Path::new(folder), path, content))
        .collect();
    if !check {
        let writes: Vec<Change> =
            changed.iter().map(|(path, content)| Change::Write(path.clone(), content.clone())).collect();
        write_all(Path::new(folder), &writes)?;
    }
    Ok(Exported { folder: folder.to_owned(), changed: changed.into_iter().map(|(path, _)| path).collect() })
}

/// Whether a file says this; whatever ends its lines in the working tree.
fn is_written(folder: &Path, path: &str, content: &str) -> bool {
    fs::read_to_string(folder.join(path)).is_ok_and(|found| found.replace("\r\n", "\n") == content)
}
