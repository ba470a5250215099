//! The kinds of steps.

use std::fmt;

/// The kind of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StepKind {
    /// `step.run`
    Run = 0,
    /// `step.sleep` or `step.sleep_until`
    Sleep = 1,
    /// `step.send` or `step.send_all`
    Send = 2,
    /// `step.wait_for_event`
    Wait = 3,
    /// `step.invoke`
    Invoke = 4,
}

impl StepKind {
    /// As the method is called.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Sleep => "sleep",
            Self::Send => "send",
            Self::Wait => "wait_for_event",
            Self::Invoke => "invoke",
        }
    }

    /// The kind with this number.
    pub(crate) const fn of_number(number: i64) -> Option<Self> {
        Some(match number {
            0 => Self::Run,
            1 => Self::Sleep,
            2 => Self::Send,
            3 => Self::Wait,
            4 => Self::Invoke,
            _ => return None,
        })
    }
}

/// As the method is called: `run`, `wait_for_event`.
impl fmt::Display for StepKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
