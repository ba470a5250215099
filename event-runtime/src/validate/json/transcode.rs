//! The way to serde: a payload is `Serialize` and `Deserialize` through its JSON text, for whoever keeps it in types and
//! formats of their own. It costs nothing, to the compiler either, while nobody uses it.

use std::cell::RefCell;
use std::fmt;

use serde::de::{self, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};

use super::number::Whole;
use super::reader::Kind;
use super::{Json, Reader, Writer};
use crate::validate::Path;

/// Writes a payload with any serializer.
///
/// # Errors
///
/// That JSON does not carry the value, and errors of the serializer.
pub fn serialize<T: Json, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let text = Writer::write(value, &Path::root()).map_err(S::Error::custom)?;
    Transcoded(&RefCell::new(Reader::new(&text))).serialize(serializer)
}

const NOT_JSON: &str = "a payload was written that is not JSON";

/// The value that comes next in a JSON text.
struct Transcoded<'r, 'j>(&'r RefCell<Reader<'j>>);

impl Transcoded<'_, '_> {
    fn with<T>(&self, read: impl FnOnce(&mut Reader<'_>) -> Option<T>) -> Result<T, &'static str> {
        read(&mut self.0.borrow_mut()).ok_or(NOT_JSON)
    }

    fn kind(&self) -> Result<Kind, &'static str> {
        self.0.borrow_mut().kind().ok_or(NOT_JSON)
    }
}

impl Serialize for Transcoded<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let root = Path::root();
        match self.kind().map_err(S::Error::custom)? {
            Kind::Null => {
                self.with(|reader| Some(reader.null())).map_err(S::Error::custom)?;
                serializer.serialize_none()
            }
            Kind::Boolean => serializer
                .serialize_bool(self.with(|reader| bool::read(reader, &root)).map_err(S::Error::custom)?),
            Kind::Text => {
                let text = self.with(|reader| String::read(reader, &root)).map_err(S::Error::custom)?;
                serializer.serialize_str(&text)
            }
            Kind::Number => self.number(serializer),
            Kind::List => {
                let mut list = serializer.serialize_seq(None)?;
                let mut is_first = self.0.borrow_mut().begin_list(&root);
                while self.0.borrow_mut().next_element(std::mem::replace(&mut is_first, false)) {
                    list.serialize_element(self)?;
                }
                list.end()
            }
            Kind::Object => {
                let mut object = serializer.serialize_map(None)?;
                let mut is_first = self.0.borrow_mut().begin_object(&root);
                loop {
                    let key = self.0.borrow_mut().next_key(std::mem::replace(&mut is_first, false));
                    let Some(key) = key else { break };
                    object.serialize_entry(key.text().unwrap_or_default(), self)?;
                }
                object.end()
            }
        }
    }
}

impl Transcoded<'_, '_> {
    fn number<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (integer, float) = self
            .with(|reader| {
                let number = reader.number()?;
                Some((if number.is_plain { number.whole() } else { Whole::Fraction }, number.to_f64()))
            })
            .map_err(S::Error::custom)?;
        match integer {
            Whole::Exactly { is_negative: false, magnitude } => match u64::try_from(magnitude) {
                Ok(number) => serializer.serialize_u64(number),
                Err(_) => serializer.serialize_u128(magnitude),
            },
            Whole::Exactly { magnitude, .. } => {
                let number = 0_i128.checked_sub_unsigned(magnitude).unwrap_or(i128::MIN);
                match i64::try_from(number) {
                    Ok(number) => serializer.serialize_i64(number),
                    Err(_) => serializer.serialize_i128(number),
                }
            }
            _ => serializer.serialize_f64(float),
        }
    }
}

/// The name under which `serde_json` hands out the text of a value as it stands. Other deserializers do not know it, and
/// go on with the value.
pub(super) const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// Reads a payload with any deserializer.
///
/// # Errors
///
/// Every issue of the payload, in one text; its rules are not checked.
pub fn deserialize<'de, T: Json, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = deserializer.deserialize_newtype_struct(RAW_VALUE, JsonText)?;
    let mut reader = Reader::new(&text);
    let value = T::read(&mut reader, &Path::root());
    reader.finish(value).map_err(D::Error::custom)
}

/// Makes a JSON text of what a deserializer has.
struct JsonText;

macro_rules! scalars {
    ($($visit:ident($type:ty)),*) => {$(
        fn $visit<E: de::Error>(self, value: $type) -> Result<String, E> {
            serde_json::to_string(&value).map_err(E::custom)
        }
    )*};
}

impl<'de> Visitor<'de> for JsonText {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has a form for")
    }

    scalars!(
        visit_bool(bool),
        visit_i64(i64),
        visit_i128(i128),
        visit_u64(u64),
        visit_u128(u128),
        visit_f64(f64),
        visit_str(&str)
    );

    fn visit_unit<E: de::Error>(self) -> Result<String, E> {
        Ok("null".to_owned())
    }

    fn visit_none<E: de::Error>(self) -> Result<String, E> {
        Ok("null".to_owned())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<String, A::Error> {
        let mut text = "[".to_owned();
        while let Some(Text(element)) = list.next_element()? {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(&element);
        }
        Ok(text + "]")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
        let mut text = "{".to_owned();
        while let Some(Key(key)) = map.next_key()? {
            if key == RAW_VALUE && text.len() == 1 {
                return map.next_value();
            }
            if text.len() > 1 {
                text.push(',');
            }
            let Text(value) = map.next_value()?;
            text.push_str(&serde_json::to_string(&key).map_err(A::Error::custom)?);
            text.push(':');
            text.push_str(&value);
        }
        Ok(text + "}")
    }
}

/// A value as a JSON text.
struct Text(String);

impl<'de> de::Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonText).map(Self)
    }
}

/// A key, whatever it is in its format.
struct Key(String);

impl<'de> de::Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = deserializer.deserialize_any(JsonText)?;
        // What is no text, such as a number, is a key as it is written.
        Ok(Self(serde_json::from_str(&text).unwrap_or(text)))
    }
}
