//! Writing values as JSON text.

use std::cell::Cell;
use std::sync::Arc;

use serde::Serialize;

thread_local! {
    static ROOM: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// The most room that is kept for the next value, in bytes.
const MAX_ROOM: usize = 64 * 1024;

/// Writes a value as JSON. Most are small: they are written to room that is there already, and take one allocation.
pub(super) fn write_json<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Arc<str>> {
    // A value that writes another one as JSON meanwhile finds an empty buffer.
    let mut room = ROOM.take();
    room.clear();
    serde_json::to_writer(&mut room, value)?;
    let text = str::from_utf8(&room).map_err(serde::ser::Error::custom)?;
    let json = Arc::from(text);
    if room.capacity() <= MAX_ROOM {
        ROOM.set(room);
    }
    Ok(json)
}

#[cfg(test)]
mod tests {
    use serde::{Serialize, Serializer};

    use super::write_json;

    /// Writes itself as a text that holds JSON.
    struct Nested;

    impl Serialize for Nested {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(&write_json(&[1, 2]).unwrap())
        }
    }

    #[test]
    fn values_are_written_one_inside_another() {
        assert_eq!(&*write_json(&(Nested, "ß")).unwrap(), r#"["[1,2]","ß"]"#);
        assert_eq!(&*write_json(&7).unwrap(), "7");
    }
}
