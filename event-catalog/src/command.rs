//! The commands: `check`, `accept`, `explain`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use event_runtime::catalog::Catalog;
use event_runtime::{App, FunctionList};

use crate::accept::{Breaking, Outcome, accept};
use crate::check::check;
use crate::error::Error;
use crate::export;
use crate::import::{Imported, import};
use crate::lock::{Baseline, Change, Lock, baseline};
use crate::report::{Report, github, human, json};
use crate::rules;

/// How the commands are called.
fn usage() -> String {
    USAGE.replace("@EXPORTS@", &export::about())
}

const USAGE: &str = "\
Usage: events <command> [--lock DIR]

  check [--against REV] [--format human|json|github]
        compares the code with the lock: exit code 0 same, 1 stale, 2 breaking or not known, 3 could not check
  accept [--against REV] [--breaking EVENT --reason TEXT]..
        writes the lock; refuses what breaks, unless it is named
  explain RULE
        tells what a rule is about, and what to do
  export WHAT [--out DIR] [--check]
        writes the catalogue for others; with --check, fails with exit code 1 when the files are stale. What there is:
@EXPORTS@  import FILE [--domain NAME]
        prints an enum of the events in a JSON Schema, in a document of AsyncAPI (JSON), or in samples of payloads (one JSON value on each
        line); says on standard error what of it could not be said
  list
        lists the events with their versions and functions

The lock is the folder `events`, or the one that `--lock` names.
";

/// The source of a command's application: an [`App`], or a result with one.
pub trait Built {
    /// Its functions.
    type Functions: FunctionList;
}

impl<F: FunctionList> Built for App<F> {
    type Functions = F;
}

impl<B: Built, E> Built for Result<B, E> {
    type Functions = B::Functions;
}

/// Runs a command of the catalogue, for a program of three lines:
///
/// ```no_run
/// # use event_runtime::prelude::*;
/// # /// The life of an order.
/// # #[domain_events]
/// # pub enum OrderEvent {
/// #     /// A customer placed an order.
/// #     #[event(unhandled)]
/// #     Placed { id: u64 },
/// # }
/// # registry! { pub AppEvents = [OrderEvent]; }
/// # functions! { pub AppFunctions in AppEvents = []; }
/// # fn build_app() -> Result<App<AppFunctions>, event_runtime::BuildError> { App::builder("shop").build() }
/// fn main() -> std::process::ExitCode {
///     event_catalog::main("shop", || build_app())
/// }
/// ```
///
/// The application is not built: only its type matters.
pub fn main<B: Built>(application: &str, _build: impl FnOnce() -> B) -> ExitCode {
    let catalog = Catalog::of::<B::Functions>(application);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&catalog, &arguments) {
        Ok(Output { text, code, .. }) => {
            print!("{text}");
            ExitCode::from(code)
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(3)
        }
    }
}

/// Fails unless the lock says what the code says; the same verdict as `events check`. For a test:
///
/// ```no_run
/// # use event_runtime::prelude::*;
/// # /// The life of an order.
/// # #[domain_events]
/// # pub enum OrderEvent {
/// #     /// A customer placed an order.
/// #     #[event(unhandled)]
/// #     Placed { id: u64 },
/// # }
/// # registry! { pub AppEvents = [OrderEvent]; }
/// # functions! { pub AppFunctions in AppEvents = []; }
/// #[test]
/// fn events_are_locked() {
///     event_catalog::assert_locked::<AppFunctions>("events");
/// }
/// ```
///
/// # Panics
///
/// When something breaks, when the lock is stale, or when it cannot be read: with the report.
#[track_caller]
pub fn assert_locked<F: FunctionList>(folder: impl AsRef<Path>) {
    let catalog = Catalog::of::<F>("");
    match checked(&catalog, folder.as_ref(), None) {
        Ok(report) if report.verdict().exit_code() == 0 => {}
        Ok(report) => panic!("the events have changed\n\n{}", report.to_text()),
        Err(error) => panic!("the events could not be checked: {error}"),
    }
}

/// The output of a command: its text and its exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Output {
    /// The text that it prints.
    pub text: String,
    /// Its exit code: 0 same or done, 1 stale, 2 breaking or not known.
    pub code: u8,
}

