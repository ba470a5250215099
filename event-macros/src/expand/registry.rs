//! `registry!`: the list of an application's event sets.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::list::{Documentation, item};
use super::names;
use super::tokens::{end, glue, private, respan};
use crate::check::list::{List, Registry};

const DOCUMENTATION: Documentation = Documentation {
    usual: "The events of an application.",
    heading: "# Event sets\n\nEach page has a table of its events:\n\n",
};

// Input:  `pub AppEvents with AppMeta = [WorkflowEvent, billing::InvoiceEvent];`
// Output: `pub struct AppEvents;  impl Registry for AppEvents { .. }  impl MemberOf<AppEvents> for WorkflowEvent {} ..`
pub(crate) fn expand(Registry { list, meta }: &Registry) -> TokenStream {
    let List { runtime, vis, name, entries, .. } = list;
    let (private, item) = (private(runtime), item(list, &DOCUMENTATION));
    let members = entries.iter().enumerate().map(|(index, entry)| {
        let at = end(entry);
        let member = quote!(impl #runtime::MemberOf<#name> for #entry {});
        let check = quote!(const _: () = #private::assert_set(SOURCES, #index););
        respan(quote!(#member #check), at)
    });
    let meta_of =
        meta.as_ref().map(|meta| respan(quote!(impl #runtime::MetaOf<#name> for #meta {}), end(meta)));
    let meta = meta.as_ref().map_or_else(|| quote!(()), ToTokens::to_token_stream);
    let part = quote! {
        impl<R> #runtime::PartOf<R> for #name
        where
            #meta: #runtime::MetaOf<R>,
            #(#entries: #runtime::MemberOf<R>),*
        {}
    };
    let implementation = glue(&quote! {
        impl #runtime::Registry for #name {
            type Meta = #meta;
            type Sets = Sets;
            const SOURCES: &'static [#private::SetSource] = SOURCES;

            fn find(name: &str) -> ::core::option::Option<&'static #runtime::EventDescriptor> {
                #private::find::<Self, { #private::slots(#private::total(SOURCES)) }>(name)
            }
        }
    });
    let sets = glue(&quote! {
        impl<P> #private::Descriptors<P> for Sets {
            type Of = #runtime::SetDescriptor;
            const ALL: &'static [&'static Self::Of] = &[#(#private::Described::<#entries, P>::SET),*];
        }
    });
    let names = names::call(entries, &quote!(#private::names), &quote!((#runtime) #vis #name));
    quote! {
        #item
        const _: () = {
            // What the checks look at: the descriptors themselves are not evaluated until code is generated.
            const SOURCES: &'static [#private::SetSource] = &[#(<#entries as #runtime::EventSet>::SOURCE),*];
            #[doc(hidden)]
            pub enum Sets {}
            #implementation
            #part
            #sets
            #(#members)*
            #meta_of
        };
        #names
    }
}
