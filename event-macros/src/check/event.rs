//! A variant of an event set: an event, and its payload.

use event_conventions::{Vocabulary, hash_name, to_pascal_case, to_screaming_snake_case};
use quote::format_ident;
use syn::ext::IdentExt;
use syn::{Ident, LitStr, Variant};

use super::container::container;
use super::event_options::{EventOptions, event_options};
use super::field::fields;
use super::key::key;
use super::naming::{Judged, action};
use super::payload::{Form, Payload};
use super::set::Set;
use crate::errors::Errors;
use crate::parse::documentation::Documentation;

/// An event.
pub(crate) struct Event {
    pub(crate) variant: Ident,
    /// The name of the constant.
    pub(crate) constant: Ident,
    pub(crate) action: String,
    /// `domain/action`.
    pub(crate) name: String,
    pub(crate) hash: u64,
    pub(crate) options: EventOptions,
    pub(crate) payload: Payload,
}

impl Event {
    /// Returns `true` if `event` has the same name.
    pub(super) fn is_named_like(&self, event: &Self) -> bool {
        self.name == event.name && self.meets(event)
    }

    /// Returns `true` if the payload of `event` has the same name.
    pub(super) fn has_payload_of(&self, event: &Self) -> bool {
        self.payload.ident == event.payload.ident && self.meets(event)
    }

    /// Of two under `#[cfg(..)]` only one may be left: rustc sees it if not.
    fn meets(&self, event: &Self) -> bool {
        let is_always_there = |event: &Self| event.payload.container.cfgs.is_empty();
        is_always_there(self) || is_always_there(event)
    }
}

/// Checks a variant of `set`.
pub(super) fn event(
    variant: Variant,
    set: &Set,
    vocabulary: &Vocabulary,
    errors: &mut Errors,
) -> Judged<Event> {
    let ident = variant.ident.clone();
    let options = event_options(&variant.attrs, set.naming, errors);
    if set.naming.is_foreign() && options.name.is_none() {
        errors.at(
            &ident,
            "an event of another system has the name that it has there: write `#[event(name = \"..\")]`",
        );
    }
    let (action, is_well) = action(&ident, options.action.as_ref(), set.naming, vocabulary, errors);
    let name = options.name.as_ref().map_or_else(|| format!("{}/{action}", set.domain), LitStr::value);
    if let Some((_, discriminant)) = &variant.discriminant {
        errors.at(discriminant, "an event has no number: remove it");
    }
    let payload_ident = options.payload.clone().unwrap_or_else(|| {
        spanned(&format!("{}{}", to_pascal_case(&set.domain), to_pascal_case(&action)), &ident)
    });
    let mut payload = payload(variant, payload_ident, &name, set, errors);
    let ownership = &mut payload.container.ownership;
    *ownership = options.ownership.clone().or(ownership).or(&set.ownership);
    let event = Event {
        constant: spanned(&to_screaming_snake_case(&action), &ident),
        hash: hash_name(&name),
        action,
        name,
        options,
        payload,
        variant: ident,
    };
    (event, is_well)
}

/// Checks the payload of the event `name`.
fn payload(variant: Variant, payload: Ident, name: &str, set: &Set, errors: &mut Errors) -> Payload {
    let Variant { ident, attrs, fields: written, .. } = variant;
    let documentation = Documentation::of(&attrs);
    if documentation.is_empty() {
        let message = format!(
            "event `{name}` is not documented: write `/// ..` above `{ident}`, saying when it happens"
        );
        errors.at(&ident, message);
    }
    let container = container(&attrs, errors);
    let rename_all = container.rename_all.or(set.rename_all);
    let form = Form::of(&written);
    let mut fields = fields(written, Some(&set.vis), rename_all, &ident.unraw().to_string(), errors);
    key(&mut fields, errors);
    Payload {
        runtime: set.runtime.clone(),
        ident: payload,
        vis: set.vis.clone(),
        form: form.with(&fields),
        first: 0,
        fields,
        documentation,
        derives: set.derives.clone(),
        container,
    }
}

/// An identifier that leads an editor from what is generated to what was written.
fn spanned(name: &str, written: &Ident) -> Ident {
    format_ident!("{name}", span = written.span())
}
