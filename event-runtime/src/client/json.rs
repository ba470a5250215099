//! Reading an event of a registry that arrived as JSON.

use serde_json::value::RawValue;

use super::Transport;
use crate::event::{EventDescriptor, Incoming, Metadata, RawEnvelope, Reading};
use crate::registry::Registry;
use crate::validate::{Issue, Issues, Path, code};

/// Reads and validates an envelope; fills in what is missing. Metadata that the client has stands in place of the envelope's.
pub(super) fn read<R: Registry>(
    json: &[u8],
    stamp: Option<&RawValue>,
    transport: &dyn Transport,
) -> Result<RawEnvelope, Issues> {
    let mut issues = Issues::new();
    let mut incoming = Incoming::read(json, transport.max_event_bytes(), &mut issues)?;
    // What comes from another application may be encrypted.
    if let Some(name) = &incoming.name {
        match transport.layers().receive_data(name, incoming.v, incoming.data) {
            Ok(data) => incoming.data = data,
            Err(error) => {
                let issue = Issue::new(&Path::root().field("data"), code::CUSTOM, error.to_string());
                return Err(issue.into());
            }
        }
    }
    let event = incoming.name.as_deref().and_then(|name| find::<R>(name, &mut issues));
    if let Some(event) = event {
        issues.take(event.validate(incoming.v.unwrap_or(1), incoming.data.get()));
    }
    if stamp.is_none() {
        issues.take(R::Meta::read(incoming.meta, Reading::Sent));
    }
    let meta = stamp.or(incoming.meta).filter(|_| R::Meta::IS_REQUIRED);
    // Without an event there is an issue.
    let name = issues.into_result(event)?.map_or_else(String::new, |event| event.name.to_owned());
    Ok(RawEnvelope {
        id: incoming.id.unwrap_or_else(|| transport.new_id()),
        name,
        data: incoming.data,
        ts: incoming.ts.unwrap_or_else(|| transport.now_ms()),
        v: incoming.v,
        user: incoming.user.map(RawValue::to_owned),
        traceparent: incoming.traceparent,
        cause: None,
        meta: meta.map(RawValue::to_owned),
    })
}

/// Reads and validates a payload of the current version of this event.
#[cfg(feature = "embedded")]
pub(super) fn read_payload<R: Registry>(
    name: &str,
    json: &[u8],
    transport: &impl Transport,
) -> Result<RawEnvelope, Issues> {
    use crate::event::check_size;
    use crate::validate::{invalid_json, invalid_utf8};

    let (root, mut issues) = (Path::root(), Issues::new());
    let text = std::str::from_utf8(json).map_err(invalid_utf8)?;
    let data = serde_json::from_str::<Box<RawValue>>(text).map_err(|error| invalid_json(&error))?;
    check_size(&data, transport.max_event_bytes(), &root, &mut issues);
    issues.into_result(())?;
    let Some(event) = R::find(name) else { return Err(unknown::<R>(name, &root.field("name")).into()) };
    event.validate(event.version, data.get())?;
    let v = (event.version != 1).then_some(event.version);
    let (id, ts) = (transport.new_id(), transport.now_ms());
    let name = name.to_owned();
    Ok(RawEnvelope { id, name, data, ts, v, user: None, traceparent: None, cause: None, meta: None })
}

/// The event that the envelope names.
fn find<R: Registry>(name: &str, issues: &mut Issues) -> Option<&'static EventDescriptor> {
    let event = R::find(name);
    if event.is_none() {
        issues.push(unknown::<R>(name, &Path::root().field("name")));
    }
    event
}

/// Says that no event has this name, and which one may be meant.
#[cold]
fn unknown<R: Registry>(name: &str, path: &Path<'_>) -> Issue {
    // A name comes from outside: what is shown of it is bounded.
    let shown: String = name.chars().take(80).collect();
    let nearest = event_conventions::nearest(&shown, R::events().map(|event| event.name));
    let message = match nearest {
        Some(nearest) => format!("no event of the registry is named `{shown}`: did you mean `{nearest}`?"),
        None => format!("no event of the registry is named `{shown}`"),
    };
    let issue = Issue::new(path, code::UNKNOWN_EVENT, message).with("name", shown);
    match nearest {
        Some(nearest) => issue.with("nearest", nearest),
        None => issue,
    }
}
