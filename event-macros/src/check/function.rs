//! An async function that reacts to events: its options, its trigger, its marker.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Ident, LitStr, Path, Signature, Type, Visibility};

use super::naming::Naming;
use super::options::{self, RunOptions};
use super::signature::{self, Types};
use super::steps::{self, Wait};
use super::{marker, runtime};
use crate::errors::Errors;
use crate::fallback::Fallback;
use crate::parse::attributes::named;
use crate::parse::documentation::Documentation;
use crate::parse::option::{self, Opt};
use crate::parse::recover::OpenFn;

/// A function or method with `#[function]`.
pub(crate) struct Function {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) cfgs: Vec<Attribute>,
    /// It takes `&self`.
    pub(crate) is_method: bool,
    /// The type of whose `impl` block it is part.
    pub(crate) controller: Option<Type>,
    /// The type that stands for it in lists and types.
    pub(crate) marker: Ident,
    pub(crate) id: LitStr,
    /// The ids that it had before.
    pub(crate) was: Vec<LitStr>,
    /// The name for people.
    pub(crate) name: LitStr,
    pub(crate) documentation: Documentation,
    /// The options that say when and how often it runs.
    pub(crate) options: RunOptions,
    /// The marker of the function that is told of failures.
    pub(crate) on_failure: Option<Path>,
    /// The expressions in its body that can be checked while compiling.
    pub(crate) waits: Vec<Wait>,
    /// The events that it declares to send, if it declares them.
    pub(crate) emits: Option<Vec<Path>>,
    /// Events may come back to it.
    pub(crate) allows_cycle: bool,
    pub(crate) naming: Naming,
    /// The first type in `&Context<..>`.
    pub(crate) trigger: Type,
    /// The second: the metadata that it wants.
    pub(crate) meta: Option<Type>,
    pub(crate) returns: Type,
}

/// A free function, and what it means, unless its declaration is wrong.
pub(crate) struct FreeFunction {
    pub(crate) item: OpenFn,
    pub(crate) function: Option<Function>,
}

/// A function as it is written.
pub(super) struct Written<'a> {
    pub(super) options: TokenStream,
    pub(super) attributes: &'a [Attribute],
    pub(super) vis: &'a Visibility,
    pub(super) signature: &'a Signature,
    pub(super) body: TokenStream,
    /// The controller of which it is part.
    pub(super) owner: Option<Owner<'a>>,
}

/// A controller, as its functions see it.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    pub(super) runtime: &'a TokenStream,
    pub(super) ty: &'a Type,
}

/// The options of `#[function(..)]`.
#[derive(Default)]
struct Options {
    id: Option<LitStr>,
    was: Vec<LitStr>,
    name: Option<LitStr>,
    run: RunOptions,
    on_failure: Option<Path>,
    emits: Option<Vec<Path>>,
    allows_cycle: bool,
    naming: Naming,
    marker: Option<Ident>,
    runtime: Option<Path>,
}

/// The names of the options that are not about when and how often it runs.
const OPTIONS: &[&str] =
    &["id", "was", "name", "on_failure", "emits", "allow_cycle", "foreign", "marker", "crate"];

/// Checks a free function with `#[function]`.
pub(crate) fn free_function(
    options: TokenStream,
    item: OpenFn,
    errors: &mut Errors,
) -> Result<FreeFunction, Fallback> {
    if let Some(receiver) = item.sig.receiver() {
        errors.at(receiver, "a method reacts to events when its `impl` block carries `#[controller]`");
        return Err(Fallback::item(item));
    }
    let OpenFn { attrs, vis, sig, .. } = &item;
    let body = item.body();
    let written = Written { options, attributes: attrs, vis, signature: sig, body, owner: None };
    let function = function(written, errors);
    Ok(FreeFunction { item, function })
}

