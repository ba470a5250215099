//! Expressions in options, and the fields of events that they read.
//!
//! They are parsed by the library that evaluates them in the hosts. Without the feature `expressions` no host is compiled, and
//! neither is that library: then the host that a later build brings along checks them, when the application is built.

use proc_macro2::Span;
use syn::LitStr;

use crate::errors::Errors;
use crate::parse::option::Opt;

#[cfg(feature = "expressions")]
mod cel;

/// A CEL expression that parses.
pub(crate) struct Expression {
    pub(crate) literal: LitStr,
    /// The paths that it reads of the event that starts the function: `["data", "account_id"]`.
    pub(crate) of_event: Vec<Vec<String>>,
    /// The paths that it reads of the event that comes later.
    pub(crate) of_async: Vec<Vec<String>>,
    /// What its value may be, as far as its form tells: of `a ? b : c` that of `b` and of `c`.
    values: Vec<Kind>,
}

/// What an option counts by: `key = ".."`, or `key` alone.
pub(crate) enum Key {
    Expression(Expression),
    /// The key of the event, with the place where it is asked for.
    OfEvent(Span),
}

/// What a value is.
#[cfg_attr(not(feature = "expressions"), allow(dead_code, reason = "nothing is read then"))]
pub(crate) enum Kind {
    Text,
    Boolean,
    /// A field as it is, with the path from the variable on: `["event", "data", "account_id"]`.
    Field(Vec<String>),
}

impl Expression {
    /// Reports a value that is a text or a boolean where a number is expected.
    fn expect_number(&self, errors: &mut Errors) {
        let is = |kind: &Kind| match kind {
            Kind::Text => Some("a text"),
            Kind::Boolean => Some("true or false: write `event.data.urgent ? 120 : 0`"),
            Kind::Field(_) => None,
        };
        if let Some(is) = self.values.iter().find_map(is) {
            errors.at(&self.literal, format!("`priority` is a number of seconds, and this is {is}"));
        }
    }

    /// The fields of the event that are its value as they are.
    pub(crate) fn fields(&self) -> Vec<&[String]> {
        let path = self.values.iter().filter_map(|kind| match kind {
            Kind::Field(path) => path.split_first(),
            Kind::Text | Kind::Boolean => None,
        });
        path.filter(|(root, _)| *root == "event").map(|(_, path)| path).collect()
    }
}

/// The expression of `priority = "event.data.urgent ? 120 : 0"`: a number.
pub(crate) fn priority(option: &Opt, errors: &mut Errors) -> Option<Expression> {
    let expression = expression(option, &["event"], errors)?;
    expression.expect_number(errors);
    Some(expression)
}

/// The key of `key = "event.data.id"`, or of `key` alone.
pub(super) fn key(option: &Opt, errors: &mut Errors) -> Option<Key> {
    if option.is_bare() {
        return Some(Key::OfEvent(option.span()));
    }
    expression(option, &["event"], errors).map(Key::Expression)
}

/// The expression of `if = "event.data.id > 7"`. `variables` are those that it may use: `event`, and maybe `async`.
pub(super) fn expression(option: &Opt, variables: &[&str], errors: &mut Errors) -> Option<Expression> {
    of_literal(option.text(errors)?, variables, errors)
}

/// The expression of a literal.
pub(super) fn of_literal(literal: LitStr, variables: &[&str], errors: &mut Errors) -> Option<Expression> {
    let Read { paths, values } = read(&literal, variables, errors)?;
    let of = |root: &str| {
        let paths = paths.iter().filter(|path| path[0] == root);
        paths.map(|path| path[1..].to_vec()).filter(|path| !path.is_empty()).collect()
    };
    Some(Expression { of_event: of("event"), of_async: of("async"), values, literal })
}

/// What an expression reads, and what its value may be.
struct Read {
    /// From their variables on: `["event", "data", "id"]`.
    paths: Vec<Vec<String>>,
    values: Vec<Kind>,
}

#[cfg(feature = "expressions")]
fn read(literal: &LitStr, variables: &[&str], errors: &mut Errors) -> Option<Read> {
    match cel::read(&literal.value(), variables) {
        Ok(read) => {
            for name in read.unknown {
                let known = crate::errors::list(variables);
                errors.at(literal, format!("there is no `{name}` here: the expression reads {known}"));
            }
            Some(Read { paths: read.paths, values: read.values })
        }
        Err(problem) => {
            errors.at(literal, problem);
            None
        }
    }
}

#[cfg(not(feature = "expressions"))]
#[expect(clippy::unnecessary_wraps, reason = "the signature of the one that parses")]
fn read(_: &LitStr, _: &[&str], _: &mut Errors) -> Option<Read> {
    Some(Read { paths: Vec::new(), values: Vec::new() })
}
