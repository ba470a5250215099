//! An enum of past-tense actions: its domain, its events, their names.

use event_conventions::{
    Vocabulary, check_action_with, check_domain_with, hash_name, to_kebab_case, to_pascal_case,
    to_screaming_snake_case,
};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident};
use syn::ext::IdentExt;
use syn::{Attribute, Ident, ItemEnum, LitStr, Path, Variant, Visibility};

use super::container::{Case, Container, container, rename_all};
use super::event::{EventOptions, event_options};
use super::field::{Field, fields};
use super::words::Words;
use crate::ast::{documentation, named, not_named};
use crate::attr::{self, Opt};
use crate::errors::Errors;

/// An enum with `#[domain_events]`.
pub(crate) struct Set {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) enum_token: syn::Token![enum],
    pub(crate) domain: String,
    pub(crate) documentation: String,
    /// What else was written above the enum.
    pub(crate) attributes: Vec<Attribute>,
    /// Traits that the user derives, for the enum and for each payload.
    pub(crate) derives: Vec<Path>,
    pub(crate) events: Vec<Event>,
    /// Whether the names come from another system: the naming rules are off.
    pub(crate) foreign: bool,
    /// How the names of fields are written in JSON, where a variant does not say it.
    rename_all: Option<Case>,
    /// Whether domain and actions obey the conventions; if not, function ids are not compared with them.
    pub(crate) named_well: bool,
}

/// A variant: an event.
pub(crate) struct Event {
    /// The variant.
    pub(crate) variant: Ident,
    /// The name of the payload struct.
    pub(crate) payload: Ident,
    /// The name of the constant.
    pub(crate) constant: Ident,
    pub(crate) action: String,
    /// `domain/action`.
    pub(crate) name: String,
    pub(crate) hash: u64,
    pub(crate) documentation: String,
    pub(crate) unit: bool,
    pub(crate) fields: Vec<Field>,
    /// What `#[event(..)]` says.
    pub(crate) options: EventOptions,
    /// What stands above the variant.
    pub(crate) container: Container,
}

impl Event {
    /// Whether `event` has the same name. Of two under `#[cfg(..)]` only one may be left: rustc sees it if not.
    fn is_other(&self, event: &Self) -> bool {
        self.name == event.name && (self.container.cfgs.is_empty() || event.container.cfgs.is_empty())
    }
}

/// The options of `#[domain_events(..)]`.
#[derive(Default)]
struct Options {
    domain: Option<LitStr>,
    runtime: Option<Path>,
    foreign: bool,
    words: Words,
}

const OPTIONS: &[&str] = &["domain", "foreign", "past_tense", "singular", "crate"];

/// Reads the enum.
pub(crate) fn set(options: TokenStream, item: ItemEnum, errors: &mut Errors) -> Set {
    let options = read_options(&attr::parse(options, errors), errors);
    if !item.generics.params.is_empty() {
        errors.at(
            &item.generics,
            "a set of events has no generics: its payloads are stored and decoded by name",
        );
    }
    if item.variants.is_empty() {
        errors.at(&item.ident, "a set of events has at least one: write `/// When.\n Created { id: u64 }`");
    }
    let (domain, domain_is_well) = domain(&item.ident, &options, errors);
    let (derives, attributes) = split_derives(&item.attrs, errors);
    let mut set = Set {
        runtime: attr::runtime_path(options.runtime.clone()),
        documentation: documentation(&item.attrs),
        ident: item.ident,
        vis: item.vis,
        enum_token: item.enum_token,
        domain,
        attributes,
        derives,
        events: Vec::new(),
        foreign: options.foreign,
        rename_all: rename_all(&item.attrs, errors),
        named_well: domain_is_well,
    };
    for variant in item.variants {
        let (event, is_well) = event(variant, &set, &options.words.vocabulary, errors);
        set.named_well &= is_well && !options.foreign;
        if let Some(first) = set.events.iter().find(|before| before.is_other(&event)) {
            let message = format!("two events are named `{}`", event.name);
            errors.at(&first.variant, format!("{message}: here, and by `{}`", event.variant));
            errors.at(&event.variant, format!("{message}: rename one of the variants"));
            // Its payload would only clash with that of the first.
            continue;
        }
        set.events.push(event);
    }
    options.words.report_unused(&set.domain, &set.events, errors);
    set
}

fn read_options(written: &[Opt], errors: &mut Errors) -> Options {
    let mut options = Options::default();
    for option in written {
        match option.name().as_str() {
            "domain" => options.domain = option.text(errors),
            "crate" => options.runtime = option.path(errors),
            "foreign" => {
                option.flag(errors);
                options.foreign = true;
            }
            "past_tense" => {
                option.arguments(errors).into_iter().for_each(|word| options.words.past_tense(word));
            }
            "singular" => option.arguments(errors).into_iter().for_each(|word| options.words.singular(word)),
            _ => option.unknown("option", OPTIONS, errors),
        }
    }
    options
}

