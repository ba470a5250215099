//! What a type is made of, for its JSON Schema: the containers as they are written; what they are the compiler finds out.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Type;

use crate::check::field::Field;
use crate::check::shape::arguments;

// Input:  `m: BTreeMap<Uuid, Vec<u8>>`
// Output: `.made_of(&TypeTree { role: Probe::<BTreeMap<Uuid, Vec<u8>>>::ROLE, inside: &[.., ..] })`
pub(super) fn expand(private: &TokenStream, field: &Field) -> Option<TokenStream> {
    let tree = of_type(private, &field.ty);
    (!field.is_leaf()).then(|| quote!(.made_of(&#tree)))
}

fn of_type(private: &TokenStream, ty: &Type) -> TokenStream {
    let (role, inside) = match ty {
        Type::Group(group) => return of_type(private, &group.elem),
        Type::Paren(paren) => return of_type(private, &paren.elem),
        Type::Tuple(tuple) => (quote!(#private::TypeRole::Tuple), tuple.elems.iter().collect()),
        _ => {
            let tokens = ty.to_token_stream();
            (quote!(#private::Probe::<#tokens>::ROLE), arguments(ty))
        }
    };
    let inside = inside.into_iter().map(|ty| of_type(private, ty));
    quote!(#private::TypeTree { role: #role, inside: &[#(#inside),*] })
}
