//! Why an application cannot be built.

use std::fmt;

/// The error of [`AppBuilder::build`](crate::AppBuilder::build).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// A controller is in the list of functions, and its instance was not provided.
    MissingController {
        /// The type of the controller.
        controller: &'static str,
        /// The id of its first function.
        function: &'static str,
        /// The type that was provided and may have been meant for it: an `Arc` or a reference of it, or another type of this name.
        provided: Option<&'static str>,
    },
    /// A controller was provided that is not in the list of functions.
    UnlistedController {
        /// The type of the controller.
        controller: &'static str,
    },
    /// Two controllers of one type were provided.
    RepeatedController {
        /// The type of the controller.
        controller: &'static str,
    },
    /// A cron of a function cannot be read, names a time zone that does not exist, or never comes.
    UnreadableCron {
        /// The id of the function.
        function: &'static str,
        /// The expression.
        cron: &'static str,
        /// The problem, and what to write instead.
        problem: String,
    },
    /// A function has more triggers than an Inngest server takes: ten, where all events of one domain and each cron count as one. Told
    /// with the feature `inngest` alone.
    TooManyTriggers {
        /// The id of the function.
        function: &'static str,
        /// Their number.
        triggers: usize,
    },
    /// A middleware refuses an expression in the options of a function: one over fields that are encrypted, say.
    RefusedExpression {
        /// The id of the function.
        function: &'static str,
        /// The problem, and what to do.
        problem: String,
    },
    /// A function starts by a time, and nothing says which metadata comes with that.
    MissingMeta {
        /// The type of the metadata.
        meta: &'static str,
        /// The id of the function.
        function: &'static str,
    },
    /// The default metadata breaks its rules.
    InvalidMeta {
        /// Every issue.
        problem: String,
    },
    /// The id of the application is empty.
    EmptyId,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingController { controller, function, provided: None } => write!(
                f,
                "the controller `{controller}` of function `{function}` is listed but not provided: \
                 add `.provide({} {{ .. }})` before `.build()`",
                last(controller)
            ),
            Self::MissingController { controller, function, provided: Some(provided) } => {
                write!(
                    f,
                    "the controller `{controller}` of function `{function}` is listed, and `{provided}` was provided: "
                )?;
                if names(provided).any(|part| part == *controller) {
                    let short = short(provided);
                    write!(f, "provide the controller itself, a `{}` and not a `{short}`", last(controller))
                } else {
                    f.write_str("these are two types of one name, provide the one that is listed")
                }
            }
            Self::UnlistedController { controller } => write!(
                f,
                "the controller `{controller}` is provided but not listed: add `{}` to the list in `functions!`, \
                 or remove `.provide(..)`",
                names(controller).last().map_or(*controller, last)
            ),
            Self::RepeatedController { controller } => {
                write!(
                    f,
                    "the controller `{controller}` is provided twice: remove one of the two `.provide(..)`"
                )
            }
            Self::UnreadableCron { function, cron, problem } => {
                write!(f, "the cron `{cron}` of the function `{function}` cannot be followed: {problem}")
            }
            Self::TooManyTriggers { function, triggers } => write!(
                f,
                "the function `{function}` has {triggers} triggers, and an Inngest server takes 10: events of one domain count as one, \
                 but these names share none. Split the function in two"
            ),
            Self::RefusedExpression { function, problem } => {
                write!(f, "an expression of the function `{function}` is refused: {problem}")
            }
            Self::MissingMeta { meta, function } => write!(
                f,
                "the function `{function}` starts by a time, and `{}` comes with every event of the registry: \
                 add `.default_meta({} {{ .. }})` before `.build()`",
                short(meta),
                short(meta)
            ),
            Self::InvalidMeta { problem } => {
                write!(f, "the metadata in `.default_meta(..)` is not valid: {problem}")
            }
            Self::EmptyId => {
                f.write_str("the id of the application is empty: name it in `App::builder(\"..\")`")
            }
        }
    }
}

impl std::error::Error for BuildError {}

/// The paths in the name of a type: of `alloc::sync::Arc<shop::Billing>` these are `alloc::sync::Arc` and `shop::Billing`.
pub(super) fn names(type_name: &str) -> impl Iterator<Item = &str> {
    let is_separator = |letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | ':'));
    type_name.split(is_separator).filter(|name| !name.is_empty())
}

/// The name of a type without the modules of what is in it: `Arc<Billing>`.
fn short(type_name: &str) -> String {
    names(type_name).fold(type_name.to_owned(), |short, name| short.replacen(name, last(name), 1))
}

/// The last segment of a path.
pub(super) fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::{names, short};

    #[test]
    fn the_names_in_a_type_are_found() {
        let name = "core::option::Option<alloc::sync::Arc<shop::a::Billing>>";
        assert_eq!(
            names(name).collect::<Vec<_>>(),
            ["core::option::Option", "alloc::sync::Arc", "shop::a::Billing"]
        );
        assert_eq!(short(name), "Option<Arc<Billing>>");
        assert_eq!(short("&shop::Billing"), "&Billing");
    }
}
