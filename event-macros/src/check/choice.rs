//! Enums that are stored as JSON: one of several variants, which a tag tells apart.

use proc_macro2::TokenStream;
use quote::format_ident;
use syn::ext::IdentExt;
use syn::{Attribute, Ident, ItemEnum, LitStr, Visibility};

use super::container::{Case, Container, without_serde};
use super::field::fields;
use super::key::no_key;
use super::payload::{Form, Payload};
use crate::errors::{Errors, list};
use crate::parse::attributes::named;
use crate::parse::documentation::Documentation;
use crate::parse::option::{self, Opt};

/// An enum that is stored as JSON.
pub(crate) struct Choice {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) documentation: Documentation,
    pub(crate) tagging: Tagging,
    /// True for an open enum: `#[payload(open)]` keeps unknown variants.
    pub(crate) open: bool,
    pub(crate) variants: Vec<Variant>,
    /// The attributes above it.
    pub(crate) container: Container,
}

/// Where the tag stands.
pub(crate) enum Tagging {
    /// `"cash"`, or `{ "card": .. }`.
    External,
    /// `{ "type": "card", .. }`.
    Internal { tag: LitStr },
    /// `{ "type": "card", "data": .. }`.
    Adjacent { tag: LitStr, content: LitStr },
}

/// A variant.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) tag: String,
    /// What it holds, under a name of its own.
    pub(crate) payload: Payload,
}

/// The variant of an open enum that keeps unknown ones.
const UNKNOWN: &str = "Unknown";

/// The options of `#[serde(..)]` above an enum.
#[derive(Default)]
struct Options {
    tag: Option<LitStr>,
    content: Option<LitStr>,
    rename_all: Option<Case>,
    rename_all_fields: Option<Case>,
}

/// Checks an enum with `#[payload]`.
pub(super) fn choice(item: ItemEnum, runtime: TokenStream, open: bool, errors: &mut Errors) -> Choice {
    let options = options(&item.attrs, errors);
    let mut choice = Choice {
        documentation: Documentation::of(&item.attrs),
        container: without_serde(&item.attrs, errors),
        tagging: tagging(&options, errors),
        ident: item.ident,
        vis: item.vis,
        variants: Vec::new(),
        runtime,
        open,
    };
    if item.variants.is_empty() {
        errors.at(
            &choice.ident,
            format!("`{}` has no variants, so that no JSON is a value of it: write one", choice.ident),
        );
    }
    for written in item.variants {
        let variant = variant(written, &choice, &options, errors);
        choice.add(variant, errors);
    }
    choice
}

impl Choice {
    /// The number of the fields of all variants.
    fn fields(&self) -> usize {
        self.variants.iter().map(|variant| variant.payload.fields.len()).sum()
    }

    /// Returns `true` if no variant holds anything: each is a text.
    pub(crate) fn is_texts(&self) -> bool {
        matches!(self.tagging, Tagging::External)
            && self.variants.iter().all(|variant| variant.payload.form == Form::Unit)
    }

    /// Returns `true` if a field of a variant is shown nowhere.
    pub(crate) fn has_secrets(&self) -> bool {
        self.variants.iter().any(|variant| variant.payload.has_secrets())
    }

    pub(crate) fn has_unknown_types(&self) -> bool {
        self.variants.iter().any(|variant| variant.payload.has_unknown_types())
    }

    fn add(&mut self, variant: Variant, errors: &mut Errors) {
        let ident = &variant.ident;
        let is_same =
            |before: &&Variant| before.tag == variant.tag && before.payload.container.cfgs.is_empty();
        if let Some(before) = self.variants.iter().find(is_same) {
            let message = format!(
                "`{}` and `{ident}` are both `{}` in JSON: rename one of them",
                before.ident, variant.tag
            );
            errors.at(ident, message);
        }
        if self.open && ident == UNKNOWN {
            self.open = false;
            errors.at(
                ident,
                "`open` adds the variant `Unknown`, which keeps unknown variants: rename this one",
            );
        }
        if let Tagging::Internal { tag } = &self.tagging
            && let Some(field) = variant.payload.fields.iter().find(|field| field.name == tag.value())
            && variant.payload.form == Form::Named
        {
            let message =
                format!("the tag and this field are both `{}` in JSON: rename one of them", field.name);
            errors.at(&field.ident, message);
        }
        self.variants.push(variant);
    }
}

