//! Options as they are written in attributes: `key`, `key = value`, `key(..)`, with the spans of key and value.

use event_conventions::nearest;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitInt, LitStr, Meta, Path, Token, UnOp};

use crate::errors::Errors;

/// One option.
pub(crate) struct Opt {
    /// The key.
    pub(crate) key: Path,
    meta: Meta,
}

impl Opt {
    /// The key as text.
    pub(crate) fn name(&self) -> String {
        path_text(&self.key)
    }

    /// Where the key stands.
    pub(crate) fn span(&self) -> Span {
        self.key.span()
    }

    /// The value of `key = value`.
    pub(crate) fn value(&self, errors: &mut Errors) -> Option<&Expr> {
        if let Meta::NameValue(pair) = &self.meta {
            return Some(ungrouped(&pair.value));
        }
        errors.at(&self.meta, format!("`{0}` needs a value: write `{0} = ..`", self.name()));
        None
    }

    /// The text of `key = "text"`.
    pub(crate) fn text(&self, errors: &mut Errors) -> Option<LitStr> {
        let value = self.value(errors)?;
        if let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = value {
            return Some(text.clone());
        }
        errors.at(value, format!("`{0}` is a text: write `{0} = \"..\"`", self.name()));
        None
    }

    /// The path of `key = some::path`.
    pub(crate) fn path(&self, errors: &mut Errors) -> Option<Path> {
        let value = self.value(errors)?;
        if let Expr::Path(path) = value {
            return Some(path.path.clone());
        }
        errors.at(value, format!("`{0}` is a path: write `{0} = some::path`", self.name()));
        None
    }

    /// The identifier of `key = Name`.
    pub(crate) fn ident(&self, errors: &mut Errors) -> Option<Ident> {
        let path = self.path(errors)?;
        let ident = path.get_ident().cloned();
        if ident.is_none() {
            errors.at(path, format!("`{0}` is a name: write `{0} = Name`", self.name()));
        }
        ident
    }

    /// The number of `key = 3`.
    pub(crate) fn integer(&self, errors: &mut Errors) -> Option<LitInt> {
        let value = self.value(errors)?;
        if let Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) = value {
            return Some(number.clone());
        }
        errors.at(value, format!("`{0}` is a whole number: write `{0} = 1`", self.name()));
        None
    }

    /// The options of `key(..)`, at least one.
    pub(crate) fn options(&self, example: &str, errors: &mut Errors) -> Option<Vec<Opt>> {
        match &self.meta {
            Meta::List(list) if !list.tokens.is_empty() => Some(parse(list.tokens.clone(), errors)),
            other => {
                errors.at(other, format!("`{0}` needs options: write `{0}({example})`", self.name()));
                None
            }
        }
    }

    /// The one text of `key("text")`, or of `key = "text"`.
    pub(crate) fn argument(&self, errors: &mut Errors) -> Option<LitStr> {
        match &self.meta {
            Meta::List(list) => match syn::parse2(list.tokens.clone()) {
                Ok(text) => Some(text),
                Err(_) => {
                    errors.at(&self.meta, format!("`{0}` takes one text: write `{0}(\"..\")`", self.name()));
                    None
                }
            },
            _ => self.text(errors),
        }
    }

    /// The one value of `key(value)`, or of `key = value`.
    pub(crate) fn one(&self, example: &str, errors: &mut Errors) -> Option<Expr> {
        if let Meta::NameValue(pair) = &self.meta {
            return Some(ungrouped(&pair.value).clone());
        }
        let values = self.expressions(example, errors)?;
        let [value] = &values[..] else {
            errors.at(&self.meta, format!("`{0}` takes one value: write `{0}({example})`", self.name()));
            return None;
        };
        Some(value.clone())
    }

    /// The values of `key(a, b)`, at least one.
    pub(crate) fn expressions(&self, example: &str, errors: &mut Errors) -> Option<Vec<Expr>> {
        let Meta::List(list) = &self.meta else {
            errors.at(&self.meta, format!("`{0}` needs values: write `{0}({example})`", self.name()));
            return None;
        };
        let parsed = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(list.tokens.clone());
        let values: Vec<Expr> = errors.ok(parsed)?.iter().map(|value| ungrouped(value).clone()).collect();
        if values.is_empty() {
            errors.at(&self.meta, format!("`{0}` needs values: write `{0}({example})`", self.name()));
            return None;
        }
        Some(values)
    }

    /// The types of `key(a::A, B)`.
    pub(crate) fn paths(&self, example: &str, errors: &mut Errors) -> Vec<Path> {
        let values = self.expressions(example, errors).unwrap_or_default();
        let mut paths = Vec::new();
        for value in values {
            match value {
                Expr::Path(path) => paths.push(path.path),
                other => errors.at(other, format!("`{0}` takes types: write `{0}({example})`", self.name())),
            }
        }
        paths
    }

    /// Whether it is `key = value`.
    pub(crate) fn is_pair(&self) -> bool {
        matches!(self.meta, Meta::NameValue(_))
    }

    /// Whether it is the key alone.
    pub(crate) fn is_bare(&self) -> bool {
        matches!(self.meta, Meta::Path(_))
    }

    /// The texts of `key("a", "b")`.
    pub(crate) fn arguments(&self, errors: &mut Errors) -> Vec<LitStr> {
        let Meta::List(list) = &self.meta else {
            errors.at(&self.meta, format!("`{0}` takes texts: write `{0}(\"..\", \"..\")`", self.name()));
            return Vec::new();
        };
        let parsed = Punctuated::<LitStr, Token![,]>::parse_terminated.parse2(list.tokens.clone());
        errors.ok(parsed).map(|texts| texts.into_iter().collect()).unwrap_or_default()
    }

    /// Complains when the option has a value or options of its own.
    pub(crate) fn flag(&self, errors: &mut Errors) {
        if !self.is_bare() {
            errors.at(&self.meta, format!("`{0}` takes nothing: write `{0}`", self.name()));
        }
    }

    /// Complains that the option is not one of `known`, and tells the nearest of them.
    pub(crate) fn unknown(&self, what: &str, known: &[&str], errors: &mut Errors) {
        let name = self.name();
        let help = match nearest(&name, known.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("there are {}", list(known)),
        };
        errors.at(&self.key, format!("unknown {what} `{name}`: {help}"));
    }
}

