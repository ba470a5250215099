//! An application as its hosts know it, and how its functions get their controllers.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::{Foreign, Function, FunctionDescriptor, FunctionGroup, Handler, Invocable, erase};
use crate::client::Link;
use crate::event::{EventDescriptor, MetaRules};
use crate::middleware::{Chain, Find};

/// A function with its state, ready to be called by a host.
pub(crate) struct RegisteredFunction {
    pub(crate) descriptor: &'static FunctionDescriptor,
    pub(crate) handler: Handler,
}

/// An application as its hosts know it.
pub(crate) struct Application {
    /// Names the application to an Inngest server, and in logs.
    pub(crate) id: String,
    /// Every function, in the order of the list.
    pub(crate) functions: Vec<RegisteredFunction>,
    /// The functions that an event starts, by event name: indexes into `functions`.
    pub(crate) by_event: HashMap<&'static str, Vec<usize>>,
    /// Whether the registry knows an event name.
    pub(crate) is_registered: fn(&str) -> bool,
    /// The events of the registry.
    pub(crate) events: fn() -> Vec<&'static EventDescriptor>,
    /// The event of this name, where its fields are known.
    pub(crate) find_event: Find,
    /// What comes with every event.
    pub(crate) meta: Arc<MetaRules>,
    /// The functions of other applications that this one calls.
    pub(crate) foreign: Vec<Foreign>,
    /// The middleware around functions and events.
    pub(crate) middleware: Chain,
    /// Where a host connects itself to the clients that the application has handed out.
    pub(crate) link: Arc<Link>,
}

/// What an application knows of its registry.
pub(crate) struct RegistryOf {
    pub(crate) is_registered: fn(&str) -> bool,
    pub(crate) events: fn() -> Vec<&'static EventDescriptor>,
    pub(crate) meta: Arc<MetaRules>,
}

impl Application {
    pub(crate) fn new(
        id: String,
        functions: Vec<RegisteredFunction>,
        registry: RegistryOf,
        link: Arc<Link>,
    ) -> Self {
        let mut by_event: HashMap<&'static str, Vec<usize>> = HashMap::new();
        for (index, function) in functions.iter().enumerate() {
            for name in function.descriptor.triggers {
                by_event.entry(name).or_default().push(index);
            }
        }
        let RegistryOf { is_registered, events, meta } = registry;
        let (foreign, middleware) = (Vec::new(), Chain::default());
        Self {
            id,
            functions,
            by_event,
            is_registered,
            events,
            find_event: |_| None,
            meta,
            foreign,
            middleware,
            link,
        }
    }

    /// The same application with layers around its functions.
    pub(crate) fn within(mut self, middleware: Chain, find: Find) -> Self {
        for RegisteredFunction { descriptor, handler } in &mut self.functions {
            *handler = middleware.around(descriptor, Arc::clone(handler), find);
        }
        Self { middleware, find_event: find, ..self }
    }
}

/// The controllers that were provided, by their type.
pub(crate) type Controllers = HashMap<TypeId, Provided>;

/// A controller that was provided.
pub(crate) struct Provided {
    state: Arc<dyn Any + Send + Sync>,
    /// The name of its type.
    pub(crate) name: &'static str,
    /// Whether a function of the list is a method of it.
    pub(crate) used: bool,
}

impl Provided {
    pub(crate) fn new<C: Send + Sync + 'static>(controller: C) -> Self {
        Self { state: Arc::new(controller), name: type_name::<C>(), used: false }
    }
}

/// Walks the list of functions and gives each its controller.
#[doc(hidden)]
pub struct Collector<'a> {
    controllers: &'a mut Controllers,
    meta: Arc<MetaRules>,
    functions: Vec<RegisteredFunction>,
    foreign: Vec<Foreign>,
    missing: Vec<Missing>,
}

/// A controller that was not provided, and the id of its function.
pub(crate) type Missing = (&'static str, &'static str);

impl fmt::Debug for Collector<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collector").finish_non_exhaustive()
    }
}

impl<'a> Collector<'a> {
    pub(crate) fn new(controllers: &'a mut Controllers, meta: Arc<MetaRules>) -> Self {
        Self { controllers, meta, functions: Vec::new(), foreign: Vec::new(), missing: Vec::new() }
    }

    /// The functions with their controllers, those of other applications, and the controllers that are missing.
    pub(crate) fn into_parts(self) -> (Vec<RegisteredFunction>, Vec<Foreign>, Vec<Missing>) {
        (self.functions, self.foreign, self.missing)
    }

    /// Adds a function.
    pub fn function<F: Function>(&mut self) {
        // The handler of failures of several functions is one function.
        if self.functions.iter().any(|function| function.descriptor.id == F::SOURCE.id) {
            return;
        }
        match self.controller::<F::Controller>() {
            Some(controller) => {
                let handler = erase::<F>(controller, &self.meta);
                self.functions
                    .push(RegisteredFunction { descriptor: FunctionDescriptor::of::<F>(), handler });
            }
            None => self.missing.push((type_name::<F::Controller>(), F::SOURCE.id)),
        }
        F::collect_failure(self);
    }

    /// Adds a function of another application.
    pub fn foreign<C: Invocable>(&mut self) {
        if let Some(app) = C::APP {
            self.foreign.push(Foreign { app, function: C::ID });
        }
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
        // It was provided under the type that is asked for.
        Arc::clone(&provided.state).downcast().ok()
    }
}