impl Output {
    fn good(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: 0 }
    }
}

/// Runs a command: what [`main`] does, for programs that have a command line of their own.
///
/// # Errors
///
/// The reason why the command cannot be carried out, and the way out; [`main`] ends with exit code 3 then.
pub fn run(catalog: &Catalog, arguments: &[impl AsRef<str>]) -> Result<Output, Error> {
    let arguments: Vec<String> = arguments.iter().map(|argument| argument.as_ref().to_owned()).collect();
    let mut arguments = Arguments::parse(&arguments)?;
    let folder = PathBuf::from(arguments.option("--lock")?.unwrap_or_else(|| "events".to_owned()));
    let Some(command) = arguments.word() else { return Ok(Output { text: usage(), code: 3 }) };
    match command.as_str() {
        "check" => {
            let (against, format) = (arguments.option("--against")?, arguments.option("--format")?);
            arguments.end()?;
            let print = match format.as_deref().unwrap_or("human") {
                "human" => human,
                "json" => json,
                "github" => github,
                other => {
                    return Err(Error::new(format!(
                        "`--format {other}`: there are `human`, `json` and `github`"
                    )));
                }
            };
            let report = checked(catalog, &folder, against.as_deref())?;
            Ok(Output { text: print(&report), code: report.verdict().exit_code() })
        }
        "accept" => accepted(catalog, &folder, arguments),
        "explain" => explain(arguments),
        "export" => exported(catalog, arguments),
        "import" => imported(arguments),
        "list" => {
            arguments.end()?;
            Ok(Output::good(list(catalog)))
        }
        "help" | "--help" | "-h" => Ok(Output::good(usage())),
        other => Err(Error::new(format!("there is no command `{other}`\n\n{}", usage()))),
    }
}

fn checked(catalog: &Catalog, folder: &Path, against: Option<&str>) -> Result<Report, Error> {
    let working = Lock::read(folder)?;
    let baseline = baseline(folder, &working, against)?;
    Ok(check(catalog, &baseline, &working))
}

fn accepted(catalog: &Catalog, folder: &Path, mut arguments: Arguments) -> Result<Output, Error> {
    let against = arguments.option("--against")?;
    let mut breaking = Breaking::default();
    while let Some(subject) = arguments.option("--breaking")? {
        breaking.subjects.push(subject);
    }
    let reason = arguments.option("--reason")?;
    arguments.end()?;
    match (reason.as_deref().map(str::trim), breaking.subjects.is_empty()) {
        (Some(""), _) | (None, false) => {
            return Err(Error::new(
                "`--breaking` needs a reason, which goes into the file: `--reason \"nobody has sent it yet\"`",
            ));
        }
        (Some(_), true) => {
            return Err(Error::new("`--reason` is for what breaks: name it with `--breaking order/placed`"));
        }
        _ => breaking.reason = reason.unwrap_or_default(),
    }
    let working = Lock::read(folder)?;
    let baseline: Baseline = baseline(folder, &working, against.as_deref())?;
    match accept(catalog, folder, &baseline, &working, &breaking)? {
        Outcome::Written(changes) if changes.is_empty() => Ok(Output::good("the lock says it already\n")),
        Outcome::Written(changes) => {
            let line = |change: &Change| match change {
                Change::Write(path, _) => format!("wrote   {}/{path}\n", folder.display()),
                Change::Remove(path) => format!("removed {}/{path}\n", folder.display()),
            };
            Ok(Output::good(changes.iter().map(line).collect::<String>()))
        }
        Outcome::Refused(report) => Ok(Output {
            text: format!("{}nothing was written\n", human(&report)),
            code: report.verdict().exit_code(),
        }),
    }
}

