//! An event set: an enum of past-tense actions, its domain and its events.

use proc_macro2::TokenStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Field, Ident, ItemEnum, LitStr, Path, Token, Visibility};

use super::container::{Case, rename_all};
use super::event::{Event, event};
use super::naming::{Naming, domain};
use super::ownership::Ownership;
use super::words::Words;
use super::{common, owned, runtime};
use crate::errors::Errors;
use crate::parse::attributes::{named, others};
use crate::parse::documentation::Documentation;
use crate::parse::option::{self, Opt};

/// An enum with `#[domain_events]`.
pub(crate) struct Set {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) enum_token: Token![enum],
    pub(crate) domain: String,
    pub(crate) documentation: Documentation,
    /// The user's other attributes.
    pub(crate) attributes: Vec<Attribute>,
    /// Traits that the user derives, for the enum and for each payload.
    pub(crate) derives: Vec<Path>,
    pub(crate) events: Vec<Event>,
    pub(crate) naming: Naming,
    /// Of each event that says nothing else.
    pub(crate) ownership: Ownership,
    /// Integers beyond 2^53 are refused.
    pub(crate) js_safe: bool,
    /// The case of the fields' names in JSON, where a variant has none of its own.
    pub(super) rename_all: Option<Case>,
    /// Domain and actions obey the conventions. If not, function ids are not compared with them.
    pub(crate) named_well: bool,
}

/// The options of `#[domain_events(..)]`.
#[derive(Default)]
struct Options {
    domain: Option<LitStr>,
    runtime: Option<Path>,
    naming: Naming,
    words: Words,
    ownership: Ownership,
    common: Vec<Field>,
    js_safe: bool,
}

const OPTIONS: &[&str] =
    &["domain", "foreign", "past_tense", "singular", "owner", "deprecated", "common", "js_safe", "crate"];

/// Checks an enum with `#[domain_events]`.
pub(crate) fn set(options: TokenStream, item: ItemEnum, errors: &mut Errors) -> Set {
    let Options { domain: option, runtime, naming, words, ownership, common, js_safe } =
        read_options(&option::parse(options, errors), errors);
    if !item.generics.params.is_empty() {
        errors.at(
            &item.generics,
            "a set of events has no generics: its payloads are stored and decoded by name",
        );
    }
    if item.variants.is_empty() {
        errors.at(&item.ident, "a set of events has at least one: write `/// When.\n Created { id: u64 }`");
    }
    let (domain, domain_is_well) = domain(&item.ident, option.as_ref(), naming, &words.vocabulary, errors);
    let (derives, attributes) = split_derives(&item.attrs, errors);
    let mut set = Set {
        runtime: runtime::or_usual(runtime),
        documentation: Documentation::of(&item.attrs),
        ident: item.ident,
        vis: item.vis,
        enum_token: item.enum_token,
        domain,
        attributes,
        derives,
        events: Vec::new(),
        naming,
        ownership,
        js_safe,
        rename_all: rename_all(&item.attrs, errors),
        named_well: domain_is_well,
    };
    let mut fields = 0;
    for mut variant in item.variants {
        common::add(&mut variant, &common, errors);
        owned::retain(&mut variant.fields, &item.generics, errors);
        let (mut event, is_well) = event(variant, &set, &words.vocabulary, errors);
        event.payload.first = fields;
        fields += event.payload.fields.len();
        set.named_well &= is_well && !naming.is_foreign();
        set.add(event, errors);
    }
    words.report_unused(&set.domain, &set.events, errors);
    set
}

impl Set {
    /// The owner of the events that name no other.
    pub(crate) fn owner(&self) -> Option<String> {
        self.ownership.owner.as_ref().map(LitStr::value)
    }

    /// Adds an event, unless its payload would only clash with another type.
    fn add(&mut self, event: Event, errors: &mut Errors) {
        let Event { variant, name, payload, .. } = &event;
        if let Some(first) = self.events.iter().find(|before| before.is_named_like(&event)) {
            let message = format!("two events are named `{name}`");
            errors.at(&first.variant, format!("{message}: here, and by `{variant}`"));
            errors.at(variant, format!("{message}: rename one of the variants"));
        } else if let Some(first) = self.events.iter().find(|before| before.has_payload_of(&event)) {
            let message = format!(
                "the payloads of `{}` and `{variant}` are both named `{}`: name one of them, `#[event(payload = ..)]`",
                first.variant, payload.ident
            );
            errors.at(variant, message);
        } else if payload.ident == self.ident {
            let message = format!(
                "the payload of `{variant}` and the enum are both named `{}`: name the payload, `#[event(payload = ..)]`",
                self.ident
            );
            errors.at(variant, message);
        } else {
            self.events.push(event);
        }
    }
}

fn read_options(written: &[Opt], errors: &mut Errors) -> Options {
    let mut options = Options::default();
    for option in written {
        match option.name().as_str() {
            "domain" => options.domain = option.text(errors),
            "crate" => options.runtime = option.path(errors),
            "foreign" => {
                option.flag(errors);
                options.naming = Naming::Foreign;
            }
            "past_tense" => {
                option.arguments(errors).into_iter().for_each(|word| options.words.past_tense(word));
            }
            "common" => options.common = common::fields(option, errors),
            "js_safe" => {
                option.flag(errors);
                options.js_safe = true;
            }
            "singular" => option.arguments(errors).into_iter().for_each(|word| options.words.singular(word)),
            _ if options.ownership.read(option, errors) => {}
            _ => option.unknown("option", OPTIONS, errors),
        }
    }
    options
}

/// Separates the traits that the user derives from the other attributes. `Debug` and `Clone` are derived anyway.
fn split_derives(attributes: &[Attribute], errors: &mut Errors) -> (Vec<Path>, Vec<Attribute>) {
    let mut derives = Vec::new();
    for attribute in named(attributes, &["derive"]) {
        let parsed = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
        for path in errors.ok(parsed).into_iter().flatten() {
            let name = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            match name.as_str() {
                "Debug" | "Clone" => {}
                "Serialize" | "Deserialize" | "JsonSchema" | "Validate" => {
                    errors.at(&path, format!("`#[domain_events]` implements `{name}` by itself: remove it"));
                }
                _ => derives.push(path),
            }
        }
    }
    (derives, others(attributes, &["derive", "serde"]))
}
