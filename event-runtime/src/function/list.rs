//! The explicit list of the functions of an application, and what is verified about it while compiling.

use super::{Collector, Function, FunctionDescriptor, Trigger};
use crate::registry::{MemberOf, Message, Registry, Table};

/// What can stand in `functions!`: a function, a controller, or another list.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in `functions!`",
    label = "neither a function, nor a controller, nor a list of functions",
    note = "list the functions that carry `#[function]`, the types whose `impl` carries `#[controller]`, and other `functions!` lists"
)]
pub trait Entry {
    /// The functions that listing it registers.
    #[doc(hidden)]
    const FUNCTIONS: &'static [Listed];

    #[doc(hidden)]
    fn collect(collector: &mut Collector<'_>);
}

impl<F: Function> Entry for F {
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
pub trait FunctionList: Entry + Send + Sync + 'static {
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

impl<R, F: Function> ListedIn<R> for F where <F::Trigger as Trigger>::Set: MemberOf<R> {}

/// Compiles only when `E` may stand in a list of functions whose registry is `R`.
pub fn assert_listed<R, E: Entry + ListedIn<R>>() {}

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

/// How many functions are listed.
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

/// How many duplicates are told at most.
const TOLD: usize = 16;

/// The functions whose id another one has, found by constant evaluation.
#[derive(Debug, Clone, Copy)]
pub struct Duplicates {
    /// The entry of the list, the function that has the id first, and the one that has it again.
    found: [Option<(usize, &'static FunctionDescriptor, &'static FunctionDescriptor)>; TOLD],
    told: usize,
}

impl Duplicates {
    /// Finds them in one pass. `SLOTS` is [`slots`](crate::registry::slots) of the number of functions.
    #[must_use]
    pub const fn find<const SLOTS: usize>(listed: &[Listed]) -> Self {
        let mut duplicates = Self { found: [None; TOLD], told: 0 };
        let mut table: Table<FunctionDescriptor, SLOTS> = Table::new();
        let mut entry = 0;
        while entry < listed.len() {
            duplicates = duplicates.add(listed[entry], entry, &mut table);
            entry += 1;
        }
        duplicates
    }

    const fn add<const SLOTS: usize>(
        mut self,
        listed: Listed,
        entry: usize,
        table: &mut Table<FunctionDescriptor, SLOTS>,
    ) -> Self {
        match listed {
            Listed::One { function, hash } => {
                if let Some(first) = table.insert(hash, function.id, function)
                    && self.told < TOLD
                {
                    self.found[self.told] = Some((entry, first, function));
                    self.told += 1;
                }
            }
            Listed::Many(entries) => {
                let mut at = 0;
                while at < entries.len() {
                    self = self.add(entries[at], entry, table);
                    at += 1;
                }
            }
        }
        self
    }

    /// Fails when a function of this entry of the list has the id of another one.
    ///
    /// # Panics
    ///
    /// Then: this is how a constant evaluation tells what is wrong.
    #[track_caller]
    pub const fn assert_none_of(&self, entry: usize) {
        let mut message = Message::new();
        let (mut clashes, mut at) = (0, 0);
        while at < self.told {
            if let Some((of, first, second)) = self.found[at]
                && of == entry
            {
                let separator = if clashes == 0 { "" } else { "\n" };
                clashes += 1;
                message = message
                    .add(&[separator, "function id `", second.id, "` is used by two functions:"])
                    .place(first.path, first.file, first.line)
                    .place(second.path, second.file, second.line)
                    .add(&["\n    ids are global to the application: give one of them another purpose at the end"]);
            }
            at += 1;
        }
        if clashes > 0 {
            message.fail();
        }
    }
}
