//! The exports, judged by the tools that they are made for; skipped where npm has not installed those.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use event_catalog::run;
use event_runtime::catalog::{Catalog, EventEntry};
use serde_json::{Map, Value, json};

use crate::{AFTER, BEFORE};

/// The folder in which `npm ci` has installed the tools of others.
fn tools() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node");
    if folder.join("node_modules").is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: `npm ci` has not been run in event-catalog/tests/node");
    None
}

fn export(catalog: &Catalog, what: &str, folder: &Path) {
    let output = run(catalog, &["export", what, "--out", &folder.display().to_string()]).unwrap();
    assert_eq!(output.code, 0, "{}", output.text);
}

/// Runs a judge with the folder of an export.
fn judge(script: &str, folder: &Path) {
    let Some(tools) = tools() else { return };
    let output = Command::new("node").current_dir(&tools).arg(script).arg(folder).output().unwrap();
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script}\n{out}\n{error}");
}

/// Payloads for each event, and whether Rust accepts them: the examples, and others that were changed at random places, the same each time.
fn vectors(event: &EventEntry, count: usize) -> Vec<(Value, bool)> {
    let mut random = Random(
        0x9E37_79B9_7F4A_7C15
            ^ event
                .name
                .bytes()
                .fold(7_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte))),
    );
    let examples: Vec<Value> = event
        .versions
        .iter()
        .flat_map(|version| version.examples.iter().cloned())
        .chain([json!({})])
        .collect();
    let mut payloads = examples.clone();
    while payloads.len() < count {
        let mut payload = examples[random.below(examples.len())].clone();
        for _ in 0..=random.below(2) {
            random.change(&mut payload);
        }
        payloads.push(payload);
    }
    let latest = event.latest().unwrap().version;
    payloads
        .into_iter()
        .map(|payload| {
            let is_accepted = event.lift(latest, &payload.to_string()).unwrap().is_ok();
            (payload, is_accepted)
        })
        .collect()
}

/// Numbers that look random (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    /// Changes something in a payload.
    fn change(&mut self, value: &mut Value) {
        let inside = match value {
            Value::Object(fields) => fields.len(),
            Value::Array(elements) => elements.len(),
            _ => 0,
        };
        if inside == 0 || self.below(6) == 0 {
            *value = self.value();
            return;
        }
        let at = self.below(inside);
        match value {
            Value::Object(fields) => {
                let name = fields.keys().nth(at).unwrap().clone();
                match self.below(8) {
                    0 => drop(fields.remove(&name)),
                    1 => drop(fields.insert("more".to_owned(), self.value())),
                    _ => self.change(fields.get_mut(&name).unwrap()),
                }
            }
            Value::Array(elements) => match self.below(6) {
                0 => drop(elements.remove(at)),
                1 => elements.push(elements[at].clone()),
                _ => self.change(&mut elements[at]),
            },
            _ => {}
        }
    }

    fn value(&mut self) -> Value {
        const TEXTS: &[&str] = &[
            "",
            "a",
            "ab",
            "abc",
            "abcd",
            "ABC",
            "AB1",
            "é",
            "😀",
            "😀😀😀",
            "eu",
            "us",
            "uk",
            "Red",
            "Blue",
            "Green",
            "shop",
            "app",
            "cash",
            "card",
            "cheque",
            "Point",
            "Circle",
            "12",
            "a b",
            " a ",
            "ada@example.org",
            "ada@",
            "a.b@c.de",
            "https://example.org/",
            "http://a.co/b?c",
            "mailto:a@b.co",
            "/a",
            "2026-11-23",
            "2026-02-30",
            "2026-11-23T08:30:00Z",
            "2026-11-23T08:30:00+02:00",
            "2026-11-23 08:30",
            "00000000-0000-4000-8000-000000000000",
            "0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f",
            "0195D4A5-0F5C-7C3E-8F0A-5B6A4C3D2E1F",
            "192.0.2.1",
            "::1",
        ];
        match self.below(10) {
            0 => Value::Null,
            1 => (self.below(2) == 0).into(),
            2 | 3 => [
                json!(0),
                json!(1),
                json!(5),
                json!(10),
                json!(11),
                json!(99),
                json!(100),
                json!(255),
                json!(256),
                json!(-1),
                json!(1.5),
                json!(4_294_967_296_u64),
            ][self.below(12)]
            .clone(),
            4 => json!([self.below(3)]),
            5 => json!({ "type": TEXTS[self.below(TEXTS.len())] }),
            6 => json!({ TEXTS[self.below(TEXTS.len())]: self.below(300) }),
            _ => TEXTS[self.below(TEXTS.len())].into(),
        }
    }
}

