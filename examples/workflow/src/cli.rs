//! The command line.

use std::path::PathBuf;

use lexopt::prelude::*;

/// How to call the program.
pub const USAGE: &str = "\
Reads events as JSON lines, stores them, and carries the workflows out in durable steps.

Usage: cargo run -p example-workflow -- [FILE|-] [OPTIONS]

  FILE            JSON lines, an envelope each: { \"name\": \"workflow/created\", \"data\": { .. }, \"id\"?: \"..\" }
                  `-` is standard input; the default is the sample that comes with the example

  --db PATH       the database; default: target/workflow.db
  --effects PATH  append `<event id> <step id>` to this file whenever the body of a step runs
  --json          end with one JSON object on the last line of standard output
  --help          this text
";

/// Where the events come from.
pub enum Source {
    /// The sample that comes with the example.
    Sample,
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

/// The options.
pub struct Options {
    /// Where the events come from.
    pub source: Source,
    /// The database.
    pub db: PathBuf,
    /// The record of what was done.
    pub effects: Option<PathBuf>,
    /// Whether to end with JSON.
    pub json: bool,
}

/// Reads the command line; `None` when it asks for help.
pub fn parse() -> Result<Option<Options>, lexopt::Error> {
    let mut options = Options {
        source: Source::Sample,
        db: concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/workflow.db").into(),
        effects: None,
        json: false,
    };
    let mut given = false;
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("db") => options.db = parser.value()?.into(),
            Long("effects") => options.effects = Some(parser.value()?.into()),
            Long("json") => options.json = true,
            Long("help") | Short('h') => return Ok(None),
            Value(path) if !given => {
                given = true;
                options.source = if path == "-" { Source::Stdin } else { Source::File(path.into()) };
            }
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(options))
}
