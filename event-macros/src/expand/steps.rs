//! The body of a function: the checks of its steps, each where it is written, since the names there may be those of the body.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::options::check_fields;
use super::tokens::private;
use crate::check::function::Function;
use crate::check::steps::Wait;

// Input:  `wait.matching("async.data.id == event.data.id")`
// Output: `wait.matching({ const _: () = assert_paths::<OrderPaid>("async", &[..]); "async.data.id == event.data.id" })`
/// The body with what is checked of its expressions.
pub(super) fn checked(body: TokenStream, function: &Function) -> TokenStream {
    if function.waits.is_empty() { body } else { visit(body, function) }
}

fn visit(tokens: TokenStream, function: &Function) -> TokenStream {
    let mut visited: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let visited_token = match token {
            TokenTree::Group(group) => {
                let is_argument =
                    matches!(visited.last(), Some(TokenTree::Ident(name)) if name == "matching");
                let wait = if is_argument { wait_of(&group, function) } else { None };
                let inside =
                    wait.map_or_else(|| visit(group.stream(), function), |wait| check(wait, function));
                let mut visited = Group::new(group.delimiter(), inside);
                visited.set_span(group.span());
                visited.into()
            }
            other => other,
        };
        visited.push(visited_token);
    }
    visited.into_iter().collect()
}

/// The wait whose expression is all that the group holds. A literal that a macro of the user's has written twice is that of none.
fn wait_of<'f>(group: &Group, function: &'f Function) -> Option<&'f Wait> {
    let place = |token: TokenTree| format!("{:?}", token.span());
    let here = group.stream().into_iter().next().map(place)?;
    let is_here = |wait: &&Wait| {
        wait.expression.literal.to_token_stream().into_iter().next().map(place).as_ref() == Some(&here)
    };
    let mut waits = function.waits.iter().filter(is_here);
    waits.next().filter(|_| waits.next().is_none())
}

/// The literal in a block that compares its fields with those of both events.
fn check(Wait { expression, event }: &Wait, function: &Function) -> TokenStream {
    let private = private(&function.runtime);
    let of_event = check_fields(expression, "event", &private, &function.trigger);
    let of_async = event.as_ref().and_then(|event| check_fields(expression, "async", &private, event));
    let checks = of_event.into_iter().chain(of_async).map(|check| quote!(const _: () = #check;));
    let (checks, literal) = (checks.collect::<TokenStream>(), &expression.literal);
    if checks.is_empty() {
        return literal.to_token_stream();
    }
    Group::new(Delimiter::Brace, quote!(#checks #literal)).into_token_stream()
}
