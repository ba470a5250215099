//! One event: its payload, and what makes the payload an event.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;

use super::payload::{Payload, glue, respan};
use super::{all, example, private};
use crate::check::set::{Event, Set, line};

// Input:  `/// A workflow was created.  Created { id: Uuid }`
// Output: `pub struct WorkflowCreated { pub id: Uuid }`, and its implementations
pub(crate) fn expand(set: &Set, event: &Event) -> TokenStream {
    let payload = Payload {
        runtime: set.runtime.clone(),
        ident: event.payload.clone(),
        vis: set.vis.clone(),
        fields: &event.fields,
        unit: event.unit,
        description: event.documentation.clone(),
        more: vec![format!("The payload of the event `{}` of [`{}`].", event.name, set.ident)],
        attributes: all(&event.container.attributes),
        derives: &set.derives,
        refine: &event.container.refine,
        deprecated: event.container.deprecated,
    };
    let (cfgs, allow) = (&event.container.cfgs, payload.allow());
    let (item, impls) = (payload.item(), payload.impls());
    let test = example::test(&payload).map(|test| quote!(#(#cfgs)* #test));
    let (event, alias) = (implement(set, event), &event.name);
    quote! {
        #(#cfgs)*
        #[doc(alias = #alias)]
        #item
        #(#cfgs)*
        #allow
        const _: () = {
            #impls
            #event
        };
        #test
    }
}

// Input:  `#[event(version = 3, upcast(PlacedV1, PlacedV2))]`
// Output: `1 => PlacedV1::parse_str(json)`, lifted to `PlacedV2`, lifted to `Self`, and validated; and so on
fn parse_version(set: &Set, event: &Event) -> Option<TokenStream> {
    let (runtime, private, older) = (&set.runtime, private(&set.runtime), &event.options.upcast);
    if older.is_empty() {
        return None;
    }
    let name = &event.name;
    let arms = older.iter().enumerate().map(|(index, first)| {
        let version = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let steps = older[index..].iter().enumerate().map(|(step, from)| {
            let next = match older.get(index + step + 1) {
                Some(next) => quote!(#next),
                None => quote!(Self),
            };
            respan(quote!(let value: #next = #runtime::Upcast::<#next>::upcast(value);), from.span())
        });
        let steps: TokenStream = steps.collect();
        quote! {
            #version => {
                let value: #first = #runtime::Payload::parse_str(json)?;
                #steps
                #runtime::Validate::validate(&value).map(|()| value)
            }
        }
    });
    let latest = event.options.version.unwrap_or(1);
    Some(quote! {
        fn parse_version(version: u32, json: &str) -> ::core::result::Result<Self, #runtime::Issues> {
            match version {
                #(#arms)*
                #latest => #runtime::Payload::parse_str(json),
                _ => ::core::result::Result::Err(#private::unknown_version(#name, version, #latest)),
            }
        }
    })
}

fn implement(set: &Set, event: &Event) -> TokenStream {
    let (runtime, private) = (&set.runtime, private(&set.runtime));
    let (enumeration, ident) = (&set.ident, &event.payload);
    let Event { name, action, documentation, hash, variant, .. } = event;
    let (domain, type_name, line) = (&set.domain, ident.to_string(), line(variant.span()));
    // When a name breaks the conventions that is the error to show, and not each function id that follows it.
    let prefix = if set.named_well { quote!(&[(#domain, #action)]) } else { quote!(&[]) };
    let version = event.options.version.map(|version| quote!(const VERSION: u32 = #version;));
    let (unhandled, deprecated) = (event.options.unhandled, event.container.deprecated);
    let parse_version = parse_version(set, event);
    let event = glue(&quote! {
        impl #runtime::Event for #ident {
            const NAME: &'static str = #name;
            #version
            const DESCRIPTOR: &'static #runtime::EventDescriptor = &#runtime::EventDescriptor::of::<Self>(
                #private::EventSource {
                    domain: #domain,
                    action: #action,
                    payload: ::core::concat!(::core::module_path!(), "::", #type_name),
                    description: #documentation,
                    fields: <Self as #private::Diagnose>::FIELDS,
                    unhandled: #unhandled,
                    deprecated: #deprecated,
                    file: ::core::file!(),
                    line: #line,
                    hash: #hash,
                },
            );

            #parse_version
        }
    });
    let trigger = glue(&quote! {
        impl #runtime::Trigger for #ident {
            type Set = #enumeration;
            const EVENTS: #runtime::TriggerEvents =
                #runtime::TriggerEvents::of_event::<Self>(#prefix);

            fn decode_event(
                _: &str,
                version: u32,
                json: &str,
            ) -> ::core::result::Result<Self, #runtime::Issues> {
                <Self as #runtime::Event>::parse_version(version, json)
            }
        }
    });
    let from = glue(&quote! {
        impl ::core::convert::From<#ident> for #enumeration {
            fn from(event: #ident) -> Self {
                Self::#variant(event)
            }
        }
    });
    quote!(#event #trigger #from)
}
