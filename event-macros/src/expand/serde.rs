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
    let counts = payload.fields.iter().map(|Field { cfgs, .. }| quote!(#(#cfgs)* { length += 1; }));
    let fields = payload.fields.iter().map(|field| {
        let Field { ident, name, cfgs, .. } = field;
        let write = quote!(#private::SerializeStruct::serialize_field(&mut object, #name, &self.#ident)?;);
        match &field.skip_if {
            None => quote!(#(#cfgs)* { #write }),
            Some(skip) => quote! {
                #(#cfgs)*
                if #skip(&self.#ident) {
                    #private::SerializeStruct::skip_field(&mut object, #name)?;
                } else {
                    #write
                }
            },
        }
    });
    let (length, object) = if payload.fields.is_empty() {
        (quote!(let length = 0;), quote!(let object))
    } else if payload.fields.iter().all(|field| field.cfgs.is_empty()) {
        let length = payload.fields.len();
        (quote!(let length = #length;), quote!(let mut object))
    } else {
        (quote!(let mut length = 0; #(#counts)*), quote!(let mut object))
    };
    glue(&quote! {
        impl #private::Serialize for #ident {
            fn serialize<S: #private::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                #length
                #object = #private::Serializer::serialize_struct(serializer, #name, length)?;
                #(#fields)*
                #private::SerializeStruct::end(object)
            }
        }
    })
}

fn deserialize(payload: &Payload<'_>) -> TokenStream {
    let (private, ident, name) = (payload.private(), &payload.ident, payload.ident.to_string());
    let expecting = format!("an object, `{name}`");
    let names = payload.fields.iter().map(|Field { name, cfgs, .. }| quote!(#(#cfgs)* #name));
    let slots = each(payload, |field, index| {
        let (slot, Field { ty, .. }) = (local("field_", index), field);
        quote!(let mut #slot: ::core::option::Option<#ty> = ::core::option::Option::None;)
    });
    let reads = each(payload, |field, index| {
        let (slot, Field { name, ty, .. }) = (local("field_", index), field);
        if field.is_read_plainly() {
            quote!(#index => #private::set_once(&mut #slot, &mut map, #name)?,)
        } else {
            quote!(#index => (&#private::Probe::<#ty>::new()).read(&mut #slot, &mut map, #name)?,)
        }
    });
    let values = each(payload, |field, index| {
        let (slot, Field { ident, name, default, .. }) = (local("field_", index), field);
        let missing = match default {
            Some(default) => quote!(#default()),
            None => quote!(#private::missing_field(#name)?),
        };
        quote! {
            #ident: match #slot {
                ::core::option::Option::Some(value) => value,
                ::core::option::Option::None => #missing,
            },
        }
    });
    let index = index_function(payload);
    let uses = payload
        .fields
        .iter()
        .any(|field| !field.is_read_plainly())
        .then(|| quote!(#[allow(unused_imports)] use #private::{ReadPlain as _, ReadStrict as _};));
    glue(&quote! {
        impl<'de> #private::Deserialize<'de> for #ident {
            fn deserialize<D: #private::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                struct Reader;

                impl<'de> #private::Visitor<'de> for Reader {
                    type Value = #ident;

                    fn expecting(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        f.write_str(#expecting)
                    }

                    fn visit_map<A: #private::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> ::core::result::Result<#ident, A::Error> {
                        #uses
                        #index
                        #(#slots)*
                        while let ::core::option::Option::Some(field) =
                            #private::MapAccess::next_key_seed(&mut map, #private::FieldIndex(index))?
                        {
                            match field {
                                #(#reads)*
                                _ => {
                                    #private::MapAccess::next_value::<#private::IgnoredAny>(&mut map)?;
                                }
                            }
                        }
                        ::core::result::Result::Ok(#ident { #(#values)* })
                    }
                }

                #private::Deserializer::deserialize_struct(deserializer, #name, &[#(#names),*], Reader)
            }
        }
    })
}

/// The number of a field by its name.
fn index_function(payload: &Payload<'_>) -> TokenStream {
    let arms = each(payload, |field, index| {
        let name = &field.name;
        quote!(#name => #index,)
    });
    quote! {
        fn index(name: &str) -> usize {
            match name {
                #(#arms)*
                _ => usize::MAX,
            }
        }
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
