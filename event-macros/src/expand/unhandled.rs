//! The warnings for events that no function of the application handles, and for those that are handled although they are marked
//! `unhandled`.

use event_conventions::hash_name;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::tokens::private;
use crate::parse::list::{Gathered, Handed, crate_name};

// Input:  `["workflow/created" !"workflow/failed" in "shop"] (runtime) AppFunctions`
// Output: for each name a call that is deprecated unless the event is handled, or is not where it is marked
pub(crate) fn expand(gathered: &Gathered) -> TokenStream {
    let Gathered { runtime, attributes, list, names, .. } = gathered;
    let this = crate_name();
    // Where several applications share an event, some may handle it: the mark is judged in its own crate alone.
    let judged: Vec<&Handed> = names
        .iter()
        .filter(|name| name.unhandled_in.as_ref().is_none_or(|declared| *declared == this))
        .collect();
    let (private, count) = (private(runtime), judged.len());
    let events = judged.iter().map(|Handed { name, unhandled_in }| {
        let (hash, is_to_be_handled) = (hash_name(&name.value()), unhandled_in.is_none());
        quote!((#hash, #name, #is_to_be_handled))
    });
    let calls = judged.iter().enumerate().map(|(index, name)| call(index, name, &list.to_string()));
    quote! {
        #(#attributes)*
        #[allow(dead_code)]
        const _: () = {
            const AS_DECLARED: [bool; #count] = #private::handled_as_declared::<
                #list,
                #count,
                { #private::slots(#private::pairs(<#list as #runtime::FunctionGroup>::FUNCTIONS)) },
            >([#(#events),*]);
            struct Event<const INDEX: usize, const AS_DECLARED: bool>;
            impl<const INDEX: usize> Event<INDEX, true> {
                const fn is_as_declared() {}
            }
            #(#calls)*
        };
    }
}

/// The compiler warns of nothing else that a constant may decide: of two functions of one name the constant takes one, and
/// that one is deprecated.
fn call(index: usize, Handed { name, unhandled_in }: &Handed, list: &str) -> TokenStream {
    let event = name.value();
    let note = if unhandled_in.is_some() {
        format!(
            "event `{event}` is handled by a function of `{list}`: remove `unhandled`, which says that none does"
        )
    } else {
        format!(
            "event `{event}` is handled by no function of `{list}`: write one, or mark the variant `#[event(unhandled)]`"
        )
    };
    // In the crate that declares the event, the place of its variant.
    let at = Span::mixed_site().located_at(name.span());
    quote_spanned! {at=>
        impl Event<#index, false> {
            #[deprecated = #note]
            const fn is_as_declared() {}
        }
        Event::<#index, { AS_DECLARED[#index] }>::is_as_declared();
    }
}
