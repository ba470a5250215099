#![doc = include_str!("../README.md")]

mod check;
mod conditions;
mod errors;
mod expand;
mod fallback;
#[cfg(test)]
mod fuzz;
mod parse;
mod pipeline;

use proc_macro::TokenStream;

#[allow(missing_docs, reason = "documented where `event-runtime` re-exports it")]
#[proc_macro_attribute]
pub fn domain_events(options: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::domain_events(options.into(), item.into()).into()
}

#[allow(missing_docs, reason = "documented where `event-runtime` re-exports it")]
#[proc_macro_attribute]
pub fn payload(options: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::payload(options.into(), item.into()).into()
}

#[allow(missing_docs, reason = "documented where `event-runtime` re-exports it")]
#[proc_macro_derive(Validate, attributes(validate))]
pub fn validate(item: TokenStream) -> TokenStream {
    pipeline::derive_validate(item.into()).into()
}

#[allow(missing_docs, reason = "documented where `event-runtime` re-exports it")]
#[proc_macro_attribute]
pub fn function(options: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::function(options.into(), item.into()).into()
}

#[allow(missing_docs, reason = "documented where `event-runtime` re-exports it")]
#[proc_macro_attribute]
pub fn controller(options: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::controller(options.into(), item.into()).into()
}

#[doc(hidden)]
#[proc_macro]
pub fn registry(tokens: TokenStream) -> TokenStream {
    pipeline::registry(tokens.into()).into()
}

#[doc(hidden)]
#[proc_macro]
pub fn event(tokens: TokenStream) -> TokenStream {
    pipeline::event(tokens.into()).into()
}

#[doc(hidden)]
#[proc_macro]
pub fn foreign(tokens: TokenStream) -> TokenStream {
    pipeline::foreign(tokens.into()).into()
}

#[doc(hidden)]
#[proc_macro]
pub fn functions(tokens: TokenStream) -> TokenStream {
    pipeline::functions(tokens.into()).into()
}

#[doc(hidden)]
#[proc_macro]
pub fn names(tokens: TokenStream) -> TokenStream {
    pipeline::names(tokens.into()).into()
}

#[doc(hidden)]
#[proc_macro]
pub fn unhandled(tokens: TokenStream) -> TokenStream {
    pipeline::unhandled(tokens.into()).into()
}
