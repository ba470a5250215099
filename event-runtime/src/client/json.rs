//! Reading an envelope that arrived as JSON.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::Transport;
use crate::event::{
    EventDescriptor, RawEnvelope, check_id, check_size, check_traceparent, check_ts, check_user, no_data,
};
use crate::registry::Registry;
use crate::validate::{Issue, Issues, Path, code, invalid_json, invalid_utf8};

/// The room for everything of an envelope but its payload, in bytes.
const MAX_AROUND_PAYLOAD_BYTES: usize = 64 * 1024;

/// The fields of an envelope, each still JSON, so that one that is wrong does not hide the others.
#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    name: Option<&'a RawValue>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    ts: Option<&'a RawValue>,
    #[serde(borrow, default)]
    v: Option<&'a RawValue>,
    #[serde(borrow, default)]
    user: Option<&'a RawValue>,
    #[serde(borrow, default)]
    traceparent: Option<&'a RawValue>,
}

/// Reads and validates an envelope; fills in what is missing.
pub(super) fn read<R: Registry>(json: &[u8], transport: &dyn Transport) -> Result<RawEnvelope, Issues> {
    check_envelope_size(json, transport.max_event_bytes())?;
    let text = std::str::from_utf8(json).map_err(invalid_utf8)?;
    let fields = fields(text)?;
    let (root, mut issues) = (Path::root(), Issues::new());

    let id: Option<String> = field(fields.id, "id", "a text", &mut issues);
    if let Some(id) = &id {
        check_id(id, &root, &mut issues);
    }
    let ts: Option<i64> =
        field(fields.ts, "ts", "a whole number of milliseconds since the Unix epoch", &mut issues);
    if let Some(ts) = ts {
        check_ts(ts, &root, &mut issues);
    }
    let v: Option<u32> = field(fields.v, "v", "a whole number, the version of the payload", &mut issues);
    let traceparent: Option<Box<str>> = field(fields.traceparent, "traceparent", "a text", &mut issues);
    if let Some(traceparent) = &traceparent {
        check_traceparent(traceparent, &root, &mut issues);
    }
    let user = fields.user.filter(|user| user.get() != "null");
    if let Some(user) = user {
        check_user(user, &root, &mut issues);
    }
    let data = fields.data.filter(|data| data.get() != "null").map_or_else(no_data, RawValue::to_owned);
    check_size(&data, transport.max_event_bytes(), &root, &mut issues);

    let event = find::<R>(fields.name, &mut issues);
    if let Some(event) = event
        && let Err(found) = event.validate(v.unwrap_or(1), data.get())
    {
        found.into_iter().for_each(|issue| issues.push(issue));
    }
    // Without an event there is an issue.
    let name = issues.into_result(event)?.map_or_else(String::new, |event| event.name.to_owned());
    Ok(RawEnvelope {
        id: id.unwrap_or_else(|| transport.new_id()),
        name,
        data,
        ts: ts.unwrap_or_else(|| transport.now_ms()),
        v,
        user: user.map(RawValue::to_owned),
        traceparent,
    })
}

/// An envelope that is so large is not even parsed.
fn check_envelope_size(json: &[u8], max_event_bytes: usize) -> Result<(), Issues> {
    let max = max_event_bytes.saturating_add(MAX_AROUND_PAYLOAD_BYTES);
    if json.len() <= max {
        return Ok(());
    }
    let message = format!("the event has {} bytes, more than {max} with its envelope", json.len());
    let issue = Issue::new(&Path::root().field("data"), code::TOO_BIG, message);
    Err(issue.with("maximum", max).with("actual", json.len()).with("unit", "bytes").into())
}

/// The fields of the one JSON object that `text` must be.
fn fields(text: &str) -> Result<Fields<'_>, Issues> {
    let is_object = text.trim_start().starts_with('{');
    let fields = if is_object {
        serde_json::from_str(text)
    } else {
        serde_json::from_str::<&RawValue>(text).map(|_| None)
    };
    let problem = match fields {
        Ok(Some(fields)) => return Ok(fields),
        Ok(None) => "this is not an object".to_owned(),
        // A field that is given twice.
        Err(error) if error.is_data() => error.to_string(),
        Err(error) => return Err(invalid_json(&error)),
    };
    let message = format!("an event is an object `{{ \"name\": .., \"data\": {{ .. }} }}`: {problem}");
    Err(Issue::new(&Path::root(), code::INVALID_TYPE, message).into())
}

/// The value of a field of the envelope, if it is there and not null.
fn field<T: DeserializeOwned>(
    value: Option<&RawValue>,
    name: &str,
    expected: &str,
    issues: &mut Issues,
) -> Option<T> {
    let decoded = serde_json::from_str::<Option<T>>(value?.get());
    decoded.unwrap_or_else(|_| {
        let message = format!("the envelope's `{name}` must be {expected}");
        issues.push(
            Issue::new(&Path::root().field(name), code::INVALID_TYPE, message).with("expected", expected),
        );
        None
    })
}

/// The event that the envelope names.
fn find<R: Registry>(name: Option<&RawValue>, issues: &mut Issues) -> Option<&'static EventDescriptor> {
    let (root, before) = (Path::root(), issues.len());
    let path = root.field("name");
    let Some(name) = field::<String>(name, "name", "a text", issues) else {
        if issues.len() == before {
            issues.push(Issue::new(
                &path,
                code::REQUIRED,
                "the envelope's `name` is required: `domain/action`",
            ));
        }
        return None;
    };
    let event = R::find(&name);
    if event.is_none() {
        issues.push(unknown::<R>(&name, &path));
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
