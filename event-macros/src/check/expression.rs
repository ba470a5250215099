//! Expressions in options, and the fields of events that they read.
//!
//! They are parsed by the library that evaluates them in the hosts. Without the feature `expressions` no host is compiled, and
//! neither is that library: then the host that a later build brings along checks them, when the application is built.

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
}

/// The expression of `key = "event.data.id"`. `variables` are those that it may use: `event`, and maybe `async`.
pub(super) fn expression(option: &Opt, variables: &[&str], errors: &mut Errors) -> Option<Expression> {
    let literal = option.text(errors)?;
    let paths = paths(&literal, variables, errors)?;
    let of = |root: &str| {
        let paths = paths.iter().filter(|path| path[0] == root);
        paths.map(|path| path[1..].to_vec()).filter(|path| !path.is_empty()).collect()
    };
    Some(Expression { of_event: of("event"), of_async: of("async"), literal })
}

/// The paths that an expression reads, from their variables on: `["event", "data", "id"]`.
#[cfg(feature = "expressions")]
fn paths(literal: &LitStr, variables: &[&str], errors: &mut Errors) -> Option<Vec<Vec<String>>> {
    match cel::read(&literal.value(), variables) {
        Ok(read) => {
            for name in read.unknown {
                let known = crate::errors::list(variables);
                errors.at(literal, format!("there is no `{name}` here: the expression reads {known}"));
            }
            Some(read.paths)
        }
        Err(problem) => {
            errors.at(literal, problem);
            None
        }
    }
}

#[cfg(not(feature = "expressions"))]
#[expect(clippy::unnecessary_wraps, reason = "the signature of the one that parses")]
fn paths(_: &LitStr, _: &[&str], _: &mut Errors) -> Option<Vec<Vec<String>>> {
    Some(Vec::new())
}
