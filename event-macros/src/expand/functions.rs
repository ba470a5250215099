//! `functions!`: a list of functions, and the proofs about it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use super::list::{Documentation, item};
use super::names;
use super::tokens::{end, glue, private, respan};
use crate::check::list::{Functions, List};
use crate::parse::attributes::named;

const DOCUMENTATION: Documentation = Documentation {
    usual: "The functions of an application.",
    heading: "# Functions\n\nThe page of each tells its ids, and what it reacts to:\n\n",
};

// Input:  `pub AppFunctions in AppEvents = [WorkflowController, send_mail];`
// Output: `pub struct AppFunctions;  impl FunctionList for AppFunctions { .. }`, and the checks of ids and triggers
pub(crate) fn expand(Functions { list, registry }: &Functions) -> TokenStream {
    let List { runtime, name, entries, .. } = list;
    let (private, item) = (private(runtime), item(list, &DOCUMENTATION));
    let checks = entries.iter().enumerate().map(|(index, entry)| {
        let at = end(entry);
        let listed =
            registry.iter().map(|_| quote!(const _: fn() = #private::assert_listed::<Registered, #entry>;));
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
    let application = registry.as_ref().map(|registry| application(list, registry));
    // A registry that is not there is told once, and not for each function.
    let registered =
        registry.iter().map(|_| quote!(type Registered = <#name as #runtime::FunctionList>::Registry;));
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
            #(#registered)*
            #(#checks)*
        };
        #application
    }
}

/// The list of an application, which names its registry and handles every event.
fn application(list: &List, registry: &Path) -> TokenStream {
    let List { runtime, name, attributes, .. } = list;
    let implementation = glue(&quote! {
        impl #runtime::FunctionList for #name {
            type Registry = #registry;
        }
    });
    let private = private(runtime);
    let lints = named(attributes, &["allow", "expect", "cfg"]);
    let unhandled = names::call(
        std::slice::from_ref(registry),
        &quote!(#private::unhandled),
        &quote!((#runtime) #(#lints)* #name),
    );
    quote!(#implementation #unhandled)
}
