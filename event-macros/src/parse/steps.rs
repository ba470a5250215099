//! The calls of steps in the body of a function, as far as its tokens tell: `ctx.step.run("charge", ..)`.
//!
//! The body is the compiler's to read, and may be half typed; so nothing here fails. What is written another way, such as a step
//! in a helper or in a macro of the user's, is not seen, and is checked when it runs.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{FnArg, Ident, Pat, Signature};

/// The call of a method of `ctx.step`.
pub(crate) struct Call {
    /// `run`
    pub(crate) method: Ident,
    /// What stands in parentheses.
    pub(crate) arguments: Group,
    /// The methods behind it, such as `matching` and `timeout`.
    pub(crate) chain: Vec<Method>,
    /// The types between the angle brackets.
    pub(crate) types: Option<TokenStream>,
    /// It stands in the body of another step.
    pub(crate) is_nested: bool,
}

/// The steps that have a body.
const WITH_BODY: &[&str] = &["run"];

/// A method with what stands in its parentheses.
#[derive(Clone)]
pub(crate) struct Method {
    pub(crate) name: Ident,
    pub(crate) arguments: Group,
}

/// The name of the parameter that is the context.
pub(crate) fn context(signature: &Signature) -> Option<&Ident> {
    signature.inputs.iter().find_map(|input| match input {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(name) => Some(&name.ident),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    })
}

/// The calls of steps in `body`, where `context` is the name of the context.
pub(crate) fn calls(body: TokenStream, context: &Ident) -> Vec<Call> {
    let mut reader =
        Reader { context, aliases: Vec::new(), waits: Vec::new(), calls: Vec::new(), is_in_body: false };
    reader.read(body);
    reader.calls
}

/// Where the last expression of a body begins, if it is a step that is awaited and nothing else: `ctx.step.run(..).await`.
pub(crate) fn last_step(tokens: &[TokenTree], context: &Ident) -> Option<usize> {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    let start = tokens.iter().rposition(is_end).map_or(0, |at| at + 1);
    let is_step = ident(tokens.get(start)) == Some(context)
        && is_punct(tokens.get(start + 1), '.')
        && ident(tokens.get(start + 2)).is_some_and(|field| field == "step");
    let (chain, after) = if is_step { chain(tokens, start + 3) } else { return None };
    let is_awaited = !chain.is_empty()
        && is_punct(tokens.get(after), '.')
        && ident(tokens.get(after + 1)).is_some_and(|word| word == "await");
    (is_awaited && tokens.len() == after + 2).then_some(start)
}

struct Reader<'a> {
    context: &'a Ident,
    /// Names of `&ctx.step`.
    aliases: Vec<Ident>,
    /// Names of steps that are not awaited yet, each with the number of its call.
    waits: Vec<(Ident, usize)>,
    calls: Vec<Call>,
    is_in_body: bool,
}

impl Reader<'_> {
    /// Reads the tokens of a group. Names bound in it end with it.
    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let before = (self.aliases.len(), self.waits.len(), self.is_in_body);
        let mut bodies = Vec::new();
        for at in 0..tokens.len() {
            if let Some(after) = self.receiver(&tokens, at) {
                bodies.extend(self.call(&tokens, at, after));
            } else if let Some(call) = self.wait(&tokens, at) {
                let (chain, after) = chain(&tokens, at + 1);
                self.calls[call].chain.extend(chain);
                self.name(&tokens, at, after, call);
            }
            if let TokenTree::Group(group) = &tokens[at] {
                self.is_in_body = before.2 || bodies.contains(&at);
                self.read(group.stream());
                self.is_in_body = before.2;
            }
        }
        self.aliases.truncate(before.0);
        self.waits.truncate(before.1);
    }

    /// The place behind `ctx.step` or behind another name of it, if it begins at `at`.
    fn receiver(&mut self, tokens: &[TokenTree], at: usize) -> Option<usize> {
        if at > 0 && is_punct(tokens.get(at - 1), '.') {
            return None;
        }
        let name = ident(tokens.get(at))?;
        if self.aliases.contains(name) {
            return Some(at + 1);
        }
        let is_step = name == self.context
            && is_punct(tokens.get(at + 1), '.')
            && ident(tokens.get(at + 2)).is_some_and(|field| field == "step");
        if is_step && !is_punct(tokens.get(at + 3), '.') {
            // `let step = &ctx.step;`
            let bound =
                if at > 0 && is_punct(tokens.get(at - 1), '&') { bound(tokens, at - 1) } else { None };
            self.aliases.extend(bound.cloned());
        }
        is_step.then_some(at + 3)
    }

    /// The call of the step whose name stands at `at`.
    fn wait(&self, tokens: &[TokenTree], at: usize) -> Option<usize> {
        if at > 0 && is_punct(tokens.get(at - 1), '.') || !is_punct(tokens.get(at + 1), '.') {
            return None;
        }
        let name = ident(tokens.get(at))?;
        self.waits.iter().rev().find(|(wait, _)| wait == name).map(|(_, call)| *call)
    }

    /// Reads the call behind a receiver that begins at `start`. Returns the place of its arguments if one of them is a body.
    fn call(&mut self, tokens: &[TokenTree], start: usize, after: usize) -> Option<usize> {
        let method = ident(tokens.get(after + 1)).filter(|_| is_punct(tokens.get(after), '.'))?.clone();
        let (types, place) = turbofish(tokens, after + 2);
        let arguments = parentheses(tokens.get(place))?.clone();
        let (chain, after) = chain(tokens, place + 1);
        let has_body = WITH_BODY.iter().any(|name| method == name);
        self.calls.push(Call { method, arguments, chain, types, is_nested: self.is_in_body });
        self.name(tokens, start, after, self.calls.len() - 1);
        has_body.then_some(place)
    }

    /// Remembers the name in `let wait = ctx.step.wait_for_event(..);`, where the call ends before `after`.
    fn name(&mut self, tokens: &[TokenTree], start: usize, after: usize, call: usize) {
        let Some(name) = bound(tokens, start) else { return };
        if is_punct(tokens.get(after), ';') {
            self.waits.push((name.clone(), call));
        }
    }
}

