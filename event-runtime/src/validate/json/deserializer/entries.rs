//! The elements of lists and the entries of objects.

use std::cell::Cell;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess};

use super::key::Key;
use super::{Next, Reading, Stop};
use crate::validate::Path;
use crate::validate::json::strings;
use crate::validate::json::through_serde::Explained;

/// The elements of a list.
pub(super) struct Elements<'a, 'r, 'j, 'l, 'p> {
    pub(super) reading: &'a mut Reading<'r, 'j, 'l>,
    path: &'a Path<'p>,
    count: usize,
    pub(super) is_over: bool,
    /// Whether an element was left out.
    pub(super) lacks: bool,
}

impl<'a, 'r, 'j, 'l, 'p> Elements<'a, 'r, 'j, 'l, 'p> {
    /// The elements of the list that has begun.
    pub(super) const fn new(reading: &'a mut Reading<'r, 'j, 'l>, path: &'a Path<'p>) -> Self {
        Self { reading, path, count: 0, is_over: false, lacks: false }
    }

    /// Where the next element stands that is not left out.
    pub(super) fn next_place(&mut self) -> Option<usize> {
        while self.reading.reader.next_element(self.count == 0) {
            self.count += 1;
            self.reading.reader.peek();
            let place = self.reading.reader.at;
            if !self.reading.left_out.contains(&place) {
                return Some(place);
            }
            self.lacks = true;
            self.reading.reader.skip();
        }
        self.is_over = true;
        None
    }
}

impl<'de> SeqAccess<'de> for &mut Elements<'_, '_, '_, '_, '_> {
    type Error = Stop;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Stop> {
        if self.is_over {
            return Ok(None);
        }
        let Some(place) = self.next_place() else {
            return if self.reading.reader.is_broken() { Err(Stop::Noted) } else { Ok(None) };
        };
        let path = self.path.index(self.count - 1);
        let read = seed.deserialize(Next { reading: &mut *self.reading, path: &path });
        if read.is_err() {
            self.reading.wrong.get_or_insert(place);
        }
        read.map(Some)
    }
}

/// The entries of an object.
pub(super) struct Entries<'a, 'r, 'j, 'l, 'p> {
    pub(super) reading: &'a mut Reading<'r, 'j, 'l>,
    path: &'a Path<'p>,
    /// The key of the entry whose value comes next, and whether it is the name of a field.
    key: Option<(String, bool)>,
    /// Where that key stands.
    place: usize,
    is_first: bool,
    pub(super) is_over: bool,
    /// Whether an entry was left out.
    pub(super) lacks: bool,
}

impl<'a, 'r, 'j, 'l, 'p> Entries<'a, 'r, 'j, 'l, 'p> {
    /// The entries of the object that has begun.
    pub(super) const fn new(reading: &'a mut Reading<'r, 'j, 'l>, path: &'a Path<'p>) -> Self {
        Self { reading, path, key: None, place: 0, is_first: true, is_over: false, lacks: false }
    }

    /// The next key that is not left out.
    pub(super) fn next(&mut self) -> Option<strings::Key<'j>> {
        while let Some(key) = self.reading.reader.next_key(std::mem::replace(&mut self.is_first, false)) {
            self.reading.reader.peek();
            self.place = self.reading.reader.at;
            if !self.reading.left_out.contains(&self.place) {
                return Some(key);
            }
            self.lacks = true;
            self.reading.reader.skip();
        }
        self.is_over = true;
        None
    }

    /// Reads a key as a type, and notes what is said of it.
    fn read_key<'de, S: DeserializeSeed<'de>>(
        &mut self,
        key: &strings::Key<'_>,
        seed: S,
    ) -> Result<S::Value, Stop> {
        let issues = self.reading.reader.issues();
        let Some(text) = key.text() else {
            issues.push(strings::unpaired(self.path));
            return Err(Stop::Noted);
        };
        let is_field = Cell::new(false);
        let read = seed.deserialize(Key { text, is_field: &is_field });
        if let Err(Stop::Said(message)) = &read {
            issues.push(Explained::of(message).into_issue_of_key(&self.path.key(text)));
        }
        self.key = Some((text.to_owned(), is_field.get()));
        read.map_err(|_| Stop::Noted)
    }

    fn fail<T>(&mut self, read: Result<T, Stop>) -> Result<T, Stop> {
        if read.is_err() {
            self.reading.wrong.get_or_insert(self.place);
        }
        read
    }
}

impl<'de> MapAccess<'de> for &mut Entries<'_, '_, '_, '_, '_> {
    type Error = Stop;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Stop> {
        if self.is_over {
            return Ok(None);
        }
        let Some(key) = self.next() else {
            return if self.reading.reader.is_broken() { Err(Stop::Noted) } else { Ok(None) };
        };
        let read = self.read_key(&key, seed);
        self.fail(read).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Stop> {
        let (key, is_field) = self.key.take().unwrap_or_default();
        let path = if is_field { self.path.field(&key) } else { self.path.key(&key) };
        let read = seed.deserialize(Next { reading: &mut *self.reading, path: &path });
        self.fail(read)
    }
}
