//! Which runs and events are listed, and in which order.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::time::SystemTime;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Cursor, EventInfo, RunInfo, RunStatus, text};
use crate::event::Key;
use crate::event::key::KeyKind;
use crate::function::Function;

/// The most items of one page.
const MAX_PAGE: usize = 1_000;

/// The items of a page, unless a filter says otherwise.
const PAGE: usize = 50;

/// The order of a list. As a text: `newest`, `oldest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
}

named!(Order, "order of a list", {
    Newest => "newest",
    Oldest => "oldest",
});

/// Selects runs. Without any condition: all of them, the newest first, 50 on a page.
///
/// A run must meet every condition that is set; a condition that is set several times, such as `status`, is met by any of its
/// values. Functions, statuses and event ids are looked up in an index. The other conditions are checked run by run, in the order
/// of the list, until the page is full.
///
/// In JSON, and in a query string, the fields are named like the methods; several values are a list, or one text with commas.
/// An unknown field is an error.
///
/// ```
/// use event_runtime::inspect::{RunFilter, RunStatus};
/// use event_runtime::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<()> {
/// # registry! { pub AppEvents = []; }
/// # functions! { pub AppFunctions in AppEvents = []; }
/// # let engine = App::<AppFunctions>::builder("shop").build()?.embedded(":memory:").start().await?;
/// let hour_ago = SystemTime::now() - Duration::from_hours(1);
/// let filter = RunFilter::new().status(RunStatus::Failed).ended_after(hour_ago).limit(100);
/// let mut page = engine.runs(&filter).await?;
/// while let Some(next) = page.next {
///     page = engine.runs(&filter.clone().after(next)).await?;
/// }
/// # engine.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RunFilter {
    #[serde(rename = "function", deserialize_with = "several")]
    pub(crate) functions: Vec<String>,
    #[serde(rename = "status", deserialize_with = "several")]
    pub(crate) statuses: Vec<RunStatus>,
    pub(crate) event_id: Option<String>,
    #[serde(rename = "event_name", deserialize_with = "several")]
    pub(crate) event_names: Vec<String>,
    pub(crate) key: Option<KeyFilter>,
    #[serde(deserialize_with = "text::read_time")]
    pub(crate) created_after: Option<SystemTime>,
    #[serde(deserialize_with = "text::read_time")]
    pub(crate) created_before: Option<SystemTime>,
    #[serde(deserialize_with = "text::read_time")]
    pub(crate) started_after: Option<SystemTime>,
    #[serde(deserialize_with = "text::read_time")]
    pub(crate) started_before: Option<SystemTime>,
    #[serde(deserialize_with = "text::read_time")]
    pub(crate) ended_after: Option<SystemTime>,
    #[serde(deserialize_with = "text::read_time")]
    pub(crate) ended_before: Option<SystemTime>,
    pub(crate) text: Option<String>,
    pub(crate) order: Order,
    pub(crate) after: Option<Cursor<RunInfo>>,
    #[serde(deserialize_with = "number")]
    limit: Option<usize>,
    #[serde(deserialize_with = "number")]
    look_at: Option<usize>,
}

impl RunFilter {
    /// Selects every run.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Only runs of the function with this id. Called again: of any of them.
    #[must_use]
    pub fn function(mut self, id: impl Into<String>) -> Self {
        self.functions.push(id.into());
        self
    }

    /// Only runs of the function with the marker `G`. Called again: of any of them.
    #[must_use]
    pub fn of<G: Function>(self) -> Self {
        self.function(G::SOURCE.id)
    }

    /// Only runs with this status. Called again: with any of them.
    #[must_use]
    pub fn status(mut self, status: RunStatus) -> Self {
        self.statuses.push(status);
        self
    }

    /// Only runs started by the event with this id.
    #[must_use]
    pub fn event_id(mut self, id: impl Into<String>) -> Self {
        self.event_id = Some(id.into());
        self
    }

