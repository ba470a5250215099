//! What is known about a function before it runs.

use super::{Function, Trigger};

/// What is known about a function at compile time: written by `#[function]`, read by hosts and documentation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct FunctionDescriptor {
    /// `domain-action-purpose`, unique in the application.
    pub id: &'static str,
    /// For people: the `name` option, or the id.
    pub name: &'static str,
    /// The documentation comment of the function.
    pub description: &'static str,
    /// The names of the events that start it.
    pub triggers: &'static [&'static str],
    /// How often a failed step, or the function itself, is tried again. 0 to 20; 4 unless set.
    pub retries: u8,
    /// Path of the function in its crate, such as `shop::mail::send_receipt`.
    pub path: &'static str,
    /// The file of its declaration.
    pub file: &'static str,
    /// The line of its declaration.
    pub line: u32,
}

impl FunctionDescriptor {
    /// The descriptor of a function.
    #[must_use]
    pub const fn of<F: Function>() -> &'static Self {
        struct Descriptor<F>(F);

        impl<F: Function> Descriptor<F> {
            const VALUE: FunctionDescriptor = {
                let FunctionSource { id, name, description, retries, path, file, line, .. } = F::SOURCE;
                let triggers = <F::Trigger as Trigger>::NAMES;
                FunctionDescriptor { id, name, description, triggers, retries, path, file, line }
            };
        }

        &Descriptor::<F>::VALUE
    }
}

/// What `#[function]` tells about a function.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct FunctionSource {
    pub id: &'static str,
    pub hash: u64,
    pub name: &'static str,
    pub description: &'static str,
    pub retries: u8,
    pub path: &'static str,
    pub file: &'static str,
    pub line: u32,
}
