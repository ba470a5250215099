//! Descriptors of functions.

use super::{Function, Options};
use crate::event::{Event, Trigger};

/// The descriptor of a function: written by `#[function]`, read by hosts and documentation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct FunctionDescriptor {
    /// `domain-action-purpose`, unique in the application.
    pub id: &'static str,
    /// Its former ids: `was`. What a host has stored under them belongs to it.
    pub was: &'static [&'static str],
    /// For people: the `name` option, or the id.
    pub name: &'static str,
    /// The documentation comment of the function.
    pub description: &'static str,
    /// The names of the events that start it.
    pub triggers: &'static [&'static str],
    /// The events that it declares to send; empty when it does not declare them.
    pub emits: &'static [Emit],
    /// Whether events may come back to it: `allow_cycle`.
    pub allows_cycle: bool,
    /// When and how often it runs.
    pub options: Options,
    /// The function that runs when a run has failed for good: `on_failure`.
    pub on_failure: Option<&'static FunctionDescriptor>,
    /// Path of the function in its crate, such as `shop::mail::send_receipt`.
    pub path: &'static str,
    /// The file of its declaration.
    pub file: &'static str,
    /// The line of its declaration.
    pub line: u32,
    /// Hashes of the names of the triggers.
    pub(crate) trigger_hashes: &'static [u64],
}

/// An event that a function declares to send.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Emit {
    /// Its name.
    pub name: &'static str,
    /// The hash of its name.
    pub(crate) hash: u64,
}

impl Emit {
    #[doc(hidden)]
    #[must_use]
    pub const fn of<E: Event>() -> Self {
        Self { name: E::NAME, hash: E::SOURCE.hash }
    }
}

impl FunctionDescriptor {
    /// The descriptor of a function.
    #[must_use]
    pub const fn of<F: Function>() -> &'static Self {
        struct Descriptor<F>(F);

        impl<F: Function> Descriptor<F> {
            const VALUE: FunctionDescriptor = {
                let FunctionSource {
                    id, was, name, description, options, on_failure, path, file, line, ..
                } = F::SOURCE;
                FunctionDescriptor {
                    id,
                    was,
                    name,
                    description,
                    triggers: <F::Trigger as Trigger>::EVENTS.names,
                    trigger_hashes: <F::Trigger as Trigger>::EVENTS.hashes,
                    emits: F::SOURCE.emits,
                    allows_cycle: F::SOURCE.allows_cycle,
                    options,
                    on_failure,
                    path,
                    file,
                    line,
                }
            };
        }

        &Descriptor::<F>::VALUE
    }
}

/// The part of a descriptor that `#[function]` writes.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct FunctionSource {
    pub id: &'static str,
    pub was: &'static [&'static str],
    pub hash: u64,
    pub name: &'static str,
    pub description: &'static str,
    pub options: Options,
    pub on_failure: Option<&'static FunctionDescriptor>,
    pub emits: &'static [Emit],
    pub allows_cycle: bool,
    pub path: &'static str,
    pub file: &'static str,
    pub line: u32,
}
