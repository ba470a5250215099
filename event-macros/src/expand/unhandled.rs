//! The warning for events that no function of the application handles.

use event_conventions::hash_name;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::LitStr;

use super::tokens::private;
use crate::parse::list::Gathered;

// Input:  `["workflow/created" "workflow/failed"] (runtime) AppFunctions`
// Output: for each name a call that is deprecated unless the event is handled
pub(crate) fn expand(names: &Gathered) -> TokenStream {
    let Gathered { runtime, attributes, list, names, .. } = names;
    let (private, count) = (private(runtime), names.len());
    let events =
        names.iter().map(|name| (hash_name(&name.value()), name)).map(|(hash, name)| quote!((#hash, #name)));
    let calls = names.iter().enumerate().map(|(index, name)| call(index, name, &list.to_string()));
    quote! {
        #(#attributes)*
        #[allow(dead_code)]
        const _: () = {
            const HANDLED: [bool; #count] = #private::handled::<
                #list,
                #count,
                { #private::slots(#private::pairs(<#list as #runtime::FunctionGroup>::FUNCTIONS)) },
            >([#(#events),*]);
            struct Event<const INDEX: usize, const HANDLED: bool>;
            impl<const INDEX: usize> Event<INDEX, true> {
                const fn is_handled() {}
            }
            #(#calls)*
        };
    }
}

/// The compiler warns of nothing else that a constant may decide: of two functions of one name the constant takes one, and
/// that one is deprecated.
fn call(index: usize, name: &LitStr, list: &str) -> TokenStream {
    let note = format!(
        "event `{}` is handled by no function of `{list}`: write one, or mark the variant `#[event(unhandled)]`",
        name.value()
    );
    // In the crate that declares the event, the place of its variant.
    let at = Span::mixed_site().located_at(name.span());
    quote_spanned! {at=>
        impl Event<#index, false> {
            #[deprecated = #note]
            const fn is_handled() {}
        }
        Event::<#index, { HANDLED[#index] }>::is_handled();
    }
}