fn exported(catalog: &Catalog, mut arguments: Arguments) -> Result<Output, Error> {
    let Some(what) = arguments.word() else {
        return Err(Error::new(format!("say what to export:\n{}", export::about())));
    };
    let (out, check) = (arguments.option("--out")?, arguments.option("--check")?.is_some());
    arguments.end()?;
    let exported = export::export(catalog, &what, out.as_deref(), check)?;
    let verb = if check { "stale   " } else { "wrote   " };
    let line = |path: &String| format!("{verb}{}/{path}\n", exported.folder);
    let mut text: String = exported.changed.iter().map(line).collect();
    match (exported.changed.is_empty(), check) {
        (true, true) => text.push_str("the files say what the code says\n"),
        (true, false) => text.push_str("the files say it already\n"),
        (false, true) => text.push_str(&format!("write them again: `events export {what}`\n")),
        (false, false) => {}
    }
    Ok(Output { text, code: u8::from(check && !exported.changed.is_empty()) })
}

fn imported(mut arguments: Arguments) -> Result<Output, Error> {
    let path = arguments.word().ok_or_else(|| Error::new("say which file to import"))?;
    let domain = arguments.option("--domain")?;
    arguments.end()?;
    let text =
        std::fs::read_to_string(&path).map_err(|error| Error::new(format!("cannot read {path}: {error}")))?;
    let stem = Path::new(&path)
        .file_stem()
        .map_or_else(|| "other".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let Imported { code, notes } =
        import(&text, &stem, domain.as_deref()).map_err(|error| Error::new(format!("{path}: {error}")))?;
    for note in notes {
        eprintln!("not in the types: {note}");
    }
    Ok(Output::good(code))
}

fn explain(mut arguments: Arguments) -> Result<Output, Error> {
    let Some(name) = arguments.word() else {
        let all = rules::ALL.iter().map(|rule| format!("{:<20} {}\n", rule.id, rule.why));
        return Ok(Output::good(all.collect::<String>()));
    };
    arguments.end()?;
    let Some(rule) = rules::find(&name) else {
        return Err(Error::new(format!("there is no rule `{name}`: `events explain` lists them")));
    };
    Ok(Output::good(format!("{}\n\n{}\n\nTo do: {}\n", rule.id, rule.why, rule.what_to_do)))
}

fn list(catalog: &Catalog) -> String {
    let line = |event: &event_runtime::catalog::EventEntry| {
        let functions =
            if event.handled_by.is_empty() { "-".to_owned() } else { event.handled_by.join(", ") };
        format!("{:<32} version {}  {functions}\n", event.name, event.versions.len())
    };
    catalog.events.iter().map(line).collect()
}

/// The arguments of a command.
#[derive(Debug)]
pub(crate) struct Arguments {
    words: Vec<String>,
    options: Vec<(String, String)>,
}

impl Arguments {
    fn parse(arguments: &[String]) -> Result<Self, Error> {
        let (mut words, mut options) = (Vec::new(), Vec::new());
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.split_once('=') {
                Some((name, value)) if name.starts_with("--") => {
                    options.push((name.to_owned(), value.to_owned()));
                }
                _ if argument == "--help" => words.insert(0, "help".to_owned()),
                _ if FLAGS.contains(&argument.as_str()) => options.push((argument.clone(), String::new())),
                _ if argument.starts_with("--") => {
                    let value =
                        rest.next().ok_or_else(|| Error::new(format!("`{argument}` needs a value")))?;
                    options.push((argument.clone(), value.clone()));
                }
                _ => words.push(argument.clone()),
            }
        }
        Ok(Self { words, options })
    }

    /// The next word that is no option.
    pub(crate) fn word(&mut self) -> Option<String> {
        if self.words.is_empty() { None } else { Some(self.words.remove(0)) }
    }

    /// The value of an option.
    #[allow(clippy::unnecessary_wraps, reason = "as the others")]
    pub(crate) fn option(&mut self, name: &str) -> Result<Option<String>, Error> {
        let found = self.options.iter().position(|(option, _)| option == name);
        Ok(found.map(|at| self.options.remove(at).1))
    }

    /// Fails when something is left.
    pub(crate) fn end(&self) -> Result<(), Error> {
        if let Some((option, _)) = self.options.first() {
            return Err(Error::new(format!("this command has no option `{option}`\n\n{}", usage())));
        }
        match self.words.first() {
            Some(word) => Err(Error::new(format!("`{word}` is one word too many\n\n{}", usage()))),
            None => Ok(()),
        }
    }
}

/// Options without a value.
const FLAGS: &[&str] = &["--check"];
