//! An async function that reacts to events: its options, its trigger, its marker.

use event_conventions::to_pascal_case;
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident};
use syn::ext::IdentExt;
use syn::{
    Attribute, FnArg, GenericArgument, Ident, LitStr, Path, PathArguments, ReceiverKind, ReturnType, Signature,
    Type, Visibility,
};

use super::options::{self, RunOptions};
use crate::ast::{documentation, named};
use crate::attr::{self, Opt};
use crate::errors::Errors;

/// A function or method with `#[function]`.
pub(crate) struct Function {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) cfgs: Vec<Attribute>,
    /// Whether it takes `&self`.
    pub(crate) is_method: bool,
    /// The type of whose `impl` block it is part.
    pub(crate) controller: Option<Type>,
    /// The type that stands for it in lists and types.
    pub(crate) marker: Ident,
    pub(crate) id: LitStr,
    /// The ids that it had before.
    pub(crate) was: Vec<LitStr>,
    /// For people.
    pub(crate) name: LitStr,
    pub(crate) documentation: String,
    /// When and how often it runs.
    pub(crate) options: RunOptions,
    /// The function that is told of failures.
    pub(crate) on_failure: Option<Path>,
    /// The events that it declares to send, if it declares them.
    pub(crate) emits: Option<Vec<Path>>,
    /// Whether events may come back to it.
    pub(crate) allows_cycle: bool,
    /// Whether the naming rules are off.
    pub(crate) foreign: bool,
    /// The type in `&Context<..>`.
    pub(crate) trigger: Type,
    /// What it returns.
    pub(crate) returns: Type,
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
    foreign: bool,
    marker: Option<Ident>,
    runtime: Option<Path>,
}

/// The names of the options that are not about when and how often it runs.
const OPTIONS: &[&str] =
    &["id", "was", "name", "on_failure", "emits", "allow_cycle", "foreign", "marker", "crate"];

/// Reads a function. `None` after an error that leaves nothing to generate.
pub(crate) fn function(
    options: TokenStream,
    attributes: &[Attribute],
    vis: &Visibility,
    signature: &Signature,
    controller: Option<(&TokenStream, &Type)>,
    errors: &mut Errors,
) -> Option<Function> {
    let before = errors.len();
    let options = read_options(&attr::parse_repeatable(options, options::REPEATABLE, errors), errors);
    let is_half_typed = errors.len() > before;
    let ident = signature.ident.clone();
    let documentation = documentation(attributes);
    if documentation.is_empty() {
        errors.at(
            &ident,
            format!("function `{ident}` is not documented: write `/// ..` above it, saying what it does"),
        );
    }
    let well_formed = check_signature(signature, errors);
    if options.id.is_none() && !is_half_typed {
        let message = "a function has an id: write `#[function(id = \"workflow-created-email-sender\")]`";
        errors.at(&ident, message);
    }
    let (trigger, returns) = (trigger(signature, errors), returns(signature, errors));
    let marker = options.marker.unwrap_or_else(|| {
        let pascal = to_pascal_case(&ident.unraw().to_string().trim_matches('_').replace('_', "-"));
        format_ident!("{pascal}", span = ident.span())
    });
    let id = options.id.filter(|_| well_formed)?;
    Some(Function {
        runtime: match controller {
            Some((runtime, _)) if options.runtime.is_none() => runtime.clone(),
            _ => attr::runtime_path(options.runtime),
        },
        controller: controller.map(|(_, ty)| ty.clone()),
        vis: vis.clone(),
        cfgs: named(attributes, &["cfg"]).cloned().collect(),
        is_method: signature.receiver().is_some(),
        marker,
        name: options.name.unwrap_or_else(|| id.clone()),
        was: options.was,
        id,
        documentation,
        options: options.run,
        on_failure: options.on_failure,
        emits: options.emits,
        allows_cycle: options.allows_cycle,
        foreign: options.foreign,
        trigger: trigger?,
        returns: returns?,
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
                options.foreign = true;
            }
            "on_failure" => options.on_failure = option.path(errors),
            _ if options.run.read(option, errors) => {}
            _ => option.unknown("option", &[OPTIONS, options::NAMES].concat(), errors),
        }
    }
    options.run.check(written, errors);
    if let Some(id) = &options.id
        && let Some(own) = options.was.iter().find(|was| was.value() == id.value())
    {
        errors.at(
            own,
            "`was` names the ids that the function had before, and this is the one that it has: remove it",
        );
    }
    options
}