/// `name` of `let name =` or `let mut name =` before the token `at`.
fn bound(tokens: &[TokenTree], at: usize) -> Option<&Ident> {
    let before = |distance: usize| at.checked_sub(distance).and_then(|at| tokens.get(at));
    let name = ident(before(2)).filter(|_| is_punct(before(1), '='))?;
    let is_let = |token| ident(token).is_some_and(|word| word == "let");
    let is_mut = ident(before(3)).is_some_and(|word| word == "mut");
    (is_let(before(3)) || (is_mut && is_let(before(4)))).then_some(name)
}

/// The methods with arguments that stand from `at` on, and the place behind them.
fn chain(tokens: &[TokenTree], mut at: usize) -> (Vec<Method>, usize) {
    let mut methods = Vec::new();
    while is_punct(tokens.get(at), '.') {
        let Some(name) = ident(tokens.get(at + 1)) else { break };
        let (_, after) = turbofish(tokens, at + 2);
        let Some(arguments) = parentheses(tokens.get(after)) else { break };
        methods.push(Method { name: name.clone(), arguments: arguments.clone() });
        at = after + 1;
    }
    (methods, at)
}

/// The types of `::<A, B>`, if they stand at `at`, and the place behind them.
fn turbofish(tokens: &[TokenTree], at: usize) -> (Option<TokenStream>, usize) {
    let is_there =
        [':', ':', '<'].iter().enumerate().all(|(index, sign)| is_punct(tokens.get(at + index), *sign));
    if !is_there {
        return (None, at);
    }
    let mut depth = 1_usize;
    for (index, token) in tokens.iter().enumerate().skip(at + 3) {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '<' => depth += 1,
            TokenTree::Punct(punct) if punct.as_char() == '>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (Some(tokens[at + 3..index].iter().cloned().collect()), index + 1);
        }
    }
    (None, at)
}

fn ident(token: Option<&TokenTree>) -> Option<&Ident> {
    match token {
        Some(TokenTree::Ident(ident)) => Some(ident),
        _ => None,
    }
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn parentheses(token: Option<&TokenTree>) -> Option<&Group> {
    match token {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => Some(group),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Vec<String> {
        let body = body.parse().expect("the body is made of tokens");
        let context = quote::format_ident!("ctx");
        let show = |call: &Call| {
            let nested = if call.is_nested { "nested " } else { "" };
            let types = call.types.as_ref().map(|types| format!("<{}>", types.to_string().replace(' ', "")));
            let chain: Vec<String> = call.chain.iter().map(|method| method.name.to_string()).collect();
            format!("{nested}{}{} {}", call.method, types.unwrap_or_default(), chain.join(" "))
                .trim()
                .to_owned()
        };
        calls(body, &context).iter().map(show).collect()
    }

    #[test]
    fn calls_are_found_at_any_depth() {
        let body = r#"if x { join!(ctx.step.sleep("a", b), async { ctx.step.run::<u8, _>("c", async || { ctx.step.attempt() }).await? }) }"#;
        assert_eq!(read(body), ["sleep", "run<u8,_>", "nested attempt"]);
    }

    #[test]
    fn what_is_no_call_of_a_step_is_not_found() {
        assert_eq!(
            read("other.step.run(1); self.ctx.step.run(1); ctx.event.step.run(1); ctx.step; ctx.step.run"),
            [""; 0]
        );
    }

    #[test]
    fn steps_have_other_names() {
        let body = r#"{ let step = &ctx.step; step.send("a", b); } step.send("c", d);"#;
        assert_eq!(read(body), ["send"]);
    }

    #[test]
    fn what_follows_behind_a_name_is_part_of_the_call() {
        let body = r#"let mut w = ctx.step.wait_for_event::<A<B>>("w").timeout(t); let w = w.matching("m"); w.matching("n").await?"#;
        assert_eq!(read(body), ["wait_for_event<A<B>> timeout matching matching"]);
    }
}
