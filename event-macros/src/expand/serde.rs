//! serde's traits, written out: to the compiler they cost about half of what the derives cost.

use proc_macro2::TokenStream;
use quote::quote;

use super::payload::{Payload, glue, local};
use crate::check::field::Field;

// Input:  `id: Uuid, name: String`
// Output: `impl Serialize for WorkflowCreated`, `impl Deserialize for WorkflowCreated`
pub(crate) fn expand(payload: &Payload<'_>) -> TokenStream {
    let (serialize, deserialize) = (serialize(payload), deserialize(payload));
    quote!(#serialize #deserialize)
}

fn serialize(payload: &Payload<'_>) -> TokenStream {
    let (private, ident, name) = (payload.private(), &payload.ident, payload.ident.to_string());
    let uses = uses(payload, Field::is_leaf);
    // JSON needs no number of fields in advance.
    let length = payload.fields.len();
    let fields = payload.fields.iter().map(|field| {
        let Field { ident, name, ty, cfgs, .. } = field;
        let value = if field.is_leaf() {
            quote!(&self.#ident)
        } else {
            quote!(&#private::Probe::<#ty>::written(&self.#ident))
        };
        let write = match &field.skip_if {
            None => quote!(.field(#name, #value)),
            Some(skip) => quote!(.field_unless(#skip(&self.#ident), #name, #value)),
        };
        if cfgs.is_empty() {
            quote!(let object = object #write;)
        } else {
            quote!(#(#cfgs)* let object = object #write;)
        }
    });
    glue(&quote! {
        impl #private::Serialize for #ident {
            fn serialize<S: #private::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                #uses
                let object = #private::SerializeFields::begin(serializer, #name, #length);
                #(#fields)*
                object.end()
            }
        }
    })
}

// Input:  `id: Uuid, name: String`
// Output: `let (field_0, field_1) = read_object(deserializer, (Probe::<Uuid>::READ, Plain::<String>::READ))?; ..`
fn deserialize(payload: &Payload<'_>) -> TokenStream {
    let (private, ident) = (payload.private(), &payload.ident);
    let uses = uses(payload, Field::is_read_plainly);
    let (readers, values) = (readers(payload), values(payload));
    let fields = each(payload, |Field { ident, .. }, index| {
        let value = local("field_", index);
        quote!(#ident: #value,)
    });
    glue(&quote! {
        impl<'de> #private::Deserialize<'de> for #ident {
            fn deserialize<D: #private::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                #uses
                #readers
                match #private::read_object::<Self, D, _>(deserializer, readers) {
                    ::core::result::Result::Ok(values) => {
                        #values
                        ::core::result::Result::Ok(Self { #(#fields)* })
                    }
                    ::core::result::Result::Err(error) => ::core::result::Result::Err(error),
                }
            }
        }
    })
}

/// What is in scope where a type is probed, if there is one that must be.
fn uses(payload: &Payload<'_>, is_known: fn(&Field) -> bool) -> Option<TokenStream> {
    let (private, known) = (payload.private(), payload.fields.iter().all(is_known));
    (!known).then(|| quote!(#[allow(unused_imports)] use #private::ReadPlain as _;))
}

// Output: `let readers = (Plain::<String>::READ, ..);`, and for each further group `let readers = Then(readers, (..));`
fn readers(payload: &Payload<'_>) -> TokenStream {
    let private = payload.private();
    let code = |group: &Group<'_>| {
        let readers = group.fields.iter().map(|field| reader(&private, field));
        if group.is_first {
            quote!(let readers = (#(#readers,)*);)
        } else {
            quote!(let readers = #private::Then(readers, (#(#readers,)*));)
        }
    };
    groups(payload).iter().map(|group| group.under_cfgs(&code(group))).collect()
}

// Output: for each group but the first `let (values, (field_8, ..)) = values;`, and `let (field_0, ..) = values;`
fn values(payload: &Payload<'_>) -> TokenStream {
    let code = |group: &Group<'_>| {
        let values = (group.start..).take(group.fields.len()).map(|index| local("field_", index));
        if group.is_first {
            quote!(let (#(#values,)*) = values;)
        } else {
            quote!(let (values, (#(#values,)*)) = values;)
        }
    };
    groups(payload).iter().rev().map(|group| group.under_cfgs(&code(group))).collect()
}

/// Fields that one tuple stands for.
struct Group<'p> {
    fields: &'p [Field],
    start: usize,
    is_first: bool,
}

impl Group<'_> {
    /// A field with `#[cfg(..)]` is in a group of its own.
    fn under_cfgs(&self, code: &TokenStream) -> TokenStream {
        let cfgs = self.fields.iter().flat_map(|field| &field.cfgs);
        quote!(#(#cfgs)* #code)
    }
}

/// The fields in groups, of which the first is always there: of eight fields, as many as the runtime has tuples for; with
/// `#[cfg(..)]` an empty one, and then each field alone.
fn groups<'p>(payload: &'p Payload<'_>) -> Vec<Group<'p>> {
    let has_cfgs = payload.fields.iter().any(|field| !field.cfgs.is_empty());
    let (first, size) = if has_cfgs { (0, 1) } else { (payload.fields.len().min(8), 8) };
    let (fields, rest) = payload.fields.split_at(first);
    let further = rest.chunks(size).enumerate();
    let further =
        further.map(|(index, fields)| Group { fields, start: first + index * size, is_first: false });
    std::iter::once(Group { fields, start: 0, is_first: true }).chain(further).collect()
}

/// How a field is read.
fn reader(private: &TokenStream, field: &Field) -> TokenStream {
    let ty = &field.ty;
    let reader = if field.is_read_plainly() {
        quote!(#private::Plain::<#ty>::READ)
    } else {
        quote!(#private::Probe::<#ty>::READ)
    };
    match &field.default {
        Some(default) => quote!(#private::OrElse(#reader, #default)),
        None => reader,
    }
}

/// Code for each field for which there is some, under the field's `#[cfg(..)]`.
pub(crate) fn each<'p>(
    payload: &'p Payload<'_>,
    code: impl Fn(&'p Field, usize) -> TokenStream,
) -> Vec<TokenStream> {
    let numbered = payload.fields.iter().enumerate();
    numbered
        .map(|(index, field)| {
            let (cfgs, code) = (&field.cfgs, code(field, index));
            if code.is_empty() { code } else { quote!(#(#cfgs)* #code) }
        })
        .collect()
}
