//! The rules, by name.

/// A rule that a name breaks.
///
/// ```
/// use event_conventions::{Rule, check_action};
///
/// assert_eq!(check_action("create").unwrap_err().rule(), Rule::NotPastTense);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// The name, or one half of an event name, is empty.
    Empty,
    /// The name is longer than [`MAX_LENGTH`](crate::MAX_LENGTH) bytes.
    TooLong,
    /// The name is not lowercase kebab-case.
    NotKebabCase,
    /// The event name has no `/` between its domain and its action.
    MissingSlash,
    /// The domain is a plural.
    NotSingular,
    /// The action does not say what happened.
    NotPastTense,
    /// The action is meant as a past tense, but the verb is irregular or its spelling is another (`payed`).
    WrongPastForm,
    /// The function id does not begin with the domain and the action of its trigger.
    WrongPrefix,
    /// The function id ends after the domain and the action of its trigger.
    MissingPurpose,
}

impl Rule {
    /// The rule as a sentence, for a panic in a constant, which cannot format.
    ///
    /// ```
    /// use event_conventions::check_function_id;
    ///
    /// const _: () = match check_function_id("user-created-mailer", "user", "created") {
    ///     Ok(()) => (),
    ///     Err(violation) => panic!("{}", violation.rule().message()),
    /// };
    /// ```
    pub const fn message(self) -> &'static str {
        match self {
            Self::Empty => "the name is empty",
            Self::TooLong => "the name is longer than 128 bytes",
            Self::NotKebabCase => "the name is not lowercase kebab-case",
            Self::MissingSlash => "an event name is written `domain/action`",
            Self::NotSingular => "the domain is plural: write the singular",
            Self::NotPastTense => "the action is not in the past tense",
            Self::WrongPastForm => "the action is not the past form of its verb",
            Self::WrongPrefix => "a function id begins with the domain and the action of its trigger",
            Self::MissingPurpose => "a function id ends with its purpose: `domain-action-purpose`",
        }
    }
}
