//! Declarations from what there is already: JSON Schemas, an AsyncAPI document, or samples of payloads.

mod infer;
mod names;
mod rust;
mod source;

use self::rust::Printer;
use crate::error::Error;

/// The declarations, and what could not be said in Rust.
#[derive(Debug)]
pub(crate) struct Imported {
    pub(crate) code: String,
    /// The parts that were left out or loosened, and where.
    pub(crate) notes: Vec<String>,
}

/// Prints an enum of the events in a document. `stem` is the name of its file, without the ending.
pub(crate) fn import(text: &str, stem: &str, domain: Option<&str>) -> Result<Imported, Error> {
    let source = source::read(text, stem)?;
    let domain = domain.map_or_else(|| names::pascal(stem), names::pascal);
    let mut printer = Printer::new(&source.document);
    let code = printer.events(&domain, &source);
    Ok(Imported { code, notes: printer.notes })
}
