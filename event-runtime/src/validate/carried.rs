//! Writing values as JSON that JSON carries: what would be read back as something else is an issue with its path.

use std::sync::Arc;

use serde::ser::{self, Serialize, Serializer};
use serde_json::Error;
use serde_json::value::{RawValue, to_raw_value};

use super::json_text::write_json;
use super::path::key_text;
use super::{Issue, Issues, Path, code};

/// Writes a value as JSON. Numbers that are not finite, and a `Some` that would be read back as `None`, are issues, since
/// `serde_json` writes `null` for them.
pub(crate) fn encode<T: Serialize + ?Sized>(
    value: &T,
    path: &Path<'_>,
    issues: &mut Issues,
) -> Option<Box<RawValue>> {
    encode_by(to_raw_value, |json| json.get(), value, path, issues)
}

/// The same, as text.
pub(crate) fn encode_text<T: Serialize + ?Sized>(
    value: &T,
    path: &Path<'_>,
    issues: &mut Issues,
) -> Option<Arc<str>> {
    encode_by(write_json, |json: &Arc<str>| json, value, path, issues)
}

fn encode_by<T: Serialize + ?Sized, J>(
    write: impl FnOnce(&T) -> Result<J, Error>,
    text: impl FnOnce(&J) -> &str,
    value: &T,
    path: &Path<'_>,
    issues: &mut Issues,
) -> Option<J> {
    match write(value) {
        Ok(json) => {
            // Most values have none: they are not looked at a second time.
            if text(&json).contains("null") {
                carried(value, path, issues);
            }
            Some(json)
        }
        Err(error) => {
            issues.push(not_written(path, &error));
            None
        }
    }
}

/// Adds what JSON writes as `null` though it is something else.
pub(super) fn carried<T: Serialize + ?Sized>(value: &T, path: &Path<'_>, issues: &mut Issues) {
    Carried { path, issues, in_some: false }.check(value);
}

pub(super) fn not_written(path: &Path<'_>, error: &Error) -> Issue {
    Issue::new(path, code::INVALID_TYPE, format!("cannot be written as JSON: {error}"))
}

/// A serializer that writes nothing, and looks for what JSON writes as `null`.
struct Carried<'a> {
    path: &'a Path<'a>,
    issues: &'a mut Issues,
    in_some: bool,
}

impl<'a> Carried<'a> {
    fn check<T: Serialize + ?Sized>(self, value: &T) {
        let Self { path, issues, in_some } = self;
        if let Err(error) = value.serialize(Carried { path, issues: &mut *issues, in_some }) {
            issues.push(not_written(path, &error));
        }
    }

    fn float(self, number: f64) {
        // A rule of the field may have found it already.
        if !number.is_finite() && self.issues.iter().all(|issue| issue.path != self.path.to_text()) {
            self.issues.push(not_finite(self.path, &number));
        }
    }

    fn null(self) {
        if self.in_some {
            self.issues.push(some_is_null(self.path));
        }
    }

    fn parts(self) -> Parts<'a> {
        Parts { whole: self, variant: None, index: 0, key: String::new() }
    }

    fn parts_of(self, variant: &'static str) -> Parts<'a> {
        Parts { variant: Some(variant), ..self.parts() }
    }
}

/// The issue of a `Some` that would be read back as `None`.
pub(super) fn some_is_null(path: &Path<'_>) -> Issue {
    let message = "is `Some`, but JSON has `null` for it, which is read back as `None`";
    Issue::new(path, code::INVALID_TYPE, message)
}

/// The issue of a number that JSON has no form for.
pub(super) fn not_finite(path: &Path<'_>, number: &dyn std::fmt::Display) -> Issue {
    let message = format!("must be a finite number, is {number}: JSON has no form for it");
    Issue::new(path, code::INVALID_TYPE, message)
}

macro_rules! carried {
    ($($method:ident($type:ty)),*) => {$(
        fn $method(self, _: $type) -> Result<(), Error> {
            Ok(())
        }
    )*};
}

