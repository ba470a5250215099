//! A function: its marker type, and what makes the marker a function.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, GenericArgument, Ident, PathArguments, Signature, Type};

use super::tokens::{end, glue, line, local, option, private, respan};
use super::{docs, options, steps};
use crate::check::function::{FreeFunction, Function};

// Input:  `#[function(id = "workflow-created-mailer")] async fn send_mail(ctx: &Context<WorkflowCreated>) -> Result<()> { .. }`
// Output: the function, documented by what it reacts to; `pub enum SendMail {}`, and what makes it a function
pub(crate) fn expand_free(FreeFunction { mut item, function }: FreeFunction) -> TokenStream {
    let (mut documentation, mut expanded) = (TokenStream::new(), TokenStream::new());
    if let Some(function) = &function {
        item.set_body(steps::checked(item.body(), &item.sig, function));
        narrow(&mut item.sig, function);
        documentation = docs::paragraphs(&[in_brief(function)]);
        expanded = expand(function, &quote!(()));
    }
    let attributes = std::mem::take(&mut item.attrs);
    quote! {
        #(#attributes)*
        #documentation
        // A function is async whether it waits or not.
        #[allow(clippy::unused_async)]
        #item
        #expanded
    }
}

/// Writes the marker of a function that declares what it sends behind its metadata: `&Context<WorkflowCreated>` becomes
/// `&Context<WorkflowCreated, (), SendMail>`.
pub(super) fn narrow(signature: &mut Signature, function: &Function) {
    if function.emits.is_none() {
        return;
    }
    let marker = &function.marker;
    for input in &mut signature.inputs {
        if let FnArg::Typed(typed) = input
            && let Type::Reference(reference) = &mut *typed.ty
            && let Type::Path(path) = &mut *reference.elem
            && let Some(last) = path.path.segments.last_mut()
            && let PathArguments::AngleBracketed(arguments) = &mut last.arguments
        {
            if function.meta.is_none() {
                arguments.args.push(syn::parse_quote!(()));
            }
            arguments.args.push(syn::parse_quote!(#marker));
        }
    }
}

// Input:  `id = "workflow-created-mailer"`, the marker `SendMail` and the rest of the model
// Output: `pub enum SendMail {}  impl Function for SendMail { .. }`, and the checks of options and id
pub(super) fn expand(function: &Function, controller: &TokenStream) -> TokenStream {
    let Function { marker, vis, cfgs, ident, .. } = function;
    let link = if function.is_method { format!("`{ident}`") } else { format!("[`{ident}`](fn@{ident})") };
    let documentation = format!(" The function {link} as a type.\n\n{}", in_brief(function));
    let (implementation, checks) = (implement(function, controller), checks(function));
    // The place is that of the function's name, and the origin is the macro: the compiler warns of the function alone if
    // neither is used.
    let at = Span::call_site().located_at(marker.span());
    let declared = Ident::new(&marker.to_string(), at);
    let (keyword, body) = (quote_spanned!(at=> enum), quote_spanned!(at=> {}));
    quote! {
        #[doc = #documentation]
        #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
        #[allow(clippy::exhaustive_enums)]
        #(#cfgs)*
        #vis #keyword #declared #body
        #(#cfgs)*
        const _: () = { #implementation #checks };
    }
}

/// The checks of options and id, each a constant of its own. They have names: one without is in use for the compiler, and
/// with it the function, which is to be warned of if no list names it.
fn checks(function: &Function) -> TokenStream {
    let checks = [check_trigger(function)].into_iter().chain(options::checks(function));
    let named = checks.enumerate().map(|(index, check)| {
        let name = local("_CHECK_", index);
        quote!(const #name: () = #check;)
    });
    named.collect()
}

/// The trigger of a function and the events that it sends, for its documentation.
fn in_brief(function: &Function) -> String {
    let emits = emits(function);
    let emits = if emits.is_empty() { emits } else { format!("; emits {emits}") };
    format!("Function `{}`: reacts to {}{emits}.", function.id.value(), trigger(&function.trigger))
}

pub(super) fn emits(function: &Function) -> String {
    let links: Vec<String> =
        function.emits.iter().flatten().map(|event| docs::link(&event.to_token_stream())).collect();
    links.join(", ")
}

/// A trigger in words.
pub(super) fn trigger(ty: &Type) -> String {
    let Type::Path(path) = ty else { return docs::link(&ty.to_token_stream()) };
    let Some(last) = path.path.segments.last() else { return String::new() };
    let inner: Vec<String> = match &last.arguments {
        PathArguments::AngleBracketed(of) => of
            .args
            .iter()
            .filter_map(|of| if let GenericArgument::Type(of) = of { Some(trigger(of)) } else { None })
            .collect(),
        _ => Vec::new(),
    };
    match (last.ident.to_string().as_str(), &inner[..]) {
        ("Either", [_, ..]) => inner.join(" or "),
        ("Batch", [event]) => format!("batches of {event}"),
        ("Failed", [of]) => format!("failures of {of}"),
        ("Cron", []) => "its schedule".to_owned(),
        _ => docs::link(&ty.to_token_stream()),
    }
}

fn implement(function: &Function, controller: &TokenStream) -> TokenStream {
    let Function { runtime, ident, marker, id, was, name, documentation, trigger, returns, .. } = function;
    let (options, failure) = (options::expand(function), on_failure(function));
    let (failure_descriptor, collect_failure) = failure;
    let (emits, allows_cycle) = (function.emits.as_deref().unwrap_or_default(), function.allows_cycle);
    let scope = if function.emits.is_some() { quote!(#marker) } else { quote!(()) };
    let meta = function.meta.as_ref().map_or_else(|| quote!(()), ToTokens::to_token_stream);
    let output = respan(quote!(<#returns as #runtime::HandlerResult>::Output), function.returns.span());
    let (private, hash, path) =
        (private(runtime), event_conventions::hash_name(&id.value()), function.path());
    let line = line(id.span());
    let emitted =
        emits.iter().map(|event| respan(quote!(impl #private::Emits<#event> for #marker {}), event.span()));
    // The place of the name: there the compiler says what keeps the future from being `Send`.
    let at = Span::mixed_site().located_at(ident.span());
    let (state, called) = if function.is_method {
        (quote_spanned!(at=> controller), quote_spanned!(at=> controller.#ident(ctx)))
    } else {
        (quote_spanned!(at=> _), quote_spanned!(at=> #ident(ctx)))
    };
    let call = quote_spanned! {at=>
        fn call<'a>(
            #state: &'a #controller,
            ctx: &'a #runtime::Context<#trigger, #meta, #scope>,
        ) -> impl ::core::future::Future<Output = #runtime::Result<Self::Output>> + ::core::marker::Send + 'a {
            async move { #runtime::HandlerResult::into_result(#called.await) }
        }
    };
    glue(&quote! {
        impl #runtime::Function for #marker {
            type Controller = #controller;
            type Trigger = #trigger;
            type Meta = #meta;
            type Output = #output;
            type Scope = #scope;
            const SOURCE: #private::FunctionSource = #private::FunctionSource {
                id: #id,
                was: &[#(#was),*],
                hash: #hash,
                name: #name,
                description: #documentation,
                options: #options,
                on_failure: #failure_descriptor,
                emits: &[#(#private::Emit::of::<#emits>()),*],
                allows_cycle: #allows_cycle,
                path: ::core::concat!(::core::module_path!(), "::", #path),
                file: ::core::file!(),
                line: #line,
            };

            #call
            #collect_failure
        }
        #(#emitted)*
    })
}

/// The descriptor of the function that is told of failures, and the code that lists it with this one.
fn on_failure(function: &Function) -> (TokenStream, TokenStream) {
    let Function { runtime, marker: this, on_failure, .. } = function;
    let Some(handler) = on_failure else {
        return (option(None::<Ident>), TokenStream::new());
    };
    let (private, at) = (private(runtime), end(handler));
    let descriptor = quote! {{
        #private::assert_failure_handler::<#this, #handler>();
        ::core::option::Option::Some(#runtime::FunctionDescriptor::of::<#handler>())
    }};
    let collect = quote! {
        fn collect_failure(collector: &mut #private::Collector<'_>) {
            collector.function::<#handler>();
        }
    };
    (respan(descriptor, at), collect)
}

/// Compares options and id with the trigger, at the place of the id. The id of another system follows no rule.
fn check_trigger(function: &Function) -> TokenStream {
    let Function { runtime, marker, id, naming, .. } = function;
    let private = private(runtime);
    let check_id = (!naming.is_foreign()).then(|| quote!(#private::assert_function_id::<#marker>();));
    respan(quote!({ #private::assert_options::<#marker>(); #check_id }), id.span())
}
