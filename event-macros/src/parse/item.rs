//! The item on which an attribute stands.

use proc_macro2::TokenStream;
use syn::{ImplItem, Item, ItemEnum, ItemStruct, Meta, Path};

use super::recover::{self, OpenFn, OpenImpl};
use crate::errors::Errors;
use crate::fallback::Fallback;

/// Parses the enum of `#[domain_events]`.
pub(crate) fn set(item: TokenStream, errors: &mut Errors) -> Result<ItemEnum, Fallback> {
    match syn::parse2(item.clone()) {
        Ok(Item::Enum(item)) => Ok(item),
        Ok(_) => {
            let right = "an enum: each variant becomes an event";
            Err(Fallback::misplaced("domain_events", right, item, errors))
        }
        Err(error) => recover::item_enum(item, errors).ok_or_else(|| Fallback::unparsable(error, errors)),
    }
}

/// The struct or the enum of `#[payload]`.
pub(crate) enum StoredItem {
    Struct(ItemStruct),
    Enum(ItemEnum),
}

/// Parses the struct or the enum of `#[payload]`.
pub(crate) fn payload(item: TokenStream, errors: &mut Errors) -> Result<StoredItem, Fallback> {
    match syn::parse2(item.clone()) {
        Ok(Item::Struct(item)) => Ok(StoredItem::Struct(item)),
        Ok(Item::Enum(item)) => Ok(StoredItem::Enum(item)),
        Ok(_) => Err(Fallback::misplaced("payload", "a struct or an enum", item, errors)),
        Err(error) => {
            let item_struct = recover::item_struct(item.clone(), errors).map(StoredItem::Struct);
            let item = item_struct.or_else(|| recover::item_enum(item, errors).map(StoredItem::Enum));
            item.ok_or_else(|| Fallback::unparsable(error, errors))
        }
    }
}

/// Parses the struct of `#[derive(Validate)]`, which stays as it is beside what is derived.
pub(crate) fn derive_validate(item: TokenStream, errors: &mut Errors) -> Result<ItemStruct, Fallback> {
    match syn::parse2(item) {
        Ok(Item::Struct(item)) => Ok(item),
        Ok(other) => {
            errors.at(other, "`#[derive(Validate)]` goes on a struct with named fields");
            Err(Fallback::nothing())
        }
        Err(error) => Err(Fallback::unparsable(error, errors)),
    }
}

/// Parses the free function of `#[function]`.
pub(crate) fn function(item: TokenStream, errors: &mut Errors) -> Result<OpenFn, Fallback> {
    match syn::parse2(item.clone()) {
        Ok(item) => Ok(item),
        Err(_) if syn::parse2::<Item>(item.clone()).is_ok() => {
            Err(Fallback::misplaced("function", "an async function", item, errors))
        }
        Err(error) => Err(Fallback::unparsable(error, errors)),
    }
}

/// An `impl` block with `#[controller]`, and the methods that carried `#[function(..)]`.
pub(crate) struct ControllerBlock {
    pub(crate) block: OpenImpl,
    pub(crate) functions: Vec<DeclaredFunction>,
}

/// A method that carried `#[function(..)]`.
pub(crate) struct DeclaredFunction {
    /// Its place among the items of the block.
    pub(crate) place: usize,
    pub(crate) options: TokenStream,
}

/// Parses the `impl` block of `#[controller]`, and takes `#[function]` off its methods.
pub(crate) fn controller(item: TokenStream, errors: &mut Errors) -> Result<ControllerBlock, Fallback> {
    // The bodies of methods are the compiler's to read: one that is half typed leaves the functions as they are.
    let Some(mut block) = OpenImpl::parse(item.clone()) else {
        return Err(match syn::parse2::<Item>(item.clone()) {
            Ok(_) => Fallback::misplaced("controller", "an `impl` block", item, errors),
            Err(error) => Fallback::unparsable(error, errors),
        });
    };
    let items = block.item.items.iter_mut().enumerate();
    let functions = items.filter_map(|(place, item)| {
        let ImplItem::Fn(method) = item else { return None };
        let at = method.attrs.iter().position(|attribute| is_function(attribute.path()))?;
        let options = match method.attrs.remove(at).meta {
            Meta::List(list) => list.tokens,
            _ => TokenStream::new(),
        };
        Some(DeclaredFunction { place, options })
    });
    let functions = functions.collect();
    Ok(ControllerBlock { block, functions })
}

/// Returns `true` for `function`, and for a path that ends so.
fn is_function(path: &Path) -> bool {
    path.segments.last().is_some_and(|segment| segment.ident == "function")
}
