//! Issues arranged as forms need them: nested by path, or by field.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Issue, Issues, PathSegment};

/// Issues nested like the value: see [`Issues::tree`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IssueTree<T> {
    /// The issues of the value here.
    pub errors: Vec<T>,
    /// The issues inside its fields, or inside the entries of a map.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Self>,
    /// The issues inside its elements, by their indices from 0.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub items: BTreeMap<usize, Self>,
}

/// Issues by field: see [`Issues::flatten`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FlatIssues<T> {
    /// The issues of the value as a whole.
    pub form_errors: Vec<T>,
    /// The issues of each field of the value, or inside it.
    pub field_errors: BTreeMap<String, Vec<T>>,
}

impl Issues {
    /// Returns the messages, nested like the value. The JSON is that of Zod's `z.treeifyError`, except that `items` is an object by
    /// index instead of an array with holes; `tree.items[3]` means the same in both.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// /// One line of an order.
    /// #[payload]
    /// pub struct Line {
    ///     #[validate(range(min = 1))]
    ///     quantity: u8,
    /// }
    ///
    /// /// The life of an order.
    /// #[domain_events]
    /// pub enum OrderEvent {
    ///     /// An order was placed.
    ///     Placed {
    ///         #[validate(email)]
    ///         buyer: String,
    ///         lines: Vec<Line>,
    ///     },
    /// }
    ///
    /// let issues = OrderPlaced::parse(br#"{ "buyer": "ada", "lines": [{ "quantity": 1 }, { "quantity": 0 }] }"#).unwrap_err();
    /// let tree = issues.tree();
    /// assert_eq!(tree.properties["lines"].items[&1].properties["quantity"].errors, ["must be at least 1, is 0"]);
    /// assert_eq!(
    ///     serde_json::to_value(tree).unwrap(),
    ///     serde_json::json!({
    ///         "errors": [],
    ///         "properties": {
    ///             "buyer": { "errors": ["must be an e-mail address, such as `ada@example.org`"] },
    ///             "lines": {
    ///                 "errors": [],
    ///                 "items": { "1": { "errors": [], "properties": { "quantity": { "errors": ["must be at least 1, is 0"] } } } },
    ///             },
    ///         },
    ///     }),
    /// );
    /// ```
    pub fn tree(&self) -> IssueTree<&str> {
        self.tree_by(|issue| &*issue.message)
    }

    /// Like [`tree`](Self::tree), with something other than the message of each issue, such as its code or the issue itself.
    pub fn tree_by<'a, T>(&'a self, mut of: impl FnMut(&'a Issue) -> T) -> IssueTree<T> {
        let mut tree = IssueTree::new();
        for issue in self {
            tree.at(issue).errors.push(of(issue));
        }
        tree
    }

    /// Returns the messages by field of the value, including those from inside the field; those about the value as a whole are apart.
    /// The JSON is that of Zod's `z.flattenError`.
    ///
    /// ```
    /// use event_runtime::prelude::*;
    ///
    /// /// The life of a user.
    /// #[domain_events]
    /// pub enum UserEvent {
    ///     /// A user was invited.
    ///     Invited {
    ///         #[validate(email)]
    ///         email: String,
    ///         #[validate(inner(length(max = 3)))]
    ///         groups: Vec<String>,
    ///     },
    /// }
    ///
    /// let issues = UserInvited::parse(br#"{ "email": "ada", "groups": ["dev", "staff"] }"#).unwrap_err();
    /// assert_eq!(
    ///     serde_json::to_value(issues.flatten()).unwrap(),
    ///     serde_json::json!({
    ///         "formErrors": [],
    ///         "fieldErrors": {
    ///             "email": ["must be an e-mail address, such as `ada@example.org`"],
    ///             "groups": ["must have at most 3 characters, has 5"],
    ///         },
    ///     }),
    /// );
    ///
    /// let codes = issues.flatten_by(|issue| &*issue.code);
    /// assert_eq!(codes.field_errors["email"], ["invalid_format"]);
    /// ```
    pub fn flatten(&self) -> FlatIssues<&str> {
        self.flatten_by(|issue| &*issue.message)
    }

    /// Like [`flatten`](Self::flatten), with something other than the message of each issue, such as its code or the issue itself.
    pub fn flatten_by<'a, T>(&'a self, mut of: impl FnMut(&'a Issue) -> T) -> FlatIssues<T> {
        let mut flat = FlatIssues { form_errors: Vec::new(), field_errors: BTreeMap::new() };
        for issue in self {
            let errors = match issue.segments().next() {
                None => &mut flat.form_errors,
                Some(PathSegment::Field(name)) => flat.field_errors.entry(name.into_owned()).or_default(),
                Some(PathSegment::Index(index)) => flat.field_errors.entry(index.to_string()).or_default(),
            };
            errors.push(of(issue));
        }
        flat
    }
}

impl<T> IssueTree<T> {
    const fn new() -> Self {
        Self { errors: Vec::new(), properties: BTreeMap::new(), items: BTreeMap::new() }
    }

    /// The node to which the path of an issue leads.
    fn at(&mut self, issue: &Issue) -> &mut Self {
        issue.segments().fold(self, |node, segment| match segment {
            PathSegment::Field(name) => node.properties.entry(name.into_owned()).or_insert_with(Self::new),
            PathSegment::Index(index) => node.items.entry(index).or_insert_with(Self::new),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{json, to_value};

    use super::super::{Path, code};
    use super::*;

    /// Two issues of the value as a whole, and some at every depth.
    fn issues() -> Issues {
        let root = Path::root();
        let (labels, lines) = (root.field("labels"), root.field("lines"));
        let third = lines.index(3);
        let places = [
            root,
            root,
            root.field("a.b"),
            labels.key("eu.west"),
            labels.key("3"),
            lines,
            third,
            third.field("key"),
            third.field("key"),
            root.index(2_000_000_000),
        ];
        let mut issues = Issues::new();
        for (number, path) in places.iter().enumerate() {
            issues.push(Issue::new(path, code::CUSTOM, number.to_string()));
        }
        issues
    }

    #[test]
    fn a_tree_is_nested_as_the_value_is() {
        let expected = json!({
            "errors": ["0", "1"],
            "properties": {
                "a.b": { "errors": ["2"] },
                "labels": { "errors": [], "properties": { "eu.west": { "errors": ["3"] }, "3": { "errors": ["4"] } } },
                "lines": {
                    "errors": ["5"],
                    "items": { "3": { "errors": ["6"], "properties": { "key": { "errors": ["7", "8"] } } } },
                },
            },
            "items": { "2000000000": { "errors": ["9"] } },
        });
        assert_eq!(to_value(issues().tree()).unwrap(), expected);
    }

    #[test]
    fn flat_issues_are_by_field() {
        let expected = json!({
            "formErrors": ["0", "1"],
            "fieldErrors": {
                "a.b": ["2"], "labels": ["3", "4"], "lines": ["5", "6", "7", "8"], "2000000000": ["9"],
            },
        });
        assert_eq!(to_value(issues().flatten()).unwrap(), expected);
    }

    #[test]
    fn no_issue_is_an_empty_tree_and_no_field() {
        assert_eq!(to_value(Issues::new().tree()).unwrap(), json!({ "errors": [] }));
        let flat = json!({ "formErrors": [], "fieldErrors": {} });
        assert_eq!(to_value(Issues::new().flatten()).unwrap(), flat);
    }
}
