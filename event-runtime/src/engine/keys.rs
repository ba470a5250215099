//! Keys of options: which events an option counts together, and what it does with those that have no key.

use std::sync::Arc;

use serde_json::{Number, Value};

use super::expression::{Expression, ExpressionPlace, NoValue};
use super::limits::MAX_KEY_BYTES;
use super::model::{EventKey, EventView};

/// What an option does with an event for which its key has no value: a field is missing, it is null, or it cannot be evaluated.
enum WithoutKey {
    /// The option leaves the event alone, as if the function did not have it. A key that is `false` asks for that too.
    Exempt,
    /// The event has a group of its own.
    Alone,
    /// The event is in one group with all others that have no key.
    Together,
}

/// Options that skip or replace events never lose one to another with which it has nothing in common; options that only put
/// runs off treat all events without a key as one group, as an Inngest server does.
const fn without_key(option: ExpressionPlace) -> WithoutKey {
    match option {
        ExpressionPlace::Idempotency | ExpressionPlace::RateLimit | ExpressionPlace::Singleton => {
            WithoutKey::Exempt
        }
        ExpressionPlace::Debounce => WithoutKey::Alone,
        _ => WithoutKey::Together,
    }
}

/// The events that an option counts together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Group {
    /// It does not count the event at all.
    None,
    /// The event by itself.
    Alone,
    /// Those with this key; without a key of the option, and for all that have none, the empty text.
    Key(Arc<str>),
}

impl Group {
    /// The group of an event. `report` is told why its key cannot be evaluated.
    pub(crate) fn of(
        option: ExpressionPlace,
        key: Option<&Expression>,
        event: &EventView,
        report: impl FnOnce(NoValue),
    ) -> Self {
        let Some(key) = key else { return Self::Key("".into()) };
        let value = key.evaluate(event.value(), None).unwrap_or_else(|problem| {
            report(problem);
            Value::Null
        });
        match (value, without_key(option)) {
            (Value::Null | Value::Bool(false), WithoutKey::Exempt) => Self::None,
            (Value::Null, WithoutKey::Alone) => Self::Alone,
            (Value::Null, WithoutKey::Together) => Self::Key("".into()),
            (value, _) => Self::Key(text(value)),
        }
    }

    /// The key of the group, if it has one.
    pub(crate) fn key(self) -> Option<Arc<str>> {
        match self {
            Self::Key(key) => Some(key),
            Self::None | Self::Alone => None,
        }
    }

    /// The key of the group, where one that holds this event alone has one too.
    pub(crate) fn key_or_own(self, event: EventKey) -> Arc<str> {
        self.key().unwrap_or_else(|| format!("{OWN}{}", event.0).into())
    }
}

/// Begins the key of a group that holds one event alone; no other key begins with it.
const OWN: char = '\0';

/// The value of a key as a text, which is stored: a text stands for itself, and a number that is whole for an integer, as 1 and
/// 1.0 are one key on an Inngest server too. Of one that is too long the beginning is kept, its length and a hash.
fn text(value: Value) -> Arc<str> {
    let text = match value {
        Value::String(text) if !text.starts_with(OWN) => text,
        Value::Number(number) => integer(&number).map_or_else(|| number.to_string(), |it| it.to_string()),
        other => other.to_string(),
    };
    if text.len() <= MAX_KEY_BYTES {
        return text.into();
    }
    let rest = format!("..{}-{:016x}", text.len(), event_conventions::hash_name(&text));
    let start = text.floor_char_boundary(MAX_KEY_BYTES - rest.len());
    format!("{}{rest}", &text[..start]).into()
}

/// A number with a fraction of zero as the integer that it is, as far as such numbers are exact.
#[allow(clippy::cast_possible_truncation, reason = "it is checked to be within the bounds")]
fn integer(number: &Number) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let float = number.as_f64().filter(|_| number.is_f64())?;
    (float.fract() == 0.0 && float.abs() <= EXACT).then_some(float as i64)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::{Group, MAX_KEY_BYTES, text};
    use crate::engine::expression::{Expression, ExpressionPlace, NoValue};
    use crate::engine::model::{EventKey, EventView};
    use crate::event::RawEnvelope;

    fn event(data: &Value) -> EventView {
        let event = json!({ "id": "1", "name": "order/placed", "ts": 1, "data": data });
        EventView::new(Arc::new(serde_json::from_value::<RawEnvelope>(event).unwrap()))
    }

    fn group(option: ExpressionPlace, data: &Value) -> (Group, Option<NoValue>) {
        let (key, mut problem) = (Expression::parse("event.data.account").unwrap(), None);
        (Group::of(option, Some(&key), &event(data), |why| problem = Some(why)), problem)
    }

    #[test]
    fn an_event_without_a_key_loses_no_other() {
        use ExpressionPlace::{Batch, Concurrency, Debounce, Idempotency, RateLimit, Singleton, Throttle};
        let together = Group::Key("".into());
        for (option, expected) in [
            (Idempotency, Group::None),
            (RateLimit, Group::None),
            (Singleton, Group::None),
            (Debounce, Group::Alone),
            (Batch, together.clone()),
            (Throttle, together.clone()),
            (Concurrency, together),
        ] {
            assert_eq!(group(option, &json!({})), (expected.clone(), Some(NoValue::Missing)), "{option:?}");
            assert_eq!(group(option, &json!({ "account": null })), (expected.clone(), None), "{option:?}");
            let no_key =
                Group::of(option, None, &event(&json!({})), |_| panic!("there is nothing to evaluate"));
            assert_eq!(no_key, Group::Key("".into()), "{option:?}");
            let is_exempt = expected == Group::None;
            let expected = if is_exempt { Group::None } else { Group::Key("false".into()) };
            assert_eq!(group(option, &json!({ "account": false })), (expected, None), "{option:?}");
            assert_eq!(group(option, &json!({ "account": "a" })).0, Group::Key("a".into()), "{option:?}");
        }
    }

    #[test]
    fn a_whole_number_is_one_key_however_it_is_written() {
        for (value, expected) in [
            (json!(1), "1"),
            (json!(1.0), "1"),
            (json!(-0.0), "0"),
            (json!(1.5), "1.5"),
            (json!(1e300), "1e+300"),
            (json!(u64::MAX), "18446744073709551615"),
            (json!(true), "true"),
            (json!(["a", 1]), "[\"a\",1]"),
        ] {
            assert_eq!(&*text(value.clone()), expected, "{value}");
        }
    }

    #[test]
    fn a_long_key_is_stored_shortened_and_stays_itself() {
        let long = |last: char| {
            let mut key = "\u{e4}".repeat(MAX_KEY_BYTES / 2 - 1);
            key.push('x');
            key.push(last);
            key
        };
        assert_eq!(long('a').len(), MAX_KEY_BYTES);
        assert_eq!(*text(json!(long('a'))), long('a'), "the longest that is stored as it is");
        let longer = |last: char| text(json!(format!("x{}", long(last))));
        assert!(longer('a').len() <= MAX_KEY_BYTES && longer('a').starts_with("x\u{e4}"));
        assert_eq!(longer('a'), longer('a'));
        assert_ne!(longer('a'), longer('b'), "they differ in the last letter alone");
    }

    #[test]
    fn nobody_writes_the_key_of_a_group_of_one() {
        let own = Group::Alone.key_or_own(EventKey(7));
        assert_ne!(text(json!(&*own)), own);
        assert_ne!(own, Group::Alone.key_or_own(EventKey(8)));
    }
}
