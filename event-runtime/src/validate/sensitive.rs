//! Values that are shown nowhere: `#[event(sensitive)]`.

use std::fmt::{self, Debug};

use serde_json::Value;

use super::{Issue, Issues, Path, code};

/// What `Debug` shows in the place of a sensitive value.
pub const HIDDEN: Hidden = Hidden;

/// Shown as `•••`.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Hidden;

impl Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(DOTS)
    }
}

const DOTS: &str = "•••";

/// Takes out of the issues, from the one at `found` on, what would tell about the sensitive value at `path`: they say what the
/// rules are, and not what was found.
#[inline]
pub(crate) fn redact(path: &Path<'_>, found: usize, issues: &mut Issues) {
    if issues.len() > found {
        redact_each(path, issues.after_mut(found));
    }
}

#[cold]
fn redact_each(path: &Path<'_>, issues: &mut [Issue]) {
    let path = path.to_text();
    for issue in issues {
        issue.path = redacted_path(&issue.path, path.len());
        let kept = ["minimum", "maximum", "multiple_of", "options", "unit", "format", "expected"];
        issue.params.retain(|param| kept.contains(&param));
        issue.message = redacted_message(issue).into();
    }
}

/// The path with dots for the first key of a map below the sensitive value, and nothing after it.
fn redacted_path(path: &str, whole: usize) -> String {
    match path.get(whole..).and_then(|below| below.find("[\"")) {
        Some(key) => format!("{}[{DOTS}]", &path[..whole + key]),
        None => path.to_owned(),
    }
}

/// One sentence from the rule's parameters.
fn redacted_message(issue: &Issue) -> String {
    let text = |param: &str| match issue.params.get(param) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
        None => None,
    };
    let unit = text("unit").map(|unit| format!(" {unit}")).unwrap_or_default();
    let must = |what: &str, param: &str| text(param).map(|value| format!("must {what} {value}{unit}"));
    let have = if unit.is_empty() { "be" } else { "have" };
    let message = match &*issue.code {
        code::REQUIRED => Some("is required".to_owned()),
        code::TOO_SMALL => must(&format!("{have} at least"), "minimum"),
        code::TOO_BIG => must(&format!("{have} at most"), "maximum"),
        code::NOT_MULTIPLE_OF => must("be a multiple of", "multiple_of"),
        code::INVALID_FORMAT => must("be of the format", "format"),
        code::INVALID_VALUE | code::INVALID_TAG => must("be one of", "options"),
        code::INVALID_TYPE => must("be", "expected"),
        _ => None,
    };
    message.unwrap_or_else(|| "is not valid; the value is sensitive, and not told".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{HIDDEN, redact};
    use crate::validate::{Issue, Issues, Path, code};

    #[test]
    fn nothing_of_the_value_is_left() {
        let root = Path::root();
        let (other, token) = (root.field("other"), root.field("token"));
        let key = token.key("secret");
        let mut issues = Issues::new();
        issues.push(Issue::new(&other, code::CUSTOM, "is secret"));
        issues.push(
            Issue::new(&token, code::TOO_SMALL, "must be .., is secret").with("minimum", 3).with("actual", 2),
        );
        issues.push(
            Issue::new(&token, code::TOO_BIG, "has secret").with("maximum", 9).with("unit", "characters"),
        );
        issues.push(Issue::new(&key.field("x"), "own", "is secret").with("mine", "secret"));
        redact(&token, 1, &mut issues);
        let texts: Vec<String> = issues.iter().map(ToString::to_string).collect();
        let expected = [
            "other: is secret",
            "token: must be at least 3",
            "token: must have at most 9 characters",
            "token[•••]: is not valid; the value is sensitive, and not told",
        ];
        assert_eq!(texts, expected);
        assert!(!format!("{:?}", issues.iter().skip(1).collect::<Vec<_>>()).contains("secret"));
        assert_eq!(format!("{HIDDEN:?}"), "•••");
    }
}
