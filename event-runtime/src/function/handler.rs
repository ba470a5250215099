//! From a typed function to what hosts call: decode the trigger, run the handler, encode its result.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use super::machine::{Means, Promises};
use super::{Collector, Context, Error, FunctionSource, Meta, Result, Step, encode_output};
use crate::client::BoxFuture;
use crate::event::{
    InvalidEvents, MetaRules, Metadata, RawEnvelope, Reading, Trigger, are_for_another_build,
};
use crate::validate::Issues;

/// A function that reacts to events. Implemented by `#[function]` on a marker type named after the function.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a function",
    label = "not declared by `#[function]`",
    note = "list the functions that carry `#[function]` and the types whose `impl` carries `#[controller]`"
)]
pub trait Function: 'static {
    /// The controller it is a method of; `()` for a free function.
    type Controller: Send + Sync + 'static;
    /// What starts it.
    type Trigger: Trigger;
    /// The metadata that it wants with its event; `()` for none.
    type Meta: Metadata;
    /// What it returns.
    type Output: Returned;
    /// Its id, options and place in the source; read them by [`FunctionDescriptor::of`](crate::FunctionDescriptor::of).
    #[doc(hidden)]
    const SOURCE: FunctionSource;

    /// What it may send: itself where it declares that with `emits(..)`, else `()`.
    type Scope: Send + Sync + 'static;

    /// Adds the function that is told of failures to the application.
    #[doc(hidden)]
    fn collect_failure(_: &mut Collector<'_>) {}

    /// Calls it.
    fn call<'a>(
        controller: &'a Self::Controller,
        ctx: &'a Context<Self::Trigger, Self::Meta, Self::Scope>,
    ) -> impl Future<Output = Result<Self::Output>> + Send + 'a;
}

/// A value that a function may return: it can be recorded as JSON.
#[diagnostic::on_unimplemented(
    message = "the result of a function is recorded as JSON, and `{Self}` cannot be",
    label = "not known to serde, or bound to a thread",
    note = "derive `serde::Serialize` for what it is made of; it must also be `Send` and own its data"
)]
#[doc(hidden)]
pub trait Returned: Send + 'static {
    /// Writes it as JSON.
    fn encode(&self) -> Result<Arc<str>>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + Send + 'static> Returned for T {
    fn encode(&self) -> Result<Arc<str>> {
        encode_output(self)
    }
}

/// The return type of a function: a `Result` whose error converts into [`Error`].
#[diagnostic::on_unimplemented(
    message = "a function returns a `Result`, not `{Self}`",
    note = "write `-> Result<T>`, with a `T` that can be serialised and an error that converts into `event_runtime::Error`"
)]
pub trait HandlerResult {
    /// The value of success.
    type Output;

    /// As the runtime's own `Result`.
    fn into_result(self) -> Result<Self::Output>;
}

impl<T, E: Into<Error>> HandlerResult for Result<T, E> {
    type Output = T;

    fn into_result(self) -> Result<T> {
        self.map_err(Into::into)
    }
}

/// One invocation of a handler, as a host makes it.
pub(crate) struct Invocation {
    /// The promises of the run's steps.
    pub(crate) promises: Arc<Promises>,
    /// The events that started the run: one, or a batch.
    pub(crate) events: Arc<[Arc<RawEnvelope>]>,
    /// The run's id.
    pub(crate) run_id: Arc<str>,
    /// The attempt of the function itself, counted from 0.
    pub(crate) attempt: u32,
    /// Which function.
    pub(crate) function: &'static str,
    /// What the host lends to its steps.
    pub(crate) means: Option<Arc<Means>>,
    /// Whether the events have been validated before.
    pub(crate) reading: Reading,
}

/// Why a function cannot be called with what started a run.
#[derive(Debug)]
pub(crate) struct Unfit {
    message: String,
    /// Whether another build may be able to: this one does not know the event, the version of its payload, or what stands for
    /// metadata that it was stored without.
    pub(crate) is_for_another_build: bool,
}

impl Unfit {
    fn new(invocation: &Invocation, issues: &Issues, lacks_meta: bool) -> Self {
        let event = invocation.events.first();
        let (name, id) = event.map_or(("", ""), |event| (&event.name, &event.id));
        let version = event.and_then(|event| event.v).unwrap_or(1);
        let function = invocation.function;
        Self {
            message: format!(
                "function `{function}` cannot take the event `{name}` (version {version}, id `{id}`): {issues}"
            ),
            is_for_another_build: lacks_meta || are_for_another_build(issues),
        }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unfit {}

/// A function with its types erased, as hosts call it.
pub(crate) type Handler = Arc<dyn Fn(Invocation) -> BoxFuture<'static, Result<Arc<str>>> + Send + Sync>;

/// Erases the types of `F`.
pub(crate) fn erase<F: Function>(controller: Arc<F::Controller>, meta: &Arc<MetaRules>) -> Handler {
    let meta = Arc::clone(meta);
    Arc::new(move |invocation| {
        let (controller, meta) = (Arc::clone(&controller), Arc::clone(&meta));
        Box::pin(async move {
            let Decoded { event, left_out, app } = decode::<F>(&invocation, &meta)?;
            let meta = Meta::new(&invocation, app).map_err(Error::non_retriable)?;
            let ctx = Context { event, meta, step: Step::new(invocation.promises) };
            let output =
                F::call(&controller, &ctx).await.map_err(|error| ctx.step.with_its_attempts(error))?;
            match left_out {
                None => output.encode(),
                Some(left_out) => Err(Error::non_retriable(Error::typed(left_out))),
            }
        })
    })
}

/// What a function is called with.
struct Decoded<F: Function> {
    event: F::Trigger,
    /// The events of a batch that are not valid.
    left_out: Option<InvalidEvents>,
    app: F::Meta,
}

/// Decodes what a function is called with.
fn decode<F: Function>(invocation: &Invocation, meta: &MetaRules) -> Result<Decoded<F>> {
    let mut issues = Issues::new();
    let event = issues.take(F::Trigger::decode_valid(&invocation.events, invocation.reading));
    if invocation.reading == Reading::Sent {
        // Events from outside carry what the registry says, whether this function looks at it or not.
        for event in &*invocation.events {
            issues.take(meta.check(event.meta.as_deref()));
        }
    }
    // Of a batch it is that of the first.
    let first = invocation.events.first().and_then(|event| meta.of_event(event));
    let app = if issues.is_empty() { issues.take(F::Meta::read(first, invocation.reading)) } else { None };
    match (event, app) {
        (Some((event, left_out)), Some(app)) => Ok(Decoded { event, left_out, app }),
        _ if invocation.reading == Reading::Sent => Err(Error::non_retriable(issues)),
        _ => {
            let lacks_meta = F::Meta::IS_REQUIRED && first.is_none();
            Err(Error::non_retriable(Unfit::new(invocation, &issues, lacks_meta)))
        }
    }
}
