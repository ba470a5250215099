//! An event set: the enum over its payloads, the names of its events, and its table of descriptors.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{LitStr, Path};

use super::tokens::{glue, line, private};
use super::{docs, event, names as callback, payload, validate};
use crate::check::event::Event;
use crate::check::set::Set;
use crate::parse::attributes::named;
use crate::parse::list::{Handed, crate_name};

// Input:  `pub enum WorkflowEvent { Created { id: Uuid }, Completed { id: Uuid } }`
// Output: `pub enum WorkflowEvent { Created(WorkflowCreated), Completed(WorkflowCompleted) }`, and everything else
pub(crate) fn expand(set: &Set) -> TokenStream {
    let (item, names, implementation) = (item(set), names(set), implement(set));
    let (items, implementations): (Vec<_>, Vec<_>) =
        set.events.iter().map(|one| event::expand(set, one)).unzip();
    let uses = validate::uses(&set.runtime, set.events.iter().flat_map(|event| &event.payload.fields));
    let allow = set.events.iter().find_map(|event| payload::allow(&event.payload));
    let handed_on = set.events.iter().map(name_at_variant);
    let callback = callback::hand_on(&set.vis, &set.ident, &handed_on.collect());
    quote! {
        #item
        #names
        #allow
        const _: () = { #uses #implementation #(#implementations)* };
        #(#items)*
        #callback
    }
}

/// The name of an event, at the place of its variant: there the warning stands that nothing handles it, or that something does
/// although it is marked `unhandled`.
fn name_at_variant(event: &Event) -> TokenStream {
    let name = LitStr::new(&event.name, event.variant.span());
    let unhandled_in = event.options.unhandled.then(crate_name);
    Handed { name, unhandled_in }.into_token_stream()
}

/// The enum names its deprecated payloads, and is not to be warned of.
fn allow(set: &Set) -> Option<TokenStream> {
    let deprecated = set.events.iter().any(|event| event.payload.container.deprecated);
    deprecated.then(|| quote!(#[allow(deprecated)]))
}

/// The enum over the payloads.
fn item(set: &Set) -> TokenStream {
    let Set { ident, vis, enum_token, attributes, .. } = set;
    // No event is the usual one: what is derived for the payloads alone.
    let derives = set.derives.iter().filter(|path| !is_default(path));
    let documentation = set.documentation.attributes();
    let catalogue = catalogue(set);
    let variants = set.events.iter().map(|Event { variant, payload, .. }| {
        let (cfgs, payload_ident) = (&payload.container.cfgs, &payload.ident);
        let documentation = payload.documentation.attributes();
        let docs = named(&payload.container.attributes, &["doc"]);
        quote!(#documentation #(#cfgs)* #(#docs)* #variant(#payload_ident),)
    });
    let body = quote_spanned!(ident.span()=> { #(#variants)* });
    let allow = allow(set);
    quote! {
        #documentation
        #catalogue
        #[derive(::core::fmt::Debug, ::core::clone::Clone #(, #derives)*)]
        #(#attributes)*
        // A program may send every event and match on none.
        #[allow(dead_code)]
        #allow
        #vis #enum_token #ident #body
    }
}

fn is_default(path: &Path) -> bool {
    path.segments.last().is_some_and(|last| last.ident == "Default")
}

/// The events as a table, after the documentation of the user.
fn catalogue(set: &Set) -> TokenStream {
    let owner = set.owner().map(|owner| format!("Owner: {owner}.\n\n")).unwrap_or_default();
    let heading = format!(
        "# Events of domain `{}`\n\n{owner}| event | payload | when | fields |\n|---|---|---|---|",
        set.domain
    );
    let shown = set.events.iter().filter(|event| !event.payload.container.hidden);
    let rows = shown.map(|event| docs::line_if(&event.payload.container.cfgs, &row(set, event)));
    let heading = docs::paragraphs(&[heading]);
    quote!(#heading #(#rows)*)
}

fn row(set: &Set, event: &Event) -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    let Event { name, payload, .. } = event;
    let ownership = &payload.container.ownership;
    let [owner, since, _] = ownership.details().map(|text| text.map(LitStr::value));
    let mut when = payload.documentation.first_paragraph();
    if let Some(owner) = owner.filter(|owner| set.owner().as_ref() != Some(owner)) {
        let gap = if when.is_empty() { "" } else { " " };
        when = format!("{when}{gap}Owner: {owner}.");
    }
    let when = cell(&when);
    let since = since.map(|since| format!(" since {since}")).unwrap_or_default();
    let deprecated =
        if ownership.is_deprecated() { format!(" *(deprecated{since})*") } else { String::new() };
    let fields = cell(&docs::fields_in_brief(payload));
    format!(" | `{name}`{deprecated} | [`{}`] | {when} | {fields} |", payload.ident)
}

/// `WorkflowEvent::CREATED`
fn names(set: &Set) -> TokenStream {
    let (ident, vis) = (&set.ident, &set.vis);
    let constants = set.events.iter().map(|Event { constant, name, payload, .. }| {
        let cfgs = &payload.container.cfgs;
        let documentation = format!(" The name of the event [`{}`].", payload.ident);
        let hidden = payload.container.hidden.then(|| quote!(#[doc(hidden)]));
        quote! {
            #(#cfgs)*
            #[doc = #documentation]
            #hidden
            #vis const #constant: &'static str = #name;
        }
    });
    glue(&quote!(#[allow(dead_code)] impl #ident { #(#constants)* }))
}

fn implement(set: &Set) -> TokenStream {
    let (runtime, private, Set { ident, domain, documentation, .. }) =
        (&set.runtime, private(&set.runtime), set);
    let (type_name, line, hash) =
        (ident.to_string(), line(ident.span()), event_conventions::hash_name(domain));
    // When a name breaks the conventions that is the error to show, and not each function id that follows it.
    let prefix = if set.named_well { quote!(&[(#domain, "")]) } else { quote!(&[]) };
    let each = |code: &dyn Fn(&Event) -> TokenStream| -> Vec<TokenStream> {
        let with_cfgs = |event: &Event| {
            let (cfgs, code) = (&event.payload.container.cfgs, code(event));
            quote!(#(#cfgs)* #code)
        };
        set.events.iter().map(with_cfgs).collect()
    };
    let sources = each(&|event| {
        let payload = &event.payload.ident;
        quote!(<#payload as #runtime::Event>::SOURCE)
    });
    let descriptors = each(&|event| {
        let payload = &event.payload.ident;
        quote!(#private::Described::<#payload, P>::EVENT)
    });
    let names = each(&|Event { name, .. }| quote!(#name));
    let hashes = each(&|Event { hash, .. }| quote!(#hash));
    let arms = each(&|Event { variant, name, payload, .. }| {
        let payload = &payload.ident;
        quote!(#name => <#payload as #runtime::Event>::read_version(version, json, reading).map(Self::#variant),)
    });
    let outgoing =
        each(&|Event { variant, .. }| quote!(Self::#variant(event) => #private::outgoing(event, path),));
    let foreign = set.naming.is_foreign();
    let owned = set.owner().map(|owner| quote!(.owned(#owner)));
    let badly_named = (!set.named_well).then(|| quote!(.badly_named()));
    let set_impl = glue(&quote! {
        impl #runtime::EventSet for #ident {
            const SOURCE: #private::SetSource = #private::SetSource::new(
                (#domain, #hash),
                ::core::concat!(::core::module_path!(), "::", #type_name),
                #documentation,
                (&[#(#sources),*], #foreign),
                (::core::file!(), #line),
            )#owned #badly_named;
            type Events = Events;

            // Compiled where it is called, if it is.
            #[inline]
            fn outgoing(
                self,
                path: &#runtime::validate::Path<'_>,
            ) -> ::core::result::Result<#private::Outgoing, #runtime::Issues> {
                match self { #(#outgoing)* }
            }
        }

        #[doc(hidden)]
        pub enum Events {}

        impl<P> #private::Descriptors<P> for Events {
            type Of = #runtime::EventDescriptor;
            const ALL: &'static [&'static Self::Of] = &[#(#descriptors),*];
        }
    });
    let emitted_impl = emitted(set);
    let trigger_impl = glue(&quote! {
        impl #runtime::Trigger for #ident {
            type Sets = Self;
            const EVENTS: #runtime::TriggerEvents =
                #runtime::TriggerEvents::of_set(&[#(#names),*], &[#(#hashes),*], #prefix);
            const DESCRIPTORS: &'static [&'static #runtime::EventDescriptor] = #private::events_of::<Self>();

            fn decode_event(
                name: &str,
                version: u32,
                json: &str,
                reading: #private::Reading,
            ) -> ::core::result::Result<Self, #runtime::Issues> {
                match name {
                    #(#arms)*
                    _ => ::core::result::Result::Err(#private::not_of_domain(name, #domain)),
                }
            }
        }
    });
    quote!(#set_impl #emitted_impl #trigger_impl)
}

/// A function may send values of the enum if it declares every event, or has no `emits`. Bounds cannot depend on a `cfg`.
fn emitted(set: &Set) -> TokenStream {
    let (runtime, ident) = (&set.runtime, &set.ident);
    if set.events.iter().any(|event| !event.payload.container.cfgs.is_empty()) {
        return quote!(impl #runtime::EmittedBy<()> for #ident {});
    }
    let payloads = set.events.iter().map(|event| &event.payload.ident);
    quote! {
        impl<F> #runtime::EmittedBy<F> for #ident where #(#payloads: #runtime::EmittedBy<F>),* {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline;

    #[test]
    fn the_table_has_the_first_paragraph_and_nothing_that_is_hidden() {
        let expanded = pipeline::domain_events(
            TokenStream::new(),
            quote! {
                enum ParcelEvent {
                    /// A parcel was handed over to the carrier, who from now on
                    /// answers: a | b.
                    ///
                    /// More.
                    Dispatched { id: u64, #[doc(hidden)] seal: u64 },
                    /// Nobody reads this.
                    #[doc(hidden)]
                    Lost { id: u64 },
                }
            },
        );
        let expanded = expanded.to_string();
        assert!(expanded.contains(
            " | `parcel/dispatched` | [`ParcelDispatched`] | A parcel was handed over to the carrier, who from now on answers: a \\\\| b. | `id: u64` |"
        ));
        assert!(!expanded.contains("| `parcel/lost`"));
    }
}
