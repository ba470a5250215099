//! serde's traits, written out: to the compiler they cost about half of what the derives cost.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{each, glue, local, private};
use crate::check::field::{DefaultValue, Field};
use crate::check::payload::{Form, Payload};

// Input:  `id: Uuid, name: String`
// Output: `impl Serialize for WorkflowCreated`, `impl Deserialize for WorkflowCreated`
pub(super) fn expand(payload: &Payload) -> TokenStream {
    if payload.form == Form::Transparent {
        return TokenStream::new();
    }
    let (serialize, deserialize) = (serialize(payload), deserialize(payload));
    quote!(#serialize #deserialize)
}

fn serialize(payload: &Payload) -> TokenStream {
    let (private, ident, name) = (private(&payload.runtime), &payload.ident, payload.ident.to_string());
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
pub(super) fn deserialize(payload: &Payload) -> TokenStream {
    let (private, ident) = (private(&payload.runtime), &payload.ident);
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

/// The imports where a type is probed, if there is one that must be.
fn uses(payload: &Payload, is_known: fn(&Field) -> bool) -> Option<TokenStream> {
    let (private, known) = (private(&payload.runtime), payload.fields.iter().all(is_known));
    (!known).then(|| quote!(#[allow(unused_imports)] use #private::ReadPlain as _;))
}

// Output: `let readers = (Plain::<String>::READ, ..);`, and for each further group `let readers = Then(readers, (..));`
fn readers(payload: &Payload) -> TokenStream {
    let private = private(&payload.runtime);
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
fn values(payload: &Payload) -> TokenStream {
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
fn groups(payload: &Payload) -> Vec<Group<'_>> {
    let has_cfgs = payload.fields.iter().any(|field| !field.cfgs.is_empty());
    let (first, size) = if has_cfgs { (0, 1) } else { (payload.fields.len().min(8), 8) };
    let (fields, rest) = payload.fields.split_at(first);
    let further = rest.chunks(size).enumerate();
    let further =
        further.map(|(index, fields)| Group { fields, start: payload.first + first + index * size, is_first: false });
    std::iter::once(Group { fields, start: payload.first, is_first: true }).chain(further).collect()
}

/// The reader of a field.
fn reader(private: &TokenStream, field: &Field) -> TokenStream {
    let ty = &field.ty;
    let reader = if field.is_read_plainly() {
        quote!(#private::Plain::<#ty>::READ)
    } else {
        quote!(#private::Probe::<#ty>::READ)
    };
    match &field.default {
        Some(value) => {
            let default = default(value);
            quote!(#private::OrElse(#reader, #default))
        }
        None => reader,
    }
}

/// The function that makes the value of a field that is missing.
pub(super) fn default(value: &DefaultValue) -> TokenStream {
    match value {
        DefaultValue::OfType => quote!(::core::default::Default::default),
        DefaultValue::Function(path) => quote!(#path),
    }
}
