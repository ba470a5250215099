//! The body of a function with the checks of what it does with its steps, each where it is written: names there may be those of the
//! body. It does what it did before.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Signature;

use super::options::check_fields;
use super::tokens::{private, respan};
use crate::check::function::Function;
use crate::check::steps::Wait;
use crate::parse::steps;

// Input:  `{ let paid = wait.matching("async.data.id == event.data.id").await?;  ctx.step.run("a", ..).await }`
// Output: `{ let paid = wait.matching({ const _: () = assert_paths(..); "async.data.id == event.data.id" }).await?;
//         returned(ctx.step.run("a", ..).await) }`
/// The body with what is checked of its expressions and its result.
pub(super) fn checked(body: TokenStream, signature: &Signature, function: &Function) -> TokenStream {
    let Some(context) = steps::context(signature) else { return body };
    let visitor = Visitor { function, context, private: private(&function.runtime) };
    let mut body: Vec<TokenTree> = body.into_iter().collect();
    if let [TokenTree::Group(group)] = &mut body[..] {
        *group = regroup(group, visitor.visit(visitor.result(group.stream())));
    }
    body.into_iter().collect()
}

struct Visitor<'a> {
    function: &'a Function,
    context: &'a Ident,
    private: TokenStream,
}

impl Visitor<'_> {
    fn visit(&self, tokens: TokenStream) -> TokenStream {
        let mut visited: Vec<TokenTree> = Vec::new();
        for token in tokens {
            let token = match token {
                TokenTree::Group(group) => {
                    let inside = self.group(&group, visited.last());
                    regroup(&group, inside).into()
                }
                other => other,
            };
            visited.push(token);
        }
        visited.into_iter().collect()
    }

    fn group(&self, group: &Group, before: Option<&TokenTree>) -> TokenStream {
        let name = match before {
            Some(TokenTree::Ident(name)) if group.delimiter() == Delimiter::Parenthesis => name,
            _ => return self.visit(group.stream()),
        };
        if name == "matching"
            && let Some(wait) = wait_of(group, self.function)
        {
            return check(wait, self.function, &self.private);
        }
        self.visit(group.stream())
    }

    /// The body whose last expression is a step, `ctx.step.run(..).await`: its error is not that of the function.
    fn result(&self, body: TokenStream) -> TokenStream {
        let tokens: Vec<TokenTree> = body.into_iter().collect();
        let Some(start) = steps::last_step(&tokens, self.context) else {
            return tokens.into_iter().collect();
        };
        let private = &self.private;
        let (before, step) = tokens.split_at(start);
        let (before, step) =
            (before.iter().cloned().collect::<TokenStream>(), step.iter().cloned().collect::<TokenStream>());
        let span = step.clone().into_iter().last().map_or_else(Span::call_site, |last| last.span());
        let returned = respan(quote!(#private::returned), span);
        quote!(#before #returned(#step))
    }
}

fn regroup(group: &Group, inside: TokenStream) -> Group {
    let mut new = Group::new(group.delimiter(), inside);
    new.set_span(group.span());
    new
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
fn check(Wait { expression, event }: &Wait, function: &Function, private: &TokenStream) -> TokenStream {
    let of_event = check_fields(expression, "event", private, &function.trigger);
    let of_async = event.as_ref().and_then(|event| check_fields(expression, "async", private, event));
    let checks = of_event.into_iter().chain(of_async).map(|check| quote!(const _: () = #check;));
    let (checks, literal) = (checks.collect::<TokenStream>(), &expression.literal);
    if checks.is_empty() {
        return literal.to_token_stream();
    }
    Group::new(Delimiter::Brace, quote!(#checks #literal)).into_token_stream()
}
