//! What a type is made of, for its JSON Schema: the containers as they are written; what they are the compiler finds out.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Type;

use crate::check::field::Field;
use crate::check::shape::arguments;

// Input:  `m: BTreeMap<Uuid, Vec<u8>>`
// Output: `.shown(&Shown { said: Probe::<BTreeMap<Uuid, Vec<u8>>>::SAID, inside: &[.., ..] })`
pub(super) fn expand(private: &TokenStream, field: &Field) -> Option<TokenStream> {
    let shown = of_type(private, &field.ty);
    (!field.is_leaf()).then(|| quote!(.shown(&#shown)))
}

fn of_type(private: &TokenStream, ty: &Type) -> TokenStream {
    let (said, inside) = match ty {
        Type::Group(group) => return of_type(private, &group.elem),
        Type::Paren(paren) => return of_type(private, &paren.elem),
        Type::Tuple(tuple) => (quote!(#private::Said::Tuple), tuple.elems.iter().collect()),
        _ => {
            let tokens = ty.to_token_stream();
            (quote!(#private::Probe::<#tokens>::SAID), arguments(ty))
        }
    };
    let inside = inside.into_iter().map(|ty| of_type(private, ty));
    quote!(#private::Shown { said: #said, inside: &[#(#inside),*] })
}
