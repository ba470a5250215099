//! "Did you mean": the nearest of some words.

use alloc::vec::Vec;

/// The word with the least edit distance to `word`, if it is near enough to be meant: a third of its length, at most 3.
#[doc(hidden)]
pub fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let limit = (word.len() / 3).clamp(1, 3);
    words
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements, and exchanges of neighbours, in bytes.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let width = b.len() + 1;
    let mut rows: Vec<usize> = (0..width).collect();
    for i in 1..=a.len() {
        rows.push(i);
        for j in 1..=b.len() {
            let replaced = rows[(i - 1) * width + j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[(i - 1) * width + j] + 1).min(rows[i * width + j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[(i - 2) * width + j - 2] + 1);
            }
            rows.push(best);
        }
    }
    rows[rows.len() - 1]
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
