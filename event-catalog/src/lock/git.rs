//! The baseline: the lock as it is on the main branch.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Lock;
use crate::error::Error;

/// The baseline that the code is compared with.
#[derive(Debug, Clone)]
pub(crate) struct Baseline {
    pub(crate) lock: Lock,
    /// The name of the baseline, for people.
    pub(crate) name: String,
    /// Why it is not the main branch, and what to do about it.
    pub(crate) note: Option<String>,
}

/// The lock of a revision: the given one, else where this branch has left `origin/main`, else what is in the working tree.
pub(crate) fn baseline(folder: &Path, working: &Lock, against: Option<&str>) -> Result<Baseline, Error> {
    if let Some(revision) = against {
        let commit = git(folder, &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")])
            .map_err(|error| {
                Error::new(format!("`--against {revision}`: there is no such revision here ({error}). Fetch it first: `git fetch origin {revision}`"))
            })?;
        return at(folder, &commit, format!("`{revision}` ({})", short(&commit)));
    }
    match merge_base(folder) {
        Ok(commit) => {
            at(folder, &commit, format!("where this branch has left `origin/main` ({})", short(&commit)))
        }
        Err(note) => Ok(Baseline {
            lock: working.clone(),
            name: "the files in the working tree".to_owned(),
            note: Some(note),
        }),
    }
}

fn short(commit: &str) -> &str {
    commit.get(..9).unwrap_or(commit)
}

/// The commit that this branch and the main branch have in common, or why there is none.
fn merge_base(folder: &Path) -> Result<String, String> {
    git(folder, &["rev-parse", "--git-dir"]).map_err(|_| "this is not a git repository".to_owned())?;
    git(folder, &["rev-parse", "--verify", "--quiet", "HEAD"])
        .map_err(|_| "the repository has no commit yet".to_owned())?;
    git(folder, &["rev-parse", "--verify", "--quiet", "origin/main"]).map_err(|_| {
        "the repository has no `origin/main`: fetch it (`git fetch origin main:refs/remotes/origin/main`), or name a revision with `--against`".to_owned()
    })?;
    git(folder, &["merge-base", "HEAD", "origin/main"]).map_err(|_| {
        let is_shallow = git(folder, &["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer == "true");
        if is_shallow {
            "the clone is shallow: fetch the history (`git fetch --unshallow`; in CI a checkout with full depth)".to_owned()
        } else {
            "this branch and `origin/main` have no commit in common: name a revision with `--against`".to_owned()
        }
    })
}

/// The lock in a commit.
fn at(folder: &Path, commit: &str, name: String) -> Result<Baseline, Error> {
    let failed = |error: String| Error::new(format!("cannot read the lock of {name} with git: {error}"));
    // A folder that does not exist yet is not in that commit either.
    let Ok(inside) = folder.canonicalize() else {
        return Ok(Baseline { lock: Lock::default(), name, note: None });
    };
    let listing = git(&inside, &["ls-tree", "-r", "-z", commit, "."]).map_err(failed)?;
    let entries = listing.split('\0').filter_map(|entry| {
        let (meta, path) = entry.split_once('\t')?;
        Some((path.to_owned(), meta.split(' ').nth(2)?.to_owned()))
    });
    let entries: Vec<(String, String)> = entries
        .filter(|(path, _)| Path::new(path).extension().is_some_and(|extension| extension == "json"))
        .collect();
    let objects: String = entries.iter().map(|(_, object)| format!("{object}\n")).collect();
    let contents = contents(&inside, objects).map_err(failed)?;
    let files: BTreeMap<String, Vec<u8>> = entries.into_iter().map(|(path, _)| path).zip(contents).collect();
    let lock = Lock::of_files(&files, &folder.display().to_string()).map_err(|error| {
        Error::new(format!("in {name}: {error}. To compare with another revision: `--against`"))
    })?;
    Ok(Baseline { lock, name, note: None })
}

/// The contents of objects, all from one process.
fn contents(folder: &Path, objects: String) -> Result<Vec<Vec<u8>>, String> {
    let mut child = Command::new("git")
        .current_dir(folder)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())?;
    // Both ends at once: a pipe holds little.
    let input = child.stdin.take();
    let writer = std::thread::spawn(move || input.map(|mut input| input.write_all(objects.as_bytes())));
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    drop(writer.join());
    let mut rest = output.stdout.as_slice();
    let mut contents = Vec::new();
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let header = String::from_utf8_lossy(&rest[..end]).into_owned();
        let size = header.rsplit(' ').next().and_then(|size| size.parse::<usize>().ok());
        let size = size.ok_or_else(|| format!("git says `{header}`"))?;
        let content = rest.get(end + 1..end + 1 + size).ok_or("git has ended too early")?;
        contents.push(content.to_vec());
        rest = rest.get(end + 2 + size..).unwrap_or(&[]);
    }
    Ok(contents)
}

/// Runs git, and returns its output without the line's end.
fn git(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    // The folder of the lock may not exist yet.
    let folder = folder.ancestors().find(|folder| folder.is_dir()).unwrap_or_else(|| Path::new("."));
    let output = Command::new("git")
        .current_dir(folder)
        .args(arguments)
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned())
    } else {
        let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(if message.is_empty() { "not found".to_owned() } else { message })
    }
}
