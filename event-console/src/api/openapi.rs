//! The `OpenAPI` document of the API.

use axum::Extension;
use axum::response::Json;
use serde_json::{Map, Value, json};

use crate::guard::Caller;

pub(crate) async fn document(Extension(caller): Extension<Caller>) -> Json<Value> {
    Json(json(&caller.base))
}

/// The document; the API is below this path.
pub(crate) fn json(base: &str) -> Value {
    let mut paths = Map::new();
    for Route { path, method, summary, status, queries } in ROUTES {
        let mut parameters: Vec<Value> = in_path(path).map(|name| parameter(name, "path", "")).collect();
        parameters.extend(queries.iter().map(|(name, what)| parameter(name, "query", what)));
        let content = match (*path, *method) {
            ("/api/changes", _) => json!({ "text/event-stream": {} }),
            ("/api/catalogue/{name}", _) => json!({ "application/schema+json": {} }),
            _ if *status == 204 => json!({}),
            _ => json!({ "application/json": {} }),
        };
        let mut operation = json!({
            "summary": summary,
            "operationId": format!("{method} {path}"),
            "responses": {
                (status.to_string()): { "description": "Done", "content": content },
                "default": { "$ref": "#/components/responses/problem" },
            },
        });
        if !parameters.is_empty() {
            operation["parameters"] = parameters.into();
        }
        if *method == "post" && path.starts_with("/api/events") {
            operation["requestBody"] = json!({
                "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/envelope" } } },
            });
        }
        let item = paths.entry((*path).to_owned()).or_insert_with(|| json!({}));
        item[*method] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "event-console", "version": env!("CARGO_PKG_VERSION") },
        "servers": [{ "url": if base.is_empty() { "/" } else { base } }],
        "paths": paths,
        "components": {
            "responses": { "problem": {
                "description": "A problem document (RFC 9457)",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } },
            } },
            "schemas": {
                "problem": {
                    "type": "object", "required": ["title", "status"],
                    "properties": {
                        "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" },
                        "detail": { "type": "string" },
                        "issues": { "type": "array", "items": { "type": "object", "required": ["path", "code", "message"] } },
                    },
                },
                "envelope": {
                    "type": "object", "required": ["name", "data"],
                    "properties": {
                        "name": { "type": "string" }, "data": { "type": "object" }, "id": { "type": "string" },
                        "ts": { "type": "integer" }, "v": { "type": "integer" }, "user": {}, "meta": {},
                    },
                },
            },
        },
    })
}

fn parameter(name: &str, place: &str, what: &str) -> Value {
    let mut parameter = json!({ "name": name, "in": place, "schema": { "type": "string" } });
    if place == "path" {
        parameter["required"] = true.into();
    } else {
        parameter["description"] = what.into();
    }
    parameter
}

/// The names in the braces of a path.
fn in_path(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

struct Route {
    path: &'static str,
    method: &'static str,
    summary: &'static str,
    status: u16,
    queries: &'static [(&'static str, &'static str)],
}

const fn get(
    path: &'static str,
    summary: &'static str,
    queries: &'static [(&'static str, &'static str)],
) -> Route {
    Route { path, method: "get", summary, status: 200, queries }
}

const fn post(path: &'static str, summary: &'static str, status: u16) -> Route {
    Route { path, method: "post", summary, status, queries: &[] }
}

const RUNS: &[(&str, &str)] = &[
    ("function", "ids of functions, with commas"),
    ("status", "`open`, `waiting`, `completed`, `failed`, `cancelled`, with commas"),
    ("event_id", "the id of the event that started them"),
    ("event_name", "names of events, with commas"),
    ("key", "the key of the event"),
    ("text", "in the id, the id of the event, or the error"),
    (
        "created_after",
        "RFC 3339; likewise `created_before`, `started_after`, `started_before`, `ended_after`, `ended_before`",
    ),
    ("order", "`newest` or `oldest`"),
    ("after", "the `next` of a page"),
    ("limit", "1 to 1,000; 50 unless set"),
];

const EVENTS: &[(&str, &str)] = &[
    ("name", "names, with commas"),
    ("domain", "the domain"),
    ("id", "the id"),
    ("key", "the key"),
    ("text", "in the id, the name or the payload"),
    ("received_after", "RFC 3339; likewise `received_before`"),
    ("order", "`newest` or `oldest`"),
    ("after", "the `next` of a page"),
    ("limit", "1 to 1,000; 50 unless set"),
];

const ROUTES: &[Route] = &[
    get("/api/openapi.json", "This document", &[]),
    get("/api/runs", "Lists runs; a page may be short, and yet have a `next`", RUNS),
    get("/api/runs/count", "Counts runs, up to 10,000", RUNS),
    Route {
        path: "/api/runs/actions/{action}",
        method: "post",
        summary: "Does something about every run that the filter selects: `cancel`, `retry`, `replay`",
        status: 200,
        queries: RUNS,
    },
    get("/api/runs/{id}", "A run with its steps, attempts, event, parent and children", &[]),
    post("/api/runs/{id}/{action}", "Does something about a run: `cancel`, `retry`, `replay`", 200),
    get("/api/events", "Lists events; a page may be short, and yet have a `next`", EVENTS),
    post("/api/events", "Sends an event in its envelope", 202),
    post("/api/events/check", "Says what is wrong with an event, without sending it", 204),
    get("/api/events/{id}", "An event with the runs that it started, and what skipped it", &[]),
    get(
        "/api/functions",
        "Functions with statistics",
        &[("window", "`5m`, `1h`, `24h`, `7d` or `30d`; `1h` unless set")],
    ),
    get("/api/catalogue", "The events of the registry", &[]),
    get("/api/catalogue/{name}", "The JSON Schema of an event", &[]),
    get("/api/engine", "Sizes, limits in force, counts", &[]),
    get("/api/audit", "What operators did, the newest first", &[]),
    get("/api/changes", "Changes as they happen, as server-sent events `changes`", &[]),
];
