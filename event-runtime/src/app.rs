//! An application: a registry and its functions, handed to one of the hosts.

use std::any::{TypeId, type_name};
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use event_conventions::parse_cron;
use serde_json::value::RawValue;

use crate::event::{EventDescriptor, MetaRules, Metadata};
use crate::function::{
    Application, Collector, Controllers, FunctionDescriptor, FunctionList, Provided, RegisteredFunction,
};
use crate::middleware::{Chain, Middleware, review};
use crate::registry::{Registry, Stamps};
use crate::validate::{Issues, Path};

/// An application: the functions of the list `F`, and the events of its registry.
///
/// ```
/// use event_runtime::prelude::*;
///
/// /// The life of a user.
/// #[domain_events]
/// pub enum UserEvent {
///     /// A user was created.
///     Created { name: String },
/// }
///
/// /// Greets new users.
/// pub struct Greeter { greeting: String }
///
/// #[controller]
/// impl Greeter {
///     /// Says hello.
///     #[function(id = "user-created-greeter")]
///     async fn greet(&self, ctx: &Context<UserCreated>) -> Result<String> {
///         ctx.step.run("greet", async || Ok(format!("{} {}", self.greeting, ctx.event.name))).await.map_err(Into::into)
///     }
/// }
///
/// registry! { pub AppEvents = [UserEvent]; }
/// functions! { pub AppFunctions in AppEvents = [Greeter]; }
///
/// let app = App::<AppFunctions>::builder("greeter").provide(Greeter { greeting: "Hello".into() }).build().unwrap();
/// assert_eq!(app.functions().next().unwrap().id, "user-created-greeter");
///
/// let error = App::<AppFunctions>::builder("greeter").build().unwrap_err();
/// assert!(error.to_string().contains("Greeter"), "a controller that is listed must be provided");
/// ```
pub struct App<F> {
    pub(crate) application: Arc<Application>,
    functions: PhantomData<fn() -> F>,
}

impl<F: FunctionList> App<F> {
    /// Starts building an application. `id` names it to an Inngest server and in logs.
    pub fn builder(id: impl Into<String>) -> AppBuilder<F> {
        AppBuilder {
            id: id.into(),
            controllers: HashMap::new(),
            repeated: Vec::new(),
            middleware: Vec::new(),
            default_meta: None,
            functions: PhantomData,
        }
    }

    /// Returns the events of the registry that start no function, unless they are marked `#[event(unhandled)]`. The compiler warns
    /// of each where the functions are listed; a test can insist that there is none.
    pub fn unhandled_events(&self) -> impl Iterator<Item = &'static EventDescriptor> + '_ {
        let is_handled = |event: &&EventDescriptor| self.application.by_event.contains_key(event.name);
        F::Registry::events().filter(|event| !event.unhandled).filter(move |event| !is_handled(event))
    }

    /// The functions, in the order of the list.
    pub fn functions(&self) -> impl Iterator<Item = &'static FunctionDescriptor> + '_ {
        self.application.functions.iter().map(|function| function.descriptor)
    }
}

impl<F> fmt::Debug for App<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.application.functions.iter().map(|function| function.descriptor.id).collect();
        f.debug_struct("App").field("id", &self.application.id).field("functions", &ids).finish()
    }
}

/// The builder of an [`App`]: see [`App::builder`].
pub struct AppBuilder<F> {
    id: String,
    controllers: Controllers,
    repeated: Vec<&'static str>,
    middleware: Vec<Arc<dyn Middleware>>,
    /// The default metadata as JSON, or what is wrong with it.
    default_meta: Option<Result<Box<RawValue>, Issues>>,
    functions: PhantomData<fn() -> F>,
}

impl<F> fmt::Debug for AppBuilder<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppBuilder").field("id", &self.id).finish_non_exhaustive()
    }
}

