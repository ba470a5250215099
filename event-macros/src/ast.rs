//! What was written: the items of the user, and what stands in the function-like macros.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta, Path, Token, Visibility, bracketed};

/// The text of the documentation comments among attributes.
pub(crate) fn documentation(attributes: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        if let Meta::NameValue(pair) = &attribute.meta
            && let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value
        {
            // An empty comment is a line too: it parts paragraphs.
            for line in text.value().split('\n') {
                lines.push(line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned());
            }
        }
    }
    lines.join("\n").trim().to_owned()
}

/// Of serde's attributes only the names: for a type whose serde implementation is the user's own.
pub(crate) fn keep_names_of_serde(attributes: &mut Vec<Attribute>) {
    attributes.retain_mut(|attribute| {
        let Meta::List(list) = &mut attribute.meta else { return true };
        if !list.path.is_ident("serde") {
            return true;
        }
        let options = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default();
        let is_name = |option: &Meta| matches!(option, Meta::NameValue(pair) if pair.path.is_ident("rename") || pair.path.is_ident("rename_all"));
        let names: Vec<Meta> = options.into_iter().filter(is_name).collect();
        list.tokens = quote!(#(#names),*);
        !names.is_empty()
    });
}

/// The attributes with one of these names.
pub(crate) fn named<'a>(
    attributes: &'a [Attribute],
    names: &'a [&str],
) -> impl Iterator<Item = &'a Attribute> {
    attributes.iter().filter(|attribute| names.iter().any(|name| attribute.path().is_ident(name)))
}

/// The attributes with none of these names.
pub(crate) fn not_named<'a>(
    attributes: &'a [Attribute],
    names: &'a [&str],
) -> impl Iterator<Item = &'a Attribute> {
    attributes.iter().filter(|attribute| !names.iter().any(|name| attribute.path().is_ident(name)))
}

/// `(runtime) attributes vis Name = [A, b::C];` of `registry!`, and of `functions!` with or without `in Registry` before
/// the `=`.
pub(crate) struct Listing {
    /// The path of the runtime, passed by the macro that users call.
    pub(crate) runtime: TokenStream,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    /// The registry of an application's list of functions.
    pub(crate) registry: Option<Path>,
    pub(crate) entries: Vec<Path>,
}

/// `(runtime) AppEvents, "workflow/created"` of `event!`.
pub(crate) struct Lookup {
    /// The path of the runtime, passed by the macro that users call.
    pub(crate) runtime: TokenStream,
    pub(crate) registry: Path,
    pub(crate) name: LitStr,
}

impl Parse for Lookup {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let runtime = runtime(input)?;
        let registry = input.call(Path::parse_mod_style)?;
        input.parse::<Token![,]>()?;
        let name = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        Ok(Self { runtime, registry, name })
    }
}

/// `["workflow/created" ..] (runtime) attributes AppFunctions`: what the macros that hand names on come to.
pub(crate) struct Gathered {
    pub(crate) names: Vec<LitStr>,
    /// The path of the runtime, passed by the macro that users call.
    pub(crate) runtime: TokenStream,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Visibility,
    /// The registry or the list of functions.
    pub(crate) list: Ident,
}

impl Parse for Gathered {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let written;
        bracketed!(written in input);
        let mut names = Vec::new();
        while !written.is_empty() {
            names.push(written.parse()?);
        }
        let runtime = runtime(input)?;
        let attributes = input.call(Attribute::parse_outer)?;
        Ok(Self { names, runtime, attributes, vis: input.parse()?, list: input.parse()? })
    }
}

/// The path that the macro which users call puts first, in parentheses.
fn runtime(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    Ok(match input.parse::<TokenTree>()? {
        TokenTree::Group(group) => group.stream(),
        other => other.into_token_stream(),
    })
}

impl Parse for Listing {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let runtime = runtime(input)?;
        let attributes = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let name = input.parse()?;
        let registry =
            if input.parse::<Option<Token![in]>>()?.is_some() { Some(input.parse()?) } else { None };
        input.parse::<Token![=]>()?;
        let list;
        bracketed!(list in input);
        let entries = Punctuated::<Path, Token![,]>::parse_terminated_with(&list, Path::parse_mod_style)?;
        input.parse::<Option<Token![;]>>()?;
        Ok(Self { runtime, attributes, vis, name, registry, entries: entries.into_iter().collect() })
    }
}
