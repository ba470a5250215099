//! A controller: its methods, their markers, and the type as a group of functions.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItem, Type};

use super::tokens::{glue, private};
use super::{docs, function, steps};
use crate::check::controller::{Controller, Method};
use crate::check::function::Function;
use crate::parse::recover::OpenImpl;

// Input:  `#[controller] impl WorkflowController { #[function(..)] async fn handle_created(&self, ..) .. }`
// Output: the block, a marker for each function, and `impl FunctionGroup for WorkflowController`
pub(crate) fn expand(controller: Controller) -> TokenStream {
    let Controller { runtime, mut block, methods, listed } = controller;
    for method in &methods {
        write_method(&mut block, method);
    }
    let functions: Vec<&Function> = methods.iter().filter_map(|method| method.function.as_ref()).collect();
    let group = listed.map(|ty| group(&runtime, &ty, &functions));
    quote!(#block #group)
}

fn write_method(block: &mut OpenImpl, method: &Method) {
    let body = block.body(method.place);
    let Some(ImplItem::Fn(item)) = block.item.items.get_mut(method.place) else { return };
    // A function is async whether it waits or not.
    item.attrs.push(syn::parse_quote!(#[allow(clippy::unused_async)]));
    if let Some(function) = &method.function {
        let body = steps::checked(body, &item.sig, function);
        function::narrow(&mut item.sig, function);
        block.set_body(method.place, body);
    }
}

/// The functions of a controller as a table, for the page of its type: it stands above a trait's implementation, which is shown
/// when every method is private.
fn table(functions: &[&Function]) -> TokenStream {
    let heading =
        "The functions of this controller:\n\n| function | id | reacts to | emits |\n|---|---|---|---|"
            .to_owned();
    let heading = docs::paragraphs(&[heading]);
    let rows = functions.iter().map(|function| {
        let (ident, id, trigger, emits) = (
            &function.ident,
            function.id.value(),
            function::trigger(&function.trigger),
            function::emits(function),
        );
        docs::line_if(&function.cfgs, &format!(" | `{ident}` | `{id}` | {trigger} | {emits} |"))
    });
    quote!(#heading #(#rows)*)
}

/// The markers of the functions, and what makes the type a group of them.
fn group(runtime: &TokenStream, ty: &Type, functions: &[&Function]) -> TokenStream {
    let private = private(runtime);
    let expanded = functions.iter().map(|function| {
        let state = if function.is_method { quote!(#ty) } else { quote!(()) };
        function::expand(function, &state)
    });
    let entries = functions.iter().map(|Function { marker, cfgs, .. }| {
        quote!(#(#cfgs)* #private::Listed::Many(<#marker as #runtime::FunctionGroup>::FUNCTIONS))
    });
    let collected = functions
        .iter()
        .map(|Function { marker, cfgs, .. }| quote!(#(#cfgs)* { collector.entry::<#marker>(); }));
    let listed =
        functions.iter().filter(|function| function.cfgs.is_empty()).map(|Function { marker, .. }| marker);
    let table = table(functions);
    let implementation = glue(&quote! {
        #table
        impl #runtime::FunctionGroup for #ty {
            const FUNCTIONS: &'static [#private::Listed] = &[#(#entries),*];

            fn collect(collector: &mut #private::Collector<'_>) {
                #(#collected)*
            }
        }

        impl<R> #runtime::ListedIn<R> for #ty where #(#listed: #runtime::ListedIn<R>),* {}
    });
    quote! {
        #(#expanded)*
        const _: () = { #implementation };
    }
}
