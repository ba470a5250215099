//! Errors of functions and of steps.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::TypedError;
use crate::validate::Issues;

/// The result of functions and of step bodies.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The error of a function or a step body. Any error converts into it with `?`: every implementation of
/// [`std::error::Error`], boxed errors, `anyhow::Error`, `String` and `&str`. The chain of its sources is kept.
///
/// It is retried, with the engine's back-off and as often as the function's `retries` say, unless it was made by
/// [`non_retriable`](Self::non_retriable), or comes from a step that has used up its own retries: a [`StepError`], or an error
/// of yours that wraps one.
///
/// ```
/// use std::time::Duration;
/// use event_runtime::Error;
///
/// let error: Error = "twelve".parse::<u32>().unwrap_err().into();
/// assert!(error.is_retriable());
/// assert_eq!(error.to_string(), "invalid digit found in string");
///
/// assert!(!Error::non_retriable(error).is_retriable());
/// assert_eq!(Error::msg("busy").retry_after(Duration::from_secs(5)).delay(), Some(Duration::from_secs(5)));
/// ```
pub struct Error {
    source: Box<dyn StdError + Send + Sync>,
    retry: Retry,
    typed: Option<TypedError>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Retry {
    /// With the back-off of the engine.
    BackOff,
    /// After this time.
    After(Duration),
    /// Never.
    No,
}

impl Error {
    /// Creates an error with this message.
    pub fn msg(message: impl Into<String>) -> Self {
        Self { source: message.into().into(), retry: Retry::BackOff, typed: None }
    }

    /// Creates an error that is recorded as a value, so that the function can match on its type, in every replay:
    /// [`StepError::downcast`] returns it. It is retried like any other.
    ///
    /// ```
    /// # use event_runtime::prelude::*;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Debug, Serialize, Deserialize)]
    /// struct Declined {
    ///     code: u32,
    /// }
    ///
    /// impl std::fmt::Display for Declined {
    ///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    ///         write!(f, "declined with code {}", self.code)
    ///     }
    /// }
    ///
    /// impl std::error::Error for Declined {}
    ///
    /// async fn charge(step: &Step) -> Result<bool> {
    ///     let body = async || Err(Error::non_retriable(Error::typed(Declined { code: 51 })));
    ///     match step.run("charge", body).await {
    ///         Ok(()) => Ok(true),
    ///         Err(error) => match error.downcast::<Declined>() {
    ///             Some(Declined { code: 51 }) => Ok(false),
    ///             _ => Err(error.into()),
    ///         },
    ///     }
    /// }
    /// ```
    ///
    /// A value that cannot be written as JSON is not recorded; the message is.
    pub fn typed<E: StdError + Serialize + Send + Sync + 'static>(error: E) -> Self {
        let typed = TypedError::of(&error).map_err(|problem| {
            tracing::warn!(%problem, error = std::any::type_name::<E>(), "an error cannot be recorded as a value");
        });
        Self { typed: typed.ok(), ..error.into() }
    }

    /// Creates an error that is not retried, because another attempt would fail in the same way.
    #[must_use]
    pub fn non_retriable(error: impl Into<Self>) -> Self {
        Self { retry: Retry::No, ..error.into() }
    }

    /// Sets the delay until the next attempt, instead of the engine's back-off.
    #[must_use]
    pub fn retry_after(self, delay: Duration) -> Self {
        Self { retry: Retry::After(delay), ..self }
    }

    /// Returns true if the error is retried.
    pub fn is_retriable(&self) -> bool {
        self.retry != Retry::No
    }

    /// Returns the delay until the next attempt, if the error sets one.
    pub fn delay(&self) -> Option<Duration> {
        match self.retry {
            Retry::After(delay) => Some(delay),
            Retry::BackOff | Retry::No => None,
        }
    }

