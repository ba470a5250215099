//! The path under which users depend on the runtime.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Path;

use crate::errors::Errors;
use crate::parse::option;

/// The path of the option `crate = ::path`; without it the usual one.
pub(super) fn or_usual(option: Option<Path>) -> TokenStream {
    option.map_or_else(|| quote!(::event_runtime), ToTokens::into_token_stream)
}

/// Reads the options of an attribute that has no other than `crate = ::path`.
pub(super) fn only_option(options: TokenStream, errors: &mut Errors) -> TokenStream {
    let mut runtime = None;
    for option in option::parse(options, errors) {
        match option.name().as_str() {
            "crate" => runtime = option.path(errors),
            _ => option.unknown("option", &["crate"], errors),
        }
    }
    or_usual(runtime)
}

/// The path that options name, which are checked later.
pub(crate) fn written(options: TokenStream) -> TokenStream {
    let mut unreported = Errors::default();
    let options = option::parse(options, &mut unreported);
    let option = options.iter().find(|option| option.name() == "crate");
    or_usual(option.and_then(|option| option.path(&mut unreported)))
}
