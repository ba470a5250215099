//! One event: its payload, and what makes the payload an event.

use proc_macro2::TokenStream;
use quote::quote;

use super::payload::{Payload, glue};
use super::{all, private, schema};
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
    let (item, impls, event) = (payload.item(), payload.impls(), implement(set, event, &payload));
    quote! {
        #(#cfgs)*
        #item
        #(#cfgs)*
        #allow
        const _: () = {
            #impls
            #event
        };
    }
}

fn implement(set: &Set, event: &Event, payload: &Payload<'_>) -> TokenStream {
    let (runtime, private, fields) = (&set.runtime, private(&set.runtime), schema::field_list(payload));
    let (enumeration, ident) = (&set.ident, &event.payload);
    let Event { name, action, documentation, hash, variant, .. } = event;
    let (domain, type_name, line) = (&set.domain, ident.to_string(), line(variant.span()));
    // When a name breaks the conventions that is the error to show, and not each function id that follows it.
    let (checked_domain, checked_action) =
        if set.named_well { (domain.as_str(), action.as_str()) } else { ("", "") };
    let event = glue(&quote! {
        impl #runtime::Event for #ident {
            const NAME: &'static str = #name;
            const DESCRIPTOR: &'static #runtime::EventDescriptor = &#runtime::EventDescriptor::of::<Self>(
                #private::EventSource {
                    domain: #domain,
                    action: #action,
                    payload: ::core::concat!(::core::module_path!(), "::", #type_name),
                    description: #documentation,
                    fields: #fields,
                    file: ::core::file!(),
                    line: #line,
                    hash: #hash,
                },
            );
        }
    });
    let trigger = glue(&quote! {
        impl #runtime::Trigger for #ident {
            type Set = #enumeration;
            const NAMES: &'static [&'static str] = &[#name];
            const DOMAIN: &'static str = #checked_domain;
            const ACTION: &'static str = #checked_action;

            fn decode_event(_: &str, json: &str) -> ::core::result::Result<Self, #runtime::Issues> {
                #runtime::Payload::parse_str(json)
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
