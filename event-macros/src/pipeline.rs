//! The macros. Each parses what was written, checks what it means, and expands that to code: in this order, and no stage looks
//! back. Violations are reported by the first two.

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;
use crate::fallback::Fallback;
use crate::{check, conditions, expand, parse};

/// `#[domain_events]` on an enum.
pub(crate) fn domain_events(options: TokenStream, item: TokenStream) -> TokenStream {
    attribute(("domain_events", 2), options, item, |options, item, errors| {
        let item = parse::item::set(item, errors)?;
        let set = check::set(options, item, errors);
        Ok(expand::set(&set))
    })
}

/// `#[payload]` on a struct or an enum.
pub(crate) fn payload(options: TokenStream, item: TokenStream) -> TokenStream {
    attribute(("payload", 1), options, item, |options, item, errors| {
        let item = parse::item::payload(item, errors)?;
        let stored = check::payload(options, item, errors);
        Ok(expand::stored(&stored))
    })
}

/// `#[derive(Validate)]` on a struct.
pub(crate) fn derive_validate(item: TokenStream) -> TokenStream {
    run(|errors| {
        let item = parse::item::derive_validate(item, errors)?;
        let payload = check::validated(item, errors)?;
        Ok(expand::validate(&payload))
    })
}

/// `#[function]` on a free function.
pub(crate) fn function(options: TokenStream, item: TokenStream) -> TokenStream {
    attribute(("function", 0), options, item, |options, item, errors| {
        let item = parse::item::function(item, errors)?;
        let function = check::free_function(options, item, errors)?;
        Ok(expand::free_function(function))
    })
}

/// `#[controller]` on an `impl` block.
pub(crate) fn controller(options: TokenStream, item: TokenStream) -> TokenStream {
    attribute(("controller", 1), options, item, |options, item, errors| {
        let block = parse::item::controller(item, errors)?;
        let controller = check::controller(options, block, errors);
        Ok(expand::controller(controller))
    })
}

/// `registry!`
pub(crate) fn registry(tokens: TokenStream) -> TokenStream {
    run(|errors| {
        let listing = parse::list::registry(tokens, errors)?;
        let registry = check::registry(listing, errors);
        Ok(expand::registry(&registry))
    })
}

/// `functions!`
pub(crate) fn functions(tokens: TokenStream) -> TokenStream {
    run(|errors| {
        let listing = parse::list::functions(tokens, errors)?;
        let functions = check::functions(listing, errors);
        Ok(expand::functions(&functions))
    })
}

/// `foreign!`
pub(crate) fn foreign(tokens: TokenStream) -> TokenStream {
    run(|errors| {
        let declarations = parse::foreign::foreign(tokens, errors)?;
        let declared = check::foreign(declarations, errors);
        Ok(expand::foreign(&declared))
    })
}

/// `event!`
pub(crate) fn event(tokens: TokenStream) -> TokenStream {
    run(|errors| {
        let lookup = parse::list::lookup(tokens, errors)?;
        let lookup = check::lookup(lookup);
        Ok(expand::lookup(&lookup))
    })
}

/// The names of a registry's events, gathered from its sets by the macros that [`expand`] writes beside them.
pub(crate) fn names(tokens: TokenStream) -> TokenStream {
    run(|errors| {
        let names = parse::list::gathered(tokens, errors)?;
        Ok(expand::names(&names))
    })
}

/// The names of a registry's events, handed on to a list of functions.
pub(crate) fn unhandled(tokens: TokenStream) -> TokenStream {
    run(|errors| {
        let names = parse::list::gathered(tokens, errors)?;
        Ok(expand::unhandled(&names))
    })
}

/// Runs the stages of an attribute, once no condition is left among those that it reads, which stand no deeper than in `depth`
/// groups of its item.
fn attribute(
    (name, depth): (&str, usize),
    options: TokenStream,
    item: TokenStream,
    stages: impl FnOnce(TokenStream, TokenStream, &mut Errors) -> Result<TokenStream, Fallback>,
) -> TokenStream {
    conditions::outcomes(name, &options, &item, depth)
        .unwrap_or_else(|| run(|errors| stages(options, item, errors)))
}

/// Runs the stages of a macro, and puts the errors before what they emit.
fn run(stages: impl FnOnce(&mut Errors) -> Result<TokenStream, Fallback>) -> TokenStream {
    let mut errors = Errors::default();
    let emitted = stages(&mut errors).unwrap_or_else(Fallback::into_tokens);
    let errors = errors.into_tokens();
    quote!(#errors #emitted)
}
