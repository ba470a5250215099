//! The options of `#[event(..)]` above a variant.

use syn::{Attribute, Ident, LitStr, Path};

use super::naming::{self, Naming};
use super::ownership::Ownership;
use crate::errors::Errors;
use crate::parse::option::{self, Opt};

/// The options of `#[event(..)]`.
#[derive(Default)]
pub(crate) struct EventOptions {
    /// The version of the payload, if it is not the first.
    pub(crate) version: Option<u32>,
    /// The payloads of the versions before, from the first on.
    pub(crate) upcast: Vec<Path>,
    /// It is meant that nothing handles it.
    pub(crate) unhandled: bool,
    /// The name in another system.
    pub(crate) name: Option<LitStr>,
    /// The action, where it does not follow from the variant.
    pub(crate) action: Option<LitStr>,
    /// The name of the payload, where it does not follow from domain and action.
    pub(crate) payload: Option<Ident>,
    pub(crate) ownership: Ownership,
}

const OPTIONS: &[&str] =
    &["version", "upcast", "unhandled", "name", "action", "payload", "owner", "deprecated"];

/// Reads the options above a variant. Only in a foreign set events have a `name` of their own.
pub(super) fn event_options(attributes: &[Attribute], naming: Naming, errors: &mut Errors) -> EventOptions {
    let mut options = EventOptions::default();
    for option in option::of_attributes(attributes, "event", errors) {
        match option.name().as_str() {
            "version" => options.version = version(&option, errors),
            "upcast" => options.upcast = upcast(&option, errors),
            "unhandled" => {
                option.flag(errors);
                options.unhandled = true;
            }
            "name" => options.name = name(&option, naming, errors),
            "action" => options.action = action(&option, naming, errors),
            "payload" => options.payload = payload(&option, errors),
            _ if options.ownership.read(&option, errors) => {}
            _ => option.unknown("option", OPTIONS, errors),
        }
    }
    check_chain(&mut options, attributes, errors);
    options
}

fn version(option: &Opt, errors: &mut Errors) -> Option<u32> {
    let literal = option.integer(errors)?;
    let version = literal.base10_parse().ok().filter(|version| *version > 0);
    if version.is_none() {
        errors.at(literal, "versions count from 1: write `version = 2`");
    }
    version
}

/// `upcast(A, B)`, or `upcast = A`.
fn upcast(option: &Opt, errors: &mut Errors) -> Vec<Path> {
    if option.is_pair() {
        option.path(errors).into_iter().collect()
    } else {
        option.paths("WorkflowCreatedV1", errors)
    }
}

fn name(option: &Opt, naming: Naming, errors: &mut Errors) -> Option<LitStr> {
    let name = option.text(errors)?;
    if naming == Naming::Conventional {
        let message = "the name follows from the enum and the variant; names of other systems stand in \
                       `#[domain_events(foreign)]`";
        errors.at(&option.key, message);
        return None;
    }
    if name.value().is_empty() {
        errors.at(&name, "the name is empty: write it as the other system does");
    }
    Some(name)
}

/// The action, which is checked with the words of the set.
fn action(option: &Opt, naming: Naming, errors: &mut Errors) -> Option<LitStr> {
    let action = option.text(errors)?;
    if naming.is_foreign() {
        errors.at(
            &option.key,
            "an event of another system has no action: write its whole name, `name = \"..\"`",
        );
        return None;
    }
    Some(action)
}

fn payload(option: &Opt, errors: &mut Errors) -> Option<Ident> {
    let payload = option.ident(errors)?;
    naming::is_pascal_case(&payload, errors).then_some(payload)
}

/// Checks that there is one payload for each version before the latest.
fn check_chain(options: &mut EventOptions, attributes: &[Attribute], errors: &mut Errors) {
    let Some(attribute) = attributes.iter().find(|attribute| attribute.path().is_ident("event")) else {
        return;
    };
    let (version, older) = (options.version.unwrap_or(1), options.upcast.len());
    if usize::try_from(version).unwrap_or_default() == older + 1 {
        return;
    }
    let list =
        |versions: u32| (1..versions).map(|version| format!("V{version}")).collect::<Vec<_>>().join(", ");
    let message = if version == 1 {
        let payloads = if older == 1 { "payload of an older version" } else { "payloads of older versions" };
        format!("{older} {payloads}: write `version = {}` as well", older + 1)
    } else {
        let shown = version.min(5);
        format!(
            "version {version} has {} older versions, and `upcast` lists {older}: list the payload of each, from the first \
             on, `upcast({})`",
            version - 1,
            list(shown)
        )
    };
    errors.at(attribute, message);
    // What is left of the chain would only lead to further errors.
    options.upcast.clear();
}
