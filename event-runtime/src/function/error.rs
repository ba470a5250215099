//! Errors of functions and of steps.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::validate::Issues;

/// The result of functions and of the bodies of steps.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a function or the body of a step failed. Anything that implements [`std::error::Error`] converts into it with `?`.
///
/// It is retried, with the engine's back-off and as often as the function's `retries` say, unless it was made by
/// [`non_retriable`](Self::non_retriable), or comes from a step that has used up its own retries.
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
    /// An error that says `message`.
    pub fn msg(message: impl Into<String>) -> Self {
        Self { source: message.into().into(), retry: Retry::BackOff }
    }

    /// An error that is not retried: another attempt would fail alike.
    #[must_use]
    pub fn non_retriable(error: impl Into<Self>) -> Self {
        Self { retry: Retry::No, ..error.into() }
    }

    /// The same error, retried after `delay` and not with the back-off of the engine.
    #[must_use]
    pub fn retry_after(self, delay: Duration) -> Self {
        Self { retry: Retry::After(delay), ..self }
    }

    /// Whether another attempt may succeed.
    pub fn is_retriable(&self) -> bool {
        self.retry != Retry::No
    }

    /// The time to the next attempt, if the error sets it.
    pub fn delay(&self) -> Option<Duration> {
        match self.retry {
            Retry::After(delay) => Some(delay),
            Retry::BackOff | Retry::No => None,
        }
    }

    /// The error inside, if it is an `E`.
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        self.source.downcast_ref()
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        let source: Box<dyn StdError + Send + Sync> = Box::new(error);
        // A step has had its own attempts: to run the function again for it would repeat nothing but the failure.
        let retry = if source.is::<StepError>() { Retry::No } else { Retry::BackOff };
        Self { source, retry }
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

/// Why a step has no result. In a function it converts into [`Error`] with `?`, and then fails the run: the step has
/// had its retries. To go on without the step, match on it.
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
    },
    /// It cannot be carried out: what it is asked for is wrong.
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

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { step, message, attempts: 1 } => write!(f, "step `{step}` failed: {message}"),
            Self::Failed { step, message, attempts } => {
                write!(f, "step `{step}` failed after {attempts} attempts: {message}")
            }
            Self::Invalid { step, message } => write!(f, "step `{step}` {message}"),
            Self::Rejected { step, issues } => {
                write!(f, "step `{step}` sends an event that is not valid: {issues}")
            }
        }
    }
}

impl StdError for StepError {}
