//! From checked models to code: one file for each thing that is generated.

mod decode;
mod docs;
mod enter;
mod event;
mod example;
mod function;
mod list;
mod names;
mod options;
mod payload;
mod sample;
mod schema;
mod serde;
mod set;
mod unhandled;
mod validate;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::parse::Parser;
use syn::{Attribute, ImplItem, Item, ItemImpl, Type};

use crate::ast::{Gathered, Listing, Lookup, keep_names_of_serde};
use crate::attr;
use crate::check::container::container;
use crate::check::field::fields as check_fields;
use crate::check::function::{Function, function as check_function, narrow};
use crate::check::set::set as check_set;
use crate::errors::Errors;
use crate::fallback;
use crate::recover::{self, OpenFn};
use payload::Payload;

/// `#[domain_events]`
pub(crate) fn domain_events(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let item = match syn::parse2(item.clone()) {
        Ok(Item::Enum(item)) => item,
        Ok(other) => return misplaced("domain_events", "an enum: each variant becomes an event", other),
        Err(error) => match recover::item_enum(item, &mut errors) {
            Some(item) => item,
            None => return fallback::unparsable(error),
        },
    };
    let set = check_set(options, item, &mut errors);
    let (expanded, errors) = (set::expand(&set), errors.into_tokens());
    quote!(#errors #expanded)
}

/// `#[payload]`
pub(crate) fn payload(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let item = match syn::parse2(item.clone()) {
        Ok(Item::Struct(item)) => item,
        Ok(other) => return misplaced("payload", "a struct with named fields", other),
        Err(error) => match recover::item_struct(item, &mut errors) {
            Some(item) => item,
            None => return fallback::unparsable(error),
        },
    };
    let runtime = runtime_alone(options, &mut errors);
    if !item.generics.params.is_empty() {
        errors.at(&item.generics, "a payload has no generics: it is stored and decoded by its name");
    }
    let container = container(&item.attrs, &mut errors);
    let name = item.ident.to_string();
    let fields = check_fields(item.fields.clone(), None, container.rename_all, &name, &mut errors);
    let payload = Payload::of_struct(&item, &container, &fields, runtime);
    let (expanded, errors) = (payload.expand(), errors.into_tokens());
    quote!(#errors #expanded)
}

/// `#[derive(Validate)]`
pub(crate) fn derive_validate(item: TokenStream) -> TokenStream {
    let mut item = match syn::parse2(item) {
        Ok(Item::Struct(item)) => item,
        Ok(other) => {
            let mut errors = Errors::default();
            errors.at(other, "`#[derive(Validate)]` goes on a struct with named fields");
            return errors.into_tokens();
        }
        Err(error) => return fallback::unparsable(error),
    };
    let mut errors = Errors::default();
    if !item.generics.params.is_empty() {
        errors.at(&item.generics, "a type with rules has no generics");
    }
    keep_names_of_serde(&mut item.attrs);
    item.fields.iter_mut().for_each(|field| keep_names_of_serde(&mut field.attrs));
    let container = container(&item.attrs, &mut errors);
    let name = item.ident.to_string();
    let fields = check_fields(item.fields.clone(), None, container.rename_all, &name, &mut errors);
    let payload = Payload::of_struct(&item, &container, &fields, attr::runtime_path(None));
    let (expanded, errors) = (validate::expand(&payload), errors.into_tokens());
    quote!(#errors const _: () = { #expanded };)
}

/// `#[function]` on a free function.
pub(crate) fn function(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut item: OpenFn = match syn::parse2(item.clone()) {
        Ok(item) => item,
        Err(error) => match syn::parse2(item) {
            Ok(other) => return misplaced("function", "an async function", other),
            Err(_) => return fallback::unparsable(error),
        },
    };
    let mut errors = Errors::default();
    if let Some(receiver) = item.sig.receiver() {
        errors.at(receiver, "a method reacts to events when its `impl` block carries `#[controller]`");
        let errors = errors.into_tokens();
        return quote!(#errors);
    }
    let model = check_function(options, &item.attrs, &item.vis, &item.sig, None, &mut errors);
    if let Some(model) = model.as_ref().filter(|model| model.emits.is_some()) {
        narrow(&mut item.sig, &model.marker);
    }
    let documentation = model.as_ref().map(|model| docs::attributes("", &[function::in_brief(model)]));
    let expanded = model.map(|model| function::expand(&model, &quote!(())));
    let errors = errors.into_tokens();
    let attributes = std::mem::take(&mut item.attrs);
    quote! {
        #errors
        #(#attributes)*
        #documentation
        // A function is async whether it waits or not.
        #[allow(clippy::unused_async)]
        #item
        #expanded
    }
}

/// `#[controller]` on an `impl` block.
pub(crate) fn controller(options: TokenStream, item: TokenStream) -> TokenStream {
    // The bodies of methods are the compiler's to read: one that is half typed leaves the functions as they are.
    let Some((mut item, bodies)) = recover::item_impl(item.clone()) else {
        return match syn::parse2(item) {
            Ok(other) => misplaced("controller", "an `impl` block", other),
            Err(error) => fallback::unparsable(error),
        };
    };
    let mut errors = Errors::default();
    let runtime = runtime_alone(options, &mut errors);
    if !item.generics.params.is_empty() {
        let message = "a controller has no generics: its functions are found by their ids. Hold `Arc<dyn Service>` instead";
        errors.at(&item.generics, message);
    }
    if let Some((of, _)) = &item.trait_ {
        errors
            .at(of, "a controller's functions stand in an `impl` block of their own, not in one of a trait");
    }
    let ty = item.self_ty.clone();
    let (functions, declared) = methods(&mut item, (&runtime, &ty), &mut errors);
    if declared == 0 {
        let message = "a controller has functions: put `#[function(id = \"..\")]` on an async method";
        errors.at(&item.self_ty, message);
    }
    if let Ok(documentation) = Attribute::parse_outer.parse2(function::table(&functions)) {
        item.attrs.extend(documentation);
    }
    let errors = errors.into_tokens();
    let expanded = item
        .generics
        .params
        .is_empty()
        .then(|| function::expand_controller(&runtime, &item.self_ty, &functions));
    let item = recover::with_bodies(&item, bodies);
    quote!(#errors #item #expanded)
}

/// The path of the runtime, where `crate = ..` is the only option.
fn runtime_alone(options: TokenStream, errors: &mut Errors) -> TokenStream {
    let mut runtime = None;
    for option in attr::parse(options, errors) {
        match option.name().as_str() {
            "crate" => runtime = option.path(errors),
            _ => option.unknown("option", &["crate"], errors),
        }
    }
    attr::runtime_path(runtime)
}

/// Takes `#[function]` off the methods; returns what they mean, and how many there are.
fn methods(item: &mut ItemImpl, of: (&TokenStream, &Type), errors: &mut Errors) -> (Vec<Function>, usize) {
    let (mut functions, mut declared) = (Vec::new(), 0);
    for method in item.items.iter_mut().filter_map(|item| match item {
        ImplItem::Fn(method) => Some(method),
        _ => None,
    }) {
        let Some(at) = method.attrs.iter().position(|attribute| is_function(attribute.path())) else {
            continue;
        };
        declared += 1;
        // A function is async whether it waits or not.
        let allow = syn::parse_quote!(#[allow(clippy::unused_async)]);
        let attribute = std::mem::replace(&mut method.attrs[at], allow);
        let options = match &attribute.meta {
            syn::Meta::List(list) => list.tokens.clone(),
            _ => TokenStream::new(),
        };
        let model = check_function(options, &method.attrs, &method.vis, &method.sig, Some(of), errors);
        if let Some(model) = model.as_ref().filter(|model| model.emits.is_some()) {
            narrow(&mut method.sig, &model.marker);
        }
        functions.extend(model);
    }
    (functions, declared)
}

/// `function`, or a path that ends so.
fn is_function(path: &syn::Path) -> bool {
    path.segments.last().is_some_and(|segment| segment.ident == "function")
}

/// `registry!`
pub(crate) fn registry(tokens: TokenStream) -> TokenStream {
    match syn::parse2::<Listing>(tokens) {
        Ok(listing) if listing.registry.is_none() => list::registry(&listing),
        Ok(listing) => {
            let mut errors = Errors::default();
            errors.at(&listing.registry, "a registry stands alone: write `pub AppEvents = [WorkflowEvent];`");
            errors.into_tokens()
        }
        Err(error) => expected(&error, "pub AppEvents = [WorkflowEvent];"),
    }
}

/// `functions!`
pub(crate) fn functions(tokens: TokenStream) -> TokenStream {
    match syn::parse2(tokens) {
        Ok(listing) => list::functions(&listing),
        Err(error) => expected(&error, "pub AppFunctions in AppEvents = [send_mail, WorkflowController];"),
    }
}

/// The names of a registry, gathered from its sets.
pub(crate) fn names(tokens: TokenStream) -> TokenStream {
    match syn::parse2::<Gathered>(tokens) {
        Ok(Gathered { vis, list, names, .. }) => names::definition(&vis, &list, &quote!(#(#names)*)),
        Err(error) => error.into_compile_error(),
    }
}

/// The names of a registry, come to a list of functions.
pub(crate) fn unhandled(tokens: TokenStream) -> TokenStream {
    match syn::parse2(tokens) {
        Ok(names) => unhandled::expand(&names),
        Err(error) => error.into_compile_error(),
    }
}

/// `event!`
pub(crate) fn event(tokens: TokenStream) -> TokenStream {
    match syn::parse2::<Lookup>(tokens) {
        Ok(lookup) => list::event(&lookup),
        Err(error) => expected(&error, "event!(AppEvents, \"workflow/created\")"),
    }
}

fn expected(error: &syn::Error, example: &str) -> TokenStream {
    let mut errors = Errors::default();
    errors.at_span(error.span(), format!("{error}: write `{example}`"));
    errors.into_tokens()
}

/// The attribute stands on an item of the wrong kind.
fn misplaced(attribute: &str, right: &str, item: Item) -> TokenStream {
    let mut errors = Errors::default();
    errors.at_span(proc_macro2::Span::call_site(), format!("`#[{attribute}]` goes on {right}"));
    let (errors, item) = (errors.into_tokens(), fallback::item(item.into_token_stream()));
    quote!(#errors #item)
}

/// The private module of the runtime. Its name carries the version: macros and runtime of two versions do not meet.
fn private(runtime: &TokenStream) -> TokenStream {
    let module =
        format_ident!("__private_v{}_{}", env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"));
    quote!(#runtime::#module)
}

/// Tokens of everything in a list.
fn all<T: ToTokens>(items: impl IntoIterator<Item = T>) -> TokenStream {
    items.into_iter().map(ToTokens::into_token_stream).collect()
}
