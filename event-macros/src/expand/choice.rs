//! An enum that is stored as JSON: the enum, and its implementations.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use super::tokens::{each, glue, local, member, option, private, respan};
use super::{clone, debug, docs, exact, example, json, newtype, object, payload, schema, validate};
use crate::check::choice::{Choice, Tagging, Variant};
use crate::check::field::Field;
use crate::check::payload::{Form, Payload};
use crate::parse::documentation::Documentation;

// Input:  `#[payload] #[serde(tag = "type")] pub enum Method { Card { number: String }, Cash }`
// Output: the enum, its implementations, and a test of its example
pub(crate) fn expand(choice: &Choice) -> TokenStream {
    let (cfgs, allow) = (&choice.container.cfgs, allow(choice));
    let (item, test, integers) =
        (item(choice), example::test_of_choice(choice), exact::implement_choice(choice));
    let (held, checks, data, json, schema) =
        (held(choice), checks(choice), data(choice), json(choice), schema(choice));
    let (debug, clone) = (debug::of_choice(choice), clone::of_choice(choice));
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
            #clone
        };
        #integers
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
    let own = (choice.has_secrets() || choice.has_unknown_types(), choice.has_unknown_types());
    let (derive, attributes) = (payload::derive(ident, own, &[]), &container.attributes);
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
    let documentation =
        if documentation.is_empty() { named().attributes() } else { documentation.attributes() };
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
    let rows = choice
        .variants
        .iter()
        .filter(|variant| !variant.payload.container.hidden)
        .map(|variant| docs::line_if(&variant.payload.container.cfgs, &row(variant)));
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

