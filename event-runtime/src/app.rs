//! An application: a registry and its functions, handed to one of the hosts.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::event::EventDescriptor;
use crate::function::{Function, FunctionDescriptor, FunctionGroup, FunctionList, Handler, erase};
use crate::registry::Registry;

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
/// let app = App::<AppFunctions>::new("greeter").provide(Greeter { greeting: "Hello".into() }).build().unwrap();
/// assert_eq!(app.functions().next().unwrap().id, "user-created-greeter");
///
/// let error = App::<AppFunctions>::new("greeter").build().unwrap_err();
/// assert!(error.to_string().contains("Greeter"), "a controller that is listed must be provided");
/// ```
pub struct App<F> {
    pub(crate) core: Arc<Core>,
    functions: PhantomData<fn() -> F>,
}

impl<F: FunctionList> App<F> {
    /// Begins an application. `id` names it to an Inngest server and in logs.
    #[allow(clippy::new_ret_no_self, reason = "`App::new(..).provide(..).build()` is what users write")]
    pub fn new(id: impl Into<String>) -> AppBuilder<F> {
        AppBuilder {
            id: id.into(),
            controllers: HashMap::new(),
            repeated: Vec::new(),
            functions: PhantomData,
        }
    }

    /// The embedded engine for this application, with its database in the file `path`, or `:memory:` for tests.
    ///
    /// See [`embedded`](crate::embedded).
    #[cfg(feature = "embedded")]
    pub fn embedded(&self, path: impl Into<std::path::PathBuf>) -> crate::embedded::Embedded<F::Registry> {
        crate::embedded::Embedded::new(Arc::clone(&self.core), path.into())
    }

    /// This application behind an Inngest server.
    ///
    /// See [`inngest`](crate::inngest).
    #[cfg(feature = "inngest")]
    pub fn inngest(&self, config: crate::inngest::InngestConfig) -> crate::inngest::Inngest<F::Registry> {
        crate::inngest::Inngest::new(Arc::clone(&self.core), config)
    }

    /// The events of the registry that start no function, unless they are marked `#[event(unhandled)]`. The compiler warns
    /// of each where the functions are listed; a test can insist that there is none.
    pub fn unhandled_events(&self) -> impl Iterator<Item = &'static EventDescriptor> + '_ {
        let is_handled = |event: &&EventDescriptor| self.core.by_event.contains_key(event.name);
        F::Registry::events().filter(|event| !event.unhandled).filter(move |event| !is_handled(event))
    }

    /// The functions, in the order of the list.
    pub fn functions(&self) -> impl Iterator<Item = &'static FunctionDescriptor> + '_ {
        self.core.functions.iter().map(|function| function.descriptor)
    }
}

impl<F> fmt::Debug for App<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.core.functions.iter().map(|function| function.descriptor.id).collect();
        f.debug_struct("App").field("id", &self.core.id).field("functions", &ids).finish()
    }
}

/// An application that is being put together: see [`App::new`].
pub struct AppBuilder<F> {
    id: String,
    controllers: Controllers,
    repeated: Vec<&'static str>,
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
        let provided = Provided { state: Arc::new(controller), name: type_name::<C>(), used: false };
        if self.controllers.insert(TypeId::of::<C>(), provided).is_some() {
            self.repeated.push(type_name::<C>());
        }
        self
    }

    /// Checks that what is listed and what is provided fit.
    ///
    /// # Errors
    ///
    /// A controller that is listed but not provided, or provided but not listed, or provided twice; an empty id.
    pub fn build(mut self) -> Result<App<F>, BuildError> {
        let mut collector =
            Collector { controllers: &mut self.controllers, functions: Vec::new(), missing: Vec::new() };
        F::collect(&mut collector);
        let (functions, missing) = (collector.functions, collector.missing);
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
        let core = Core::new(self.id, functions, |name| F::Registry::find(name).is_some());
        Ok(App { core: Arc::new(core), functions: PhantomData })
    }
}

/// Why an application could not be put together.
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
            Self::EmptyId => f.write_str("the id of the application is empty: name it in `App::new(\"..\")`"),
        }
    }
}

impl std::error::Error for BuildError {}

/// The last segment of a path.
fn short(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

type Controllers = HashMap<TypeId, Provided>;

struct Provided {
    state: Arc<dyn Any + Send + Sync>,
    name: &'static str,
    used: bool,
}

/// Walks the list of functions and gives each its controller.
#[doc(hidden)]
pub struct Collector<'a> {
    controllers: &'a mut Controllers,
    functions: Vec<RegisteredFunction>,
    missing: Vec<(&'static str, &'static str)>,
}

impl fmt::Debug for Collector<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collector").finish_non_exhaustive()
    }
}

impl Collector<'_> {
    /// Adds a function.
    pub fn function<F: Function>(&mut self) {
        // The handler of failures of several functions is one function.
        if self.functions.iter().any(|function| function.descriptor.id == F::SOURCE.id) {
            return;
        }
        match self.controller::<F::Controller>() {
            Some(controller) => {
                let handler = erase::<F>(controller);
                self.functions
                    .push(RegisteredFunction { descriptor: FunctionDescriptor::of::<F>(), handler });
            }
            None => self.missing.push((type_name::<F::Controller>(), F::SOURCE.id)),
        }
        F::collect_failure(self);
    }

    /// Adds what another entry lists.
    pub fn entry<E: FunctionGroup>(&mut self) {
        E::collect(self);
    }

    fn controller<C: Send + Sync + 'static>(&mut self) -> Option<Arc<C>> {
        if TypeId::of::<C>() == TypeId::of::<()>() {
            // Free functions have no state.
            return (Arc::new(()) as Arc<dyn Any + Send + Sync>).downcast().ok();
        }
        let provided = self.controllers.get_mut(&TypeId::of::<C>())?;
        provided.used = true;
        Arc::clone(&provided.state).downcast().ok()
    }
}

/// A function with its state, ready to be called by a host.
pub(crate) struct RegisteredFunction {
    pub(crate) descriptor: &'static FunctionDescriptor,
    pub(crate) handler: Handler,
}

/// What hosts know of an application.
pub(crate) struct Core {
    /// Names the application to an Inngest server, and in logs.
    pub(crate) id: String,
    /// Every function, in the order of the list.
    pub(crate) functions: Vec<RegisteredFunction>,
    /// Which functions an event starts, by event name: indexes into `functions`.
    pub(crate) by_event: HashMap<&'static str, Vec<usize>>,
    /// Whether the registry knows an event name.
    pub(crate) is_registered: fn(&str) -> bool,
}

impl Core {
    pub(crate) fn new(
        id: String,
        functions: Vec<RegisteredFunction>,
        is_registered: fn(&str) -> bool,
    ) -> Self {
        let mut by_event: HashMap<&'static str, Vec<usize>> = HashMap::new();
        for (index, function) in functions.iter().enumerate() {
            for name in function.descriptor.triggers {
                by_event.entry(name).or_default().push(index);
            }
        }
        Self { id, functions, by_event, is_registered }
    }
}
