//! Texts made uniform when they are read: `#[normalize(..)]`.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

/// The steps of normalization of a text, applied in the order of the fields.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "each says a thing of its own")]
pub struct Normalization {
    /// Composed characters in the place of sequences that mean the same (NFC of Unicode).
    pub nfc: bool,
    /// Lower case.
    pub lowercase: bool,
    /// One space in the place of each run of white space.
    pub collapse_whitespace: bool,
    /// No white space at the ends.
    pub trim: bool,
}

/// What `#[normalize(..)]` fits.
#[diagnostic::on_unimplemented(
    message = "`normalize` does not fit `{Self}`: it needs a text",
    label = "this normalization",
    note = "it fits `String`, `Box<str>`, `Cow<str>`, and these in `Option`, `Vec` and `Box`; a type of your own is made uniform where its text is read"
)]
pub trait Normalize {
    /// Makes every text in it uniform.
    fn normalize(&mut self, how: Normalization);
}

/// Makes every text in a value uniform.
pub fn normalize<T: Normalize + ?Sized>(value: &mut T, how: Normalization) {
    value.normalize(how);
}

impl Normalize for String {
    fn normalize(&mut self, how: Normalization) {
        if how.nfc {
            compose(self);
        }
        if how.lowercase && lower(self) && how.nfc {
            compose(self);
        }
        if how.collapse_whitespace {
            collapse(self);
        }
        if how.trim {
            self.truncate(self.trim_end().len());
            self.drain(..self.len() - self.trim_start().len());
        }
    }
}

impl Normalize for Box<str> {
    fn normalize(&mut self, how: Normalization) {
        let mut text = std::mem::take(self).into_string();
        text.normalize(how);
        *self = text.into_boxed_str();
    }
}

impl Normalize for Cow<'_, str> {
    fn normalize(&mut self, how: Normalization) {
        self.to_mut().normalize(how);
    }
}

impl<T: Normalize> Normalize for Option<T> {
    fn normalize(&mut self, how: Normalization) {
        if let Some(value) = self {
            value.normalize(how);
        }
    }
}

impl<T: Normalize> Normalize for Vec<T> {
    fn normalize(&mut self, how: Normalization) {
        for value in self {
            value.normalize(how);
        }
    }
}

impl<T: Normalize> Normalize for Box<T> {
    fn normalize(&mut self, how: Normalization) {
        (**self).normalize(how);
    }
}

fn compose(text: &mut String) {
    // Most texts are composed: only what is not is written anew.
    let composed = match ComposingNormalizerBorrowed::new_nfc().normalize(text) {
        Cow::Borrowed(_) => return,
        Cow::Owned(composed) => composed,
    };
    *text = composed;
}

/// Returns `true` if the text has characters other than those of ASCII, which may have to be composed again.
fn lower(text: &mut String) -> bool {
    if text.is_ascii() {
        text.make_ascii_lowercase();
        return false;
    }
    let is_lower = |char: char| char.to_lowercase().eq([char]);
    if !text.chars().all(is_lower) {
        *text = text.to_lowercase();
    }
    true
}

fn collapse(text: &mut String) {
    let mut before = None;
    let is_single = text.chars().all(|char| {
        let is_plain = !char.is_whitespace() || (char == ' ' && before != Some(' '));
        before = Some(char);
        is_plain
    });
    if is_single {
        return;
    }
    let mut collapsed = String::with_capacity(text.len());
    for char in text.chars() {
        match char.is_whitespace() {
            true if collapsed.ends_with(' ') => {}
            true => collapsed.push(' '),
            false => collapsed.push(char),
        }
    }
    *text = collapsed;
}

#[cfg(test)]
mod tests {
    use super::{Normalization, Normalize};

    const NONE: Normalization =
        Normalization { nfc: false, lowercase: false, collapse_whitespace: false, trim: false };
    const ALL: Normalization =
        Normalization { nfc: true, lowercase: true, collapse_whitespace: true, trim: true };

    fn normalized(text: &str, how: Normalization) -> String {
        let mut text = text.to_owned();
        text.normalize(how);
        text
    }

    #[test]
    fn each_does_one_thing() {
        let text = " A\u{30a}\t B ";
        assert_eq!(normalized(text, Normalization { nfc: true, ..NONE }), " \u{c5}\t B ");
        assert_eq!(normalized(text, Normalization { lowercase: true, ..NONE }), " a\u{30a}\t b ");
        assert_eq!(normalized(text, Normalization { collapse_whitespace: true, ..NONE }), " A\u{30a} B ");
        assert_eq!(normalized(text, Normalization { trim: true, ..NONE }), "A\u{30a}\t B");
        assert_eq!(normalized(text, ALL), "\u{e5} b");
        assert_eq!(normalized(text, NONE), text);
    }

    #[test]
    fn what_is_uniform_stays_where_it_is() {
        for text in ["", "a b", "straße ß é", "\u{e5} 中文"] {
            let mut uniform = text.to_owned();
            let place = uniform.as_ptr();
            uniform.normalize(ALL);
            assert_eq!((uniform.as_str(), uniform.as_ptr()), (text, place));
        }
    }

    #[test]
    fn it_is_found_in_containers() {
        let mut values = vec![Some(Box::<str>::from(" A ")), None];
        values.normalize(ALL);
        assert_eq!(values, [Some("a".into()), None]);
    }

    /// Every character, at the beginning and in the middle of others.
    #[test]
    fn what_was_made_uniform_once_is_uniform() {
        // The scripts with cases and compositions are below.
        for char in (0..0x1_f000).filter_map(char::from_u32) {
            let text = format!("{char}a {char}\u{301}\u{a0} {char}\u{3a3}");
            let once = normalized(&text, ALL);
            assert_eq!(normalized(&once, ALL), once, "{text:?}");
        }
    }
}
