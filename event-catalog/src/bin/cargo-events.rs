//! `cargo events ..`: finds the program of the catalogue, an example or a binary named `events`, and runs it.

use std::process::{Command, ExitCode};

use serde_json::Value;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    // cargo passes the name of the command.
    if arguments.first().is_some_and(|first| first == "events") {
        arguments.remove(0);
    }
    let package = package(&mut arguments);
    match target(package.as_deref()) {
        Ok(target) => run(&target, &arguments),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(3)
        }
    }
}

/// A program of the catalogue.
struct Target {
    package: String,
    /// `--example` or `--bin`.
    kind: &'static str,
    /// The folder of the package, where its lock is.
    folder: String,
}

/// Takes `-p NAME` out of the arguments.
fn package(arguments: &mut Vec<String>) -> Option<String> {
    let at = arguments.iter().position(|argument| argument == "-p" || argument == "--package")?;
    if at + 1 >= arguments.len() {
        return None;
    }
    let package = arguments.remove(at + 1);
    arguments.remove(at);
    Some(package)
}

/// The program of the package that was named, else of the one in this folder, else the only one of the workspace.
fn target(package: Option<&str>) -> Result<Target, String> {
    let output = Command::new(cargo()).args(["metadata", "--no-deps", "--format-version=1"]).output();
    let output = output.map_err(|error| format!("cannot run cargo: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    let metadata: Value =
        serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
    let mut targets = targets(&metadata);
    let here = std::env::current_dir().map(|folder| folder.display().to_string()).unwrap_or_default();
    match package {
        Some(name) => targets.retain(|target| target.package == name),
        None if targets.len() > 1 => {
            let inside =
                |target: &Target| here == target.folder || here.starts_with(&format!("{}/", target.folder));
            if targets.iter().any(inside) {
                targets.retain(inside);
            }
        }
        None => {}
    }
    match targets.len() {
        1 => Ok(targets.remove(0)),
        0 => Err("no package has an example or a binary named `events`: write `examples/events.rs`, with \
             `fn main() -> std::process::ExitCode { event_catalog::main(\"app-id\", || build_app()) }`"
            .to_owned()),
        _ => {
            let names: Vec<String> = targets.into_iter().map(|target| target.package).collect();
            Err(format!("several packages have events: name one with `-p`: {}", names.join(", ")))
        }
    }
}

/// Every example and binary named `events`.
fn targets(metadata: &Value) -> Vec<Target> {
    let packages = metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
    let of = |package: &Value| {
        let all = package.get("targets").and_then(Value::as_array).into_iter().flatten();
        let named = all.filter(|target| target.get("name").is_some_and(|name| name == "events"));
        let kind =
            named.filter_map(|target| target.pointer("/kind/0")?.as_str()).find_map(|kind| match kind {
                "example" => Some("--example"),
                "bin" => Some("--bin"),
                _ => None,
            })?;
        let manifest = package.get("manifest_path")?.as_str()?;
        let folder = std::path::Path::new(manifest).parent()?.display().to_string();
        Some(Target { package: package.get("name")?.as_str()?.to_owned(), kind, folder })
    };
    packages.filter_map(of).collect()
}

fn run(target: &Target, arguments: &[String]) -> ExitCode {
    let mut command = Command::new(cargo());
    // The folder of the lock is beside the manifest.
    command.current_dir(&target.folder);
    command
        .args(["run", "--quiet", "--package", &target.package, target.kind, "events", "--"])
        .args(arguments);
    match command.status() {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(3)),
        Err(error) => {
            eprintln!("error: cannot run cargo: {error}");
            ExitCode::from(3)
        }
    }
}

fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}
