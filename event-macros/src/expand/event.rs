//! One event: its payload, and what makes the payload an event.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::Path;
use syn::spanned::Spanned;

use super::tokens::{glue, impls_at, line, option, private, respan};
use super::{docs, exact, example, key, newtype, payload};
use crate::check::event::Event;
use crate::check::ownership::Ownership;
use crate::check::set::Set;

// Input:  `/// A workflow was created.  Created { id: Uuid }`
// Output: `pub struct WorkflowCreated { pub id: Uuid }`, and its implementations, which stand in one block with those of the other events
pub(super) fn expand(set: &Set, event: &Event) -> (TokenStream, TokenStream) {
    let Event { name, payload, .. } = event;
    let more = format!("The payload of the event `{name}` of [`{}`].", set.ident);
    let more: Vec<String> = std::iter::once(more).chain(docs::ownership(&payload.container)).collect();
    let cfgs = &payload.container.cfgs;
    let (item, impls) = (payload::item(payload, &more), payload::impls(payload));
    let test = example::test(payload).map(|test| quote!(#(#cfgs)* #test));
    let event = implement(set, event);
    let newtype = newtype::of_event(payload);
    let exact = set.js_safe.then(|| exact::asserts(payload)).map(|asserts| quote!(#(#cfgs)* #asserts));
    let item = quote! {
        #(#cfgs)*
        #[doc(alias = #name)]
        #item
        #exact
        #test
    };
    let implementations = quote!(#impls #newtype #event);
    let implementations =
        if cfgs.is_empty() { implementations } else { quote!(#(#cfgs)* const _: () = { #implementations };) };
    (item, implementations)
}

// Input:  `#[event(version = 3, upcast(PlacedV1, PlacedV2))]`
// Output: `1 => PlacedV1::parse_str(json)`, lifted to `PlacedV2`, lifted to `Self`, and validated; and so on. And the same for
//         what was accepted before, without the validation. And the payload of each version as data
fn of_versions(set: &Set, event: &Event) -> TokenStream {
    let (runtime, private, older) = (&set.runtime, private(&set.runtime), &event.options.upcast);
    if older.is_empty() {
        return TokenStream::new();
    }
    let (name, latest) = (&event.name, event.options.version.unwrap_or(1));
    let function = |function: &str, read: &str, last: TokenStream| {
        let (function, read) = (format_ident!("{function}"), format_ident!("{read}"));
        let arms = (0..older.len()).map(|index| {
            let (version, first) = (u32::try_from(index + 1).unwrap_or(u32::MAX), &older[index]);
            let lifted = lifted(runtime, &older[index..]);
            quote! {
                #version => {
                    let value: #first = #runtime::Payload::#read(json)?;
                    #lifted
                    #last
                }
            }
        });
        quote! {
            fn #function(version: u32, json: &str) -> ::core::result::Result<Self, #runtime::Issues> {
                match version {
                    #(#arms)*
                    #latest => #runtime::Payload::#read(json),
                    _ => ::core::result::Result::Err(#private::unknown_version(#name, version, #latest)),
                }
            }
        }
    };
    let parse =
        function("parse_version", "parse_str", quote!(#runtime::Validate::validate(&value).map(|()| value)));
    let decode = function("decode_version", "decode_str", quote!(::core::result::Result::Ok(value)));
    let shapes = (1_u32..)
        .zip(older)
        .map(|(version, older)| respan(quote!(#version => #private::Shape::of::<#older>(),), older.span()));
    let shape = quote! {
        fn shape(version: u32) -> ::core::option::Option<#private::Shape> {
            ::core::option::Option::Some(match version {
                #(#shapes)*
                #latest => #private::Shape::of::<Self>(),
                _ => return ::core::option::Option::None,
            })
        }
    };
    quote!(#parse #decode #shape)
}

/// The steps from a payload to that of the latest version.
fn lifted(runtime: &TokenStream, from: &[Path]) -> TokenStream {
    let steps = from.iter().enumerate().map(|(step, from_this)| {
        let next = from.get(step + 1).map_or_else(|| quote!(Self), ToTokens::to_token_stream);
        respan(quote!(let value: #next = #runtime::Upcast::<#next>::upcast(value);), from_this.span())
    });
    steps.collect()
}

/// `.owned(Some("payments"), None, None)`
fn owned(ownership: &Ownership) -> Option<TokenStream> {
    let details = ownership.details();
    details.iter().any(Option::is_some).then(|| {
        let details = details.map(option);
        quote!(.owned(#(#details),*))
    })
}

fn implement(set: &Set, event: &Event) -> TokenStream {
    let (runtime, private) = (&set.runtime, private(&set.runtime));
    let (enumeration, ident, documentation) =
        (&set.ident, &event.payload.ident, &event.payload.documentation);
    let Event { name, action, hash, variant, .. } = event;
    let (domain, type_name, line) = (&set.domain, ident.to_string(), line(variant.span()));
    let version = event.options.version.map(|version| quote!(const VERSION: u32 = #version;));
    let unhandled = event.options.unhandled.then(|| quote!(.unhandled()));
    let deprecated = event.payload.container.ownership.is_deprecated().then(|| quote!(.deprecated()));
    let owned = owned(&event.payload.container.ownership);
    let of_versions = of_versions(set, event);
    let (key, keyed) = key::expand(event);
    let event = glue(&quote! {
        impl #runtime::Event for #ident {
            type Set = #enumeration;
            const NAME: &'static str = #name;
            #version
            const SOURCE: #private::EventSource = #private::EventSource::new(
                (#domain, #action, #name, #hash),
                ::core::concat!(::core::module_path!(), "::", #type_name),
                #documentation,
                (::core::file!(), #line),
            )#unhandled #deprecated #key #owned;

            #of_versions
        }
    });
    let from = glue(&quote! {
        impl ::core::convert::From<#ident> for #enumeration {
            fn from(event: #ident) -> Self {
                Self::#variant(event)
            }
        }
    });
    impls_at(quote!(#event #from #keyed), ident)
}
