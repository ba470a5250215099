//! What `step.invoke` can call: functions of the application, and of others.

use std::fmt;

use super::Function;
use crate::event::Trigger;

/// A function that [`Step::invoke`](crate::Step::invoke) can call: one of the application, or one of another that
/// [`foreign!`](crate::foreign) declares.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a function",
    label = "neither declared by `#[function]` nor by `foreign!`",
    note = "name the marker of a function, `SendMail` for `async fn send_mail`"
)]
pub trait Invocable: 'static {
    /// What it takes.
    type Trigger: Trigger;
    /// What it returns.
    type Output;
    /// The id of its application; `None` for the application that calls it.
    #[doc(hidden)]
    const APP: Option<&'static str>;
    /// Its id.
    #[doc(hidden)]
    const ID: &'static str;
}

#[diagnostic::do_not_recommend]
impl<F: Function> Invocable for F {
    type Trigger = F::Trigger;
    type Output = F::Output;
    const APP: Option<&'static str> = None;
    const ID: &'static str = F::SOURCE.id;
}

/// A function of another application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Foreign {
    pub(crate) app: &'static str,
    pub(crate) function: &'static str,
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the function `{}` of the application `{}`", self.function, self.app)
    }
}
