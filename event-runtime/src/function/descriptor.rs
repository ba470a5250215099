//! What is known about a function before it runs.

use super::Trigger;

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
    #[doc(hidden)]
    #[must_use]
    pub const fn of<T: Trigger>(
        (id, name): (&'static str, &'static str),
        description: &'static str,
        retries: u8,
        path: &'static str,
        (file, line): (&'static str, u32),
    ) -> Self {
        Self { id, name, description, triggers: T::NAMES, retries, path, file, line }
    }
}