    /// Only runs started by an event with this name. Called again: with any of them.
    #[must_use]
    pub fn event_name(mut self, name: impl Into<String>) -> Self {
        self.event_names.push(name.into());
        self
    }

    /// Only runs started by an event with this [key](crate::key). In JSON and query strings: the text of a key of one field.
    #[must_use]
    pub fn key<K>(mut self, key: &Key<K>) -> Self {
        self.key = Some(KeyFilter::of(key));
        self
    }

    /// Only runs created at this time or later.
    #[must_use]
    pub fn created_after(mut self, time: SystemTime) -> Self {
        self.created_after = Some(time);
        self
    }

    /// Only runs created before this time.
    #[must_use]
    pub fn created_before(mut self, time: SystemTime) -> Self {
        self.created_before = Some(time);
        self
    }

    /// Only runs that first executed at this time or later.
    #[must_use]
    pub fn started_after(mut self, time: SystemTime) -> Self {
        self.started_after = Some(time);
        self
    }

    /// Only runs that first executed before this time.
    #[must_use]
    pub fn started_before(mut self, time: SystemTime) -> Self {
        self.started_before = Some(time);
        self
    }

    /// Only runs that ended at this time or later.
    #[must_use]
    pub fn ended_after(mut self, time: SystemTime) -> Self {
        self.ended_after = Some(time);
        self
    }

    /// Only runs that ended before this time.
    #[must_use]
    pub fn ended_before(mut self, time: SystemTime) -> Self {
        self.ended_before = Some(time);
        self
    }

    /// Only runs with this text in their id, in the id of their event, or in their error; whether letters are capital does not
    /// matter.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Sets how many runs are looked at for a page, at least as many as are on it. A page then may have fewer runs than its limit,
    /// or none, and yet a [`next`](super::Page::next). Default: as many as it takes.
    #[must_use]
    pub fn look_at(mut self, runs: usize) -> Self {
        self.look_at = Some(runs);
        self
    }

    /// Sets the order, by creation. Default: the newest first.
    #[must_use]
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Only what follows this cursor: the [`next`](super::Page::next) of the previous page.
    #[must_use]
    pub fn after(mut self, cursor: Cursor<RunInfo>) -> Self {
        self.after = Some(cursor);
        self
    }

    /// Sets the greatest number of runs on a page, clamped to 1 to 1,000. Default: 50.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The conditions on times, by column.
    pub(crate) fn periods(&self) -> [Period; 3] {
        [
            Period { column: "runs.created", from: self.created_after, to: self.created_before },
            Period { column: "runs.started", from: self.started_after, to: self.started_before },
            Period { column: "runs.ended", from: self.ended_after, to: self.ended_before },
        ]
    }

    /// How many are looked at.
    pub(crate) fn budget(&self) -> Option<usize> {
        self.look_at.map(|runs| runs.max(self.page() + 1))
    }

    pub(crate) fn page(&self) -> usize {
        page(self.limit)
    }

    /// How many runs are meant at the most, where it is not a page that is asked for.
    pub(crate) fn at_most(&self) -> u64 {
        self.limit.map_or(u64::MAX, |limit| u64::try_from(limit).unwrap_or(u64::MAX))
    }
}

/// Selects events. Without any condition: all of them, the newest first, 50 on a page.
///
/// An event must meet every condition that is set, and have any of the names. Names and ids are looked up in an index; the other
/// conditions are checked event by event, in the order of the list, until the page is full. In JSON and query strings it is like [`RunFilter`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EventFilter {
    #[serde(rename = "name", deserialize_with = "several")]
    pub(crate) names: Vec<String>,
    pub(crate) domain: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) key: Option<KeyFilter>,
    #[serde(deserialize_with = "text::read_time")]
    pub(crate) received_after: Option<SystemTime>,
    #[serde(deserialize_with = "text::read_time")]
    pub(crate) received_before: Option<SystemTime>,
    pub(crate) text: Option<String>,
    pub(crate) order: Order,
    pub(crate) after: Option<Cursor<EventInfo>>,
    #[serde(deserialize_with = "number")]
    limit: Option<usize>,
    #[serde(deserialize_with = "number")]
    look_at: Option<usize>,
}

