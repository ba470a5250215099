//! Fields that a payload can own: what borrows, what has no size and what JSON has no form for is refused, and left out of
//! everything that is generated, where it would only lead to further errors.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Fields, GenericArgument, GenericParam, Generics, Path, PathArguments, Type};

use crate::errors::Errors;

/// Removes the fields that a payload cannot own, and those that need parameters, which were refused.
pub(super) fn retain(fields: &mut Fields, parameters: &Generics, errors: &mut Errors) {
    let fields = match fields {
        Fields::Named(fields) => fields,
        Fields::Unnamed(fields) => {
            // Without it nothing would be left.
            for field in &fields.unnamed {
                is_owned(&field.ty, errors);
            }
            return;
        }
        Fields::Unit => return,
    };
    let parameters: Vec<String> = parameters.params.iter().map(name).collect();
    let named = std::mem::take(&mut fields.named);
    let is_kept = |field: &syn::Field| !names(&field.ty, &parameters);
    fields.named = named.into_iter().filter(is_kept).filter(|field| is_owned(&field.ty, errors)).collect();
}

/// Removes the fields that borrow from a struct whose serde implementation is the user's own.
pub(super) fn retain_values(fields: &mut Fields, errors: &mut Errors) {
    let Fields::Named(fields) = fields else { return };
    let mut is_value = |field: &syn::Field| {
        let borrows = matches!(field.ty, Type::Reference(_));
        if borrows {
            errors.at(&field.ty, BORROWS);
        }
        !borrows
    };
    fields.named = std::mem::take(&mut fields.named).into_iter().filter(|field| is_value(field)).collect();
}

fn name(parameter: &GenericParam) -> String {
    match parameter {
        GenericParam::Lifetime(parameter) => parameter.lifetime.to_string(),
        GenericParam::Type(parameter) => parameter.ident.to_string(),
        GenericParam::Const(parameter) => parameter.ident.to_string(),
    }
}

/// Returns `true` if one of the names is among the tokens of a type.
fn names(ty: &Type, names: &[String]) -> bool {
    fn any(tokens: TokenStream, names: &[String]) -> bool {
        // A lifetime is two tokens: `'` and its name.
        let (mut quote, mut tokens) = ("", tokens.into_iter());
        tokens.any(|token| match token {
            proc_macro2::TokenTree::Group(group) => any(group.stream(), names),
            other => {
                let name = format!("{quote}{other}");
                quote = if name == "'" { "'" } else { "" };
                names.contains(&name)
            }
        })
    }
    !names.is_empty() && any(ty.to_token_stream(), names)
}

/// Reports a field that no payload can own.
fn is_owned(ty: &Type, errors: &mut Errors) -> bool {
    let refusal = match ty {
        Type::Slice(_) => Some((ty.to_token_stream(), NO_SIZE)),
        Type::Path(path) if path.path.is_ident("str") => Some((ty.to_token_stream(), NO_SIZE)),
        _ => refusal(ty),
    };
    if let Some((tokens, message)) = &refusal {
        errors.at(tokens, message);
    }
    refusal.is_none()
}

const BORROWS: &str =
    "a payload owns its fields, since it is stored: write `String` for a text, `Vec<T>` for a list";

const NO_SIZE: &str = "a field has a known size: write `String` for a text, `Vec<T>` for a list";

const NO_JSON: &str = "a payload is stored as JSON, which has no such values: write a type with `#[payload]`, or one of the \
                       standard library";

const NOT_NAMED: &str = "the type of a field is written out: a payload is decoded by it";

/// The part of a type that no payload can own, and the reason.
fn refusal(ty: &Type) -> Option<(TokenStream, &'static str)> {
    match ty {
        Type::Group(group) => refusal(&group.elem),
        Type::Paren(paren) => refusal(&paren.elem),
        Type::Array(array) => refusal(&array.elem),
        Type::Slice(slice) => refusal(&slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(refusal),
        Type::Path(path) => in_path(&path.path),
        Type::Reference(_) => Some((ty.to_token_stream(), BORROWS)),
        Type::FnPtr(_) | Type::Never(_) | Type::Ptr(_) | Type::TraitObject(_) => {
            Some((ty.to_token_stream(), NO_JSON))
        }
        Type::ImplTrait(_) | Type::Infer(_) => Some((ty.to_token_stream(), NOT_NAMED)),
        _ => None,
    }
}

fn in_path(path: &Path) -> Option<(TokenStream, &'static str)> {
    let segments = path.segments.iter().filter(|segment| segment.ident != "PhantomData");
    let arguments = segments.filter_map(|segment| match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    });
    arguments.flatten().find_map(|argument| match argument {
        GenericArgument::Lifetime(lifetime) if lifetime.ident != "static" => Some((
            lifetime.to_token_stream(),
            "a payload owns its fields, since it is stored: write `'static`",
        )),
        GenericArgument::Type(ty) => refusal(ty),
        _ => None,
    })
}
