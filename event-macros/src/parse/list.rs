//! The input of the function-like macros. The macro that users call puts the path of the runtime first, in parentheses.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, LitStr, Path, Token, Visibility, bracketed};

use crate::errors::Errors;
use crate::fallback::Fallback;

mod keyword {
    syn::custom_keyword!(with);
}

/// `(runtime) attributes vis Name = [A, b::C];` of `registry!`, with or without `with Meta` before the `=`, and of `functions!` with or
/// without `in Registry`.
pub(crate) struct Listing {
    pub(crate) runtime: TokenStream,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) registry: Option<Path>,
    pub(crate) meta: Option<Path>,
    pub(crate) entries: Vec<Path>,
    /// The error in the syntax of the metadata.
    problem: Option<syn::Error>,
}

/// `(runtime) AppEvents, "workflow/created"` of `event!`.
pub(crate) struct Lookup {
    pub(crate) runtime: TokenStream,
    pub(crate) registry: Path,
    pub(crate) name: LitStr,
}

/// `"workflow/created"`, or `!"workflow/archived" in "shop"` of an event that is marked `unhandled` in the crate `shop`.
pub(crate) struct Handed {
    pub(crate) name: LitStr,
    /// The crate that declares the event, if it marks it.
    pub(crate) unhandled_in: Option<String>,
}

/// `["workflow/created" ..] (runtime) attributes vis AppFunctions`: the names of events, handed on by generated macros.
pub(crate) struct Gathered {
    pub(crate) names: Vec<Handed>,
    pub(crate) runtime: TokenStream,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Visibility,
    /// The registry, or the list of functions.
    pub(crate) list: Ident,
}

/// Parses the input of `registry!`.
pub(crate) fn registry(tokens: TokenStream, errors: &mut Errors) -> Result<Listing, Fallback> {
    let mut listing: Listing = parse(tokens, "pub AppEvents = [WorkflowEvent];", errors)?;
    if let Some(problem) = listing.problem.take() {
        errors.push(problem);
    }
    Ok(listing)
}

/// Parses the input of `functions!`.
pub(crate) fn functions(tokens: TokenStream, errors: &mut Errors) -> Result<Listing, Fallback> {
    let example = "pub AppFunctions in AppEvents = [send_mail, WorkflowController];";
    let mut listing: Listing = parse(tokens, example, errors)?;
    // Metadata of a list of functions is wrong however it is written.
    let problem = listing.problem.take().filter(|_| listing.meta.is_none());
    if let Some(problem) = problem {
        errors.push(problem);
    }
    Ok(listing)
}

/// Parses the input of `event!`.
pub(crate) fn lookup(tokens: TokenStream, errors: &mut Errors) -> Result<Lookup, Fallback> {
    parse(tokens, "event!(AppEvents, \"workflow/created\")", errors)
}

/// Parses names that generated macros have handed on.
pub(crate) fn gathered(tokens: TokenStream, errors: &mut Errors) -> Result<Gathered, Fallback> {
    syn::parse2(tokens).map_err(|error| Fallback::unparsable(error, errors))
}

/// Parses input of which this is an example.
pub(super) fn parse<T: Parse>(
    tokens: TokenStream,
    example: &str,
    errors: &mut Errors,
) -> Result<T, Fallback> {
    syn::parse2(tokens).map_err(|error| {
        errors.at_span(error.span(), format!("{error}: write `{example}`"));
        Fallback::nothing()
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
        let (meta, problem) = meta(input)?;
        input.parse::<Token![=]>()?;
        let list;
        bracketed!(list in input);
        let entries = Punctuated::<Path, Token![,]>::parse_terminated_with(&list, Path::parse_mod_style)?;
        input.parse::<Option<Token![;]>>()?;
        Ok(Self {
            runtime,
            attributes,
            vis,
            name,
            registry,
            meta,
            problem,
            entries: entries.into_iter().collect(),
        })
    }
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

impl Parse for Handed {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let is_marked = input.parse::<Option<Token![!]>>()?.is_some();
        let name = input.parse()?;
        let unhandled_in = if is_marked {
            input.parse::<Token![in]>()?;
            Some(input.parse::<LitStr>()?.value())
        } else {
            None
        };
        Ok(Self { name, unhandled_in })
    }
}

impl ToTokens for Handed {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { name, unhandled_in } = self;
        tokens.extend(match unhandled_in {
            Some(declared) => quote!(!#name in #declared),
            None => quote!(#name),
        });
    }
}

/// The crate that is compiled.
pub(crate) fn crate_name() -> String {
    std::env::var("CARGO_CRATE_NAME").unwrap_or_default()
}

/// `with AppMeta`, if anything stands before the `=`, and what is wrong with it.
fn meta(input: ParseStream<'_>) -> syn::Result<(Option<Path>, Option<syn::Error>)> {
    const RIGHT: &str = "write `pub AppEvents with AppMeta = [WorkflowEvent];`";
    if let Some(with) = input.parse::<Option<keyword::with>>()? {
        if input.peek(Token![=]) {
            let message = format!("`with` names the type of what comes with every event: {RIGHT}");
            return Ok((None, Some(syn::Error::new(with.span, message))));
        }
        return Ok((Some(input.call(Path::parse_mod_style)?), None));
    }
    if !input.peek(Ident) {
        return Ok((None, None));
    }
    let meta = input.call(Path::parse_mod_style)?;
    let message = format!("what comes with every event stands behind `with`: {RIGHT}");
    let error = syn::Error::new_spanned(&meta, message);
    Ok((Some(meta), Some(error)))
}

/// The path of the runtime.
pub(super) fn runtime(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    Ok(match input.parse::<TokenTree>()? {
        TokenTree::Group(group) => group.stream(),
        other => other.into_token_stream(),
    })
}
