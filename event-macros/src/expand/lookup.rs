//! `event!`: the descriptor of an event.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{private, respan};
use crate::check::list::Lookup;

// Input:  `AppEvents, "workflow/created"`
// Output: a constant that is evaluated here: an unknown name is an error at the literal
pub(crate) fn expand(lookup: &Lookup) -> TokenStream {
    let Lookup { runtime, registry, name, hash } = lookup;
    let private = private(runtime);
    let find = respan(quote!(#private::find_event::<#registry>(#hash, #name)), name.span());
    quote!({
        const EVENT: &#runtime::EventDescriptor = #find;
        EVENT
    })
}
