//! Metadata: what comes with every event of a registry, such as who has sent it and for which tenant.

use std::fmt::Debug;

use schemars::{JsonSchema, Schema};
use serde_json::value::RawValue;

use super::{Outgoing, RawEnvelope, Reading};
use crate::validate::json::{Json, Object, Reader};
use crate::validate::{Field, Issue, Issues, Path, code, encode_payload, schema};

/// The field of an envelope that holds it.
const META: &str = "meta";

/// The greatest size of metadata, in bytes of JSON.
const MAX_BYTES: usize = 16 * 1024;

/// The metadata of the events of a registry: a struct with `#[payload]` that the registry names, `registry! { pub AppEvents with
/// AppMeta = [..]; }`; or `()`, nothing. Implemented for these, and by nothing else.
///
/// See the guide [Events](crate::guide::events#metadata).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot come with events: it is not a struct with `#[payload]`",
    label = "not a struct with `#[payload]`",
    note = "what comes with every event is declared as `#[payload] pub struct {Self} {{ .. }}`"
)]
pub trait Metadata: Clone + Debug + Send + Sync + 'static {
    /// Its fields, with their rules.
    const FIELDS: &'static [Field];

    /// Whether events must carry it.
    #[doc(hidden)]
    const IS_REQUIRED: bool;

    /// The JSON Schema, with every rule; `None` for `()`.
    fn schema() -> Option<Schema>;

    /// Validates it, and writes it as JSON; `path` is where the event stands. `None`: there is nothing to write, or an issue.
    #[doc(hidden)]
    fn write(&self, path: &Path<'_>, issues: &mut Issues) -> Option<Box<RawValue>>;

    /// Reads it from the JSON that an event carries.
    ///
    /// # Errors
    ///
    /// Every issue, with paths that begin with `meta`; an issue at `meta` when the metadata is missing.
    #[doc(hidden)]
    fn read(json: Option<&RawValue>, reading: Reading) -> Result<Self, Issues>;
}

impl Metadata for () {
    const FIELDS: &'static [Field] = &[];
    const IS_REQUIRED: bool = false;

    fn schema() -> Option<Schema> {
        None
    }

    fn write(&self, _: &Path<'_>, _: &mut Issues) -> Option<Box<RawValue>> {
        None
    }