/// A struct of the fields of each variant that has some, which is read and described as any other, or the type of the value
/// that a variant holds; and the functions that fields are checked with.
fn held(choice: &Choice) -> TokenStream {
    let fields = choice.variants.iter().flat_map(|variant| &variant.payload.fields);
    let uses = validate::uses(&choice.runtime, fields);
    let held = choice.variants.iter().map(|Variant { payload, .. }| {
        let functions = validate::functions(payload);
        let held = match payload.transparent() {
            Some(value) => held_value(payload, value),
            None if payload.form == Form::Named => record(payload),
            None => TokenStream::new(),
        };
        quote!(#functions #held)
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
    let object = object::expand(payload);
    quote! {
        #(#cfgs)*
        struct #ident { #(#fields)* }
        #(#cfgs)*
        const _: () = { #object };
    }
}

fn held_value(payload: &Payload, value: &Field) -> TokenStream {
    let (private, name, cfgs, ty) = (private(&payload.runtime), held_type(payload), &value.cfgs, &value.ty);
    let of = object::field_type(payload, value, payload.first);
    quote!(#(#cfgs)* const #name: #private::FieldType<#ty> = #of;)
}

/// The constant that is the type of the value that a variant holds.
fn held_type(payload: &Payload) -> Ident {
    format_ident!("__HELD{}", payload.first)
}

/// The variables for what a variant holds, in a pattern.
fn bound(payload: &Payload) -> Vec<TokenStream> {
    each(payload, |field, index| {
        let (member, value) = (member(payload, field), local("field_", index));
        quote!(#member: #value,)
    })
}

/// References to the fields of a variant, by their variables.
fn parts(payload: &Payload) -> TokenStream {
    object::parts(payload, |_, index| local("field_", index).into_token_stream())
}

// Output: `impl Validate for Method { .. match self { Self::Card { number: field_0, .. } => { .. } .. } .. }`
fn checks(choice: &Choice) -> TokenStream {
    let private = private(&choice.runtime);
    let arms = choice.variants.iter().map(|Variant { ident, tag, payload }| {
        let (cfgs, bound, held) = (&payload.container.cfgs, bound(payload), &payload.ident);
        let below = match &choice.tagging {
            Tagging::External => Some(tag.clone()),
            Tagging::Internal { .. } => None,
            Tagging::Adjacent { content, .. } => Some(content.value()),
        };
        let path = below.map_or_else(|| quote!(path), |key| quote!(&path.field(#key)));
        let check = match payload.form {
            Form::Unit => TokenStream::new(),
            Form::Named => {
                let parts = parts(payload);
                quote!(#private::validate_members::<#held>(#parts, #path, issues))
            }
            Form::Transparent => {
                let (of, value) = (held_type(payload), local("field_", payload.first));
                quote!(#of.validate_value(#value, #path, issues))
            }
        };
        quote!(#(#cfgs)* Self::#ident { #(#bound)* } => { #check })
    });
    let unknown = choice.open.then(|| quote!(Self::Unknown(_) => {}));
    let holds = choice.variants.iter().any(|variant| variant.payload.form != Form::Unit);
    let calls = holds.then(|| quote!(match self { #(#arms)* #unknown }));
    validate::implement(&choice.runtime, &choice.ident, &choice.container, &quote!(#calls), false)
}

// Output: `impl Tagged for Method { const TAGGING: Tagging = ..; const VARIANTS: &[Variant] = &[..]; .. }`
fn data(choice: &Choice) -> TokenStream {
    let (runtime, private, ident) = (&choice.runtime, private(&choice.runtime), &choice.ident);
    let tagging = match &choice.tagging {
        Tagging::External => quote!(External),
        Tagging::Internal { tag } => quote!(Internal { tag: #tag }),
        Tagging::Adjacent { tag, content } => quote!(Adjacent { tag: #tag, content: #content }),
    };
    let variants = choice.variants.iter().map(|variant| variant_as_data(choice, variant));
    let read = choice.variants.iter().map(read);
    let keep = option(choice.open.then(|| quote!(Self::Unknown)));
    glue(&quote! {
        impl #private::Tagged for #ident {
            const TAGGING: #private::Tagging = #private::Tagging::#tagging;
            const VARIANTS: &'static [#private::Variant] = &[#(#variants),*];
            const KEEP: ::core::option::Option<fn(#private::Unknown) -> Self> = #keep;

            fn read_held(
                place: usize,
                reader: &mut #private::Reader<'_>,
                path: &#runtime::validate::Path<'_>,
            ) -> ::core::option::Option<Self> {
                match Self::VARIANTS[place].tag { #(#read)* _ => ::core::option::Option::None }
            }
        }
    })
}

fn variant_as_data(choice: &Choice, Variant { tag, payload, .. }: &Variant) -> TokenStream {
    let private = private(&choice.runtime);
    let Payload { ident, documentation, container, .. } = payload;
    let held = match payload.transparent() {
        None if payload.form == Form::Unit => quote!(Nothing),
        None => {
            let example = example::schema(payload);
            quote!(Fields { fields: <#ident as #private::Object>::FIELDS, example: #example })
        }
        Some(value) => {
            let of = held_type(payload);
            let value = object::field(&private, value, &quote!(#of.shown()));
            quote!(Value(#value))
        }
    };
    let (cfgs, deprecated) = (&container.cfgs, container.deprecated);
    quote! {
        #(#cfgs)*
        #private::Variant { tag: #tag, description: #documentation, deprecated: #deprecated, held: #private::Held::#held }
    }
}

fn read(Variant { ident, tag, payload }: &Variant) -> TokenStream {
    let (private, held, cfgs) = (private(&payload.runtime), &payload.ident, &payload.container.cfgs);
    let read = match payload.form {
        Form::Unit => {
            // A tag may stand in an object that is still to be passed over.
            quote!(#private::pass_over::<Self>(reader).then_some(Self::#ident))
        }
        Form::Named => {
            let fields = each(payload, |Field { ident, .. }, _| quote!(#ident: held.#ident,));
            quote!(#private::read_object::<#held>(reader, path).map(|held| Self::#ident { #(#fields)* }))
        }
        Form::Transparent => {
            let of = held_type(payload);
            quote!(#of.read(reader, path).map(Self::#ident))
        }
    };
    quote!(#(#cfgs)* #tag => #read,)
}

/// Fails to compile, at the type, unless what a variant holds can stand beside the tag.
fn assert_beside_tag(choice: &Choice, Variant { payload, .. }: &Variant) -> Option<TokenStream> {
    let Tagging::Internal { tag } = &choice.tagging else { return None };
    let Field { ty, cfgs, .. } = payload.transparent()?;
    let (private, message) = (private(&choice.runtime), newtype::not_an_object(ty));
    let fields = quote!(#private::fields_beside_tag(#private::Probe::<#ty>::MEMBERS, #tag, #message));
    let assert = respan(quote!(const _: &[#private::Field] = #fields;), ty.span());
    Some(quote!(#(#cfgs)* #assert))
}

/// The members of the object that an enum is in JSON.
fn members(choice: &Choice) -> Option<TokenStream> {
    let private = private(&choice.runtime);
    let parts = match &choice.tagging {
        Tagging::External => return None,
        Tagging::Adjacent { tag, content } => {
            quote!(&[#private::tag_field(#tag), #private::tag_field(#content)],)
        }
        Tagging::Internal { tag } => {
            let parts = choice.variants.iter().map(|Variant { payload, .. }| {
                let (cfgs, held) = (&payload.container.cfgs, &payload.ident);
                match payload.transparent() {
                    Some(Field { ty, .. }) => {
                        quote!(#(#cfgs)* #private::members_or_none(#private::Probe::<#ty>::MEMBERS),)
                    }
                    None if payload.form == Form::Named => {
                        quote!(#(#cfgs)* <#held as #private::Object>::FIELDS,)
                    }
                    None => TokenStream::new(),
                }
            });
            quote!(&[#private::tag_field(#tag)], #(#parts)*)
        }
    };
    Some(quote! {
        const MEMBERS: ::core::option::Option<&'static [#private::Field]> = {
            const PARTS: &[&[#private::Field]] = &[#parts];
            ::core::option::Option::Some(&#private::concat_fields::<{ #private::count_fields(PARTS) }>(PARTS))
        };
    })
}

// Output: `impl Json for Method`, and serde's traits through it
fn json(choice: &Choice) -> TokenStream {
    let private = private(&choice.runtime);
    let arms = choice.variants.iter().map(write);
    let unknown =
        choice.open.then(|| quote!(Self::Unknown(unknown) => #private::write_unknown(unknown, writer),));
    let kind = choice.is_texts().then(|| quote!(const KIND: #private::JsonKind = #private::JsonKind::Text;));
    let members = members(choice);
    // An enum without variants did not pass the checks.
    let is_empty = choice.variants.is_empty() && !choice.open;
    let value = if is_empty { quote!(*self) } else { quote!(self) };
    let json = json::Json {
        consts: quote!(#kind #members),
        read: quote!(#private::read_tagged(reader, path)),
        write: quote!(match #value { #(#arms)* #unknown }),
        more: TokenStream::new(),
    };
    let asserts = choice.variants.iter().filter_map(|variant| assert_beside_tag(choice, variant));
    let json = json::implement(&choice.runtime, &choice.ident, &json);
    quote!(#json #(#asserts)*)
}

fn write(Variant { ident, tag, payload }: &Variant) -> TokenStream {
    let (private, held, bound, cfgs) =
        (private(&payload.runtime), &payload.ident, bound(payload), &payload.container.cfgs);
    let write = match payload.form {
        Form::Unit => quote!(#private::write_unit::<Self>(#tag, writer)),
        Form::Named => {
            let parts = parts(payload);
            quote!(#private::write_held::<Self>(#tag, writer, |writer| #private::write_members::<#held>(#parts, writer)))
        }
        Form::Transparent => {
            let (of, value) = (held_type(payload), local("field_", payload.first));
            quote!(#private::write_held::<Self>(#tag, writer, |writer| #of.write(#value, writer)))
        }
    };
    quote!(#(#cfgs)* Self::#ident { #(#bound)* } => #write,)
}

fn schema(choice: &Choice) -> TokenStream {
    let private = private(&choice.runtime);
    let (description, deprecated) = (&choice.documentation, choice.container.deprecated);
    let code = quote!(#private::choice_schema::<Self>(generator, #description, #deprecated));
    schema::implement(&choice.runtime, &choice.ident, &code, false)
}
