//! Options in attributes: `key`, `key = value`, `key(..)`, with the spans of key and value.

use event_conventions::nearest;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, Field, Ident, Lit, LitInt, LitStr, Meta, MetaList, Path, Token};

use crate::errors::{Errors, list};

/// One option.
pub(crate) struct Opt {
    /// The key.
    pub(crate) key: Path,
    meta: Meta,
}

impl Opt {
    pub(crate) fn of(meta: Meta) -> Self {
        Self { key: meta.path().clone(), meta }
    }

    /// The key as text.
    pub(crate) fn name(&self) -> String {
        path_text(&self.key)
    }

    /// The place of the key.
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

    /// The path of `key = some::path`, or of `key(some::path)`.
    pub(crate) fn one_path(&self, errors: &mut Errors) -> Option<Path> {
        match &self.meta {
            Meta::List(list) => {
                let path = syn::parse2(list.tokens.clone()).ok();
                if path.is_none() {
                    errors.at(&self.meta, format!("`{0}` is a path: write `{0} = some::path`", self.name()));
                }
                path
            }
            _ => self.path(errors),
        }
    }

    /// This option without `key = ..` inside, and that one, if it is there: `a(b, key = c)` is `a(b)` with a key, and
    /// `a(key = c)` is `a`.
    pub(crate) fn without(&self, key: &str) -> (Option<Self>, Option<Self>) {
        let Meta::List(list) = &self.meta else { return (None, None) };
        let (mut rest, mut found) = (Vec::new(), None);
        for part in split(list.tokens.clone()) {
            match syn::parse2::<Meta>(part.clone()) {
                Ok(meta) if meta.path().is_ident(key) && found.is_none() => {
                    found = Some(Self { key: meta.path().clone(), meta });
                }
                _ => rest.push(part),
            }
        }
        if found.is_none() {
            return (None, None);
        }
        let meta = if rest.is_empty() {
            Meta::Path(self.key.clone())
        } else {
            Meta::List(MetaList { tokens: quote!(#(#rest),*), ..list.clone() })
        };
        (Some(Self { key: self.key.clone(), meta }), found)
    }

    /// The identifier of `key = Name`.
    pub(crate) fn ident(&self, errors: &mut Errors) -> Option<Ident> {
        let value = self.value(errors)?;
        if let Expr::Path(path) = value
            && let Some(ident) = path.path.get_ident()
        {
            return Some(ident.clone());
        }
        errors.at(value, format!("`{0}` is a name: write `{0} = Name`", self.name()));
        None
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

    /// The fields of `key(name: Type)`, at least one.
    pub(crate) fn fields(&self, example: &str, errors: &mut Errors) -> Vec<Field> {
        let Meta::List(list) = &self.meta else {
            errors.at(&self.meta, format!("`{0}` needs fields: write `{0}({example})`", self.name()));
            return Vec::new();
        };
        let parse = |input: ParseStream<'_>| {
            Punctuated::<Field, Token![,]>::parse_terminated_with(input, Field::parse_named)
        };
        // What ends too soon has no token of its own.
        let fields = errors.ok(parse.parse2(list.tokens.clone()).map_err(|error| {
            syn::Error::new_spanned(&self.meta, format!("{error}: write `{}({example})`", self.name()))
        }));
        if fields.as_ref().is_some_and(Punctuated::is_empty) {
            errors.at(&self.meta, format!("`{0}` needs fields: write `{0}({example})`", self.name()));
        }
        fields.into_iter().flatten().collect()
    }

    /// Returns `true` for `key = value`.
    pub(crate) fn is_pair(&self) -> bool {
        matches!(self.meta, Meta::NameValue(_))
    }

    /// Returns `true` for the key alone.
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

    /// The one text of `key = "a"`, or the texts of `key("a", "b")`.
    pub(crate) fn texts(&self, errors: &mut Errors) -> Vec<LitStr> {
        if self.is_pair() { self.text(errors).into_iter().collect() } else { self.arguments(errors) }
    }

    /// Reports a value or options of an option that is the key alone.
    pub(crate) fn flag(&self, errors: &mut Errors) {
        if !self.is_bare() {
            errors.at(&self.meta, format!("`{0}` takes nothing: write `{0}`", self.name()));
        }
    }

    /// Reports that the option is not one of `known`, and tells the nearest of them.
    pub(crate) fn unknown(&self, what: &str, known: &[&str], errors: &mut Errors) {
        let name = self.name();
        let begun =
            || known.iter().find(|known| known.strip_prefix(&name).is_some_and(|rest| rest.starts_with('_')));
        let found = begun().copied().or_else(|| nearest(&name, known.iter().copied()));
        let help = match found.or_else(|| of_one_stem(&name, known)) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("there are {}", list(known)),
        };
        errors.at(&self.key, format!("unknown {what} `{name}`: {help}"));
    }
}

/// The known name that begins like this one: `retries` for `retry`, `min` for `minimum`.
fn of_one_stem<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let is_kin = |known: &&&str| {
        let common = name.bytes().zip(known.bytes()).take_while(|(one, other)| one == other).count();
        common >= 3 && common + 1 >= name.len().min(known.len())
    };
    known.iter().find(is_kin).copied()
}

/// The parts between the commas.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match (&token, parts.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' => parts.push(TokenStream::new()),
            (_, Some(part)) => part.extend([token]),
            (_, None) => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

impl ToTokens for Opt {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.meta.to_tokens(tokens);
    }
}

/// The expression that a `macro_rules!` has passed on: a fragment comes in an invisible group.
pub(crate) fn ungrouped(expr: &Expr) -> &Expr {
    match expr {
        Expr::Group(group) => ungrouped(&group.expr),
        other => other,
    }
}

/// Parses a list of options. A key that is there twice is reported.
pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Vec<Opt> {
    parse_repeatable(tokens, &[], errors)
}

/// Parses a list of options, of which those in `repeatable` may be there several times.
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
    let options: Vec<Opt> =
        errors.ok(parsed).map(|metas| metas.into_iter().map(Opt::of).collect()).unwrap_or_default();
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

/// A path as it is written, without spaces.
pub(crate) fn path_text(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "").replace("r#if", "if")
}