fn variant(written: syn::Variant, choice: &Choice, options: &Options, errors: &mut Errors) -> Variant {
    let syn::Variant { ident, attrs, fields: held, discriminant } = written;
    if let Some((_, number)) = discriminant {
        errors.at(number, "a variant is written as its name in JSON, and not as a number: remove it");
    }
    for attribute in named(&attrs, &["event"]) {
        errors.at(attribute, "`#[event(..)]` stands above the fields of a variant");
    }
    let plain = ident.unraw().to_string();
    let mut tag = options.rename_all.map_or_else(|| plain.clone(), |case| case.apply_to_variant(&plain));
    let mut rename_all = options.rename_all_fields;
    for option in option::of_attributes(&attrs, "serde", errors) {
        match option.name().as_str() {
            "rename" => tag = option.text(errors).map_or(tag, |name| name.value()),
            "rename_all" => rename_all = option.text(errors).and_then(|text| Case::parse(&text, errors)),
            _ => refuse(&option, "above a variant", &["rename", "rename_all"], errors),
        }
    }
    let container = without_serde(&attrs, errors);
    if let Some(path) = container.refine.first() {
        errors.at(path, format!("`refine` looks at the whole value: write it above `{}`", choice.ident));
    }
    let form = Form::of(&held);
    let mut fields = fields(held, None, rename_all, &plain, errors);
    no_key(&mut fields, errors);
    // What is generated for a field is not all inside of what is generated for its variant.
    for field in &mut fields {
        field.cfgs.extend(container.cfgs.iter().cloned());
    }
    let payload = Payload {
        runtime: choice.runtime.clone(),
        vis: Visibility::Inherited,
        form: form.with(&fields),
        fields,
        first: choice.fields(),
        documentation: Documentation::of(&attrs),
        derives: Vec::new(),
        container,
        ident: format_ident!("__{}{plain}", choice.ident.unraw(), span = ident.span()),
    };
    Variant { ident, tag, payload }
}

fn options(attributes: &[Attribute], errors: &mut Errors) -> Options {
    let mut options = Options::default();
    for option in option::of_attributes(attributes, "serde", errors) {
        match option.name().as_str() {
            "tag" => options.tag = option.text(errors),
            "content" => options.content = option.text(errors),
            "rename_all" => {
                options.rename_all = option.text(errors).and_then(|text| Case::parse(&text, errors));
            }
            "rename_all_fields" => {
                options.rename_all_fields = option.text(errors).and_then(|text| Case::parse(&text, errors));
            }
            _ => refuse(
                &option,
                "above an enum",
                &["tag", "content", "rename_all", "rename_all_fields"],
                errors,
            ),
        }
    }
    options
}

/// Reports an attribute of serde that is not honoured.
fn refuse(option: &Opt, place: &str, known: &[&str], errors: &mut Errors) {
    let reason = match option.name().as_str() {
        "untagged" => {
            "nothing would tell which variant is meant, and whose issues to report; write `#[serde(tag = \"type\")]`"
        }
        "other" => "it would lose what was sent; write `#[payload(open)]`, which keeps it",
        "alias" => "a variant has one spelling",
        "skip" | "skip_serializing" | "skip_deserializing" => "each variant can be written and read",
        "deny_unknown_fields" => "unknown fields are ignored, so that senders can add some",
        "rename" if place == "above an enum" => {
            "the name of a type is not part of the JSON; for the variants write `rename_all`"
        }
        _ => "the JSON Schema and the issues would not follow it",
    };
    let message = format!(
        "`#[serde({})]` is not supported {place}: {reason}. There are {}",
        option.name(),
        list(known)
    );
    errors.at(option, message);
}

fn tagging(options: &Options, errors: &mut Errors) -> Tagging {
    for text in [&options.tag, &options.content].into_iter().flatten() {
        if text.value().is_empty() {
            errors.at(text, "a field has a name: write `\"type\"`");
        }
    }
    match (options.tag.clone(), options.content.clone()) {
        (None, None) => Tagging::External,
        (Some(tag), None) => Tagging::Internal { tag },
        (Some(tag), Some(content)) => {
            if tag.value() == content.value() {
                errors
                    .at(&content, format!("tag and content are both `{}`: rename one of them", tag.value()));
            }
            Tagging::Adjacent { tag, content }
        }
        (None, Some(content)) => {
            errors.at(&content, "`content` needs to know where the tag is: write `tag = \"type\"` beside it");
            Tagging::External
        }
    }
}
