#![doc = include_str!("../README.md")]
#![allow(missing_docs)]
use proc_macro::TokenStream;
#[proc_macro_attribute] pub fn domain_events(_: TokenStream, i: TokenStream) -> TokenStream { i }
#[proc_macro_attribute] pub fn controller(_: TokenStream, i: TokenStream) -> TokenStream { i }
#[proc_macro_attribute] pub fn function(_: TokenStream, i: TokenStream) -> TokenStream { i }
#[proc_macro_attribute] pub fn payload(_: TokenStream, i: TokenStream) -> TokenStream { i }
#[proc_macro_derive(Validate, attributes(validate))] pub fn validate(_: TokenStream) -> TokenStream { TokenStream::new() }
#[proc_macro] pub fn registry(_: TokenStream) -> TokenStream { TokenStream::new() }
#[proc_macro] pub fn functions(_: TokenStream) -> TokenStream { TokenStream::new() }
