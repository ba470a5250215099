//! The folder of the lock: reading all of it, and writing all of it or nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use event_runtime::catalog::{Catalog, canonical};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{FORMAT, LockedEvent, LockedFunction, Tombstone};
use crate::error::Error;

/// The lock, as it was read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lock {
    /// The versions of each event, by its name.
    pub(crate) events: BTreeMap<String, BTreeMap<u32, LockedEvent>>,
    /// The events that were removed.
    pub(crate) tombstones: BTreeMap<String, Tombstone>,
    /// The functions, by id.
    pub(crate) functions: BTreeMap<String, LockedFunction>,
}

/// A file to write or to remove, by its path inside the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    Write(String, String),
    Remove(String),
}

impl Change {
    /// Writes a file.
    pub(crate) fn write(path: String, content: &impl Serialize) -> Result<Self, Error> {
        let value = serde_json::to_value(content)
            .map_err(|error| Error::new(format!("cannot write {path}: {error}")))?;
        Ok(Self::Write(path, canonical(&value)))
    }
}

/// The folder of an event inside the lock. A name of another system may have what a file system does not take.
pub(crate) fn event_folder(name: &str) -> String {
    let safe = |part: &str| -> String {
        let escaped: String = part
            .chars()
            .map(|char| match char {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' => char.to_string(),
                other => format!("%{:x}", u32::from(other)),
            })
            .collect();
        if escaped.trim_matches('.').is_empty() || escaped == "functions" {
            format!("%{escaped}")
        } else {
            escaped
        }
    };
    name.split('/').map(safe).collect::<Vec<_>>().join("/")
}

impl Lock {
    /// Reads a lock from a folder; one that there is not is empty.
    pub(crate) fn read(folder: &Path) -> Result<Self, Error> {
        let mut files = BTreeMap::new();
        gather(folder, folder, &mut files)?;
        Self::of_files(&files, &folder.display().to_string())
    }

    /// Reads a lock from its files, by their paths inside the folder.
    pub(crate) fn of_files(files: &BTreeMap<String, Vec<u8>>, folder: &str) -> Result<Self, Error> {
        let mut lock = Self::default();
        for (path, bytes) in files.iter().filter(|(path, _)| is_json(path)) {
            let shown = format!("{folder}/{path}");
            if path.starts_with("functions/") {
                let function: LockedFunction = parse(&shown, bytes)?;
                check_hash(&shown, &function.hash, &function.content_hash())?;
                let expected = format!("functions/{}.json", function.function);
                check_place(&shown, path, &expected)?;
                lock.functions.insert(function.function.clone(), function);
            } else if path.ends_with("/removed.json") {
                let tombstone: Tombstone = parse(&shown, bytes)?;
                check_place(&shown, path, &format!("{}/removed.json", event_folder(&tombstone.removed)))?;
                lock.tombstones.insert(tombstone.removed.clone(), tombstone);
            } else {
                let event: LockedEvent = parse(&shown, bytes)?;
                check_hash(&shown, &event.hash, &event.content_hash())?;
                check_place(&shown, path, &format!("{}/{}.json", event_folder(&event.event), event.version))?;
                lock.events.entry(event.event.clone()).or_default().insert(event.version, event);
            }
        }
        Ok(lock)
    }

    /// The lock of a catalogue that has none.
    pub(crate) fn of_catalog(catalog: &Catalog) -> Self {
        let mut lock = Self::default();
        for event in &catalog.events {
            let versions =
                event.versions.iter().map(|version| (version.version, LockedEvent::of(event, version)));
            lock.events.insert(event.name.clone(), versions.collect());
        }
        for function in &catalog.functions {
            lock.functions.insert(function.id.clone(), LockedFunction::of(function));
        }
        lock
    }
}

/// Whether a file belongs to the lock: exports and notes may stand beside it.
fn is_json(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "json") && path.contains('/')
}

