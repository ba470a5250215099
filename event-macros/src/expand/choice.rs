//! An enum that is stored as JSON: the enum, and its implementations.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use super::tokens::{each, glue, local, member, private, respan};
use super::{debug, docs, example, fields, payload, serde, validate};
use crate::check::choice::{Choice, Tagging, Variant};
use crate::check::payload::{Form, Payload};
use crate::parse::documentation::Documentation;

// Input:  `#[payload] #[serde(tag = "type")] pub enum Method { Card { number: String }, Cash }`
// Output: the enum, its implementations, and a test of its example
pub(crate) fn expand(choice: &Choice) -> TokenStream {
    let (cfgs, allow) = (&choice.container.cfgs, allow(choice));
    let (item, test) = (item(choice), example::test_of_choice(choice));
    let (held, checks, data, json, schema, debug) =
        (held(choice), checks(choice), data(choice), json(choice), schema(choice), debug::of_choice(choice));
    quote! {
        #(#cfgs)*
        #item
        #(#cfgs)*
        #allow
        const _: () = {
            #held
            #checks
            #data
            #json
            #schema
            #debug
        };
        #test
    }
}

/// Generated code that uses something deprecated is not to be warned of.
pub(super) fn allow(choice: &Choice) -> Option<TokenStream> {
    let is_deprecated = |variant: &Variant| {
        variant.payload.container.deprecated || variant.payload.fields.iter().any(|field| field.deprecated)
    };
    let deprecated = choice.container.deprecated || choice.variants.iter().any(is_deprecated);
    deprecated.then(|| quote!(#[allow(deprecated)]))
}

/// The enum.
fn item(choice: &Choice) -> TokenStream {
    let Choice { runtime, ident, vis, documentation, container, variants, .. } = choice;
    let documentation = documentation.attributes();
    let (table, example) = (table(choice), docs::paragraphs(example::section_of_choice(choice).as_slice()));
    let (derive, attributes) = (payload::derive(ident, choice.has_secrets(), &[]), &container.attributes);
    let keyword = quote_spanned!(ident.span()=> enum);
    let variants = variants.iter().map(item_of_variant);
    let unknown = choice.open.then(|| {
        quote! {
            /// A variant that this program does not know: it is kept, and written as it was read.
            Unknown(#runtime::validate::Unknown),
        }
    });
    let body = quote_spanned!(ident.span()=> { #(#variants)* #unknown });
    quote! {
        #documentation
        #table
        #example
        #derive
        #(#attributes)*
        // A program may read every variant and make none.
        #[allow(dead_code)]
        #vis #keyword #ident #body
    }
}

fn item_of_variant(variant: &Variant) -> TokenStream {
    let (ident, Payload { container, documentation, .. }) = (&variant.ident, &variant.payload);
    let named = || Documentation::from(format!("`{}`", variant.tag));
    let documentation = if documentation.is_empty() { named().attributes() } else { documentation.attributes() };
    let constraints = variant.payload.transparent().map(docs::constraints_of_value).unwrap_or_default();
    let constraints = docs::paragraphs(&constraints);
    let (cfgs, attributes, body) = (&container.cfgs, &container.attributes, payload::body(&variant.payload));
    quote!(#documentation #constraints #(#cfgs)* #(#attributes)* #ident #body,)
}

/// The variants as a table, after the documentation of the user.
fn table(choice: &Choice) -> TokenStream {
    let heading = "# In JSON\n\n| tag | when | fields |\n|---|---|---|".to_owned();
    let where_it_is = match &choice.tagging {
        Tagging::External if choice.is_texts() => "One of these texts.".to_owned(),
        Tagging::External => "The tag alone, or an object with the tag as its only key.".to_owned(),
        Tagging::Internal { tag } => format!("The tag is in the field `{}`, beside the others.", tag.value()),
        Tagging::Adjacent { tag, content } => {
            format!("The tag is in the field `{}`, what it stands for in `{}`.", tag.value(), content.value())
        }
    };
    let open = choice.open.then(|| "Others are kept as they are, as `Unknown`.".to_owned());
    let heading = docs::paragraphs(&[heading]);
    let rows = choice.variants.iter().filter(|variant| !variant.payload.container.hidden).map(|variant| docs::line_if(&variant.payload.container.cfgs, &row(variant)));
    let after = docs::paragraphs(&std::iter::once(where_it_is).chain(open).collect::<Vec<_>>());
    quote!(#heading #(#rows)* #after)
}

fn row(variant: &Variant) -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    let Payload { container, documentation, .. } = &variant.payload;
    let deprecated = if container.deprecated { " *(deprecated)*" } else { "" };
    let when = cell(&documentation.first_paragraph());
    let fields = cell(&docs::fields_in_brief(&variant.payload));
    format!(" | `{}`{deprecated} | {when} | {} |", variant.tag, fields)
}

/// A struct of the fields of each variant that has some, which is read and described as any other; and the functions that
/// fields are checked with.
fn held(choice: &Choice) -> TokenStream {
    let fields = choice.variants.iter().flat_map(|variant| &variant.payload.fields);
    let uses = validate::uses(&choice.runtime, fields);
    let held = choice.variants.iter().map(|Variant { payload, .. }| {
        let functions = validate::functions(payload);
        let record = (payload.form == Form::Named).then(|| record(payload));
        quote!(#functions #record)
    });
    let held: TokenStream = held.collect();
    quote!(#uses #held)
}

fn record(payload: &Payload) -> TokenStream {
    let (ident, cfgs) = (&payload.ident, &payload.container.cfgs);
    let fields = payload.fields.iter().map(|field| {
        let (cfgs, ident, ty) = (&field.cfgs, &field.ident, &field.ty);
        quote!(#(#cfgs)* #ident: #ty,)
    });
    let (read, fields_as_data) = (serde::deserialize(payload), fields::expand(payload));
    quote! {
        #(#cfgs)*
        struct #ident { #(#fields)* }
        #(#cfgs)*
        const _: () = { #read #fields_as_data };
    }
}

// Output: `impl Validate for Method { .. match self { Self::Card { number: field_0, .. } => { .. } .. } .. }`
fn checks(choice: &Choice) -> TokenStream {
    let arms = choice.variants.iter().map(|variant| {
        let (container, ident) = (&variant.payload.container, &variant.ident);
        let bound = each(&variant.payload, |field, index| {
            let (member, value) = (member(&variant.payload, field), local("field_", index));
            if validate::is_checked(field) { quote!(#member: #value,) } else { TokenStream::new() }
        });
        let calls = each(&variant.payload, |field, index| {
            let value = local("field_", index);
            validate::call(&variant.payload, field, index, &quote!(#value))
        });
        let below = match &choice.tagging {
            Tagging::External => Some(variant.tag.clone()),
            Tagging::Internal { .. } => None,
            Tagging::Adjacent { content, .. } => Some(content.value()),
        };
        let is_checked = variant.payload.fields.iter().any(validate::is_checked);
        let below = below.filter(|_| is_checked).map(|key| quote!(let path = &path.field(#key);));
        let cfgs = &container.cfgs;
        quote!(#(#cfgs)* Self::#ident { #(#bound)* .. } => { #below #(#calls)* })
    });
    let unknown = choice.open.then(|| quote!(Self::Unknown(_) => {}));
    let is_used = choice.variants.iter().flat_map(|variant| &variant.payload.fields).any(validate::is_checked);
    let calls = quote!(match self { #(#arms)* #unknown });
    validate::implement(&choice.runtime, &choice.ident, &choice.container, &calls, is_used)
}

// Output: `impl Tagged for Method { const TAGGING: Tagging = ..; const VARIANTS: &[Variant] = &[..]; .. }`
fn data(choice: &Choice) -> TokenStream {
    let (private, ident, open) = (private(&choice.runtime), &choice.ident, choice.open);
    let tagging = match &choice.tagging {
        Tagging::External => quote!(External),
        Tagging::Internal { tag } => quote!(Internal { tag: #tag }),
        Tagging::Adjacent { tag, content } => quote!(Adjacent { tag: #tag, content: #content }),
    };
    let variants = choice.variants.iter().map(|variant| variant_as_data(choice, variant));
    let decode = choice.variants.iter().enumerate().map(|(place, variant)| decode_variant(choice, place, variant));
    let keep = choice.open.then(|| quote! {
        fn keep(unknown: #private::Unknown) -> ::core::option::Option<Self> {
            ::core::option::Option::Some(Self::Unknown(unknown))
        }
    });
    let implementation = glue(&quote! {
        impl #private::Tagged for #ident {
            const TAGGING: #private::Tagging = #private::Tagging::#tagging;
            const VARIANTS: &'static [#private::Variant] = &[#(#variants),*];
            const OPEN: bool = #open;

            fn decode_held(place: usize, held: &#private::Value) -> ::core::option::Option<Self> {
                match place { #(#decode)* _ => ::core::option::Option::None }
            }

            #keep
        }
    });
    let object = object(choice);
    quote!(#implementation #object)
}

fn decode_variant(choice: &Choice, place: usize, variant: &Variant) -> TokenStream {
    let (private, ident, payload) = (private(&choice.runtime), &variant.ident, &variant.payload);
    let (held, cfgs) = (&payload.ident, &payload.container.cfgs);
    let decoded = match payload.transparent() {
        None if payload.form == Form::Unit => quote!(::core::option::Option::Some(Self::#ident)),
        None => {
            let fields = each(payload, |field, _| {
                let ident = &field.ident;
                quote!(#ident: held.#ident,)
            });
            quote! {{
                let held = <#held as #private::Deserialize>::deserialize(held).ok()?;
                ::core::option::Option::Some(Self::#ident { #(#fields)* })
            }}
        }
        Some(value) => {
            let reader = serde::reader(&private, value);
            let normalize = value.normalize.map(|how| super::newtype::normalize(&private, how, &quote!(held)));
            let mutable = normalize.as_ref().map(|_| quote!(mut));
            quote! {{
                let #mutable held = #private::decode_value(held, #reader)?;
                #normalize
                ::core::option::Option::Some(Self::#ident(held))
            }}
        }
    };
    quote!(#(#cfgs)* #place => #decoded,)
}

/// What stands in the object that an enum is written as.
fn object(choice: &Choice) -> Option<TokenStream> {
    let (private, ident) = (private(&choice.runtime), &choice.ident);
    let parts = match &choice.tagging {
        Tagging::External => return None,
        Tagging::Adjacent { tag, content } => quote!(&[#private::tag_field(#tag), #private::tag_field(#content)],),
        Tagging::Internal { tag } => {
            let parts = choice.variants.iter().map(|Variant { payload, .. }| {
                let (cfgs, held) = (&payload.container.cfgs, &payload.ident);
                match payload.transparent() {
                    Some(value) => {
                        let ty = &value.ty;
                        let fields = respan(quote!(#private::fields_beside_tag::<#ty>(#tag)), ty.span());
                        quote!(#(#cfgs)* #fields,)
                    }
                    None if payload.form == Form::Named => quote!(#(#cfgs)* <#held as #private::Diagnose>::FIELDS,),
                    None => TokenStream::new(),
                }
            });
            quote!(&[#private::tag_field(#tag)], #(#parts)*)
        }
    };
    Some(glue(&quote! {
        impl #private::Object for #ident {
            const FIELDS: &'static [#private::Field] = {
                const PARTS: &[&[#private::Field]] = &[#parts];
                &#private::concat_fields::<{ #private::count_fields(PARTS) }>(PARTS)
            };
        }
    }))
}

// Output: `impl Serialize for Method`, `impl Deserialize for Method`, `impl Diagnose for Method`
fn json(choice: &Choice) -> TokenStream {
    let (runtime, private, ident) = (&choice.runtime, private(&choice.runtime), &choice.ident);
    let arms = choice.variants.iter().map(|variant| write_variant(choice, variant));
    let unknown = choice.open.then(|| quote!(Self::Unknown(unknown) => #private::Serialize::serialize(unknown, serializer),));
    let refined = fields::refine_decoded(runtime.clone(), &choice.container);
    let before = (!refined.is_empty()).then(|| quote!(let before = issues.len();));
    let impls = glue(&quote! {
        impl #private::Serialize for #ident {
            fn serialize<S: #private::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                match self { #(#arms)* #unknown }
            }
        }

        #[automatically_derived]
        impl<'de> #private::Deserialize<'de> for #ident {
            fn deserialize<D: #private::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                #private::through_value(deserializer)
            }
        }

        #[automatically_derived]
        #[doc(hidden)]
        impl #private::Diagnose for #ident {
            fn diagnose(value: &#private::Value, path: &#runtime::validate::Path<'_>, issues: &mut #runtime::Issues) {
                #before
                #private::diagnose_tagged::<Self>(value, path, issues);
                #refined
            }

            fn decode(value: &#private::Value) -> ::core::option::Option<Self> {
                #private::decode_tagged(value)
            }
        }
    });
    quote! {
        #[allow(unused_imports)]
        use #private::{ReadPlain as _, UnknownKind as _, ViaSerde as _};
        #impls
    }
}

fn write_variant(choice: &Choice, variant: &Variant) -> TokenStream {
    let (private, ident, tag, payload) = (private(&choice.runtime), &variant.ident, &variant.tag, &variant.payload);
    let bound = each(payload, |field, index| {
        let (member, value) = (member(payload, field), local("field_", index));
        quote!(#member: #value,)
    });
    let fields = each(payload, |field, index| serde::write_one(payload, field, &local("field_", index).into_token_stream()));
    let held = match payload.form {
        Form::Unit => None,
        Form::Named => Some(quote!({ let object = #private::Written::new(); #(#fields)* object })),
        Form::Transparent => payload.transparent().map(|value| {
            let held = local("field_", payload.first);
            let written = serde::written(payload, value, &held.into_token_stream());
            quote!(*#written)
        }),
    };
    let write = match (&choice.tagging, held) {
        (Tagging::External, None) => quote!(#private::Serialize::serialize(#tag, serializer)),
        (Tagging::External, Some(held)) => quote!(#private::Written::new().field(#tag, &#held).end(serializer)),
        (Tagging::Internal { tag: key } | Tagging::Adjacent { tag: key, .. }, None) => {
            quote!(#private::Written::new().field(#key, #tag).end(serializer))
        }
        (Tagging::Internal { tag: key }, Some(held)) => {
            quote!(#private::Written::new().field(#key, #tag).flatten(&#held).end(serializer))
        }
        (Tagging::Adjacent { tag: key, content }, Some(held)) => {
            quote!(#private::Written::new().field(#key, #tag).field(#content, &#held).end(serializer))
        }
    };
    let cfgs = &payload.container.cfgs;
    quote!(#(#cfgs)* Self::#ident { #(#bound)* .. } => #write,)
}

fn variant_as_data(choice: &Choice, Variant { tag, payload, .. }: &Variant) -> TokenStream {
    let private = private(&choice.runtime);
    let Payload { ident, documentation, container, .. } = payload;
    let held = match payload.form {
        Form::Unit => quote!(Nothing),
        Form::Named => {
            let example = example::schema(payload);
            quote!(Fields { fields: <#ident as #private::Diagnose>::FIELDS, example: #example })
        }
        Form::Transparent => {
            let value = fields::fields(payload);
            quote!(Value(#(#value)*))
        }
    };
    let (cfgs, deprecated) = (&container.cfgs, container.deprecated);
    quote! {
        #(#cfgs)*
        #private::Variant { tag: #tag, description: #documentation, deprecated: #deprecated, held: #private::Held::#held }
    }
}

fn schema(choice: &Choice) -> TokenStream {
    let (private, ident, name) = (private(&choice.runtime), &choice.ident, choice.ident.to_string());
    let (description, deprecated) = (&choice.documentation, choice.container.deprecated);
    super::schema::implement(
        &choice.runtime,
        ident,
        &name,
        &quote!(#private::choice_schema::<Self>(generator, #description, #deprecated)),
        false,
    )
}
