//! What is still emitted when the input is wrong, so that the only errors shown are the real ones.

use proc_macro2::TokenStream;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Item};

use crate::errors::Errors;

/// The attributes that only our macros know.
const OURS: &[&str] = &["validate", "event"];

/// The user's item, without the attributes that only our macros know.
pub(crate) fn item(mut item: Item) -> Item {
    struct Strip;

    impl VisitMut for Strip {
        fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
            attributes.retain(|attribute| !OURS.iter().any(|name| attribute.path().is_ident(name)));
        }
    }

    Strip.visit_item_mut(&mut item);
    item
}

/// For what does not parse at all: the error of the parser, beside what rustc says by itself.
pub(crate) fn unparsable(error: syn::Error) -> TokenStream {
    let mut errors = Errors::default();
    errors.push(error);
    errors.into_tokens()
}
