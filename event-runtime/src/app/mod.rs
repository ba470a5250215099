//! An application: a registry and its functions, handed to one of the hosts.

mod build_error;

use std::any::{TypeId, type_name};
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use event_conventions::parse_cron;
use serde_json::value::RawValue;

pub use self::build_error::BuildError;
use self::build_error::{last, names};
use crate::client::{Client, Link};
use crate::event::{EventDescriptor, MetaRules, Metadata};
use crate::function::{
    Application, Collector, Controllers, FunctionDescriptor, FunctionList, Provided, RegisteredFunction,
    RegistryOf,
};
use crate::middleware::{Chain, Middleware, review};
use crate::registry::{Registry, Stamps};
use crate::validate::{Issues, Path};

/// An application: the functions of the list `F`, the events of its registry, and the controllers with their dependencies.
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
            link: Arc::default(),
            middleware: Vec::new(),
            default_meta: None,
            functions: PhantomData,
        }
    }

    /// Returns a client that sends events to the host that runs this application: see [`AppBuilder::client`].
    pub fn client(&self) -> Client<F::Registry, <F::Registry as Registry>::Meta> {
        Client::linked(Arc::clone(&self.application.link))
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
    link: Arc<Link>,
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
    /// Returns a client for services that send events and are needed to build the application, such as dependencies of controllers.
    /// It sends to the host that runs the application, once there is one: the embedded engine, Inngest server or test engine that was
    /// started last. Before that host has started, and after it has ended, sending is an error.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use event_runtime::prelude::*;
    ///
    /// # /// The life of an order.
    /// # #[domain_events]
    /// # pub enum OrderEvent {
    /// #     /// An order was placed.
    /// #     Placed { id: u64 },
    /// #     /// An order was packed.
    /// #     #[event(unhandled)]
    /// #     Packed { id: u64 },
    /// # }
    /// # registry! { pub AppEvents = [OrderEvent]; }
    /// /// Takes orders, for requests and for functions.
    /// pub struct Orders {
    ///     events: Client<AppEvents>,
    /// }
    ///
    /// impl Orders {
    ///     async fn place(&self, id: u64) -> Result<()> {
    ///         self.events.send(OrderPlaced { id }.with_id(format!("order-{id}"))).await?;
    ///         Ok(())
    ///     }
    /// }
    ///
    /// /// Packs.
    /// pub struct Warehouse {
    ///     orders: Arc<Orders>,
    /// }
    ///
    /// #[controller]
    /// impl Warehouse {
    ///     /// Packs an order.
    ///     #[function(id = "order-placed-packing")]
    ///     async fn pack(&self, ctx: &Context<OrderPlaced>) -> Result<u64> {
    /// #       let _ = &self.orders;
    ///         Ok(ctx.event.id)
    ///     }
    /// }
    /// # functions! { pub AppFunctions in AppEvents = [Warehouse]; }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<()> {
    /// let app = App::<AppFunctions>::builder("shop");
    /// let orders = Arc::new(Orders { events: app.client() });
    /// let app = app.provide(Warehouse { orders: Arc::clone(&orders) }).build()?;
    /// assert!(orders.place(7).await.is_err(), "nothing runs yet");
    ///
    /// let engine = app.embedded(":memory:").start().await?;
    /// orders.place(7).await?;
    /// # engine.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Sending fails with [`SendError::NotStarted`](crate::SendError::NotStarted) before a host has started. After the host has ended
    /// it fails with the cause, or with [`SendError::Closed`](crate::SendError::Closed).
    pub fn client(&self) -> Client<F::Registry, <F::Registry as Registry>::Meta> {
        Client::linked(Arc::clone(&self.link))
    }

    /// Registers a controller instance, with its dependencies (dependency injection). It is the controller itself, not an `Arc` of it.
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
    #[allow(clippy::needless_pass_by_value, reason = "it is made for this call")]
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
    /// an expression that a middleware refuses; with the feature `inngest`, more triggers of a function than an Inngest server takes.
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
            let provided = self.near_miss(controller);
            return Err(BuildError::MissingController { controller, function, provided });
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
        #[cfg(feature = "inngest")]
        if let Some(error) = functions.iter().find_map(|function| too_many_triggers(function.descriptor)) {
            return Err(error);
        }
        let has_cron = |function: &&RegisteredFunction| !function.descriptor.options.crons.is_empty();
        if lacks_meta && let Some(function) = functions.iter().find(has_cron) {
            let meta = type_name::<<F::Registry as Registry>::Meta>();
            return Err(BuildError::MissingMeta { meta, function: function.descriptor.id });
        }
        let registry = RegistryOf {
            is_registered: |name| F::Registry::find(name).is_some(),
            events: || F::Registry::events().collect(),
            meta,
        };
        let middleware = Chain::new(self.middleware);
        for function in &functions {
            let id = function.descriptor.id;
            review(&middleware, function.descriptor, F::Registry::find)
                .map_err(|problem| BuildError::RefusedExpression { function: id, problem })?;
        }
        let application =
            Application::new(self.id, functions, registry, self.link).within(middleware, F::Registry::find);
        let application = Application { foreign, ..application };
        Ok(App { application: Arc::new(application), functions: PhantomData })
    }

    /// Finds a value provided in place of this controller by mistake: a type around it, or another type of the same name.
    fn near_miss(&self, controller: &str) -> Option<&'static str> {
        let unused =
            self.controllers.values().filter(|provided| !provided.used).map(|provided| provided.name);
        unused.filter(|name| names(name).any(|part| last(part) == last(controller))).min()
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

/// A function with more triggers than a server takes, in patterns too.
#[cfg(feature = "inngest")]
fn too_many_triggers(descriptor: &FunctionDescriptor) -> Option<BuildError> {
    let triggers = crate::inngest::triggers(descriptor).len();
    (triggers > crate::inngest::MAX_TRIGGERS)
        .then_some(BuildError::TooManyTriggers { function: descriptor.id, triggers })
}
