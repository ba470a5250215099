//! The explicit lists of an application, and what is looked up in them: `registry!`, `functions!`, `event!`.

use event_conventions::hash_name;
use proc_macro2::TokenStream;
use syn::{Attribute, Ident, LitStr, Path, Visibility};

use super::marker;
use crate::errors::Errors;
use crate::parse::list::{self, Listing};
use crate::parse::option::path_text;

/// A list of sets or of functions.
pub(crate) struct List {
    pub(crate) runtime: TokenStream,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    /// The types in it; functions stand here by their markers.
    pub(crate) entries: Vec<Path>,
}

/// `registry!`: the list of an application's event sets.
pub(crate) struct Registry {
    pub(crate) list: List,
    /// The type of what comes with every event.
    pub(crate) meta: Option<Path>,
}

/// `functions!`: a list of functions.
pub(crate) struct Functions {
    pub(crate) list: List,
    /// The registry, if it is the list of an application and not a part of one.
    pub(crate) registry: Option<Path>,
}

/// `event!`: a name that is looked up in a registry.
pub(crate) struct Lookup {
    pub(crate) runtime: TokenStream,
    pub(crate) registry: Path,
    pub(crate) name: LitStr,
    pub(crate) hash: u64,
}

/// Checks the list of `registry!`.
pub(crate) fn registry(listing: Listing, errors: &mut Errors) -> Registry {
    if let Some(registry) = &listing.registry {
        errors.at(registry, "a registry stands alone: write `pub AppEvents = [WorkflowEvent];`");
    }
    let meta = listing.meta.clone();
    Registry { list: list(listing, Path::clone, errors).0, meta }
}

/// Checks the list of `functions!`.
pub(crate) fn functions(listing: Listing, errors: &mut Errors) -> Functions {
    if let Some(meta) = &listing.meta {
        let message = "a list of functions has no metadata: its registry names it, `registry! { pub AppEvents with AppMeta = [..]; }`";
        errors.at(meta, message);
    }
    let (list, registry) = list(listing, marker::of_path, errors);
    Functions { list, registry }
}

/// Hashes the name given to `event!`; the generated code looks it up in the registry while compiling.
pub(crate) fn lookup(written: list::Lookup) -> Lookup {
    let list::Lookup { runtime, registry, name } = written;
    Lookup { runtime, registry, hash: hash_name(&name.value()), name }
}

/// Checks a list of types, and splits off its registry. `meant` tells for what an entry stands.
fn list(listing: Listing, meant: fn(&Path) -> Path, errors: &mut Errors) -> (List, Option<Path>) {
    let mut entries: Vec<Path> = Vec::new();
    for written in &listing.entries {
        let entry = meant(written);
        if entries.iter().any(|before| path_text(before) == path_text(&entry)) {
            errors.at(written, format!("`{}` is listed twice: remove one", path_text(written)));
        } else {
            entries.push(entry);
        }
    }
    let Listing { runtime, attributes, vis, name, registry, .. } = listing;
    (List { runtime, attributes, vis, name, entries }, registry)
}