/// The ids that a function had before: one, or several in parentheses.
fn was(option: &Opt, errors: &mut Errors) -> Vec<LitStr> {
    let literals =
        if option.is_pair() { option.text(errors).into_iter().collect() } else { option.arguments(errors) };
    for literal in literals.iter().filter(|literal| literal.value().is_empty()) {
        errors.at(
            literal,
            "`was` is the id that the function had before: write `was = \"user-created-mailer\"`",
        );
    }
    literals
}

fn check_signature(signature: &Signature, errors: &mut Errors) -> bool {
    let before = errors.len();
    if signature.asyncness.is_none() {
        errors.at(signature.fn_token, "a function is async: write `async fn`");
    }
    if !signature.generics.params.is_empty() {
        errors.at(&signature.generics, "a function has no generics: it is found by its id");
    }
    if let Some(receiver) = signature.receiver()
        && !matches!(receiver.kind, ReceiverKind::Reference(_, _, None))
    {
        let message = "runs share the controller: take `&self`, and put what changes behind a lock";
        errors.at(receiver, message);
    }
    errors.len() == before
}

/// The type `T` of the one parameter `ctx: &Context<T>`.
fn trigger(signature: &Signature, errors: &mut Errors) -> Option<Type> {
    const EXPECTED: &str = "a function takes its event as `ctx: &Context<WorkflowCreated>`";
    let typed: Vec<_> = signature
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(typed) => Some(typed),
            FnArg::Receiver(_) => None,
        })
        .collect();
    let (Some(first), None) = (typed.first(), typed.get(1)) else {
        match typed.get(1) {
            Some(second) => errors.at(second, format!("{EXPECTED}, and nothing else")),
            None => errors.at_span(signature.paren_token.span.join(), EXPECTED),
        }
        return None;
    };
    let trigger = match &*first.ty {
        Type::Reference(reference) if reference.mutability.is_none() => argument(&reference.elem),
        _ => None,
    };
    if trigger.is_none() {
        errors.at(&first.ty, EXPECTED);
    }
    trigger
}

/// `T` of `Context<T>`.
fn argument(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    let mut types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    });
    types.next().filter(|_| types.next().is_none())
}

fn returns(signature: &Signature, errors: &mut Errors) -> Option<Type> {
    match &signature.output {
        ReturnType::Type(_, ty) if is_no_result(ty) => {
            errors.at(
                ty,
                "a function returns a `Result`: write `-> Result<T>` with a `T` that can be serialised",
            );
            None
        }
        ReturnType::Type(_, ty) => Some((**ty).clone()),
        ReturnType::Default => {
            errors.at_span(signature.ident.span(), "a function returns a `Result`: write `-> Result<()>`");
            None
        }
    }
}

/// Whether a type is certainly no `Result`, nor an alias of one.
fn is_no_result(ty: &Type) -> bool {
    const PRIMITIVES: &[&str] =
        &["bool", "char", "String", "Option", "Vec", "u32", "u64", "i32", "i64", "usize", "f64"];
    match ty {
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|last| PRIMITIVES.iter().any(|name| last.ident == name))
        }
        _ => true,
    }
}

/// Writes the marker beside the trigger: `&Context<WorkflowCreated>` becomes `&Context<WorkflowCreated, SendMail>`.
pub(crate) fn narrow(signature: &mut Signature, marker: &Ident) {
    for input in &mut signature.inputs {
        if let FnArg::Typed(typed) = input
            && let Type::Reference(reference) = &mut *typed.ty
            && let Type::Path(path) = &mut *reference.elem
            && let Some(last) = path.path.segments.last_mut()
            && let PathArguments::AngleBracketed(arguments) = &mut last.arguments
        {
            arguments.args.push(syn::parse_quote!(#marker));
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
