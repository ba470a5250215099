//! The lock as its users meet it: files, a git repository, and what is printed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use event_catalog::{Error, Output, run};
use event_runtime::FunctionList;
use event_runtime::catalog::Catalog;
use tempfile::TempDir;

macro_rules! shop {
    ($module:ident { $($fields:tt)* } $([$event:meta] $($more:item)*)?) => {
        mod $module {
            use event_runtime::prelude::*;

            /// The life of an order.
            #[domain_events(owner = "sales")]
            pub(crate) enum OrderEvent {
                /// A customer placed an order.
                $(#[$event])?
                Placed { $($fields)* },
            }

            /// Sends the receipt.
            #[function(id = "order-placed-receipt")]
            async fn send_receipt(ctx: &Context<OrderPlaced>) -> Result<()> {
                let _ = ctx;
                Ok(())
            }

            $($($more)*)?

            registry! { pub(crate) Events = [OrderEvent]; }
            functions! { pub(crate) Functions in Events = [send_receipt]; }
        }
    };
}

shop! { first { id: u64, customer_email: String } }
shop! { renamed { id: u64, email: String } }
shop! { with_note { id: u64, customer_email: String, #[serde(default)] notes: Vec<String> } }
shop! { with_required_note { id: u64, customer_email: String, notes: Vec<String> } }
shop! {
    lifted { id: u64, email: String }
    [event(version = 2, upcast(PlacedV1))]

    /// `order/placed` as it was sent at first.
    #[payload]
    pub(crate) struct PlacedV1 {
        id: u64,
        customer_email: String,
    }

    impl Upcast<OrderPlaced> for PlacedV1 {
        fn upcast(self) -> OrderPlaced {
            OrderPlaced { id: self.id, email: self.customer_email }
        }
    }
}
shop! {
    lifted_wrongly { id: u64, #[validate(length(max = 3))] email: String }
    [event(version = 2, upcast(PlacedV1))]

    /// `order/placed` as it was sent at first.
    #[payload]
    pub(crate) struct PlacedV1 {
        id: u64,
        customer_email: String,
    }

    impl Upcast<OrderPlaced> for PlacedV1 {
        fn upcast(self) -> OrderPlaced {
            OrderPlaced { id: self.id, email: self.customer_email }
        }
    }
}

/// Another application, from which the order is gone.
mod emptied {
    use event_runtime::prelude::*;

    /// The life of a parcel.
    #[domain_events]
    pub(crate) enum ParcelEvent {
        /// A parcel was sent.
        #[event(unhandled)]
        Sent { id: u64 },
    }

    registry! { pub(crate) Events = [ParcelEvent]; }
    functions! { pub(crate) Functions in Events = []; }
}

fn of<F: FunctionList>() -> Catalog {
    Catalog::of::<F>("shop")
}

/// A git repository with a lock inside.
struct Repository {
    folder: TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    fn git(&self, arguments: &[&str]) {
        git(self.folder.path(), arguments);
    }

    /// Commits all that there is, as what is on the main branch of `origin`.
    fn publish(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "Publish"]);
        self.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    }

    fn lock(&self) -> PathBuf {
        self.folder.path().join("events")
    }

    fn file(&self) -> PathBuf {
        self.lock().join("order/placed/1.json")
    }

    fn run<F: FunctionList>(&self, arguments: &[&str]) -> Result<Output, Error> {
        run_in::<F>(&self.lock(), arguments)
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let settings = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").current_dir(folder).args(settings).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn run_in<F: FunctionList>(lock: &Path, arguments: &[&str]) -> Result<Output, Error> {
    let mut all = vec!["--lock".to_owned(), lock.display().to_string()];
    all.extend(arguments.iter().map(|argument| (*argument).to_owned()));
    run(&of::<F>(), &all)
}

/// A repository whose main branch has the first lock.
fn published() -> Repository {
    let repository = Repository::new();
    assert_eq!(repository.run::<first::Functions>(&["accept"]).unwrap().code, 0);
    repository.publish();
    repository
}

fn error<F: FunctionList>(repository: &Repository) -> String {
    repository.run::<F>(&["check"]).unwrap_err().to_string()
}

#[test]
fn what_was_accepted_is_the_same_and_the_files_are_the_same_bytes() {
    let repository = published();
    let before = fs::read_to_string(repository.file()).unwrap();
    assert!(repository.lock().join("functions/order-placed-receipt.json").exists());
    let output = repository.run::<first::Functions>(&["check"]).unwrap();
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("where this branch has left `origin/main`"), "{}", output.text);
    assert_eq!(repository.run::<first::Functions>(&["accept"]).unwrap().text, "the lock says it already\n");
    assert_eq!(fs::read_to_string(repository.file()).unwrap(), before);
    event_catalog::assert_locked::<first::Functions>(repository.lock());
}

#[test]
fn a_renamed_field_is_reported_as_a_good_compiler_would() {
    let repository = published();
    let output = repository.run::<renamed::Functions>(&["check"]).unwrap();
    assert_eq!(output.code, 2);
    for expected in [
        "breaking[FIELD_RENAMED]: `order/placed` version 1, `email`: `customer_email` is `email` here\n  --> event-catalog/tests/lock.rs:",
        "   | direction  new code reads what was written\n",
        "   | payload    {\"customer_email\":\"\",\"id\":0}\n",
        "   | fails      email: is required\n",
        "   | breaks     order-placed-receipt\n",
        "   | owner      sales\n",
        "   = to do: keep the name in JSON with `#[serde(rename = \"..\")]`",
        "events explain FIELD_RENAMED",
    ] {
        assert!(output.text.contains(expected), "{expected}\n---\n{}", output.text);
    }
    let github = repository.run::<renamed::Functions>(&["check", "--format", "github"]).unwrap();
    assert!(github.text.starts_with("::error file=event-catalog/tests/lock.rs,line="), "{}", github.text);
    assert!(
        github.text.contains(",title=FIELD_RENAMED::`order/placed`, `customer_email`: "),
        "{}",
        github.text
    );
    let json = repository.run::<renamed::Functions>(&["check", "--format=json"]).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    assert_eq!(
        (json["verdict"].as_str(), json["findings"][0]["rule"].as_str()),
        (Some("breaking"), Some("FIELD_RENAMED"))
    );
}

#[test]
fn what_breaks_is_not_accepted_without_a_reason_and_the_reason_is_in_the_file() {
    let repository = published();
    let refused = repository.run::<renamed::Functions>(&["accept"]).unwrap();
    assert_eq!(refused.code, 2);
    assert!(refused.text.ends_with("nothing was written\n"), "{}", refused.text);
    let no_reason =
        repository.run::<renamed::Functions>(&["accept", "--breaking", "order/placed"]).unwrap_err();
    assert!(no_reason.to_string().contains("needs a reason"), "{no_reason}");
    let elsewhere = repository
        .run::<renamed::Functions>(&["accept", "--breaking", "order/paid", "--reason", "x"])
        .unwrap_err();
    assert!(elsewhere.to_string().contains("nothing breaks there"), "{elsewhere}");

    let reason = "nobody has sent it yet";
    let accepted = repository
        .run::<renamed::Functions>(&["accept", "--breaking", "order/placed", "--reason", reason])
        .unwrap();
    assert_eq!(accepted.code, 0, "{}", accepted.text);
    assert!(fs::read_to_string(repository.file()).unwrap().contains(reason));
    let check = repository.run::<renamed::Functions>(&["check"]).unwrap();
    assert_eq!(check.code, 0, "{}", check.text);
    assert!(check.text.contains("accepted[FIELD_RENAMED]") && check.text.contains(reason), "{}", check.text);
    // The next change is not covered by that reason.
    assert_eq!(repository.run::<with_required_note::Functions>(&["check"]).unwrap().code, 2);
    // On the main branch it is history.
    repository.publish();
    let check = repository.run::<renamed::Functions>(&["check"]).unwrap();
    assert!(check.code == 0 && !check.text.contains("FIELD_RENAMED"), "{}", check.text);
}

#[test]
fn a_compatible_change_is_stale_until_it_is_accepted() {
    let repository = published();
    let check = repository.run::<with_note::Functions>(&["check"]).unwrap();
    assert_eq!(check.code, 1, "{}", check.text);
    assert!(
        check.text.contains("stale[FIELD_ADDED]: `order/placed` version 1: `notes` is new"),
        "{}",
        check.text
    );
    assert_eq!(repository.run::<with_note::Functions>(&["accept"]).unwrap().code, 0);
    assert_eq!(repository.run::<with_note::Functions>(&["check"]).unwrap().code, 0);
}

#[test]
fn what_was_ever_written_counts_and_not_only_what_was_written_last() {
    let repository = published();
    repository.run::<with_note::Functions>(&["accept"]).unwrap();
    repository.publish();
    // All that is written now has notes; what was written at first has none.
    let check = repository.run::<with_required_note::Functions>(&["check"]).unwrap();
    assert_eq!(check.code, 2, "{}", check.text);
    assert!(
        check.text.contains("breaking[FIELD_REQUIRED]: `order/placed` version 1, `notes`"),
        "{}",
        check.text
    );
}

#[test]
fn a_new_version_is_the_way_out_and_its_examples_are_lifted() {
    let repository = published();
    let check = repository.run::<lifted::Functions>(&["check"]).unwrap();
    assert_eq!(check.code, 1, "{}", check.text);
    assert!(check.text.contains("stale[VERSION_ADDED]"), "{}", check.text);
    repository.run::<lifted::Functions>(&["accept"]).unwrap();
    assert!(repository.lock().join("order/placed/2.json").exists());
    assert_eq!(repository.run::<lifted::Functions>(&["check"]).unwrap().code, 0);
    repository.publish();
    let gone = repository.run::<first::Functions>(&["check"]).unwrap();
    assert!(
        gone.code == 2 && gone.text.contains("breaking[VERSION_REMOVED]: `order/placed` version 2"),
        "{}",
        gone.text
    );

    let repository = published();
    let wrong = repository.run::<lifted_wrongly::Functions>(&["check"]).unwrap();
    assert!(wrong.code == 2 && wrong.text.contains("breaking[UPCAST_FAILS]"), "{}", wrong.text);
}

#[test]
fn an_event_that_is_removed_leaves_a_tombstone() {
    let repository = published();
    let check = repository.run::<emptied::Functions>(&["check"]).unwrap();
    assert_eq!(check.code, 2);
    assert!(check.text.contains("breaking[EVENT_REMOVED]: `order/placed`"), "{}", check.text);
    assert!(
        check.text.contains("breaking[FUNCTION_REMOVED]: `functions/order-placed-receipt`"),
        "{}",
        check.text
    );
    let arguments = [
        "accept",
        "--breaking",
        "order/placed",
        "--breaking",
        "functions/order-placed-receipt",
        "--reason",
        "sold the shop",
    ];
    let accepted = repository.run::<emptied::Functions>(&arguments).unwrap();
    assert_eq!(accepted.code, 0, "{}", accepted.text);
    let stone = fs::read_to_string(repository.lock().join("order/placed/removed.json")).unwrap();
    assert!(stone.contains("sold the shop"), "{stone}");
    let check = repository.run::<emptied::Functions>(&["check"]).unwrap();
    assert_eq!(check.code, 0, "{}", check.text);
    repository.publish();
    let check = repository.run::<emptied::Functions>(&["check"]).unwrap();
    assert!(check.code == 0 && !check.text.contains("EVENT_REMOVED"), "{}", check.text);
}

#[test]
fn a_file_that_is_not_as_it_was_written_is_an_error_with_the_way_out() {
    let repository = published();
    let good = fs::read_to_string(repository.file()).unwrap();
    let broken = [
        (good.replace("\"customer_email\"", "\"email\""), "was edited by hand"),
        (good[..good.len() / 2].to_owned(), "ends too early"),
        (
            format!("<<<<<<< HEAD\n{good}=======\n{good}>>>>>>> other\n"),
            "conflict markers: two branches have changed it",
        ),
        (
            good.replace("\"format\": 1", "\"format\": 2"),
            "has format 2, and this program knows formats up to 1",
        ),
        (good.replace("\"format\": 1,", ""), "it has no `format`"),
        (good.replace("\"event\": \"order/placed\"", "\"event\": 7"), "cannot be read"),
    ];
    for (text, expected) in broken {
        fs::write(repository.file(), text).unwrap();
        let error = error::<first::Functions>(&repository);
        assert!(error.contains(expected) && error.contains("1.json"), "{expected}: {error}");
    }
    fs::write(repository.file(), b"\xff").unwrap();
    assert!(error::<first::Functions>(&repository).contains("is not UTF-8"));
    fs::write(repository.file(), &good).unwrap();
    fs::copy(repository.file(), repository.lock().join("order/placed/2.json")).unwrap();
    assert!(error::<first::Functions>(&repository).contains("it was moved or copied"));
}

#[test]
fn two_branches_that_both_add_a_version_meet_in_a_conflict() {
    let repository = published();
    repository.git(&["checkout", "--quiet", "-b", "one"]);
    repository.run::<lifted::Functions>(&["accept"]).unwrap();
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message", "One"]);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.git(&["checkout", "--quiet", "-b", "two"]);
    repository.run::<lifted_wrongly::Functions>(&["accept"]).unwrap();
    let other = repository.lock().join("order/placed/2.json");
    if !other.exists() {
        // It is refused, since its examples do not come through: the file is written by hand for the conflict.
        fs::write(&other, "{}\n").unwrap();
    }
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message", "Two"]);
    let merge =
        Command::new("git").current_dir(repository.folder.path()).args(["merge", "one"]).output().unwrap();
    assert!(!merge.status.success());
    let error = error::<lifted::Functions>(&repository);
    assert!(error.contains("if both have added this version, give yours the next number"), "{error}");
}

#[test]
fn without_a_main_branch_the_working_tree_is_compared_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let lock = folder.path().join("events");
    run_in::<first::Functions>(&lock, &["accept"]).unwrap();
    let check = run_in::<renamed::Functions>(&lock, &["check"]).unwrap();
    assert_eq!(check.code, 2);
    let said = "note: compared with the files in the working tree, since this is not a git repository";
    assert!(check.text.contains(said), "{}", check.text);

    let repository = Repository::new();
    repository.run::<first::Functions>(&["accept"]).unwrap();
    let check = repository.run::<first::Functions>(&["check"]).unwrap();
    assert!(check.text.contains("the repository has no commit yet"), "{}", check.text);
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message", "First"]);
    let check = repository.run::<first::Functions>(&["check"]).unwrap();
    assert!(check.text.contains("no `origin/main`: fetch it"), "{}", check.text);
    let error = repository.run::<first::Functions>(&["check", "--against", "v1.0"]).unwrap_err().to_string();
    assert!(error.contains("`--against v1.0`: there is no such revision"), "{error}");
    let check = repository.run::<renamed::Functions>(&["check", "--against", "HEAD"]).unwrap();
    assert!(check.code == 2 && check.text.contains("compared with `HEAD`"), "{}", check.text);
}

#[test]
fn a_shallow_clone_says_how_to_get_the_history() {
    let repository = published();
    repository.git(&["checkout", "--quiet", "-b", "work"]);
    repository.git(&["commit", "--quiet", "--allow-empty", "--message", "More"]);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.git(&["commit", "--quiet", "--allow-empty", "--message", "Main goes on"]);
    let clone = tempfile::tempdir().unwrap();
    let (from, to) = (format!("file://{}", repository.folder.path().display()), clone.path().join("clone"));
    git(
        clone.path(),
        &["clone", "--quiet", "--depth=1", "--no-single-branch", "--branch=work", &from, "clone"],
    );
    let check = run_in::<first::Functions>(&to.join("events"), &["check"]).unwrap();
    assert!(
        check.text.contains("the clone is shallow: fetch the history (`git fetch --unshallow`"),
        "{}",
        check.text
    );
}

#[test]
fn when_a_file_cannot_be_written_nothing_is() {
    let folder = tempfile::tempdir().unwrap();
    let lock = folder.path().join("events");
    fs::create_dir(&lock).unwrap();
    // A file where a folder must be: nobody can write there, whoever runs the test.
    fs::write(lock.join("functions"), "").unwrap();
    let error = run_in::<first::Functions>(&lock, &["accept"]).unwrap_err().to_string();
    assert!(error.contains("cannot write") && error.contains("Nothing was changed"), "{error}");
    assert!(!lock.join("order/placed/1.json").exists());
    let left = fs::read_dir(lock.join("order/placed")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "no file is left half written");
}

#[test]
fn wrong_words_show_how_to_call_it() {
    let catalog = of::<first::Functions>();
    for arguments in
        [&["frobnicate"][..], &["check", "--frobnicate=1"], &["check", "now"], &["check", "--format", "xml"]]
    {
        let error = run(&catalog, arguments).unwrap_err().to_string();
        assert!(
            error.contains("events <command>") || error.contains("`human`, `json` and `github`"),
            "{error}"
        );
    }
    assert!(run(&catalog, &["explain", "FIELD_RENAMED"]).unwrap().text.contains("serde(rename"));
    assert!(run(&catalog, &["explain", "NOTHING"]).is_err());
}
