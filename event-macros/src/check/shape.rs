//! The shape of a type, as it is written: the places in its values where there may be others that have rules.
//!
//! Names decide nothing: which of the types are containers, and which have rules, the compiler finds out.

use syn::{GenericArgument, PathArguments, Type};

use super::field::is_primitive;

/// The shape of a type.
pub(crate) enum Shape<'t> {
    /// Primitive types in which nothing can be wrong.
    Primitive,
    /// A type that has rules or has none; nothing in it is written here.
    Named(&'t Type),
    /// A tuple, by its parts.
    Tuple(Vec<Shape<'t>>),
    /// A generic type, an array or a slice, with its type arguments.
    Generic(&'t Type, Vec<Argument<'t>>),
}

/// A type argument.
pub(crate) struct Argument<'t> {
    pub(crate) ty: &'t Type,
    pub(crate) shape: Shape<'t>,
}

impl<'t> Shape<'t> {
    pub(crate) fn of(ty: &'t Type) -> Self {
        match ty {
            Type::Group(group) => Self::of(&group.elem),
            Type::Paren(paren) => Self::of(&paren.elem),
            Type::Tuple(tuple) => {
                let parts: Vec<Self> = tuple.elems.iter().map(Self::of).collect();
                if parts.iter().all(Self::is_primitive) { Self::Primitive } else { Self::Tuple(parts) }
            }
            // A floating-point number may be one that JSON cannot carry.
            Type::Path(path)
                if path
                    .path
                    .get_ident()
                    .is_some_and(|name| is_primitive(name) && name != "f32" && name != "f64") =>
            {
                Self::Primitive
            }
            Type::Array(_) | Type::Slice(_) | Type::Path(_) => Self::generic(ty, arguments(ty)),
            _ => Self::Named(ty),
        }
    }

    fn generic(ty: &'t Type, arguments: Vec<&'t Type>) -> Self {
        let arguments: Vec<Argument<'t>> =
            arguments.into_iter().map(|ty| Argument { ty, shape: Self::of(ty) }).collect();
        if arguments.iter().all(|argument| argument.shape.is_primitive()) {
            Self::Named(ty)
        } else {
            Self::Generic(ty, arguments)
        }
    }

    pub(crate) const fn is_primitive(&self) -> bool {
        matches!(self, Self::Primitive)
    }

    /// The types whose rules are met inside, and those that are written around them.
    pub(crate) fn types(&self) -> Vec<&'t Type> {
        match self {
            Self::Primitive => Vec::new(),
            Self::Named(ty) => vec![ty],
            Self::Tuple(parts) => parts.iter().flat_map(Self::types).collect(),
            Self::Generic(ty, arguments) => {
                let inside = arguments.iter().flat_map(|argument| argument.shape.types());
                std::iter::once(*ty).chain(inside).collect()
            }
        }
    }

    /// The generic types, each with its arguments.
    pub(crate) fn generics(&self) -> Vec<(&'t Type, &[Argument<'t>])> {
        match self {
            Self::Primitive | Self::Named(_) => Vec::new(),
            Self::Tuple(parts) => parts.iter().flat_map(Self::generics).collect(),
            Self::Generic(ty, arguments) => {
                let inside = arguments.iter().flat_map(|argument| argument.shape.generics());
                let own = matches!(ty, Type::Path(_)).then_some((*ty, &arguments[..]));
                own.into_iter().chain(inside).collect()
            }
        }
    }
}

/// The types that a type is written with: its type arguments, or what its elements are.
pub(crate) fn arguments(ty: &Type) -> Vec<&Type> {
    match ty {
        Type::Array(array) => vec![&*array.elem],
        Type::Slice(slice) => vec![&*slice.elem],
        Type::Path(path) => path.path.segments.last().map(|last| types(&last.arguments)).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn types(arguments: &PathArguments) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return Vec::new() };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}
