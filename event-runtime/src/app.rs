//! An application: a registry and its functions, handed to one of the hosts.

use std::collections::HashMap;

use crate::function::{FunctionDescriptor, Handler};

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