    fn read(_: Option<&RawValue>, _: Reading) -> Result<Self, Issues> {
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<M: Object + Json + JsonSchema + Clone + Debug + Send + Sync> Metadata for M {
    const FIELDS: &'static [Field] = <M as Object>::FIELDS;
    const IS_REQUIRED: bool = true;

    fn schema() -> Option<Schema> {
        Some(schema::of::<M>())
    }

    fn write(&self, path: &Path<'_>, issues: &mut Issues) -> Option<Box<RawValue>> {
        let (path, before) = (&path.field(META), issues.len());
        self.validate_into(path, issues);
        let json = encode_payload(self, path, issues)?;
        check_size(&json, path, issues);
        if issues.len() == before
            && let Err(found) = decode::<M>(&json, path, Reading::Sent)
        {
            found.into_iter().for_each(|issue| issues.push(issue.not_read_back()));
        }
        (issues.len() == before).then_some(json)
    }

    fn read(json: Option<&RawValue>, reading: Reading) -> Result<Self, Issues> {
        let root = Path::root();
        let path = &root.field(META);
        let json = json.filter(|json| json.get() != "null").ok_or_else(|| missing(path, reading))?;
        if reading == Reading::Sent {
            let mut issues = Issues::new();
            check_size(json, path, &mut issues);
            issues.into_result(())?;
        }
        decode(json, path, reading)
    }
}

/// Decodes what stands at `path`; what was accepted before is not validated again.
fn decode<M: Json>(json: &RawValue, path: &Path<'_>, reading: Reading) -> Result<M, Issues> {
    let mut reader = Reader::new(json.get());
    let meta = M::read(&mut reader, path);
    let (meta, mut issues) = (reader.finish(meta)?, Issues::new());
    if reading == Reading::Sent {
        meta.validate_into(path, &mut issues);
    }
    issues.into_result(meta)
}

/// The issue of an event without metadata.
#[cold]
fn missing(path: &Path<'_>, reading: Reading) -> Issues {
    let message = match reading {
        Reading::Sent => "is required",
        Reading::Stored => {
            "is required: an event that was stored without takes what `App::builder(..).default_meta(..)` says"
        }
    };
    Issue::new(path, code::REQUIRED, message).into()
}

fn check_size(json: &RawValue, path: &Path<'_>, issues: &mut Issues) {
    let size = json.get().len();
    if size > MAX_BYTES {
        let message = format!(
            "has {size} bytes, more than {MAX_BYTES}: send what identifies user and tenant, and keep the rest elsewhere"
        );
        let issue = Issue::new(path, code::TOO_BIG, message);
        issues.push(issue.with("maximum", MAX_BYTES).with("actual", size).with("unit", "bytes"));
    }
}

/// The metadata of the events of an application, without its type: how it is checked, and the default.
#[derive(Clone)]
pub(crate) struct MetaRules {
    check: fn(Option<&RawValue>) -> Result<(), Issues>,
    is_required: bool,
    /// The metadata of the events of times, and of events that were stored before the registry named any.
    default: Option<Box<RawValue>>,
}

impl MetaRules {
    pub(crate) fn of<M: Metadata>(default: Option<Box<RawValue>>) -> Self {
        Self { check: |json| M::read(json, Reading::Sent).map(drop), is_required: M::IS_REQUIRED, default }
    }

    /// The rules of a registry that takes any JSON, and none without: for tests of hosts.
    #[cfg(test)]
    pub(crate) fn of_test(default: Box<RawValue>) -> Self {
        let check =
            |json: Option<&RawValue>| json.map(drop).ok_or_else(|| missing(&Path::root(), Reading::Sent));
        Self { check, is_required: true, default: Some(default) }
    }

    /// Whether events must carry it.
    #[cfg(feature = "inngest")]
    pub(crate) const fn is_required(&self) -> bool {
        self.is_required
    }

    /// The default, as the metadata of an event.
    pub(crate) fn default(&self) -> Option<Box<RawValue>> {
        self.default.clone()
    }

    /// Checks what an event from outside carries.
    ///
    /// # Errors
    ///
    /// Every issue; an issue at `meta` when the metadata is missing.
    pub(crate) fn check(&self, json: Option<&RawValue>) -> Result<(), Issues> {
        (self.check)(json)
    }

    /// The metadata of an event that was accepted.
    pub(crate) fn of_event<'a>(&'a self, event: &'a RawEnvelope) -> Option<&'a RawValue> {
        event.meta.as_deref().or(self.default.as_deref())
    }

    /// The metadata of what a function sends: its own, or that of the event that started the run.
    ///
    /// # Errors
    ///
    /// The issues of its rules; an issue at `meta` when the metadata is missing.
    pub(crate) fn inherited(
        &self,
        event: &Outgoing,
        from: Option<&RawEnvelope>,
    ) -> Result<Option<Box<RawValue>>, Issues> {
        let own = event.meta.as_deref();
        if own.is_some() && !self.is_required {
            let message = "does not come with the events of this registry: name it there, `registry! { pub AppEvents with AppMeta = [..]; }`";
            return Err(Issue::new(&Path::root().field(META), code::INVALID_TYPE, message).into());
        }
        match own.or_else(|| self.of_event(from?)) {
            _ if !self.is_required => Ok(None),
            Some(inherited) if own.is_none() => Ok(Some(inherited.to_owned())),
            meta => self.check(meta).map(|()| meta.map(RawValue::to_owned)),
        }
    }
}