/// The domain, from the option or from the name of the enum, and whether it obeys the conventions.
fn domain(ident: &Ident, options: &Options, errors: &mut Errors) -> (String, bool) {
    let vocabulary = &options.words.vocabulary;
    if let Some(literal) = &options.domain {
        let domain = literal.value();
        let violation = check_domain_with(&domain, vocabulary)
            .err()
            .filter(|_| !options.foreign)
            .map(|violation| violation.to_string());
        let is_well = violation.is_none();
        if let Some(violation) = violation {
            errors.at(literal, violation);
        }
        return (domain, is_well);
    }
    let name = ident.unraw().to_string();
    let stem = name.strip_suffix("Events").or_else(|| name.strip_suffix("Event")).unwrap_or(&name);
    if stem.is_empty() {
        errors.at(
            ident,
            format!("`{name}` names no domain: name the enum `WorkflowEvent`, or write `#[domain_events(domain = \"workflow\")]`"),
        );
        return ("unnamed".to_owned(), false);
    }
    let domain = to_kebab_case(stem);
    let Err(violation) = check_domain_with(&domain, vocabulary) else { return (domain, true) };
    if options.foreign {
        return (domain, true);
    }
    let message = violation.to_string();
    let message = match violation.suggestion() {
        Some(better) => message.replace(&quoted(&better), &format!("`{}Event`", to_pascal_case(&better))),
        None => format!("{message}; or name the domain: `#[domain_events(domain = \"..\")]`"),
    };
    errors.at(ident, message);
    (domain, false)
}

/// Separates the traits that the user derives from the other attributes. `Debug` and `Clone` are derived anyway.
fn split_derives(attributes: &[Attribute], errors: &mut Errors) -> (Vec<Path>, Vec<Attribute>) {
    let mut derives = Vec::new();
    for attribute in named(attributes, &["derive"]) {
        let parsed =
            attribute.parse_args_with(syn::punctuated::Punctuated::<Path, syn::Token![,]>::parse_terminated);
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
    (derives, not_named(attributes, &["derive", "doc", "serde"]).cloned().collect())
}

/// Reads a variant, and tells whether its name obeys the conventions.
fn event(variant: Variant, set: &Set, vocabulary: &Vocabulary, errors: &mut Errors) -> (Event, bool) {
    let ident = variant.ident;
    let written = ident.unraw().to_string();
    let action = to_kebab_case(&written);
    let options = event_options(&variant.attrs, set.foreign, errors);
    let name = options.name.as_ref().map_or_else(|| format!("{}/{action}", set.domain), LitStr::value);
    if set.foreign && options.name.is_none() {
        errors.at(
            &ident,
            "an event of another system has the name that it has there: write `#[event(name = \"..\")]`",
        );
    }
    let is_well = check_case(&ident, &written, errors)
        && (set.foreign || check_tense(&ident, &action, vocabulary, errors));
    let documentation = documentation(&variant.attrs);
    if documentation.is_empty() {
        let message = format!(
            "event `{name}` is not documented: write `/// ..` above `{ident}`, saying when it happens"
        );
        errors.at(&ident, message);
    }
    if let Some((_, discriminant)) = &variant.discriminant {
        errors.at(discriminant, "an event has no number: remove it");
    }
    let unit = matches!(variant.fields, syn::Fields::Unit);
    let container = container(&variant.attrs, errors);
    let event = Event {
        payload: spanned(&format!("{}{}", to_pascal_case(&set.domain), to_pascal_case(&action)), &ident),
        constant: spanned(&to_screaming_snake_case(&action), &ident),
        hash: hash_name(&name),
        action,
        name,
        documentation,
        unit,
        fields: fields(
            variant.fields,
            Some(&set.vis),
            container.rename_all.or(set.rename_all),
            &written,
            errors,
        ),
        options,
        container,
        variant: ident,
    };
    (event, is_well)
}

/// An identifier that leads from what is generated to what was written.
fn spanned(name: &str, written: &Ident) -> Ident {
    format_ident!("{name}", span = written.span())
}

fn check_case(ident: &Ident, written: &str, errors: &mut Errors) -> bool {
    let pascal = written.starts_with(|first: char| first.is_ascii_uppercase())
        && written.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && (written.len() < 2 || written.bytes().any(|byte| byte.is_ascii_lowercase()));
    if !pascal {
        let better = to_pascal_case(&to_kebab_case(&written.to_lowercase().replace('_', "-")));
        errors.at(ident, format!("`{written}` is not PascalCase: write `{better}`"));
    }
    pascal
}

fn check_tense(ident: &Ident, action: &str, vocabulary: &Vocabulary, errors: &mut Errors) -> bool {
    let Err(violation) = check_action_with(action, vocabulary) else { return true };
    // In the words of the enum: `Created` and not `created`.
    let message = violation.to_string().replace(&quoted(action), &quoted(&ident.unraw().to_string()));
    let message = match violation.suggestion() {
        Some(better) => message.replace(&quoted(&better), &quoted(&to_pascal_case(&better))),
        None => format!(
            "{message}; if it is a past tense, declare it: `#[domain_events(past_tense(\"{action}\"))]`"
        ),
    };
    errors.at(ident, message);
    false
}

fn quoted(word: &str) -> String {
    format!("`{word}`")
}

/// What `line!()` would say at `span`.
pub(crate) fn line(span: Span) -> u32 {
    u32::try_from(span.start().line).unwrap_or_default()
}

impl ToTokens for Event {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.payload.to_tokens(tokens);
    }
}
