//! The kinds of steps.

/// The kind of a step. As a text it is as the method is called: `run`, `sleep`, `send`, `wait_for_event`, `invoke`,
/// `signal`, `undo`.
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
    /// `step.signal`
    Signal = 5,
    /// The undoing of a `step.run`.
    Undo = 6,
}

// As the methods are called.
named!(StepKind, "kind of a step", {
    Run => "run",
    Sleep => "sleep",
    Send => "send",
    Wait => "wait_for_event",
    Invoke => "invoke",
    Signal => "signal",
    Undo => "undo",
});

impl StepKind {
    /// The kind with this number.
    pub(crate) const fn of_number(number: i64) -> Option<Self> {
        Some(match number {
            0 => Self::Run,
            1 => Self::Sleep,
            2 => Self::Send,
            3 => Self::Wait,
            4 => Self::Invoke,
            5 => Self::Signal,
            6 => Self::Undo,
            _ => return None,
        })
    }
}
