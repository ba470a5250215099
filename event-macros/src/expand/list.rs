//! The explicit lists of an application: `registry!` and `functions!`.

use event_conventions::to_pascal_case;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Path;
use syn::ext::IdentExt;

use super::payload::{glue, respan};
use super::{all, docs, private};
use crate::ast::{Listing, Lookup, named};

// Input:  `pub AppEvents = [WorkflowEvent, billing::InvoiceEvent];`
// Output: `pub struct AppEvents;  impl Registry for AppEvents { .. }  impl MemberOf<AppEvents> for WorkflowEvent {} ..`
pub(crate) fn registry(listing: &Listing) -> TokenStream {
    let Listing { runtime, vis, name, entries, .. } = listing;
    let (private, item) = (private(runtime), item(listing, &REGISTRY, entries));
    let members = entries.iter().enumerate().map(|(index, entry)| {
        let at = end(entry);
        let member = quote!(impl #runtime::MemberOf<#name> for #entry {});
        let check = quote!(const _: () = #private::assert_set(SETS, #index););
        respan(quote!(#member #check), at)
    });
    let implementation = glue(&quote! {
        impl #runtime::Registry for #name {
            const SETS: &'static [&'static #runtime::SetDescriptor] = SETS;

            fn find(name: &str) -> ::core::option::Option<&'static #runtime::EventDescriptor> {
                TABLE.find(name)
            }
        }
    });
    let names = call_names(entries, &quote!(#private::names), &quote!((#runtime) #vis #name));
    quote! {
        #item
        const _: () = {
            const SETS: &'static [&'static #runtime::SetDescriptor] =
                &[#(<#entries as #runtime::EventSet>::DESCRIPTOR),*];
            static TABLE: #private::Table<#runtime::EventDescriptor, { #private::slots(#private::total(SETS)) }> =
                #private::Table::of(SETS);
            #implementation
            #(#members)*
        };
        #names
    }
}

// Input:  `pub AppFunctions in AppEvents = [WorkflowController, send_mail];`
// Output: `pub struct AppFunctions;  impl FunctionList for AppFunctions { .. }`, and the checks of ids and triggers
pub(crate) fn functions(listing: &Listing) -> TokenStream {
    let Listing { runtime, name, registry, .. } = listing;
    let entries: Vec<Path> = listing.entries.iter().map(marker).collect();
    let (private, item) = (private(runtime), item(listing, &FUNCTIONS, &entries));
    let checks = entries.iter().enumerate().map(|(index, entry)| {
        let at = end(entry);
        let listed = registry
            .iter()
            .map(|registry| quote!(const _: fn() = #private::assert_listed::<#registry, #entry>;));
        let unique = quote!(const _: () = DUPLICATES.assert_none_of(#index););
        let loops = quote!(const _: () = LOOPS.assert_none_of(#index););
        respan(quote!(#(#listed)* #unique #loops), at)
    });
    let implementation = glue(&quote! {
        impl #runtime::FunctionGroup for #name {
            const FUNCTIONS: &'static [#private::Listed] = FUNCTIONS;

            fn collect(collector: &mut #private::Collector<'_>) {
                #(collector.entry::<#entries>();)*
            }
        }

        impl<R> #runtime::ListedIn<R> for #name where #(#entries: #runtime::ListedIn<R>),* {}
    });
    let application = registry.as_ref().map(|registry| application(listing, registry));
    quote! {
        #item
        const _: () = {
            const FUNCTIONS: &'static [#private::Listed] =
                &[#(#private::Listed::Many(<#entries as #runtime::FunctionGroup>::FUNCTIONS)),*];
            const DUPLICATES: #private::Duplicates =
                #private::Duplicates::find::<{ #private::slots(#private::count(FUNCTIONS)) }>(FUNCTIONS);
            const LOOPS: #private::Loops = #private::Loops::find::<
                { #private::count(FUNCTIONS) },
                { #private::pairs(FUNCTIONS) },
                { #private::slots(#private::pairs(FUNCTIONS)) },
            >(FUNCTIONS);
            #implementation
            #(#checks)*
        };
        #application
    }
}

/// What a list is that names its registry: that of an application, which handles every event.
fn application(listing: &Listing, registry: &Path) -> TokenStream {
    let Listing { runtime, name, attributes, .. } = listing;
    let implementation = glue(&quote! {
        impl #runtime::FunctionList for #name {
            type Registry = #registry;
        }
    });
    let private = private(runtime);
    let lints = all(named(attributes, &["allow", "expect", "cfg"]));
    let unhandled = call_names(
        std::slice::from_ref(registry),
        &quote!(#private::unhandled),
        &quote!((#runtime) #lints #name),
    );
    quote!(#implementation #unhandled)
}

// Input:  `AppEvents, "workflow/created"`
// Output: a constant that is evaluated here: an unknown name is an error at the literal
pub(crate) fn event(lookup: &Lookup) -> TokenStream {
    let Lookup { runtime, registry, name } = lookup;
    let (private, hash) = (private(runtime), event_conventions::hash_name(&name.value()));
    let find = respan(quote!(#private::find_event::<#registry>(#hash, #name)), name.span());
    quote!({
        const EVENT: &#runtime::EventDescriptor = #find;
        EVENT
    })
}

/// Passes the names of everything in `paths`, one after the other, to the macro `then`, and `rest` behind them.
fn call_names(paths: &[Path], then: &TokenStream, rest: &TokenStream) -> TokenStream {
    let (first, others) = match paths.split_first() {
        Some((first, others)) => (first.to_token_stream(), quote!(#({ #others })* { #then })),
        None => (then.clone(), TokenStream::new()),
    };
    quote! {
        #[cfg(not(test))]
        #first! { [] #others #rest }
    }
}

/// The documentation of a list: the default for its first line, and the head of its section.
type Documentation = (&'static str, &'static str);

const REGISTRY: Documentation =
    ("The events of an application.", "# Event sets\n\nEach page has a table of its events:\n\n");

const FUNCTIONS: Documentation =
    ("The functions of an application.", "# Functions\n\nEach page tells ids, and who reacts to what:\n\n");

/// The type that stands for the list, documented by links to what is in it.
fn item(listing: &Listing, (default, head): &Documentation, entries: &[Path]) -> TokenStream {
    let Listing { vis, name, .. } = listing;
    let documented = listing.attributes.iter().any(|attribute| attribute.path().is_ident("doc"));
    let documentation = docs::attributes(if documented { "" } else { default }, &[]);
    let attributes = all(&listing.attributes);
    let links: Vec<String> =
        entries.iter().map(|entry| format!("- {}", docs::link(&entry.to_token_stream()))).collect();
    let section = docs::attributes("", &[format!("{head}{}", links.join("\n"))]);
    quote! {
        #documentation
        #attributes
        #section
        #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
        #vis struct #name;
    }
}

/// A function is listed by its own name, and found by the name of its marker: `mail::send_mail` by `mail::SendMail`.
pub(super) fn marker(entry: &Path) -> Path {
    let mut entry = entry.clone();
    if let Some(last) = entry.segments.last_mut() {
        let name = last.ident.unraw().to_string();
        if name.starts_with(|first: char| first.is_lowercase() || first == '_') {
            let pascal = to_pascal_case(&name.trim_matches('_').replace('_', "-"));
            last.ident = format_ident!("{pascal}", span = last.ident.span());
        }
    }
    entry
}

/// The place of the last segment: where an entry's errors are shown.
pub(super) fn end(entry: &Path) -> Span {
    entry.segments.last().map_or_else(Span::call_site, |last| last.ident.span())
}
