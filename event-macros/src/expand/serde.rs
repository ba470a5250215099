//! serde's traits, written out: to the compiler they cost about half of what the derives cost.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::newtype;
use super::tokens::{each, glue, local, private};
use crate::check::field::{DefaultValue, Field};
use crate::check::payload::Payload;

// Input:  `id: Uuid, name: String`
// Output: `impl Serialize for WorkflowCreated`, `impl Deserialize for WorkflowCreated`
pub(super) fn expand(payload: &Payload) -> TokenStream {
    if let Some(value) = payload.transparent() {
        return of_value(payload, value);
    }
    let serialize = if has_flat(payload) { serialize_flat(payload) } else { serialize(payload) };
    let deserialize = deserialize(payload);
    quote!(#serialize #deserialize)
}

/// Returns `true` if the fields of another type stand among those of the payload.
pub(super) fn has_flat(payload: &Payload) -> bool {
    payload.fields.iter().any(|field| field.flatten.is_some())
}

// Input:  `struct Email(String)`
// Output: `impl Serialize for Email`, `impl Deserialize for Email`: the value alone
fn of_value(payload: &Payload, value: &Field) -> TokenStream {
    let (private, ident, uses) = (private(&payload.runtime), &payload.ident, uses(payload, Field::is_read_plainly));
    let (written, reader) = (written(payload, value, &quote!(&self.0)), reader(&private, value));
    let normalize = value.normalize.map(|how| newtype::normalize(&private, how, &quote!(value)));
    let mutable = normalize.as_ref().map(|_| quote!(mut));
    glue(&quote! {
        impl #private::Serialize for #ident {
            fn serialize<S: #private::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                #uses
                #private::Serialize::serialize(#written, serializer)
            }
        }

        #[automatically_derived]
        impl<'de> #private::Deserialize<'de> for #ident {
            fn deserialize<D: #private::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                #uses
                let #mutable value = #private::read_value(deserializer, #reader)?;
                #normalize
                ::core::result::Result::Ok(Self(value))
            }
        }
    })
}

/// What is written of a field, as a reference.
pub(super) fn written(payload: &Payload, field: &Field, value: &TokenStream) -> TokenStream {
    let (private, ty) = (private(&payload.runtime), &field.ty);
    if field.is_leaf() { value.clone() } else { quote!(&#private::Probe::<#ty>::written(#value)) }
}

/// The fields of a payload of which some are flattened.
fn serialize_flat(payload: &Payload) -> TokenStream {
    let (private, ident, uses) = (private(&payload.runtime), &payload.ident, uses(payload, Field::is_leaf));
    let fields = each(payload, |field, _| {
        let ident = &field.ident;
        write_one(payload, field, &quote!(&self.#ident))
    });
    glue(&quote! {
        impl #private::Serialize for #ident {
            fn serialize<S: #private::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                #uses
                let object = #private::Written::new();
                #(#fields)*
                object.end(serializer)
            }
        }
    })
}

/// Writes a field to the object.
pub(super) fn write_one(payload: &Payload, field: &Field, value: &TokenStream) -> TokenStream {
    let (name, written) = (&field.name, written(payload, field, value));
    match (&field.flatten, &field.skip_if) {
        (Some(_), _) => quote!(let object = object.flatten(#value);),
        (None, None) => quote!(let object = object.field(#name, #written);),
        (None, Some(skip)) => quote!(let object = object.field_unless(#skip(#value), #name, #written);),
    }
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
    let flat = each(payload, |field, index| {
        let (value, ty) = (local("field_", index), &field.ty);
        let flat = field.flatten.map(|_| quote! {
            let #value = <#ty as #private::Deserialize>::deserialize(value).map_err(#private::de_error::<D::Error>)?;
        });
        let normalize = field.normalize.map(|how| {
            let normalize = newtype::normalize(&private, how, &value.to_token_stream());
            quote!(let mut #value = #value; #normalize)
        });
        quote!(#flat #normalize)
    });
    let fields = each(payload, |Field { ident, .. }, index| {
        let value = local("field_", index);
        quote!(#ident: #value,)
    });
    if has_flat(payload) {
        return glue(&quote! {
            impl<'de> #private::Deserialize<'de> for #ident {
                fn deserialize<D: #private::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                    #uses
                    #readers
                    let value = &<#private::Value as #private::Deserialize>::deserialize(deserializer)?;
                    let values = #private::read_object::<Self, _, _>(value, readers).map_err(#private::de_error::<D::Error>)?;
                    #values
                    #(#flat)*
                    ::core::result::Result::Ok(Self { #(#fields)* })
                }
            }
        });
    }
    glue(&quote! {
        impl<'de> #private::Deserialize<'de> for #ident {
            fn deserialize<D: #private::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                #uses
                #readers
                match #private::read_object::<Self, D, _>(deserializer, readers) {
                    ::core::result::Result::Ok(values) => {
                        #values
                        #(#flat)*
                        ::core::result::Result::Ok(Self { #(#fields)* })
                    }
                    ::core::result::Result::Err(error) => ::core::result::Result::Err(error),
                }
            }
        }
    })
}

/// The imports where a type is probed, if there is one that must be.
pub(super) fn uses(payload: &Payload, is_known: fn(&Field) -> bool) -> Option<TokenStream> {
    let (private, known) = (private(&payload.runtime), payload.fields.iter().all(is_known));
    (!known).then(|| quote!(#[allow(unused_imports)] use #private::ReadPlain as _;))
}

// Output: `let readers = (Plain::<String>::READ, ..);`, and for each further group `let readers = Then(readers, (..));`
fn readers(payload: &Payload) -> TokenStream {
    let private = private(&payload.runtime);
    let code = |group: &Group<'_>| {
        let readers = group.fields.iter().map(|(_, field)| reader(&private, field));
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
        let values = group.fields.iter().map(|(index, _)| local("field_", *index));
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
    fields: Vec<(usize, &'p Field)>,
    is_first: bool,
}

impl Group<'_> {
    /// A field with `#[cfg(..)]` is in a group of its own.
    fn under_cfgs(&self, code: &TokenStream) -> TokenStream {
        let cfgs = self.fields.iter().flat_map(|(_, field)| &field.cfgs);
        quote!(#(#cfgs)* #code)
    }
}

/// The fields in groups, of which the first is always there: of eight fields, as many as the runtime has tuples for; with
/// `#[cfg(..)]` an empty one, and then each field alone.
fn groups(payload: &Payload) -> Vec<Group<'_>> {
    let numbered = payload.fields.iter().enumerate().map(|(index, field)| (payload.first + index, field));
    let fields: Vec<(usize, &Field)> = numbered.filter(|(_, field)| field.flatten.is_none()).collect();
    let has_cfgs = fields.iter().any(|(_, field)| !field.cfgs.is_empty());
    let (first, size) = if has_cfgs { (0, 1) } else { (fields.len().min(8), 8) };
    let (fields, rest) = fields.split_at(first);
    let further = rest.chunks(size).map(|fields| Group { fields: fields.to_vec(), is_first: false });
    std::iter::once(Group { fields: fields.to_vec(), is_first: true }).chain(further).collect()
}

/// The reader of a field.
pub(super) fn reader(private: &TokenStream, field: &Field) -> TokenStream {
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
