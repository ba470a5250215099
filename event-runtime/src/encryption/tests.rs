//! The format: what is sealed is opened, and nothing else is.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::value::RawValue;

use super::keys::{Key, KeyRing};
use super::sealed::Sealed;
use crate::clock::Random;

/// The same numbers each time.
#[derive(Default)]
struct Counting(AtomicU64);

impl Random for Counting {
    fn next_u128(&self) -> u128 {
        u128::from(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

fn key(id: &str) -> Key {
    Key::new(id, &format!("a secret of the key {id}")).unwrap()
}

fn ring(id: &str) -> KeyRing {
    KeyRing::new(key(id))
}

fn opened(json: &RawValue, ring: &KeyRing, place: &str) -> Result<String, String> {
    let sealed = Sealed::read(json.get()).unwrap();
    sealed.open(ring, place).map(|open| open.get().to_owned()).map_err(|problem| problem.to_string())
}

#[test]
fn what_is_sealed_is_opened_in_its_place_with_its_key() {
    let random = Counting::default();
    let sealed = Sealed::new(&key("1"), &random, "here", r#"{"a":"secret"}"#).unwrap().into_json().unwrap();
    assert!(!sealed.get().contains("secret"), "{sealed}");
    assert!(
        sealed.get().starts_with(
            r#"{"__ENCRYPTED__":true,"__STRATEGY__":"event-runtime/xchacha20poly1305","key":"1","data":""#
        ),
        "{sealed}"
    );
    assert_eq!(opened(&sealed, &ring("1"), "here").unwrap(), r#"{"a":"secret"}"#);
    let rotated = ring("2").and_opens(key("1")).unwrap();
    assert_eq!(opened(&sealed, &rotated, "here").unwrap(), r#"{"a":"secret"}"#);
    let moved = opened(&sealed, &ring("1"), "there").unwrap_err();
    assert!(moved.contains("changed or moved"), "{moved}");
    let missing = opened(&sealed, &ring("2"), "here").unwrap_err();
    assert!(missing.contains("the key `1`, which is not in the key ring (it holds `2`)"), "{missing}");
    let wrong = KeyRing::new(Key::new("1", "another secret, of the same id").unwrap());
    assert!(opened(&sealed, &wrong, "here").unwrap_err().contains("`1` does not open it"));
}

#[test]
fn a_changed_byte_is_found() {
    let sealed = Sealed::new(&key("1"), &Counting::default(), "here", "\"secret\"").unwrap();
    let json = sealed.into_json().unwrap();
    let data = json.get().find("\"data\":\"").unwrap() + 8;
    for at in data..json.get().len() - 2 {
        let mut bytes = json.get().as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = RawValue::from_string(String::from_utf8(bytes).unwrap()).unwrap();
        assert!(opened(&changed, &ring("1"), "here").is_err(), "byte {at}");
    }
}

#[test]
fn the_format_of_the_typescript_sdk_is_that_of_libsodium() {
    struct Nonce(AtomicU64);

    impl Random for Nonce {
        fn next_u128(&self) -> u128 {
            let first = u8::try_from(self.0.fetch_add(16, Ordering::Relaxed)).unwrap();
            u128::from_be_bytes(std::array::from_fn(|at| first + u8::try_from(at).unwrap()))
        }
    }

    let key = Key::new("npm", "a key of thirty-two characters..").unwrap();
    let sealed = Sealed::for_inngest(&key, &Nonce(AtomicU64::new(0)), r#"{"iban":"DE02"}"#).unwrap();
    let json = sealed.into_json().unwrap();
    assert_eq!(json.get(), LIBSODIUM);
    assert_eq!(opened(&json, &KeyRing::new(key.clone()), "").unwrap(), r#"{"iban":"DE02"}"#);
    let rotated = ring("2").and_opens(key).unwrap();
    assert_eq!(opened(&json, &rotated, "anywhere").unwrap(), r#"{"iban":"DE02"}"#);
    assert!(opened(&json, &ring("2"), "").unwrap_err().contains("no key of the key ring opens it"));
}

/// What `libsodium-wrappers` 0.7 gives for this key and text, and the nonce 0, 1, .. 23.
const LIBSODIUM: &str = r#"{"__ENCRYPTED__":true,"__STRATEGY__":"inngest/libsodium","data":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXIouOkxvGW9rANpzkWKgVgnwzl4UfEDrMZJlQ8+ZOGQ=="}"#;

#[test]
fn what_only_looks_sealed_stays_as_it_is() {
    for json in [
        r#""__ENCRYPTED__""#,
        r#"{"__ENCRYPTED__":false,"__STRATEGY__":"x","data":""}"#,
        r#"{"__ENCRYPTED__":true}"#,
        r#"[{"__ENCRYPTED__":true,"data":""}]"#,
    ] {
        assert!(Sealed::read(json).is_none(), "{json}");
    }
    let unknown =
        |json: &str| opened(&RawValue::from_string(json.to_owned()).unwrap(), &ring("1"), "").unwrap_err();
    let long = "A".repeat(64);
    assert!(
        unknown(&format!(r#"{{"__ENCRYPTED__":true,"data":"{long}"}}"#)).contains("before version 1"),
        "the first version says no strategy"
    );
    assert!(
        unknown(&format!(r#"{{"__ENCRYPTED__":true,"__STRATEGY__":"own","data":"{long}"}}"#))
            .contains("`own`")
    );
    assert_eq!(unknown(r#"{"__ENCRYPTED__":true,"__STRATEGY__":"own","data":"!"}"#), "it is damaged");
}

#[test]
fn no_error_and_no_debug_output_holds_a_secret() {
    let secret = "kq3V0sYp1mJ7n2eXz5cRt8wBu4hLd6gA";
    let key = Key::new("1", secret).unwrap();
    let encryption = super::Encryption::new(KeyRing::new(key.clone()));
    assert_eq!(
        format!("{encryption:?}"),
        r#"Encryption { ring: KeyRing { keys: [Key { id: "1", .. }] }, covers: Payloads, .. }"#
    );
    let errors = [
        Key::new(secret.repeat(3), secret).unwrap_err().to_string(),
        Key::new("1", "short-secret").unwrap_err().to_string(),
        KeyRing::new(key.clone()).and_opens(key).unwrap_err().to_string(),
    ];
    assert!(!errors[1].contains("short-secret") && !errors[2].contains(secret), "{errors:?}");
}
