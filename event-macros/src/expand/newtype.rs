//! A struct around one value: in JSON the value alone.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use super::docs::type_text;
use super::object;
use super::tokens::{glue, private, respan};
use crate::check::field::Field;
use crate::check::normalize::Normalize;
use crate::check::payload::Payload;

// Input:  `#[payload] struct Email(#[validate(email)] String)`
// Output: `impl Newtype for Email`, `impl TryFrom<String> for Email`, and the other ways out and in
pub(super) fn expand(payload: &Payload) -> Option<TokenStream> {
    let field = payload.transparent()?;
    let (out, checked, display) =
        (ways_out(payload, field), try_from(payload, field), display(payload, field));
    Some(quote!(#out #checked #display))
}

// Input:  `Created(OrderDetails)`
// Output: `impl From<OrderDetails> for OrderCreated`, and the ways out
pub(super) fn of_event(payload: &Payload) -> Option<TokenStream> {
    let field = payload.transparent()?;
    let (ident, ty, out) = (&payload.ident, &field.ty, ways_out(payload, field));
    let assert = assert_object(&private(&payload.runtime), ty);
    let from = glue(&quote! {
        impl ::core::convert::From<#ty> for #ident {
            fn from(value: #ty) -> Self {
                Self(value)
            }
        }
    });
    Some(quote!(#out #from #assert))
}

/// What a newtype has in common with the payload of an event that is one.
fn ways_out(payload: &Payload, field: &Field) -> TokenStream {
    let (private, ident, ty) = (private(&payload.runtime), &payload.ident, &field.ty);
    let of = object::field_type(payload, field, payload.first);
    let impls = [
        quote! {
            impl #private::Newtype for #ident {
                type Inner = #ty;
                const TYPE: #private::FieldType<#ty> = #of;

                fn new(value: #ty) -> Self {
                    Self(value)
                }

                fn inner(&self) -> &#ty {
                    &self.0
                }
            }
        },
        quote! {
            impl ::core::ops::Deref for #ident {
                type Target = #ty;

                fn deref(&self) -> &#ty {
                    &self.0
                }
            }
        },
        quote! {
            impl<T: ?::core::marker::Sized> ::core::convert::AsRef<T> for #ident
            where
                #ty: ::core::convert::AsRef<T>,
            {
                fn as_ref(&self) -> &T {
                    ::core::convert::AsRef::as_ref(&self.0)
                }
            }
        },
        quote! {
            impl ::core::convert::From<#ident> for #ty {
                fn from(value: #ident) -> Self {
                    value.0
                }
            }
        },
    ];
    impls.iter().map(glue).collect()
}

/// Fails to compile, at the type, unless it is an object in JSON.
fn assert_object(private: &TokenStream, ty: &Type) -> TokenStream {
    let message = not_an_object(ty);
    respan(
        quote!(const _: &[#private::Field] = #private::fields_of(#private::Probe::<#ty>::MEMBERS, #message);),
        ty.span(),
    )
}

/// What is said of a type that must be an object in JSON, and is not known to be one.
pub(super) fn not_an_object(ty: &Type) -> String {
    format!(
        "`{0}` is not known to be an object in JSON, which the payload of an event is, and what stands beside a tag: put \
         `#[payload]` on a struct; or give it a name, `{{ value: {0} }}`",
        type_text(ty)
    )
}

/// From the value, which is made uniform and checked.
fn try_from(payload: &Payload, field: &Field) -> TokenStream {
    let (runtime, ident, ty) = (&payload.runtime, &payload.ident, &field.ty);
    let normalize = field.normalize.map(|how| normalize(&private(runtime), how, &quote!(&mut value)));
    let mutable = normalize.as_ref().map(|_| quote!(mut));
    glue(&quote! {
        impl ::core::convert::TryFrom<#ty> for #ident {
            type Error = #runtime::Issues;

            fn try_from(#mutable value: #ty) -> ::core::result::Result<Self, #runtime::Issues> {
                #normalize;
                let value = Self(value);
                match #runtime::Validate::validate(&value) {
                    ::core::result::Result::Ok(()) => ::core::result::Result::Ok(value),
                    ::core::result::Result::Err(issues) => ::core::result::Result::Err(issues),
                }
            }
        }
    })
}

/// `Display`, if the value has it and may be shown. The lifetime lets the bound be false.
fn display(payload: &Payload, field: &Field) -> Option<TokenStream> {
    let (ident, ty) = (&payload.ident, &field.ty);
    let display = quote! {
        impl ::core::fmt::Display for #ident
        where
            for<'any> &'any #ty: ::core::fmt::Display,
        {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&&self.0, f)
            }
        }
    };
    (!field.sensitive).then(|| glue(&display))
}

/// The function that makes a text uniform, for the type of its field. That it is a text, the compiler says at the attribute.
pub(super) fn normalized(private: &TokenStream, how: Normalize) -> TokenStream {
    let code = normalize(private, how, &quote!(value));
    quote!(.normalized(|value| { #code }))
}

/// Makes the text to which `value` refers uniform.
fn normalize(private: &TokenStream, how: Normalize, value: &TokenStream) -> TokenStream {
    let Normalize { nfc, lowercase, collapse_whitespace, trim, span } = how;
    let span = Span::call_site().located_at(span);
    let value = respan(value.clone(), span);
    let (function, how) =
        (respan(quote!(#private::normalize), span), respan(quote!(#private::Normalization), span));
    quote_spanned! {span=>
        #function(#value, #how { nfc: #nfc, lowercase: #lowercase, collapse_whitespace: #collapse_whitespace, trim: #trim })
    }
}
