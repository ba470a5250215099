//! The explicit list of the functions of an application, and what is verified about it while compiling.

use super::{Collector, Function, FunctionDescriptor};
use crate::event::Trigger;
use crate::registry::{MemberOf, MetaOf, Registry};

/// A group of functions that can stand in `functions!`: a function, a controller, or another list.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in `functions!`",
    label = "neither a function, nor a controller, nor a list of functions",
    note = "list the functions that carry `#[function]`, the types whose `impl` carries `#[controller]`, and other `functions!` lists"
)]
pub trait FunctionGroup {
    /// The functions that listing it registers.
    #[doc(hidden)]
    const FUNCTIONS: &'static [Listed];

    #[doc(hidden)]
    fn collect(collector: &mut Collector<'_>);
}

impl<F: Function> FunctionGroup for F {
    const FUNCTIONS: &'static [Listed] =
        &[Listed::One { function: FunctionDescriptor::of::<F>(), hash: F::SOURCE.hash }];

    fn collect(collector: &mut Collector<'_>) {
        collector.function::<F>();
    }
}

/// The list of the functions of an application, as `functions!` declares it when it names a registry.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the list of an application's functions",
    label = "not declared by `functions!`, or without a registry",
    note = "declare it, and name its registry: `functions! {{ pub {Self} in AppEvents = [..]; }}`"
)]
pub trait FunctionList: FunctionGroup + Send + Sync + 'static {
    /// The registry that knows every trigger.
    type Registry: Registry;

    /// The descriptors of the functions, in the order of the list.
    fn descriptors() -> Vec<&'static FunctionDescriptor> {
        fn flatten(listed: &[Listed], into: &mut Vec<&'static FunctionDescriptor>) {
            for entry in listed {
                match entry {
                    Listed::One { function, .. } => into.push(function),
                    Listed::Many(entries) => flatten(entries, into),
                }
            }
        }
        let mut descriptors = Vec::new();
        flatten(Self::FUNCTIONS, &mut descriptors);
        descriptors
    }
}

/// An entry whose triggers are all registered in `R`. Implemented by `#[function]`, `#[controller]` and `functions!`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in `functions!`",
    label = "neither a function, nor a controller, nor a list of functions",
    note = "list the functions that carry `#[function]`, the types whose `impl` carries `#[controller]`, and other `functions!` lists"
)]
pub trait ListedIn<R> {}

impl<R, F: Function> ListedIn<R> for F
where
    <F::Trigger as Trigger>::Sets: MemberOf<R>,
    F::Meta: MetaOf<R>,
{
}

/// Compiles only when `G` may stand in a list of functions whose registry is `R`.
pub fn assert_listed<R, G: FunctionGroup + ListedIn<R>>() {}

/// A node of the tree of functions.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Listed {
    /// A function, and the hash of its id.
    One {
        /// What is known about it.
        function: &'static FunctionDescriptor,
        /// The hash of its id.
        hash: u64,
    },
    /// The functions of a controller or of another list.
    Many(&'static [Listed]),
}

/// Counts the functions that are listed.
#[must_use]
pub const fn count(listed: &[Listed]) -> usize {
    let (mut functions, mut at) = (0, 0);
    while at < listed.len() {
        functions += match listed[at] {
            Listed::One { .. } => 1,
            Listed::Many(entries) => count(entries),
        };
        at += 1;
    }
    functions
}
