//! The input of `foreign!`: functions of other applications.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, LitStr, Token, Type, Visibility};

use super::list::{parse, runtime};
use crate::errors::Errors;
use crate::fallback::Fallback;

/// `(runtime) declaration; declaration; ..`
pub(crate) struct Declarations {
    pub(crate) runtime: TokenStream,
    pub(crate) all: Vec<Declaration>,
}

/// `attributes vis Name = "app" / "function-id" as foreign: Event -> Output;`, where `as foreign` may be missing.
pub(crate) struct Declaration {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) app: LitStr,
    pub(crate) function: LitStr,
    /// What stands behind `as`.
    pub(crate) rules: Option<Ident>,
    pub(crate) event: Type,
    pub(crate) output: Type,
}

/// Parses the input of `foreign!`.
pub(crate) fn foreign(tokens: TokenStream, errors: &mut Errors) -> Result<Declarations, Fallback> {
    let example =
        "pub ChargeCard = \"billing\" / \"payment-requested-charger\": PaymentRequested -> Receipt;";
    parse(tokens, example, errors)
}

impl Parse for Declarations {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let runtime = runtime(input)?;
        let mut all = Vec::new();
        while !input.is_empty() {
            all.push(input.parse()?);
            if input.is_empty() {
                break;
            }
            input.parse::<Token![;]>()?;
        }
        Ok(Self { runtime, all })
    }
}

impl Parse for Declaration {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let (vis, name) = (input.parse()?, input.parse()?);
        input.parse::<Token![=]>()?;
        let app = input.parse()?;
        input.parse::<Token![/]>()?;
        let function = input.parse()?;
        let rules = if input.parse::<Option<Token![as]>>()?.is_some() { Some(input.parse()?) } else { None };
        input.parse::<Token![:]>()?;
        let event = input.parse()?;
        input.parse::<Token![->]>()?;
        Ok(Self { attributes, vis, name, app, function, rules, event, output: input.parse()? })
    }
}