impl ToTokens for Opt {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.meta.to_tokens(tokens);
    }
}

/// The expression that a `macro_rules!` has passed on: a fragment comes in an invisible group.
fn ungrouped(expr: &Expr) -> &Expr {
    match expr {
        Expr::Group(group) => ungrouped(&group.expr),
        other => other,
    }
}

/// Reads a list of options. Complains about a key that is there twice.
pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Vec<Opt> {
    parse_repeatable(tokens, &[], errors)
}

/// Reads a list of options, of which those in `repeatable` may be there several times.
pub(crate) fn parse_repeatable(tokens: TokenStream, repeatable: &[&str], errors: &mut Errors) -> Vec<Opt> {
    let written = tokens.clone();
    let parsed = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(allow_if(tokens));
    // What ends too soon has no token of its own: the options before it are shown.
    let parsed = parsed.map_err(|error| match error.to_string() {
        text if text.starts_with("unexpected end") && !written.is_empty() => {
            syn::Error::new_spanned(&written, text)
        }
        _ => error,
    });
    let options: Vec<Opt> = errors
        .ok(parsed)
        .map(|metas| metas.into_iter().map(|meta| Opt { key: meta.path().clone(), meta }).collect())
        .unwrap_or_default();
    for (index, option) in options.iter().enumerate() {
        let may_repeat = repeatable.contains(&option.name().as_str());
        if !may_repeat && options[..index].iter().any(|before| before.name() == option.name()) {
            errors.at(&option.key, format!("`{}` is there twice: remove one", option.name()));
        }
    }
    options
}

/// `if = ".."` is an option, and `if` a keyword: it becomes `r#if`, with its place.
fn allow_if(tokens: TokenStream) -> TokenStream {
    let rename = |token| match token {
        TokenTree::Ident(ident) if ident == "if" => TokenTree::Ident(Ident::new_raw("if", ident.span())),
        other => other,
    };
    tokens.into_iter().map(rename).collect()
}

/// The options of every attribute of this name: of `#[validate(..)] #[validate(..)]` both.
pub(crate) fn of_attributes(attributes: &[Attribute], name: &str, errors: &mut Errors) -> Vec<Opt> {
    let mut options = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
        match &attribute.meta {
            Meta::List(list) => options.extend(parse(list.tokens.clone(), errors)),
            other => errors.at(other, format!("`#[{name}]` needs options: write `#[{name}(..)]`")),
        }
    }
    options
}

/// The option `crate = ::path`, else the path under which users depend on the runtime.
pub(crate) fn runtime_path(option: Option<Path>) -> TokenStream {
    option.map_or_else(|| quote!(::event_runtime), ToTokens::into_token_stream)
}

/// `a`, `b` and `c`.
pub(crate) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// A path as it is written, without spaces.
pub(crate) fn path_text(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "").replace("r#if", "if")
}

/// A number with its sign, as it may stand for a bound.
pub(crate) enum Numeral {
    /// A whole number.
    Integer(i128),
    /// Any other.
    Float(f64),
}

/// The number that an expression is: a literal, or `-` and a literal.
pub(crate) fn numeral(expr: &Expr, errors: &mut Errors) -> Option<Numeral> {
    let (negative, literal) = match ungrouped(expr) {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => (true, ungrouped(&unary.expr)),
        other => (false, other),
    };
    let number = match literal {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse().ok().map(Numeral::Integer),
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => number.base10_parse().ok().map(Numeral::Float),
        _ => None,
    };
    match number {
        Some(Numeral::Integer(number)) if negative => Some(Numeral::Integer(-number)),
        Some(Numeral::Float(number)) if negative => Some(Numeral::Float(-number)),
        None => {
            errors.at(expr, "a bound is a number: write a literal, such as `120`");
            None
        }
        number => number,
    }
}
