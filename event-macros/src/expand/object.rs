//! The fields of a payload as data: their types, names and rules. What is done with them stands in the runtime.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::Index;
use syn::spanned::Spanned;

use super::sample::quoted;
use super::tokens::{each, glue, local, option, private, respan};
use super::{enter, newtype, rules, type_tree, validate};
use crate::check::field::{DefaultValue, Field};
use crate::check::payload::{Form, Payload};

/// As many fields as the runtime has tuples for; more are several tuples.
const GROUP: usize = 8;

// Input:  `#[validate(email)] owner_email: String`
// Output: `impl Object for WorkflowCreated { type Values = (String,); const TYPES: .. = (Probe::<String>::TYPE.checked(check_0),); .. }`
pub(super) fn expand(payload: &Payload) -> TokenStream {
    if payload.form == Form::Transparent {
        return TokenStream::new();
    }
    let (private, ident) = (private(&payload.runtime), &payload.ident);
    let conditions: TokenStream =
        numbered(payload).map(|(index, field)| under_condition(payload, field, index)).collect();
    let values = nested(payload, true, value_type, |_, flat| quote!(#flat::Values));
    let types = nested(
        payload,
        false,
        |field, index| {
            if field.cfgs.is_empty() {
                field_type(payload, field, index)
            } else {
                let name = conditional("TYPE", index);
                quote!(#name)
            }
        },
        |_, flat| quote!(#flat::TYPES),
    );
    let pattern = pattern(payload);
    let build = each(payload, |field @ Field { ident, .. }, index| {
        let value = local("field_", index);
        let flat = field.flatten.map(|_| flat(&private, field));
        let value = flat.map_or_else(|| quote!(#value), |flat| quote!(#flat::build(#value)));
        quote!(#ident: #value,)
    });
    let parts = parts(payload, |Field { ident, .. }, _| quote!(&self.#ident));
    let (names, fields, refine) = (names(payload), fields(payload), refine(payload));
    // Without fields there is nothing to say.
    let parts = if payload.fields.is_empty() { TokenStream::new() } else { parts };
    let unused =
        payload.fields.iter().any(|field| !field.cfgs.is_empty()).then(|| quote!(#[allow(unused_variables)]));
    let object = glue(&quote! {
        #[doc(hidden)]
        impl #private::Object for #ident {
            type Values = #values;
            const TYPES: #private::Types<Self::Values> = #types;
            const NAMES: &'static [#private::Name] = #names;
            const FIELDS: &'static [#private::Field] = #fields;

            #unused
            fn build(#pattern: Self::Values) -> Self {
                Self { #(#build)* }
            }

            fn parts(&self) -> #private::Parts<'_, Self::Values> {
                #parts
            }

            #refine
        }
    });
    let distinct = payload.fields.iter().find_map(|field| field.flatten).map(|span| {
        let fields = quote!(<#ident as #private::Object>::FIELDS);
        respan(quote!(const _: &[#private::Field] = #private::distinct(#fields);), span)
    });
    quote!(#conditions #object #distinct)
}

/// The fields that are not flattened.
fn numbered(payload: &Payload) -> impl Iterator<Item = (usize, &Field)> {
    let numbered = payload.fields.iter().enumerate().filter(|(_, field)| field.flatten.is_none());
    numbered.map(|(index, field)| (payload.first + index, field))
}

/// The fields that are flattened.
fn flattened(payload: &Payload) -> impl Iterator<Item = (usize, &Field)> {
    let numbered = payload.fields.iter().enumerate().filter(|(_, field)| field.flatten.is_some());
    numbered.map(|(index, field)| (payload.first + index, field))
}

/// The type of a field that is flattened, as what it must be, at the place of `flatten`.
fn flat(private: &TokenStream, field: &Field) -> TokenStream {
    let (ty, span) = (&field.ty, field.flatten.unwrap_or_else(Span::call_site));
    respan(quote!(<#ty as #private::Object>), span)
}

// Output: `(field_0, field_1)`; of more fields than one tuple has, `Then((field_0, ..), (field_8, ..))`, and so for the values of
//         what is flattened
fn nested(
    payload: &Payload,
    is_type: bool,
    code: impl Fn(&Field, usize) -> TokenStream,
    of_flat: impl Fn((usize, &Field), &TokenStream) -> TokenStream,
) -> TokenStream {
    let private = private(&payload.runtime);
    let all: Vec<TokenStream> = numbered(payload).map(|(index, field)| code(field, index)).collect();
    let mut groups = all.chunks(GROUP).map(|group| quote!((#(#group,)*)));
    let first = groups.next().unwrap_or_else(|| quote!(()));
    let flattened = flattened(payload).map(|(index, field)| of_flat((index, field), &flat(&private, field)));
    groups.chain(flattened).fold(first, |before, group| {
        if is_type {
            quote!(#private::Then<#before, #group>)
        } else {
            quote!(#private::Then(#before, #group))
        }
    })
}

/// The variables of the values, in the form of the values.
pub(super) fn pattern(payload: &Payload) -> TokenStream {
    let variable = |index| {
        let value = local("field_", index);
        quote!(#value)
    };
    nested(payload, false, |_, index| variable(index), |(index, _), _| variable(index))
}

/// References to the values, of which `value` says how each field is referred to.
pub(super) fn parts(payload: &Payload, value: impl Fn(&Field, usize) -> TokenStream) -> TokenStream {
    let private = private(&payload.runtime);
    nested(
        payload,
        false,
        |field, index| part(&private, field, &value(field, index)),
        |(index, field), flat| {
            let value = value(field, index);
            quote!(#flat::parts(#value))
        },
    )
}

// Output: `.0.3`, the way to the type of the field at a place in `TYPES`
fn way(payload: &Payload, place: usize) -> TokenStream {
    let flattened = flattened(payload).count();
    let count = (payload.fields.len() - flattened).div_ceil(GROUP);
    let of = place / GROUP;
    let outer = std::iter::repeat_n(0, flattened + if of == 0 { count - 1 } else { count - 1 - of });
    let steps = outer.chain((of > 0).then_some(1)).chain([place % GROUP]).map(Index::from);
    quote!(#(.#steps)*)
}

fn names(payload: &Payload) -> TokenStream {
    let private = private(&payload.runtime);
    let own = numbered(payload).map(|(_, field)| name(&private, field));
    let own = quote!(&[#(#own),*]);
    let flattened: Vec<TokenStream> = flattened(payload).map(|(_, field)| flat(&private, field)).collect();
    if flattened.is_empty() {
        return own;
    }
    quote! {{
        const PARTS: &[&[#private::Name]] = &[#own, #(#flattened::NAMES),*];
        &#private::concat_names::<{ #private::count_names(PARTS) }>(PARTS)
    }}
}

/// The fields and their rules as data.
fn fields(payload: &Payload) -> TokenStream {
    let private = private(&payload.runtime);
    let own = numbered(payload).enumerate().map(|(place, (index, one))| {
        let (cfgs, way, ident) = (&one.cfgs, way(payload, place), &payload.ident);
        let field = field(&private, one, &quote!(<#ident as #private::Object>::TYPES #way.shown()));
        let defaulted = defaulted(payload, one, index);
        quote!(#(#cfgs)* #field #defaulted)
    });
    let flattened: Vec<TokenStream> = flattened(payload).map(|(_, field)| flat(&private, field)).collect();
    if flattened.is_empty() {
        return quote!(&[#(#own),*]);
    }
    quote! {{
        const PARTS: &[&[#private::Field]] = &[&[#(#own),*], #(#flattened::FIELDS),*];
        &#private::concat_fields::<{ #private::count_fields(PARTS) }>(PARTS)
    }}
}

/// A field as data, whose type is shown as `shown`.
pub(super) fn field(private: &TokenStream, field: &Field, shown: &TokenStream) -> TokenStream {
    let Field { name, documentation, rules, .. } = field;
    let rules = rules.iter().filter_map(|one| rules::rule(private, &one.kind));
    let deprecated = field.deprecated.then(|| quote!(.deprecated()));
    let key = field.key.map(|_| quote!(.key()));
    let tree = type_tree::expand(private, field);
    let sensitive = field.sensitive.then(|| quote!(.sensitive()));
    let normalized = field.normalize.map(|normalize| {
        let names = normalize.names();
        quote!(.normalized(&[#(#names),*]))
    });
    quote!(#private::Field::new(#name, #documentation, &[#(#rules),*], #shown) #tree #deprecated #key #sensitive #normalized)
}

/// The functions that look at all fields, for whatever the struct is flattened into.
fn refine(payload: &Payload) -> Option<TokenStream> {
    let runtime = &payload.runtime;
    let flattened = validate::refine_flattened(payload, &quote!(self));
    let own = validate::refine(runtime, &payload.container, &quote!(self));
    (!flattened.is_empty() || !own.is_empty()).then(|| {
        quote! {
            fn refine(&self, before: usize, path: &#runtime::validate::Path<'_>, issues: &mut #runtime::Issues) {
                #flattened
                #own
            }
        }
    })
}

// Output: `Probe::<String>::TYPE.checked(check_0).or_default(Default::default)`
pub(super) fn field_type(payload: &Payload, field: &Field, index: usize) -> TokenStream {
    let (private, ty) = (private(&payload.runtime), &field.ty);
    let check = field.has_own_rules().then(|| {
        let check = local("check_", index);
        quote!(.checked(#check))
    });
    let enter = enter::beyond_type(payload, field, index).map(|inside| quote!(.entered(#inside)));
    let default = field.default.as_ref().map(|value| {
        let default = default(value);
        quote!(.or_default(#default))
    });
    let skip = field.skip_if.as_ref().map(|skip| quote!(.skipped_if(|value| #skip(value))));
    // There the compiler says that serde does not know the type either.
    let (probe, of_field) =
        (respan(quote!(#private::Probe), ty.span()), respan(quote!(::TYPE.of_field()), ty.span()));
    let normalize = field.normalize.map(|how| newtype::normalized(&private, how));
    let sensitive = field.sensitive.then(|| quote!(.sensitive()));
    quote!(#probe::<#ty> #of_field #check #enter #default #skip #normalize #sensitive)
}

/// The default as data, if there is one: for the JSON Schema, and for the test that it breaks no rule.
fn defaulted(payload: &Payload, field: &Field, index: usize) -> Option<TokenStream> {
    let (private, ty) = (private(&payload.runtime), &field.ty);
    let default = default(field.default.as_ref()?);
    let check = option(field.has_own_rules().then(|| local("check_", index)));
    let enter =
        enter::beyond_type(payload, field, index).unwrap_or_else(|| quote!(::core::option::Option::None));
    Some(quote!(.defaulted(&#private::Default::<#ty> { make: #default, check: #check, enter: #enter })))
}

/// The function that makes the value of a field that is missing.
fn default(value: &DefaultValue) -> TokenStream {
    match value {
        DefaultValue::OfType => quote!(::core::default::Default::default),
        DefaultValue::Function(path) => quote!(#path),
    }
}

/// The type of a field and how it is treated, or that it is absent, for a field with `#[cfg(..)]`.
fn under_condition(payload: &Payload, field: &Field, index: usize) -> TokenStream {
    if field.cfgs.is_empty() {
        return TokenStream::new();
    }
    let (private, ty, cfgs, not) = (private(&payload.runtime), &field.ty, &field.cfgs, not(field));
    let (value, name, of) =
        (conditional("Value", index), conditional("TYPE", index), field_type(payload, field, index));
    quote! {
        #(#cfgs)* type #value = #ty;
        #not type #value = #private::Absent;
        #(#cfgs)* const #name: #private::FieldType<#value> = #of;
        #not const #name: #private::FieldType<#value> = #private::Absent::TYPE;
    }
}

/// The condition under which a field with `#[cfg(..)]` is absent.
fn not(field: &Field) -> TokenStream {
    let conditions = field.cfgs.iter().filter_map(|cfg| cfg.parse_args::<TokenStream>().ok());
    quote!(#[cfg(not(all(#(#conditions),*)))])
}

/// The name of an item for a field with `#[cfg(..)]`.
fn conditional(prefix: &str, index: usize) -> syn::Ident {
    format_ident!("__{prefix}{index}")
}

fn value_type(field: &Field, index: usize) -> TokenStream {
    if field.cfgs.is_empty() {
        let ty = &field.ty;
        quote!(#ty)
    } else {
        let value = conditional("Value", index);
        quote!(#value)
    }
}

fn name(private: &TokenStream, field: &Field) -> TokenStream {
    let Field { name, cfgs, .. } = field;
    let key = format!("{}:", quoted(name));
    let name = quote!(#private::Name { name: #name, key: #key });
    if cfgs.is_empty() {
        return name;
    }
    let not = not(field);
    quote!(#(#cfgs)* #name, #not #private::Absent::NAME)
}

fn part(private: &TokenStream, field: &Field, value: &TokenStream) -> TokenStream {
    let cfgs = &field.cfgs;
    if cfgs.is_empty() {
        return value.clone();
    }
    let not = not(field);
    quote!({ #(#cfgs)* { #value } #not { &#private::Absent } })
}