impl EventFilter {
    /// Selects every event.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Only events with this name, such as `OrderEvent::PLACED`. Called again: with any of them.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }

    /// Only events of this domain: those whose names begin with it and a slash.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.domain = Some(domain.into());
        self
    }

    /// Only events with this id; there may be several, accepted in different deduplication windows.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Only events with this [key](crate::key). In JSON and query strings: the text of a key of one field.
    #[must_use]
    pub fn key<K>(mut self, key: &Key<K>) -> Self {
        self.key = Some(KeyFilter::of(key));
        self
    }

    /// Only events accepted at this time or later.
    #[must_use]
    pub fn received_after(mut self, time: SystemTime) -> Self {
        self.received_after = Some(time);
        self
    }

    /// Only events accepted before this time.
    #[must_use]
    pub fn received_before(mut self, time: SystemTime) -> Self {
        self.received_before = Some(time);
        self
    }

    /// Only events with this text in their id, their name or their payload without its sensitive fields; whether letters are
    /// capital does not matter.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Sets how many events are looked at for a page, at least as many as are on it: see [`RunFilter::look_at`].
    #[must_use]
    pub fn look_at(mut self, events: usize) -> Self {
        self.look_at = Some(events);
        self
    }

    /// Sets the order, by acceptance. Default: the newest first.
    #[must_use]
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Only what follows this cursor: the [`next`](super::Page::next) of the previous page.
    #[must_use]
    pub fn after(mut self, cursor: Cursor<EventInfo>) -> Self {
        self.after = Some(cursor);
        self
    }

    /// Sets the greatest number of events on a page, clamped to 1 to 1,000. Default: 50.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The condition on times.
    pub(crate) fn period(&self) -> Period {
        Period { column: "events.received", from: self.received_after, to: self.received_before }
    }

    /// How many are looked at.
    pub(crate) fn budget(&self) -> Option<usize> {
        self.look_at.map(|events| events.max(self.page() + 1))
    }

    pub(crate) fn page(&self) -> usize {
        page(self.limit)
    }
}

fn page(limit: Option<usize>) -> usize {
    limit.unwrap_or(PAGE).clamp(1, MAX_PAGE)
}

/// A time that must lie between these, the second excluded.
pub(crate) struct Period {
    pub(crate) column: &'static str,
    pub(crate) from: Option<SystemTime>,
    pub(crate) to: Option<SystemTime>,
}

/// A key that is looked for: the texts of its parts, and of what kinds they are, if that is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct KeyFilter {
    pub(crate) parts: Vec<String>,
    pub(crate) kinds: Option<Vec<KeyKind>>,
}

impl KeyFilter {
    fn of<K>(key: &Key<K>) -> Self {
        let (parts, kinds) = key.texts_and_kinds().unzip();
        Self { parts, kinds: Some(kinds) }
    }
}

impl<'de> Deserialize<'de> for KeyFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { parts: vec![String::deserialize(deserializer)?], kinds: None })
    }
}

/// Reads several values: a list, or a text with commas.
fn several<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    deserializer.deserialize_any(Several(PhantomData))
}

struct Several<T>(PhantomData<T>);

impl<'de, T: FromStr<Err: fmt::Display>> Visitor<'de> for Several<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, several with commas between them, or a list of texts")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        text.split(',').map(str::trim).map(|value| value.parse().map_err(E::custom)).collect()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(text) = list.next_element::<String>()? {
            values.push(text.parse().map_err(A::Error::custom)?);
        }
        Ok(values)
    }
}

/// Reads a number, which is a text in a query string.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    usize::deserialize(deserializer).map(Some)
}