impl<'a> Serializer for Carried<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

    carried!(
        serialize_bool(bool),
        serialize_i8(i8),
        serialize_i16(i16),
        serialize_i32(i32),
        serialize_i64(i64),
        serialize_i128(i128),
        serialize_u8(u8),
        serialize_u16(u16),
        serialize_u32(u32),
        serialize_u64(u64),
        serialize_u128(u128),
        serialize_char(char),
        serialize_str(&str),
        serialize_bytes(&[u8])
    );

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.float(value.into());
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        self.float(value);
        Ok(())
    }

    fn collect_str<T: std::fmt::Display + ?Sized>(self, _: &T) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.null();
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(Carried { in_some: true, ..self })
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.null();
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.null();
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.parts().field(variant, value);
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'a>, Error> {
        Ok(self.parts())
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'a>, Error> {
        Ok(self.parts())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, Error> {
        Ok(self.parts())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Error> {
        Ok(self.parts_of(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'a>, Error> {
        Ok(self.parts())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, Error> {
        Ok(self.parts())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Error> {
        Ok(self.parts_of(variant))
    }
}

/// The parts of a list or of an object, one after the other.
struct Parts<'a> {
    whole: Carried<'a>,
    /// The name of an enum's variant, which holds them.
    variant: Option<&'static str>,
    index: usize,
    key: String,
}

impl Parts<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) {
        let index = self.index;
        self.index += 1;
        self.part(value, |holder, part| part(&holder.index(index)));
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.part(value, |holder, part| part(&holder.field(name)));
    }

    /// Checks a part, whose path follows from the path of what holds it.
    fn part<T: Serialize + ?Sized>(
        &mut self,
        value: &T,
        at: impl FnOnce(&Path<'_>, &mut dyn FnMut(&Path<'_>)),
    ) {
        let whole = self.whole.path;
        let variant = self.variant.map(|variant| whole.field(variant));
        let issues = &mut *self.whole.issues;
        at(variant.as_ref().unwrap_or(whole), &mut |path| {
            Carried { path, issues: &mut *issues, in_some: false }.check(value);
        });
    }
}

macro_rules! elements {
    ($($trait:ident::$method:ident),*) => {$(
        impl ser::$trait for Parts<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value);
                Ok(())
            }

            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        }
    )*};
}

elements!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);

macro_rules! fields {
    ($($trait:ident),*) => {$(
        impl ser::$trait for Parts<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
                self.field(name, value);
                Ok(())
            }

            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<K: Serialize + ?Sized>(&mut self, key: &K) -> Result<(), Error> {
        self.key = key_text(key)?;
        Ok(())
    }

    fn serialize_value<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), Error> {
        let key = std::mem::take(&mut self.key);
        self.part(value, |holder, part| part(&holder.key(&key)));
        Ok(())
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::Value;

    use super::encode;
    use crate::validate::{Issues, Path};

    #[derive(Serialize)]
    enum Price {
        Free,
        Fixed(f64),
        Range { from: f32, to: Option<f32> },
    }

    fn found<T: Serialize>(value: &T) -> Vec<String> {
        let mut issues = Issues::new();
        let json = encode(value, &Path::root(), &mut issues);
        assert!(json.is_some() || !issues.is_empty());
        issues.into_iter().map(|issue| format!("{} {}", issue.path, issue.code)).collect()
    }

    #[test]
    fn what_json_writes_as_null_and_is_none_is_found_wherever_it_stands() {
        assert_eq!(found(&f64::NAN), [" invalid_type"]);
        assert_eq!(found(&(1, Some(f32::INFINITY))), ["[1] invalid_type"]);
        assert_eq!(found(&Some(())), [" invalid_type"]);
        assert_eq!(found(&Some(None::<u8>)), [" invalid_type"]);
        assert_eq!(found(&vec![Some(Value::Null)]), ["[0] invalid_type"]);
        assert_eq!(found(&Price::Fixed(f64::NAN)), ["Fixed invalid_type"]);
        let range = Price::Range { from: f32::NAN, to: Some(f32::NEG_INFINITY) };
        assert_eq!(found(&range), ["Range.from invalid_type", "Range.to invalid_type"]);
        let rates = BTreeMap::from([(7, f64::NAN)]);
        assert_eq!(found(&rates), [r#"["7"] invalid_type"#]);
    }

    #[test]
    fn what_is_null_is_carried() {
        assert!(found(&(None::<u8>, (), Value::Null, Price::Free, "null")).is_empty());
        assert!(found(&Price::Range { from: 1.0, to: None }).is_empty());
    }
}
