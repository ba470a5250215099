//! The fields of a payload as data: their types, names and rules. What is done with them stands in the runtime.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Index;
use syn::spanned::Spanned;

use super::sample::quoted;
use super::tokens::{each, glue, local, option, private, respan};
use super::{enter, rules, type_tree};
use crate::check::field::{DefaultValue, Field};
use crate::check::payload::Payload;

/// As many fields as the runtime has tuples for; more are several tuples.
const GROUP: usize = 8;

// Input:  `#[validate(email)] owner_email: String`
// Output: `impl Object for WorkflowCreated { type Values = (String,); const TYPES: .. = (Probe::<String>::TYPE.checked(check_0),); .. }`
pub(super) fn expand(payload: &Payload) -> TokenStream {
    let (private, ident) = (private(&payload.runtime), &payload.ident);
    let conditions: TokenStream =
        numbered(payload).map(|(index, field)| under_condition(payload, field, index)).collect();
    let values = nested(payload, &quote!(#private::Then::), value_type);
    let types = nested(payload, &quote!(#private::Then), |field, index| {
        if field.cfgs.is_empty() {
            field_type(payload, field, index)
        } else {
            let name = conditional("TYPE", index);
            quote!(#name)
        }
    });
    let names = numbered(payload).map(|(_, field)| name(&private, field));
    let fields = fields(payload);
    let (pattern, build, parts) = (
        nested(payload, &quote!(#private::Then), |_, index| {
            let value = local("field_", index);
            quote!(#value)
        }),
        each(payload, |Field { ident, .. }, index| {
            let value = local("field_", index);
            quote!(#ident: #value,)
        }),
        nested(payload, &quote!(#private::Then), |field, index| part(&private, field, index)),
    );
    // Without fields there is nothing to say.
    let parts = if payload.fields.is_empty() { TokenStream::new() } else { parts };
    let unused =
        payload.fields.iter().any(|field| !field.cfgs.is_empty()).then(|| quote!(#[allow(unused_variables)]));
    let object = glue(&quote! {
        #[doc(hidden)]
        impl #private::Object for #ident {
            type Values = #values;
            const TYPES: #private::Types<Self::Values> = #types;
            const NAMES: &'static [#private::Name] = &[#(#names),*];
            const FIELDS: &'static [#private::Field] = &[#(#fields),*];

            #unused
            fn build(#pattern: Self::Values) -> Self {
                Self { #(#build)* }
            }

            fn parts(&self) -> #private::Parts<'_, Self::Values> {
                #parts
            }
        }
    });
    quote!(#conditions #object)
}

fn numbered(payload: &Payload) -> impl Iterator<Item = (usize, &Field)> {
    payload.fields.iter().enumerate()
}

// Output: `(field_0, field_1)`; of more fields than one tuple has, `Then((field_0, ..), (field_8, ..))`
fn nested(payload: &Payload, then: &TokenStream, code: impl Fn(&Field, usize) -> TokenStream) -> TokenStream {
    let is_type = then.to_string().ends_with("::");
    let all: Vec<TokenStream> = numbered(payload).map(|(index, field)| code(field, index)).collect();
    let mut groups = all.chunks(GROUP).map(|group| quote!((#(#group,)*)));
    let first = groups.next().unwrap_or_else(|| quote!(()));
    groups.fold(
        first,
        |before, group| {
            if is_type { quote!(#then<#before, #group>) } else { quote!(#then(#before, #group)) }
        },
    )
}

// Output: `0.3`, the way to the type of a field in `TYPES`
fn way(payload: &Payload, index: usize) -> TokenStream {
    let (of, count) = (index / GROUP, payload.fields.len().div_ceil(GROUP));
    let outer = std::iter::repeat_n(0, if of == 0 { count - 1 } else { count - 1 - of });
    let steps = outer.chain((of > 0).then_some(1)).chain([index % GROUP]).map(Index::from);
    quote!(#(.#steps)*)
}

/// The fields and their rules as data.
fn fields(payload: &Payload) -> Vec<TokenStream> {
    let private = private(&payload.runtime);
    each(payload, |field, index| {
        let Field { name, documentation, rules, .. } = field;
        let rules = rules.iter().filter_map(|one| rules::rule(&private, &one.kind));
        let (way, deprecated) = (way(payload, index), field.deprecated.then(|| quote!(.deprecated())));
        let key = field.key.map(|_| quote!(.key()));
        let tree = type_tree::expand(&private, field);
        let defaulted = defaulted(payload, field, index);
        quote!(#private::Field::new(#name, #documentation, &[#(#rules),*], Self::TYPES #way.shown()) #tree #defaulted #deprecated #key)
    })
}

// Output: `Probe::<String>::TYPE.checked(check_0).or_default(Default::default)`
fn field_type(payload: &Payload, field: &Field, index: usize) -> TokenStream {
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
    quote!(#probe::<#ty> #of_field #check #enter #default #skip)
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

fn part(private: &TokenStream, field: &Field, _: usize) -> TokenStream {
    let Field { ident, cfgs, .. } = field;
    if cfgs.is_empty() {
        return quote!(&self.#ident);
    }
    let not = not(field);
    quote!({ #(#cfgs)* { &self.#ident } #not { &#private::Absent } })
}