/// Checks a function. `None` after an error that leaves nothing to generate.
pub(super) fn function(written: Written<'_>, errors: &mut Errors) -> Option<Function> {
    let Written { options, attributes, vis, signature, body, owner } = written;
    let before = errors.len();
    let options = read_options(&option::parse_repeatable(options, options::REPEATABLE, errors), errors);
    let is_half_typed = errors.len() > before;
    let ident = signature.ident.clone();
    let documentation = Documentation::of(attributes);
    if documentation.is_empty() {
        errors.at(
            &ident,
            format!("function `{ident}` is not documented: write `/// ..` above it, saying what it does"),
        );
    }
    let types = signature::types(signature, errors);
    let waits = steps::check(body, signature, options.emits.is_some(), &options.run.cancel_on, errors);
    if options.id.is_none() && !is_half_typed {
        let message = "a function has an id: write `#[function(id = \"workflow-created-email-sender\")]`";
        errors.at(&ident, message);
    }
    let (id, Types { trigger, meta, returns }) = (options.id?, types?);
    marker::check(&ident, options.marker.as_ref(), [&trigger, &returns], errors);
    Some(Function {
        runtime: match owner {
            Some(owner) if options.runtime.is_none() => owner.runtime.clone(),
            _ => runtime::or_usual(options.runtime),
        },
        controller: owner.map(|owner| owner.ty.clone()),
        vis: vis.clone(),
        cfgs: named(attributes, &["cfg"]).cloned().collect(),
        is_method: signature.receiver().is_some(),
        marker: options.marker.unwrap_or_else(|| marker::of_function(&ident)),
        name: options.name.unwrap_or_else(|| id.clone()),
        was: options.was,
        id,
        documentation,
        options: options.run,
        on_failure: options.on_failure.as_ref().map(marker::of_path),
        waits,
        emits: options.emits,
        allows_cycle: options.allows_cycle,
        naming: options.naming,
        trigger,
        meta,
        returns,
        ident,
    })
}

fn read_options(written: &[Opt], errors: &mut Errors) -> Options {
    let mut options = Options::default();
    for option in written {
        match option.name().as_str() {
            "id" => options.id = option.text(errors),
            "was" => options.was = was(option, errors),
            "name" => options.name = option.text(errors),
            "marker" => options.marker = option.ident(errors),
            "crate" => options.runtime = option.path(errors),
            "emits" => options.emits = Some(option.paths("WorkflowCompleted", errors)),
            "allow_cycle" => {
                option.flag(errors);
                options.allows_cycle = true;
            }
            "foreign" => {
                option.flag(errors);
                options.naming = Naming::Foreign;
            }
            "on_failure" => options.on_failure = option.path(errors),
            _ if options.run.read(option, errors) => {}
            _ => option.unknown("option", &[OPTIONS, options::NAMES].concat(), errors),
        }
    }
    options.run.check(written, errors);
    options.check_was(errors);
    options
}

/// Reads the ids that a function had before: one, or several in parentheses.
fn was(option: &Opt, errors: &mut Errors) -> Vec<LitStr> {
    let literals = option.texts(errors);
    for literal in literals.iter().filter(|literal| literal.value().is_empty()) {
        errors.at(
            literal,
            "an id is not empty: write the one that the function had before, such as `was = \"user-created-mailer\"`",
        );
    }
    literals
}

impl Options {
    fn check_was(&self, errors: &mut Errors) {
        for (index, was) in self.was.iter().enumerate() {
            let is_same = |other: &LitStr| other.value() == was.value();
            if self.id.as_ref().is_some_and(is_same) {
                let message = "this is the id that the function has now, and `was` names those that it had before: remove it";
                errors.at(was, message);
            } else if self.was[..index].iter().any(is_same) {
                errors.at(was, format!("`{}` is there twice: remove one", was.value()));
            }
        }
    }
}

impl Function {
    /// `Mailer::send`, or `send_mail`.
    pub(crate) fn path(&self) -> String {
        let name = self.ident.unraw();
        match &self.controller {
            Some(controller) => {
                format!("{}::{name}", controller.to_token_stream().to_string().replace(' ', ""))
            }
            None => name.to_string(),
        }
    }
}
