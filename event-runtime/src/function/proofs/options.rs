//! The options of a function fit its trigger and its handler of failures.

use crate::const_text::Message;
use crate::event::{Failed, Trigger, TriggerEvents};
use crate::function::Function;
use crate::validate::json::Object;

/// Fails unless the function takes a batch exactly where it has the option `batch`, and a time where it has `cron`.
///
/// # Panics
///
/// When it does not: a panic of a constant evaluation is an error of the compiler.
#[track_caller]
pub const fn assert_options<F: Function>() {
    let TriggerEvents { kind, .. } = <F::Trigger as Trigger>::EVENTS;
    let options = F::SOURCE.options;
    if kind.batch != options.batch.is_some() {
        let message = if kind.batch {
            "a function that takes a `Batch` says how it is gathered: write `#[function(.., batch(max_size = 100, timeout = \"5s\"))]`"
        } else {
            "the option `batch` gives several events at once: take them as `ctx: &Context<Batch<..>>`"
        };
        Message::new().add(&[message]).fail();
    }
    if kind.cron == options.crons.is_empty() {
        let message = if kind.cron {
            "a function that takes a `Cron` says when it starts: write `#[function(.., cron = \"0 9 * * *\")]`"
        } else {
            "the option `cron` starts a function without an event: take `ctx: &Context<Cron>`, or `&Context<Either<Cron, ..>>`"
        };
        Message::new().add(&[message]).fail();
    }
}

/// Compiles only when `H` can be told of the failures of `F`, and wants no metadata that `F` does not want.
pub const fn assert_failure_handler<F, H>()
where
    F: Function,
    H: Function<Trigger = Failed<F::Trigger>>,
    H::Meta: WantedWith<F::Meta>,
{
}

/// Metadata that a handler of failures may want, beside a function that wants `M`: the same, or none. That function is listed,
/// and with it is proved what its events come with.
#[diagnostic::on_unimplemented(
    message = "the handler of failures wants `{Self}`, which the function does not want",
    label = "this handler wants `{Self}`",
    note = "let the function want it too: `ctx: &Context<.., {Self}>`"
)]
pub trait WantedWith<M> {}

#[diagnostic::do_not_recommend]
impl<M> WantedWith<M> for () {}
#[diagnostic::do_not_recommend]
impl<M: Object> WantedWith<M> for M {}
