//! The signature of a function: async, one `&Context<..>`, a `Result`.

use syn::{FnArg, GenericArgument, PathArguments, ReceiverKind, ReturnType, Signature, Type};

use crate::errors::Errors;

/// The types that a function is about.
pub(super) struct Types {
    /// The first type in `&Context<..>`.
    pub(super) trigger: Type,
    /// The second, if there is one.
    pub(super) meta: Option<Type>,
    pub(super) returns: Type,
}

/// Checks a signature.
pub(super) fn types(signature: &Signature, errors: &mut Errors) -> Option<Types> {
    let is_well_formed = is_well_formed(signature, errors);
    let (context, returns) = (context(signature, errors), returns(signature, errors));
    if !is_well_formed {
        return None;
    }
    let (trigger, meta) = context?;
    Some(Types { trigger, meta, returns: returns? })
}

fn is_well_formed(signature: &Signature, errors: &mut Errors) -> bool {
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

/// The types of the one parameter `ctx: &Context<T>`, or `&Context<T, M>`.
fn context(signature: &Signature, errors: &mut Errors) -> Option<(Type, Option<Type>)> {
    const EXPECTED: &str = "a function takes its event as `ctx: &Context<WorkflowCreated>`";
    let typed: Vec<_> = signature
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(typed) => Some(typed),
            FnArg::Receiver(_) => None,
        })
        .collect();
    let first = match typed[..] {
        [first] => first,
        [_, second, ..] => {
            errors.at(second, format!("{EXPECTED}, and nothing else"));
            return None;
        }
        [] => {
            errors.at_span(signature.paren_token.span.join(), EXPECTED);
            return None;
        }
    };
    let context = match &*first.ty {
        Type::Reference(reference) if reference.mutability.is_none() => arguments(&reference.elem),
        _ => None,
    };
    if context.is_none() {
        errors.at(&first.ty, EXPECTED);
    }
    context
}

/// `T` and `M` of `Context<T, M>`.
fn arguments(ty: &Type) -> Option<(Type, Option<Type>)> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    let mut types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    });
    let (trigger, meta) = (types.next()?, types.next());
    types.next().is_none().then_some((trigger, meta))
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

/// Returns `true` for a type that is certainly not a `Result`, nor an alias of one.
fn is_no_result(ty: &Type) -> bool {
    const OTHERS: &[&str] =
        &["bool", "char", "String", "Option", "Vec", "u32", "u64", "i32", "i64", "usize", "f64"];
    match ty {
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|last| OTHERS.iter().any(|name| last.ident == name))
        }
        _ => true,
    }
}