impl<F: FunctionList> AppBuilder<F> {
    /// Gives a controller its state.
    #[must_use]
    pub fn provide<C: Send + Sync + 'static>(mut self, controller: C) -> Self {
        let provided = Provided::new(controller);
        if self.controllers.insert(TypeId::of::<C>(), provided).is_some() {
            self.repeated.push(type_name::<C>());
        }
        self
    }

    /// Adds a layer between the hosts and the code of the application. The first one is the outermost: it is next to the host,
    /// see [`middleware`](crate::middleware).
    #[must_use]
    pub fn middleware(mut self, middleware: impl Middleware) -> Self {
        self.middleware.push(Arc::new(middleware));
        self
    }

    /// Sets the metadata of events that nobody sends: those of times, which start functions with `cron`. It stands also for that of
    /// events which were stored before the registry named any. See [`Metadata`].
    #[must_use]
    pub fn default_meta<M: Stamps<F::Registry>>(mut self, meta: M) -> Self {
        let mut issues = Issues::new();
        let json = meta.write(&Path::root(), &mut issues);
        // Without JSON there is an issue.
        self.default_meta = Some(issues.into_result(json.unwrap_or_default()));
        self
    }

    /// Builds the application, after checking that the listed controllers are the provided ones.
    ///
    /// # Errors
    ///
    /// A controller that is listed but not provided, or provided but not listed, or provided twice; an empty id; a cron that cannot
    /// be read or never comes, or that starts a function without the metadata of the registry; default metadata that breaks its rules;
    /// an expression that a middleware refuses.
    pub fn build(mut self) -> Result<App<F>, BuildError> {
        let default_meta = self.default_meta.take().transpose();
        let default_meta =
            default_meta.map_err(|issues| BuildError::InvalidMeta { problem: issues.to_string() })?;
        let lacks_meta = <F::Registry as Registry>::Meta::IS_REQUIRED && default_meta.is_none();
        let meta = Arc::new(MetaRules::of::<<F::Registry as Registry>::Meta>(default_meta));
        let mut collector = Collector::new(&mut self.controllers, Arc::clone(&meta));
        F::collect(&mut collector);
        let (functions, foreign, missing) = collector.into_parts();
        if let Some(&(controller, function)) = missing.first() {
            return Err(BuildError::MissingController { controller, function });
        }
        if let Some(&controller) = self.repeated.first() {
            return Err(BuildError::RepeatedController { controller });
        }
        if let Some(unused) = self.controllers.values().find(|provided| !provided.used) {
            return Err(BuildError::UnlistedController { controller: unused.name });
        }
        if self.id.is_empty() {
            return Err(BuildError::EmptyId);
        }
        if let Some(error) = functions.iter().find_map(|function| unreadable_cron(function.descriptor)) {
            return Err(error);
        }
        let has_cron = |function: &&RegisteredFunction| !function.descriptor.options.crons.is_empty();
        if lacks_meta && let Some(function) = functions.iter().find(has_cron) {
            let meta = type_name::<<F::Registry as Registry>::Meta>();
            return Err(BuildError::MissingMeta { meta, function: function.descriptor.id });
        }
        let is_registered = |name: &str| F::Registry::find(name).is_some();
        let middleware = Chain::new(self.middleware);
        for function in &functions {
            let id = function.descriptor.id;
            review(&middleware, function.descriptor, F::Registry::find)
                .map_err(|problem| BuildError::RefusedExpression { function: id, problem })?;
        }
        let application =
            Application::new(self.id, functions, is_registered, meta).within(middleware, F::Registry::find);
        let application = Application { foreign, ..application };
        Ok(App { application: Arc::new(application), functions: PhantomData })
    }
}

/// The first cron of a function that cannot be read or never comes. `#[function]` checks what it is given while compiling; this is
/// for descriptors from elsewhere.
fn unreadable_cron(descriptor: &FunctionDescriptor) -> Option<BuildError> {
    descriptor.options.crons.iter().find_map(|&cron| {
        let problem = parse_cron(cron).err()?.to_string();
        Some(BuildError::UnreadableCron { function: descriptor.id, cron, problem })
    })
}

/// The error of [`AppBuilder::build`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// A controller is in the list of functions, and its state was not provided.
    MissingController {
        /// The type of the controller.
        controller: &'static str,
        /// The id of its first function.
        function: &'static str,
    },
    /// A controller was provided that is not in the list of functions.
    UnlistedController {
        /// The type of the controller.
        controller: &'static str,
    },
    /// Two controllers of one type were provided.
    RepeatedController {
        /// The type of the controller.
        controller: &'static str,
    },
    /// A cron of a function cannot be read, names a time zone that does not exist, or never comes.
    UnreadableCron {
        /// The id of the function.
        function: &'static str,
        /// The expression.
        cron: &'static str,
        /// The problem, and what to write instead.
        problem: String,
    },
    /// A middleware refuses an expression in the options of a function: one over fields that are encrypted, say.
    RefusedExpression {
        /// The id of the function.
        function: &'static str,
        /// The problem, and what to do.
        problem: String,
    },
    /// A function starts by a time, and nothing says which metadata comes with that.
    MissingMeta {
        /// The type of the metadata.
        meta: &'static str,
        /// The id of the function.
        function: &'static str,
    },
    /// The default metadata breaks its rules.
    InvalidMeta {
        /// Every issue.
        problem: String,
    },
    /// The id of the application is empty.
    EmptyId,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingController { controller, function } => write!(
                f,
                "the controller `{controller}` of function `{function}` is listed but not provided: \
                 add `.provide({} {{ .. }})` before `.build()`",
                short(controller)
            ),
            Self::UnlistedController { controller } => write!(
                f,
                "the controller `{controller}` is provided but not listed: add `{}` to the list in `functions!`, \
                 or remove `.provide(..)`",
                short(controller)
            ),
            Self::RepeatedController { controller } => {
                write!(
                    f,
                    "the controller `{controller}` is provided twice: remove one of the two `.provide(..)`"
                )
            }
            Self::UnreadableCron { function, cron, problem } => {
                write!(f, "the cron `{cron}` of the function `{function}` cannot be followed: {problem}")
            }
            Self::RefusedExpression { function, problem } => {
                write!(f, "an expression of the function `{function}` is refused: {problem}")
            }
            Self::MissingMeta { meta, function } => write!(
                f,
                "the function `{function}` starts by a time, and `{}` comes with every event of the registry: \
                 add `.default_meta({} {{ .. }})` before `.build()`",
                short(meta),
                short(meta)
            ),
            Self::InvalidMeta { problem } => {
                write!(f, "the metadata in `.default_meta(..)` is not valid: {problem}")
            }
            Self::EmptyId => {
                f.write_str("the id of the application is empty: name it in `App::builder(\"..\")`")
            }
        }
    }
}

impl std::error::Error for BuildError {}

/// The last segment of a path.
fn short(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}