fn parse<T: DeserializeOwned>(path: &str, bytes: &[u8]) -> Result<T, Error> {
    let text =
        std::str::from_utf8(bytes).map_err(|_| Error::new(format!("{path} is not UTF-8: {RESTORE}")))?;
    if text.lines().any(|line| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ")) {
        return Err(Error::new(format!(
            "{path} has conflict markers: two branches have changed it. Keep the file of the main branch \
             (`git checkout --theirs` while rebasing, `--ours` while merging into it), and run `accept` again; \
             if both have added this version, give yours the next number in `#[event(version = ..)]`"
        )));
    }
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
        let cut = if error.is_eof() { " ends too early" } else { " cannot be read" };
        Error::new(format!("{path}{cut}: {error}. {RESTORE}"))
    })?;
    match value.get("format").and_then(serde_json::Value::as_u64) {
        Some(format) if format > u64::from(FORMAT) => {
            return Err(Error::new(format!(
                "{path} has format {format}, and this program knows formats up to {FORMAT}: use the `event-catalog` that has written it, or a later one"
            )));
        }
        Some(_) => {}
        None => {
            return Err(Error::new(format!(
                "{path} is not a file of the lock: it has no `format`. {RESTORE}"
            )));
        }
    }
    serde_json::from_value(value)
        .map_err(|error| Error::new(format!("{path} cannot be read: {error}. {RESTORE}")))
}

const RESTORE: &str =
    "Restore it with `git checkout -- FILE`, or remove it and run `accept` if it was never committed";

fn check_hash(path: &str, written: &str, found: &str) -> Result<(), Error> {
    if written == found {
        return Ok(());
    }
    Err(Error::new(format!(
        "{path} was edited by hand: its content does not have the hash that stands in it. Contracts are changed in Rust. {RESTORE}"
    )))
}

fn check_place(shown: &str, path: &str, expected: &str) -> Result<(), Error> {
    if path == expected {
        return Ok(());
    }
    Err(Error::new(format!("{shown} says that it is {expected}: it was moved or copied. {RESTORE}")))
}

fn gather(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), Error> {
    let unreadable =
        |path: &Path, error: &std::io::Error| Error::new(format!("cannot read {}: {error}", path.display()));
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if folder == root && error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unreadable(folder, &error)),
    };
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        if path.is_dir() {
            gather(root, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            let inside = path.strip_prefix(root).unwrap_or(&path);
            let name = inside
                .components()
                .map(|part| part.as_os_str().to_string_lossy())
                .collect::<Vec<_>>()
                .join("/");
            files.insert(name, fs::read(&path).map_err(|error| unreadable(&path, &error))?);
        }
    }
    Ok(())
}

/// Writes files: first each beside its place, then all are put there. When one cannot be written, none has changed.
pub(crate) fn write_all(folder: &Path, changes: &[Change]) -> Result<(), Error> {
    let mut written: Vec<(PathBuf, PathBuf)> = Vec::new();
    let prepared = changes.iter().try_for_each(|change| {
        if let Change::Write(path, content) = change {
            let place = folder.join(path);
            let beside = place.with_extension(format!("tmp-{}", std::process::id()));
            written.push((beside.clone(), place.clone()));
            write(&beside, content).map_err(|error| {
                Error::new(format!("cannot write {}: {error}. Nothing was changed", place.display()))
            })?;
        }
        Ok(())
    });
    if let Err(error) = prepared {
        for (beside, _) in written {
            // It may be the one that could not be written.
            let _ = fs::remove_file(beside);
        }
        return Err(error);
    }
    for (beside, place) in written {
        fs::rename(&beside, &place)
            .map_err(|error| Error::new(format!("cannot write {}: {error}", place.display())))?;
    }
    for change in changes {
        if let Change::Remove(path) = change {
            let place = folder.join(path);
            fs::remove_file(&place)
                .map_err(|error| Error::new(format!("cannot remove {}: {error}", place.display())))?;
        }
    }
    Ok(())
}

fn write(path: &Path, content: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::File::create(path)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()
}