    /// Returns the wrapped error, if it is an `E`.
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        self.source.downcast_ref()
    }

    /// Returns the error and its sources, the error first.
    pub fn chain(&self) -> impl Iterator<Item = &(dyn StdError + 'static)> {
        let first: &(dyn StdError + 'static) = &*self.source;
        std::iter::successors(Some(first), |&error| error.source())
    }

    /// The error inside.
    pub(crate) fn into_source(self) -> Box<dyn StdError + Send + Sync> {
        self.source
    }

    /// The error of a step from which this one comes.
    pub(crate) fn step_error(&self) -> Option<&StepError> {
        self.chain().find_map(|error| error.downcast_ref())
    }

    /// The error as a value, if it was made by [`Error::typed`] or is that of a step which was.
    pub(crate) fn as_typed(&self) -> Option<&TypedError> {
        self.typed.as_ref().or_else(|| match self.step_error()? {
            StepError::Failed { typed, .. } => typed.as_ref(),
            StepError::Invalid { .. } | StepError::Rejected { .. } => None,
        })
    }

    /// Whether nobody has said when or whether it is retried.
    pub(super) fn is_retried_by_default(&self) -> bool {
        self.retry == Retry::BackOff
    }
}

impl<E: Into<Box<dyn StdError + Send + Sync>>> From<E> for Error {
    fn from(error: E) -> Self {
        let error = Self { source: error.into(), retry: Retry::BackOff, typed: None };
        // A step has had its own attempts: to run the function again for it would repeat nothing but the failure.
        if error.step_error().is_some() { Self { retry: Retry::No, ..error } } else { error }
    }
}

/// The error and its causes, joined by colons.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.source.to_string();
        f.write_str(&said)?;
        let mut cause = self.source.source();
        while let Some(error) = cause {
            let says = error.to_string();
            // Many errors say their cause themselves.
            if !said.contains(&says) {
                write!(f, ": {says}")?;
            }
            (said, cause) = (says, error.source());
        }
        Ok(())
    }
}

/// How much of a message is kept, in bytes: it is stored with every attempt, and logged.
const MESSAGE_BYTES: usize = 16 * 1_024;

/// A message of which no more is kept than can be stored and logged, with its length if that was cut.
pub(crate) fn bounded(message: impl fmt::Display) -> String {
    let mut kept = Bounded { text: String::new(), length: 0 };
    // An error that cannot be written says nothing more.
    let _ = fmt::write(&mut kept, format_args!("{message}"));
    let Bounded { text, length } = kept;
    if length == text.len() { text } else { format!("{text}.. (cut: the whole message has {length} bytes)") }
}

/// Keeps the beginning of what is written.
struct Bounded {
    text: String,
    length: usize,
}

impl fmt::Write for Bounded {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        // What comes after a cut is cut too.
        if self.length == self.text.len() {
            let room = MESSAGE_BYTES - self.text.len();
            self.text.push_str(&more[..more.floor_char_boundary(room)]);
        }
        self.length += more.len();
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("message", &self.to_string())
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// The error of a step. In a function it converts into [`Error`] with `?` and then fails the run, since the step has had its
/// retries. To continue without the step, match on it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum StepError {
    /// Its body failed, and its retries are used up. This is recorded: the step will not run again.
    Failed {
        /// The id of the step.
        step: String,
        /// The error of the last attempt.
        message: String,
        /// The number of attempts.
        attempts: u32,
        /// The error as a value, if it was made by [`Error::typed`].
        typed: Option<TypedError>,
    },
    /// The step was used wrongly, and cannot be executed.
    Invalid {
        /// The id of the step.
        step: String,
        /// A sentence that says what is wrong, and what to do.
        message: String,
    },
    /// The events that it sends are not valid.
    Rejected {
        /// The id of the step.
        step: String,
        /// Everything that is wrong with them.
        issues: Issues,
    },
}

impl StepError {
    /// Returns the error that the body made by [`Error::typed`], if it is an `E`: its type has the same name, and its value decodes as
    /// `E`.
    #[must_use]
    pub fn downcast<E: DeserializeOwned>(&self) -> Option<E> {
        match self {
            Self::Failed { typed, .. } => typed.as_ref()?.downcast(),
            Self::Invalid { .. } | Self::Rejected { .. } => None,
        }
    }
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { step, message, attempts: 1, .. } => write!(f, "step `{step}` failed: {message}"),
            Self::Failed { step, message, attempts, .. } => {
                write!(f, "step `{step}` failed after {attempts} attempts: {message}")
            }
            Self::Invalid { step, message } => write!(f, "step `{step}` {message}"),
            Self::Rejected { step, issues } => {
                write!(f, "step `{step}` sends an event that is not valid: {issues}")
            }
        }
    }
}

impl StdError for StepError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Rejected { issues, .. } => Some(issues),
            Self::Failed { .. } | Self::Invalid { .. } => None,
        }
    }
}
