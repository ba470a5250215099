//! The names of events, for macros that are expanded elsewhere.
//!
//! A macro sees tokens and no types: `functions!` knows the path of a registry, but not the names in it, and to warn of an
//! event it needs the name as text. So whatever has names brings a macro of its own name, hidden in the documentation, that
//! hands them on: where the path of the enum leads, the path of its macro leads too.

use std::hash::{DefaultHasher, Hash, Hasher};

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Ident, Path, Visibility};

use crate::parse::list::Gathered;

// Input:  `["workflow/created" ..] (runtime) pub AppEvents`
// Output: the macro `AppEvents!`
pub(crate) fn expand(gathered: &Gathered) -> TokenStream {
    let Gathered { vis, list, names, .. } = gathered;
    hand_on(vis, list, &quote!(#(#names)*))
}

// Input:  `pub WorkflowEvent`, `"workflow/created" "workflow/failed"`
// Output: `WorkflowEvent! { [before ..] { next } rest .. }` means `next! { [before .. "workflow/created" ..] rest .. }`
pub(super) fn hand_on(vis: &Visibility, name: &Ident, names: &TokenStream) -> TokenStream {
    let unique = unique(name);
    // An editor leads from the name to the type, not to this.
    let mut alias = name.clone();
    alias.set_span(Span::call_site().resolved_at(name.span()));
    // What is visible everywhere must be exported, and then it is in the root of the crate.
    let export = matches!(vis, Visibility::Public(_)).then(|| quote!(#[macro_export]));
    // Lists in tests are meant to be partial, and nothing is warned of there.
    quote! {
        #[cfg(not(test))]
        #[doc(hidden)]
        #[allow(non_local_definitions, unused_macros)]
        #export
        macro_rules! #unique {
            ([$($before:tt)*] { $($next:tt)* } $($rest:tt)*) => {
                $($next)* ! { [$($before)* #names] $($rest)* }
            };
        }
        #[cfg(not(test))]
        #[doc(hidden)]
        #[allow(unused_imports, unreachable_pub)]
        #vis use #unique as #alias;
    }
}

/// An exported macro is in the root of its crate, where two enums of one name meet: so its name has the place of the enum,
/// and what is declared by a macro of the user's has the number of the expansion in its span.
fn unique(name: &Ident) -> Ident {
    let mut hasher = DefaultHasher::new();
    format!("{name} {:?}", name.span()).hash(&mut hasher);
    format_ident!("__names_{:016x}", hasher.finish(), span = Span::call_site().resolved_at(name.span()))
}

/// Passes the names of everything in `paths`, one after the other, to the macro `then`, and `rest` behind them.
pub(super) fn call(paths: &[Path], then: &TokenStream, rest: &TokenStream) -> TokenStream {
    let (first, others) = match paths.split_first() {
        Some((first, others)) => (first.to_token_stream(), quote!(#({ #others })* { #then })),
        None => (then.clone(), TokenStream::new()),
    };
    quote! {
        #[cfg(not(test))]
        #first! { [] #others #rest }
    }
}
