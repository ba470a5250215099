//! A controller: a type whose methods react to events.

use proc_macro2::TokenStream;
use syn::{ImplItem, Type};

use super::function::{Function, Owner, Written, function};
use super::runtime;
use crate::errors::Errors;
use crate::parse::item::{ControllerBlock, DeclaredFunction};
use crate::parse::recover::OpenImpl;

/// An `impl` block with `#[controller]`.
pub(crate) struct Controller {
    pub(crate) runtime: TokenStream,
    pub(crate) block: OpenImpl,
    pub(crate) methods: Vec<Method>,
    /// The type that can be listed. `None` after an error that leaves nothing to generate.
    pub(crate) listed: Option<Type>,
}

/// A method with `#[function]`, and what it means, unless its declaration is wrong.
pub(crate) struct Method {
    /// Its place among the items of the block.
    pub(crate) place: usize,
    pub(crate) function: Option<Function>,
}

/// Checks an `impl` block with `#[controller]`.
pub(crate) fn controller(options: TokenStream, written: ControllerBlock, errors: &mut Errors) -> Controller {
    let ControllerBlock { block, functions } = written;
    let runtime = runtime::only_option(options, errors);
    let is_generic = !block.item.generics.params.is_empty();
    if is_generic {
        let message = "a controller has no generics: its functions are found by their ids. Hold `Arc<dyn Service>` instead";
        errors.at(&block.item.generics, message);
    }
    if let Some((of, _)) = &block.item.trait_ {
        errors
            .at(of, "a controller's functions stand in an `impl` block of their own, not in one of a trait");
    }
    let ty = (*block.item.self_ty).clone();
    let owner = Owner { runtime: &runtime, ty: &ty };
    let mut methods: Vec<Method> =
        functions.into_iter().filter_map(|declared| method(declared, &block, owner, errors)).collect();
    if methods.is_empty() {
        let message = "a controller has functions: put `#[function(id = \"..\")]` on an async method";
        errors.at(&block.item.self_ty, message);
    }
    if is_generic {
        for method in &mut methods {
            method.function = None;
        }
    }
    Controller { runtime, block, methods, listed: (!is_generic).then_some(ty) }
}

fn method(
    declared: DeclaredFunction,
    block: &OpenImpl,
    owner: Owner<'_>,
    errors: &mut Errors,
) -> Option<Method> {
    let DeclaredFunction { place, options } = declared;
    let ImplItem::Fn(item) = block.item.items.get(place)? else { return None };
    let written = Written {
        options,
        attributes: &item.attrs,
        vis: &item.vis,
        signature: &item.sig,
        body: block.body(place),
        owner: Some(owner),
    };
    Some(Method { place, function: function(written, errors) })
}
