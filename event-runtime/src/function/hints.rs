//! The last expression of a function, as a bound: so the compiler can say what to write instead where it would say that two types
//! differ.

use super::StepError;

/// A result that is the last expression of a function which returns `T`.
#[diagnostic::on_unimplemented(
    message = "a function that returns `{T}` ends with `{Self}`",
    label = "a step fails with a `StepError`, and the function with another error",
    note = "`?` converts the error: write `Ok(ctx.step.run(..).await?)`"
)]
pub trait Returns<T> {
    /// The result itself.
    fn same(self) -> T;
}

impl<T> Returns<T> for T {
    fn same(self) -> T {
        self
    }
}

/// What no function returns. With one implementation alone the compiler would take it that both types are one, and say that they
/// differ.
#[derive(Debug)]
pub struct Undecided;

#[diagnostic::do_not_recommend]
impl<T> Returns<Undecided> for Result<T, StepError> {
    fn same(self) -> Undecided {
        Undecided
    }
}

/// Returns the result of a step from a function.
pub fn returned<R: Returns<T>, T>(result: R) -> T {
    result.same()
}
