//! A path that was written out, taken apart again.

use std::borrow::Cow;

use super::Issue;

/// One segment of the path of an issue: see [`Issue::segments`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PathSegment<'a> {
    /// A field of an object, or the key of a map.
    Field(Cow<'a, str>),
    /// The place of an element in a list, from 0.
    Index(usize),
}

impl Issue {
    /// The segments of the path, outermost first; none for the value as a whole.
    ///
    /// ```
    /// use event_runtime::validate::{Issue, Path, PathSegment, code};
    ///
    /// let labels = Path::root();
    /// let labels = labels.field("labels");
    /// let issue = Issue::new(&labels.key("eu.west"), code::TOO_BIG, "has too many characters");
    /// assert_eq!(issue.path, r#"labels["eu.west"]"#);
    /// let segments = ["labels", "eu.west"].map(|name| PathSegment::Field(name.into()));
    /// assert!(issue.segments().eq(segments));
    /// ```
    pub fn segments(&self) -> impl Iterator<Item = PathSegment<'_>> {
        Segments(&self.path)
    }
}

/// What is left of a path.
struct Segments<'a>(&'a str);

impl<'a> Iterator for Segments<'a> {
    type Item = PathSegment<'a>;

    fn next(&mut self) -> Option<PathSegment<'a>> {
        let rest = self.0.strip_prefix('.').unwrap_or(self.0);
        let (segment, rest) = bracketed(rest).or_else(|| named(rest))?;
        self.0 = rest;
        Some(segment)
    }
}

/// `[3]` or `["eu west"]`, and what follows.
fn bracketed(text: &str) -> Option<(PathSegment<'_>, &str)> {
    let inside = text.strip_prefix('[')?;
    if let Some(quoted) = inside.strip_prefix('"') {
        let (key, rest) = unquote(quoted)?;
        return Some((PathSegment::Field(key), rest.strip_prefix(']')?));
    }
    let (index, rest) = inside.split_once(']')?;
    Some((PathSegment::Index(index.parse().ok()?), rest))
}

/// A name, and what follows it: a dot, a bracket or nothing.
fn named(text: &str) -> Option<(PathSegment<'_>, &str)> {
    let first = text.chars().next()?;
    let end = text[first.len_utf8()..].find(['.', '[']).map_or(text.len(), |end| end + first.len_utf8());
    let (name, rest) = text.split_at(end);
    Some((PathSegment::Field(name.into()), rest))
}

/// Reads a key to its closing quote, as `Debug` for texts has written it; gives what follows.
fn unquote(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let end = text.find(['"', '\\'])?;
    if let (plain, Some(rest)) = (&text[..end], text[end..].strip_prefix('"')) {
        return Some((plain.into(), rest));
    }
    let (mut key, mut chars) = (String::new(), text.chars());
    loop {
        key.push(match chars.next()? {
            '"' => return Some((key.into(), chars.as_str())),
            '\\' => match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                'u' => {
                    let (code, rest) = chars.as_str().strip_prefix('{')?.split_once('}')?;
                    chars = rest.chars();
                    char::from_u32(u32::from_str_radix(code, 16).ok()?)?
                }
                escaped => escaped,
            },
            plain => plain,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::Path;
    use super::*;

    fn segments(path: &str) -> Vec<PathSegment<'_>> {
        Segments(path).collect()
    }

    fn field(name: &str) -> PathSegment<'_> {
        PathSegment::Field(name.into())
    }

    #[test]
    fn whatever_a_path_leads_through_is_found_again() {
        let names = [
            "a", "größe", "a-b", "$ref", "@id", "xml:lang", "", ".", "a.b", "[", "]", "[0]", "0", "\"", "\\",
        ];
        let more = ["a\"]b", "a b", "\n\r\t\0\u{7f}\u{200b}", "e\u{301}", "🦀", "\\u{7b}", "a/b~c", "'"];
        let root = Path::root();
        for name in names.into_iter().chain(more) {
            let (outer, list) = (root.field(name), root.index(7));
            for inner in names.into_iter().chain(more) {
                let path = outer.field(inner).to_text();
                assert_eq!(segments(&path), [field(name), field(inner)], "{path}");
                let path = outer.key(inner).to_text();
                assert_eq!(segments(&path), [field(name), field(inner)], "{path}");
                let (element, key) = (outer.index(3), list.key(name));
                let path = element.field(inner).to_text();
                assert_eq!(segments(&path), [field(name), PathSegment::Index(3), field(inner)], "{path}");
                let path = key.field(inner).to_text();
                assert_eq!(segments(&path), [PathSegment::Index(7), field(name), field(inner)], "{path}");
            }
        }
        assert_eq!(segments(&root.to_text()), []);
    }

    #[test]
    fn what_is_no_path_is_taken_apart_all_the_same() {
        for (text, names) in [
            ("[", vec!["["]),
            ("a[x].b", vec!["a", "[x]", "b"]),
            ("a[\"b", vec!["a", "[\"b"]),
            ("a[\"\\u{zz}\"]", vec!["a", "[\"\\u{zz}\"]"]),
            ("a[-1]", vec!["a", "[-1]"]),
            ("a[99999999999999999999999]", vec!["a", "[99999999999999999999999]"]),
            (".a..b", vec!["a", ".b"]),
            (".", vec![]),
        ] {
            assert_eq!(segments(text), names.into_iter().map(field).collect::<Vec<_>>(), "{text}");
        }
    }
}