/// 1,000 payloads for each event before the edits, and some for each after them.
static VECTORS: LazyLock<[String; 2]> =
    LazyLock::new(|| [all_vectors(&BEFORE, 1_000), all_vectors(&AFTER, 200)]);

fn all_vectors(catalog: &Catalog, count: usize) -> String {
    let (mut accepted, mut refused) = (0, 0);
    let mut all = Map::new();
    for event in &catalog.events {
        let vectors = vectors(event, count);
        let good = vectors.iter().filter(|(_, is_accepted)| *is_accepted).count();
        (accepted, refused) = (accepted + good, refused + vectors.len() - good);
        let vectors = vectors.into_iter().map(|(payload, is_accepted)| json!([payload, is_accepted]));
        all.insert(event.name.clone(), vectors.collect());
    }
    assert!(accepted > count * 4 && refused > count * 20, "{accepted} {refused}");
    Value::from(all).to_string()
}

/// Both catalogues, each with its vectors.
fn judged() -> impl Iterator<Item = (&'static Catalog, &'static String)> {
    [&*BEFORE, &*AFTER].into_iter().zip(&*VECTORS)
}

#[test]
fn typescript_compiles_and_judges_as_rust_does() {
    for (catalog, vectors) in judged() {
        let folder = tempfile::tempdir().unwrap();
        export(catalog, "typescript", folder.path());
        fs::write(folder.path().join("vectors.json"), vectors).unwrap();
        judge("typescript.mjs", folder.path());
        if tools().is_some() {
            read_what_was_sent(catalog, folder.path());
        }
    }
}

/// What a service in TypeScript has sent with the exported event types is read here.
fn read_what_was_sent(catalog: &Catalog, folder: &Path) {
    let sent: Vec<Value> = serde_json::from_slice(&fs::read(folder.join("sent.json")).unwrap()).unwrap();
    assert!(sent.len() > catalog.events.len(), "{}", sent.len());
    for message in sent {
        let event = catalog.event(message["name"].as_str().unwrap()).unwrap();
        let version: u32 = message["v"].as_str().unwrap().parse().unwrap();
        let read = event.lift(version, &message["data"].to_string()).unwrap();
        assert!(read.is_ok(), "{message}: {read:?}");
    }
}

#[test]
fn json_schemas_are_self_contained_and_ajv_judges_as_rust_does() {
    for (catalog, vectors) in judged() {
        let folder = tempfile::tempdir().unwrap();
        export(catalog, "json-schema", folder.path());
        fs::write(folder.path().join("vectors.json"), vectors).unwrap();
        judge("json_schema.mjs", folder.path());
    }
}

#[test]
fn the_parser_of_asyncapi_finds_nothing() {
    for catalog in [&*BEFORE, &*AFTER] {
        let folder = tempfile::tempdir().unwrap();
        export(catalog, "asyncapi", folder.path());
        judge("asyncapi.mjs", folder.path());
    }
}

#[test]
fn the_sdk_of_cloudevents_reads_the_samples() {
    let folder = tempfile::tempdir().unwrap();
    export(&AFTER, "cloudevents", folder.path());
    judge("cloudevents.mjs", folder.path());
}

#[test]
fn the_sdk_of_eventcatalog_finds_every_event() {
    let folder = tempfile::tempdir().unwrap();
    export(&AFTER, "eventcatalog", folder.path());
    fs::write(
        folder.path().join("expected.json"),
        json!(AFTER.events.iter().map(|event| &event.name).collect::<Vec<_>>()).to_string(),
    )
    .unwrap();
    judge("eventcatalog.mjs", folder.path());
}

#[test]
fn stale_files_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().display().to_string();
    for what in [
        "json-schema",
        "asyncapi",
        "typescript",
        "markdown",
        "llms",
        "eventcatalog",
        "cloudevents",
        "catalog",
    ] {
        let stale = run(&BEFORE, &["export", what, "--out", &out, "--check"]).unwrap();
        assert!(stale.code == 1 && stale.text.starts_with("stale "), "{what}: {}", stale.text);
        export(&BEFORE, what, folder.path());
        let good = run(&BEFORE, &["export", what, "--out", &out, "--check"]).unwrap();
        assert_eq!((good.code, good.text.as_str()), (0, "the files say what the code says\n"), "{what}");
        assert_eq!(run(&AFTER, &["export", what, "--out", &out, "--check"]).unwrap().code, 1, "{what}");
    }
    assert!(run(&BEFORE, &["export", "xml"]).unwrap_err().to_string().contains("there is no export `xml`"));
}
