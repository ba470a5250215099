//! Items that are half typed: the parts that parse are kept, so that an editor still knows the types, and the only errors are
//! those of the parts that do not.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{
    Attribute, Field, Fields, ImplItem, ItemEnum, ItemImpl, ItemStruct, Signature, Variant, Visibility,
};

use crate::errors::Errors;

/// A function whose body is the compiler's to read.
pub(crate) struct OpenFn {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    body: TokenStream,
}

impl Parse for OpenFn {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let (vis, sig) = (input.parse()?, input.parse()?);
        if !input.peek(syn::token::Brace) {
            return Err(input.error("expected the body of the function"));
        }
        Ok(Self { attrs, vis, sig, body: input.parse()? })
    }
}

impl OpenFn {
    /// Its body: a group in braces.
    pub(crate) fn body(&self) -> TokenStream {
        self.body.clone()
    }

    pub(crate) fn set_body(&mut self, body: TokenStream) {
        self.body = body;
    }
}

impl ToTokens for OpenFn {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attrs, vis, sig, body } = self;
        tokens.extend(quote!(#(#attrs)* #vis #sig #body));
    }
}

/// An `impl` block whose bodies are the compiler's to read.
pub(crate) struct OpenImpl {
    /// The block, with empty bodies.
    pub(crate) item: ItemImpl,
    bodies: Vec<Group>,
}

impl OpenImpl {
    pub(crate) fn parse(tokens: TokenStream) -> Option<Self> {
        let mut bodies = Vec::new();
        let mut item: Vec<TokenTree> = tokens.into_iter().collect();
        let TokenTree::Group(methods) = item.pop()? else { return None };
        let emptied = methods.stream().into_iter().map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let mut empty = Group::new(Delimiter::Brace, TokenStream::new());
                empty.set_span(group.span());
                bodies.push(group);
                empty.into()
            }
            other => other,
        });
        item.push(Group::new(methods.delimiter(), emptied.collect()).into());
        Some(Self { item: syn::parse2(item.into_iter().collect()).ok()?, bodies })
    }

    /// The body of the method that is item number `place`.
    pub(crate) fn body(&self, place: usize) -> TokenStream {
        self.bodies.get(self.number_of_body(place)).map(Group::to_token_stream).unwrap_or_default()
    }

    pub(crate) fn set_body(&mut self, place: usize, body: TokenStream) {
        let number = self.number_of_body(place);
        if let (Some(old), Some(TokenTree::Group(new))) =
            (self.bodies.get_mut(number), body.into_iter().next())
        {
            *old = new;
        }
    }

    /// A method's body is the last of its braces.
    fn number_of_body(&self, place: usize) -> usize {
        let braces = |item: &ImplItem| {
            let tokens = item.to_token_stream().into_iter();
            tokens
                .filter(
                    |token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace),
                )
                .count()
        };
        self.item.items.iter().take(place + 1).map(braces).sum::<usize>().saturating_sub(1)
    }
}

impl ToTokens for OpenImpl {
    /// Writes the block with its bodies.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let mut bodies = self.bodies.iter();
        let mut fill = |token: TokenTree| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && group.stream().is_empty() => {
                bodies.next().unwrap_or(&group).clone().into()
            }
            other => other,
        };
        let mut item: Vec<TokenTree> = self.item.to_token_stream().into_iter().collect();
        if let Some(TokenTree::Group(methods)) = item.pop() {
            let filled = methods.stream().into_iter().map(&mut fill).collect();
            item.push(Group::new(methods.delimiter(), filled).into());
        }
        tokens.extend(item);
    }
}

/// Parses an enum. The variants and fields that do not parse are reported and left out.
pub(crate) fn item_enum(tokens: TokenStream, errors: &mut Errors) -> Option<ItemEnum> {
    let (mut item, body): (ItemEnum, _) = without_body(tokens)?;
    for part in split(body) {
        match syn::parse2::<Variant>(part.clone()) {
            Ok(variant) => item.variants.push(variant),
            Err(error) => item.variants.extend(variant(part, error, errors)),
        }
    }
    Some(item)
}

/// Parses a struct. The fields that do not parse are reported and left out.
pub(crate) fn item_struct(tokens: TokenStream, errors: &mut Errors) -> Option<ItemStruct> {
    let (mut item, body): (ItemStruct, _) = without_body(tokens)?;
    item.fields = fields(body, errors);
    Some(item)
}

/// An item with an empty body, and the tokens of the body.
fn without_body<T: Parse>(tokens: TokenStream) -> Option<(T, TokenStream)> {
    let mut head: Vec<TokenTree> = tokens.into_iter().collect();
    let TokenTree::Group(body) = head.pop()? else { return None };
    if body.delimiter() != Delimiter::Brace {
        return None;
    }
    head.push(Group::new(Delimiter::Brace, TokenStream::new()).into());
    Some((syn::parse2(head.into_iter().collect()).ok()?, body.stream()))
}

/// A variant without the fields that do not parse.
fn variant(part: TokenStream, error: syn::Error, errors: &mut Errors) -> Option<Variant> {
    let Some((mut variant, body)) = without_body::<Variant>(part) else {
        errors.push(error);
        return None;
    };
    variant.fields = fields(body, errors);
    Some(variant)
}

fn fields(body: TokenStream, errors: &mut Errors) -> Fields {
    let read: Vec<Field> =
        split(body).into_iter().filter_map(|part| errors.ok(Field::parse_named.parse2(part))).collect();
    Fields::Named(syn::parse_quote!({ #(#read),* }))
}

/// The parts between commas. Those between angle brackets stand in one part.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let (mut parts, mut part, mut depth) = (Vec::new(), TokenStream::new(), 0_usize);
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == '<' => depth += 1,
            TokenTree::Punct(punct) if punct.as_char() == '>' => depth = depth.saturating_sub(1),
            TokenTree::Punct(punct) if punct.as_char() == ',' && depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.extend([token]);
    }
    parts.push(part);
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(source: &str) -> TokenStream {
        source.parse().expect("the source is made of tokens")
    }

    #[test]
    fn fields_that_parse_are_kept() {
        let mut errors = Errors::default();
        let source = "pub enum E { A { id: u8 name: String, map: HashMap<u8, u8> }, B { : }, C(u8), D }";
        let item = item_enum(parse(source), &mut errors).expect("the head parses");
        let kept: Vec<(String, usize)> =
            item.variants.iter().map(|variant| (variant.ident.to_string(), variant.fields.len())).collect();
        assert_eq!(kept, [("A".into(), 1), ("B".into(), 0), ("C".into(), 1), ("D".into(), 0)]);
        assert_eq!(errors.len(), 2);
    }

    #[test]
    fn bodies_come_back_in_their_order() {
        let source =
            parse("impl A { fn a(&self) { let x = ; } const B: u8 = { 1 }; fn c() { } fn d() { d() + } }");
        let block = OpenImpl::parse(source.clone()).expect("the heads parse");
        assert_eq!(block.to_token_stream().to_string(), source.to_string());
        assert_eq!(block.body(2).to_string(), "{ }");
        assert_eq!(block.body(3).to_string(), "{ d () + }");
    }
}
