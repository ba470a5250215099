//! The condition of a step that waits for an event with a certain key: `async.data.order_id == "7"`.
//!
//! It is CEL, so that it is the same on every host, and in a form that is read back without a parser of CEL: a run that waits
//! has a condition of its own, with its own key.

use serde_json::Value;

use super::Key;
use super::part::Part;
use crate::const_text::same;

impl<K> Key<K> {
    /// The condition that an event with these fields has this key. The last field comes first: a key goes from the general to
    /// the particular, such as from a tenant to an order, and a host looks up the first.
    pub(crate) fn condition(self, fields: &[&str]) -> String {
        let equalities = fields.iter().zip(&self.parts).rev();
        let equalities =
            equalities.map(|(field, part)| [DATA, &accessor(field), IS, &literal(part)].concat());
        equalities.collect::<Vec<_>>().join(AND)
    }
}

const DATA: &str = "async.data";
const IS: &str = " == ";
const AND: &str = " && ";

fn accessor(name: &str) -> String {
    if is_plain(name) { format!(".{name}") } else { format!("[{}]", quoted(name)) }
}

fn literal(part: &Part) -> String {
    match part {
        Part::Text(text) => quoted(text),
        // Without the suffix a number of CEL is one with a sign.
        Part::Integer(number) if *number > i128::from(i64::MAX) => format!("{number}u"),
        Part::Integer(number) => number.to_string(),
    }
}

/// A text as JSON has it, which CEL reads alike.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Whether the field of an object may follow a dot in CEL: an identifier that is not a word of the language.
pub(crate) const fn is_plain(name: &str) -> bool {
    const RESERVED: [&str; 22] = [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "namespace",
        "null",
        "package",
        "return",
        "true",
        "var",
        "void",
        "while",
        "",
    ];
    let bytes = name.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphabetic() && bytes[at] != b'_' && (at == 0 || !bytes[at].is_ascii_digit()) {
            return false;
        }
        at += 1;
    }
    let mut word = 0;
    while word < RESERVED.len() {
        if same(RESERVED[word], name) {
            return false;
        }
        word += 1;
    }
    true
}

/// The fields of `data` and their values, of a condition as it is written above; `None` for any other expression.
#[cfg(feature = "engine")]
pub(crate) fn read(condition: &str) -> Option<Vec<(String, Value)>> {
    condition.split(AND).map(equality).collect()
}

/// A text may hold what stands between two equalities: such a condition is read as any other expression.
#[cfg(feature = "engine")]
fn equality(text: &str) -> Option<(String, Value)> {
    let (field, value) = text.strip_prefix(DATA)?.split_once(IS)?;
    let name = match field.strip_prefix('.') {
        Some(name) => name.to_owned(),
        None => serde_json::from_str(field.strip_prefix('[')?.strip_suffix(']')?).ok()?,
    };
    let part = match value.strip_suffix('u').unwrap_or(value).parse() {
        Ok(number) => Part::Integer(number),
        Err(_) => Part::Text(serde_json::from_str(value).ok()?),
    };
    // Other spellings are those of a person, and CEL may see more in them.
    let is_ours = accessor(&name) == field && literal(&part) == value;
    let value = match part {
        Part::Text(text) => Value::from(&*text),
        Part::Integer(number) => Value::Number(serde_json::Number::from_i128(number)?),
    };
    is_ours.then_some((name, value))
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use serde_json::json;

    use super::super::Key;
    use super::read;
    use crate::engine::expression::Expression;

    /// What a key is read back as, and whether CEL finds it in an event that has it.
    fn round<K>(fields: &[&str], key: Key<K>, data: &serde_json::Value) -> Option<Vec<String>> {
        let condition = key.condition(fields);
        let later = json!({ "data": data });
        let expression = Expression::parse_cel(&condition).unwrap();
        assert!(expression.holds(&json!({}), Some(&later), |_| ()), "{condition}");
        Some(read(&condition)?.into_iter().map(|(name, value)| format!("{name} {value}")).collect())
    }

    #[test]
    fn every_text_and_number_is_what_cel_reads() {
        for text in [
            "",
            "a",
            "\"",
            "\\",
            "\u{0}\u{1}\u{8}\u{c}\n\r\t\u{1f}\u{7f}",
            "\u{e4}\u{1f600}\u{2028}",
            "u",
            "7u",
            "' ? `",
        ] {
            let read = round(&["id"], Key::of(text), &json!({ "id": text }));
            assert_eq!(read, Some(vec![format!("id {}", json!(text))]));
        }
        for number in [0, 1, -1, i128::from(i64::MIN), i128::from(i64::MAX), i128::from(u64::MAX)] {
            let value: serde_json::Value = serde_json::from_str(&number.to_string()).unwrap();
            let key = match u64::try_from(number) {
                Ok(number) => Key::of(&number),
                Err(_) => Key::of(&i64::try_from(number).unwrap()),
            };
            let read = round(&["n"], key, &json!({ "n": value }));
            assert_eq!(read, Some(vec![format!("n {number}")]));
        }
    }

    #[test]
    fn the_last_of_several_fields_comes_first() {
        let fields = ["tenant", "order-id", "in"];
        let data = json!({ "tenant": "acme", "order-id": 7, "in": 8 });
        let read = round(&fields, Key::of(("acme", &7_u64, &8_u64)), &data);
        assert_eq!(read, Some(vec!["in 8".into(), "order-id 7".into(), "tenant \"acme\"".into()]));
    }

    #[test]
    fn what_a_person_wrote_is_left_to_cel() {
        for condition in [
            "async.data.id == event.data.id",
            "async.data.id == 7.0",
            "async.data.id == 07",
            "async.data.id == 7u",
            "async.data.id == 'a'",
            "async.data.id == \"a\\/b\"",
            "async.data[\"id\"] == 7",
            "async.data.id.x == 7",
            "async.data.id==7",
            "async.data.id == 7 || true",
            "async.data.id == \"a\" && true",
            "async.id == 7",
            "",
        ] {
            assert_eq!(read(condition), None, "{condition}");
        }
        // A text with the joint in it.
        let read = round(&["id"], Key::of("a && b"), &json!({ "id": "a && b" }));
        assert_eq!(read, None);
    }
}
