//! Syntax errors of cron expressions and durations.

use alloc::string::String;
use core::error::Error;
use core::fmt::{self, Display, Formatter};
use core::ops::Range;

/// A cron expression or a duration that cannot be read: where, and what to write instead.
///
/// ```
/// use event_conventions::parse_cron;
///
/// let error = parse_cron("0 24 * * *").unwrap_err();
/// assert_eq!(error.range(), 2..4);
/// assert_eq!(error.to_string(), "the hour is 0 to 23, `*`, `*/2`, `1-5` or `1,3`, and not `24`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct SyntaxError {
    start: usize,
    end: usize,
    message: String,
}

impl SyntaxError {
    pub(crate) const fn new(range: Range<usize>, message: String) -> Self {
        Self { start: range.start, end: range.end, message }
    }

    /// The bytes that are wrong.
    #[must_use]
    pub const fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl Display for SyntaxError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for SyntaxError {}
