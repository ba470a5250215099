//! "Did you mean": the nearest of some words.

/// The longest word that is compared, in bytes: an event name of the greatest length.
const LONGEST: usize = 2 * crate::MAX_LENGTH + 1;

/// The word with the least edit distance to `word`, if it is near enough to be meant: see [`is_near`].
#[doc(hidden)]
pub fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    words
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| is_near(word, *distance))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Returns `true` if so many edits still let `word` be meant: a third of its length, at most 3.
#[doc(hidden)]
#[must_use]
pub const fn is_near(word: &str, distance: usize) -> bool {
    let limit = word.len() / 3;
    distance <= 3 && distance <= if limit == 0 { 1 } else { limit }
}

/// Insertions, deletions, replacements, and exchanges of neighbours, in bytes; of what is longer than any name the length.
#[doc(hidden)]
#[must_use]
pub const fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() > LONGEST || b.len() > LONGEST {
        return a.len() + b.len();
    }
    // The last three rows of the table of Damerau and Levenshtein, in turn.
    let mut rows = [[0; LONGEST + 1]; 3];
    let mut j = 0;
    while j <= b.len() {
        rows[0][j] = j;
        j += 1;
    }
    let mut i = 1;
    while i <= a.len() {
        let (row, above, twice_above) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        rows[row][0] = i;
        let mut j = 1;
        while j <= b.len() {
            let mut best = rows[above][j - 1] + (a[i - 1] != b[j - 1]) as usize;
            best = least(best, least(rows[above][j], rows[row][j - 1]) + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = least(best, rows[twice_above][j - 2] + 1);
            }
            rows[row][j] = best;
            j += 1;
        }
        i += 1;
    }
    rows[a.len() % 3][b.len()]
}

const fn least(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn counts_edits() {
        assert_eq!(distance("", ""), 0);
        assert_eq!(distance("created", "craeted"), 1);
        assert_eq!(distance("created", "create"), 1);
        assert_eq!(distance("abc", ""), 3);
    }

    #[test]
    fn finds_only_what_is_near() {
        let names = ["workflow/created", "workflow/failed"];
        assert_eq!(nearest("workflow/craeted", names.into_iter()), Some("workflow/created"));
        assert_eq!(nearest("billing/paid", names.into_iter()), None);
    }
}
