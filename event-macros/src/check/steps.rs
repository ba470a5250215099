//! The steps in the body of a function, as far as its tokens tell: they do not nest, do not cancel the function itself, and wait
//! with expressions that can be true.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{LitStr, Path, Signature};

use super::expression::{self, Expression};
use super::options::CancelOn;
use crate::errors::Errors;
use crate::parse::option::path_text;
use crate::parse::steps::{self, Call, Method};

/// The expression of `ctx.step.wait_for_event::<OrderPaid>("paid").matching("async.data.id == event.data.id")`.
pub(crate) struct Wait {
    pub(crate) expression: Expression,
    /// The event that it waits for, if it is named.
    pub(crate) event: Option<TokenStream>,
}

/// Methods of `ctx.step` that are no steps.
const NO_STEPS: &[&str] = &["attempt"];

/// Checks the steps of a body. Returns the expressions whose fields are to be compared with those of the events.
pub(super) fn check(
    body: TokenStream,
    signature: &Signature,
    declares_what_it_sends: bool,
    cancel_on: &[CancelOn],
    errors: &mut Errors,
) -> Vec<Wait> {
    let Some(context) = steps::context(signature) else { return Vec::new() };
    let calls = steps::calls(body, context);
    for call in calls.iter().filter(|call| call.is_nested) {
        check_nesting(call, errors);
    }
    // Events declared by `emits(..)` are compared by their types, in the generated code.
    if !declares_what_it_sends {
        check_sent(&calls, cancel_on, errors);
    }
    let waits = calls.iter().filter(|call| call.method == "wait_for_event" && !call.is_nested);
    waits.flat_map(|call| expressions(call, errors)).collect()
}

fn check_nesting(call: &Call, errors: &mut Errors) {
    if NO_STEPS.iter().any(|name| call.method == name) {
        return;
    }
    let message = format!(
        "`{}` inside the body of another step: steps do not nest. Call it beside that step, and hand its result in",
        call.method
    );
    errors.at(&call.method, message);
}

/// A function that sends an event by which it is cancelled cancels itself.
fn check_sent(calls: &[Call], cancel_on: &[CancelOn], errors: &mut Errors) {
    let sends = || calls.iter().filter(|call| call.method == "send" || call.method == "send_all");
    for cancel in cancel_on.iter().filter(|cancel| !cancel.allows_own) {
        if sends().any(|call| makes(call.arguments.stream(), &cancel.event)) {
            errors.at(&cancel.event, own_event(&path_text(&cancel.event)));
        }
    }
}

/// The error for a `cancel_on` whose event the function itself sends.
fn own_event(event: &str) -> String {
    format!(
        "this function sends `{event}` itself, and so cancels itself: remove it from `cancel_on`, or write `allow_own` \
         beside it if the event may also come from elsewhere and the function expects to be cancelled by its own"
    )
}

/// Returns `true` if the tokens make a value of the type: `OrderPaid { .. }`, or `OrderPaid::new(..)`.
fn makes(tokens: TokenStream, ty: &Path) -> bool {
    let Some(name) = ty.segments.last().map(|last| &last.ident) else { return false };
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_made = |(at, token): (usize, &TokenTree)| match token {
        TokenTree::Ident(ident) => ident == name && is_constructor(tokens.get(at + 1)),
        TokenTree::Group(group) => makes(group.stream(), ty),
        _ => false,
    };
    tokens.iter().enumerate().any(is_made)
}

fn is_constructor(next: Option<&TokenTree>) -> bool {
    match next {
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        Some(TokenTree::Punct(punct)) => punct.as_char() == ':',
        _ => false,
    }
}

/// The literals that are expressions of a wait.
fn expressions(call: &Call, errors: &mut Errors) -> Vec<Wait> {
    let matching = call.chain.iter().filter(|method| method.name == "matching").filter_map(literal);
    let read = matching.filter_map(|literal| {
        let expression = expression::of_literal(literal, &["event", "async"], errors)?;
        Some(Wait { expression, event: call.types.clone().filter(is_closed) })
    });
    read.collect()
}

/// Returns `true` for types that mean the same in a constant.
fn is_closed(types: &TokenStream) -> bool {
    let is_open = |token| matches!(token, TokenTree::Ident(name) if name == "_" || name == "Self");
    !types.clone().into_iter().any(is_open)
}

fn literal(method: &Method) -> Option<LitStr> {
    syn::parse2(method.arguments.stream()).ok()
}
