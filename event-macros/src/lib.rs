#![doc = include_str!("../README.md")]

// In the order of the stages: what was written, what is meant, what is generated.
mod ast;
mod attr;
mod check;
mod errors;
mod expand;
mod fallback;
#[cfg(test)]
mod fuzz;
mod recover;

use proc_macro::TokenStream;

#[allow(missing_docs, reason = "documented where `event-runtime` re-exports it")]
#[proc_macro_attribute]
pub fn domain_events(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::domain_events(options.into(), item.into()).into()
}

#[allow(missing_docs, reason = "documented where `event-runtime` re-exports it")]
#[proc_macro_attribute]
pub fn payload(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::payload(options.into(), item.into()).into()
}

#[allow(missing_docs, reason = "documented where `event-runtime` re-exports it")]
#[proc_macro_derive(Validate, attributes(validate))]
pub fn validate(item: TokenStream) -> TokenStream {
    expand::derive_validate(item.into()).into()
}

#[allow(missing_docs, reason = "documented where `event-runtime` re-exports it")]
#[proc_macro_attribute]
pub fn function(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::function(options.into(), item.into()).into()
}

#[allow(missing_docs, reason = "documented where `event-runtime` re-exports it")]
#[proc_macro_attribute]
pub fn controller(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::controller(options.into(), item.into()).into()
}

#[doc(hidden)]
#[proc_macro]
pub fn registry(tokens: TokenStream) -> TokenStream {
    expand::registry(tokens.into()).into()
}

#[doc(hidden)]
#[proc_macro]
pub fn event(tokens: TokenStream) -> TokenStream {
    expand::event(tokens.into()).into()
}

#[doc(hidden)]
#[proc_macro]
pub fn functions(tokens: TokenStream) -> TokenStream {
    expand::functions(tokens.into()).into()
}

#[doc(hidden)]
#[proc_macro]
pub fn names(tokens: TokenStream) -> TokenStream {
    expand::names(tokens.into()).into()
}

#[doc(hidden)]
#[proc_macro]
pub fn unhandled(tokens: TokenStream) -> TokenStream {
    expand::unhandled(tokens.into()).into()
}
