//! Tables of words, each sorted while it is compiled. A word is a number there, so that a search compares no strings.

pub(crate) mod irregular;
pub(crate) mod phrases;
pub(crate) mod plurals;
pub(crate) mod singulars;
pub(crate) mod verbs;
pub(crate) mod words;
pub(crate) mod words_in_ed;

/// A word of at most 16 bytes as one number, the first byte at its top: keys sort as their words do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(u128);

impl Key {
    /// No word of a table, and no other word either.
    const NONE: Self = Self(u128::MAX);

    /// The key of `word`; that of a word that is too long for every table is in none.
    pub(crate) const fn new(word: &str) -> Self {
        let bytes = word.as_bytes();
        if bytes.len() > 16 {
            return Self::NONE;
        }
        let mut key = 0;
        let mut at = 0;
        while at < bytes.len() {
            key = key << 8 | bytes[at] as u128;
            at += 1;
        }
        Self(if at == 0 { 0 } else { key << (128 - 8 * at) })
    }

    /// Returns `true` if `next` may be the next row of a table.
    pub(crate) const fn is_before(self, next: Self) -> bool {
        self.0 < next.0 && next.0 != Self::NONE.0
    }

    /// The key of the next row of a table.
    const fn then(self, word: &str) -> Self {
        let key = Self::new(word);
        assert!(self.is_before(key), "a table is sorted, and its words have at most 16 bytes");
        key
    }
}

/// The table of `words`.
pub(crate) const fn sorted<const N: usize>(words: [&str; N]) -> [Key; N] {
    let mut keys = [Key(0); N];
    let mut at = 0;
    while at < N {
        keys[at] = if at == 0 { Key::new(words[0]) } else { keys[at - 1].then(words[at]) };
        at += 1;
    }
    keys
}

/// The table of words that each have a value.
pub(crate) const fn sorted_pairs<const N: usize>(
    rows: [(&str, &'static str); N],
) -> [(Key, &'static str); N] {
    let mut pairs = [(Key(0), ""); N];
    let mut at = 0;
    while at < N {
        let (word, value) = rows[at];
        pairs[at] = (if at == 0 { Key::new(word) } else { pairs[at - 1].0.then(word) }, value);
        at += 1;
    }
    pairs
}

/// Returns `true` if a table holds `word`.
pub(crate) fn holds(table: &[Key], word: &str) -> bool {
    table.binary_search(&Key::new(word)).is_ok()
}

/// The value of `word` in a table.
pub(crate) fn find(table: &'static [(Key, &'static str)], word: &str) -> Option<&'static str> {
    let key = Key::new(word);
    let at = table.binary_search_by(|(known, _)| known.cmp(&key)).ok()?;
    table.get(at).map(|(_, value)| *value)
}
