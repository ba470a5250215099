//! Documentation: text, and macros such as `include_str!` whose text only the compiler knows.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Token};

use super::option::ungrouped;

/// The documentation of an item. As tokens it is an expression, a constant text.
#[derive(Clone, Default)]
pub(crate) struct Documentation(Vec<Part>);

#[derive(Clone)]
enum Part {
    /// Lines that are known.
    Text(String),
    /// `include_str!("events.md")`
    Macro(TokenStream),
}

impl Documentation {
    /// Reads the documentation among attributes.
    pub(crate) fn of(attributes: &[Attribute]) -> Self {
        let mut documentation = Self::default();
        for attribute in attributes.iter().filter(|attribute| is_documentation(attribute)) {
            if let Meta::NameValue(pair) = &attribute.meta {
                documentation.add(ungrouped(&pair.value));
            }
        }
        documentation.trim();
        documentation
    }

    fn add(&mut self, value: &Expr) {
        match (known(value), value) {
            (Some(text), _) => {
                // An empty comment is a line too: it parts paragraphs.
                let lines = text.split('\n').map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end());
                let text = lines.collect::<Vec<_>>().join("\n");
                match self.0.last_mut() {
                    Some(Part::Text(before)) => *before = format!("{before}\n{text}"),
                    _ => self.0.push(Part::Text(text)),
                }
            }
            (None, Expr::Macro(_)) => self.0.push(Part::Macro(value.to_token_stream())),
            // What is no text, rustc refuses.
            (None, _) => {}
        }
    }

    fn trim(&mut self) {
        if let Some(Part::Text(first)) = self.0.first_mut() {
            *first = first.trim_start().to_owned();
        }
        if let Some(Part::Text(last)) = self.0.last_mut() {
            *last = last.trim_end().to_owned();
        }
        self.0.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first paragraph in one line, as far as its text is known.
    pub(crate) fn first_paragraph(&self) -> String {
        match self.0.first() {
            Some(Part::Text(text)) => {
                let lines = text.lines().map(str::trim).take_while(|line| !line.is_empty());
                lines.collect::<Vec<_>>().join(" ")
            }
            _ => String::new(),
        }
    }

    /// `#[doc = ".."]` for each line, and for each macro.
    pub(crate) fn attributes(&self) -> TokenStream {
        let lines = |text: &str| -> TokenStream {
            text.lines()
                .map(|line| {
                    let line = format!(" {line}");
                    quote!(#[doc = #line])
                })
                .collect()
        };
        let parts = self.0.iter().map(|part| match part {
            Part::Text(text) => lines(text),
            Part::Macro(included) => quote!(#[doc = #included]),
        });
        parts.collect()
    }
}

impl From<String> for Documentation {
    fn from(text: String) -> Self {
        Self(vec![Part::Text(text)])
    }
}

impl ToTokens for Documentation {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match &self.0[..] {
            [] => quote!(""),
            [Part::Text(text)] => quote!(#text),
            parts => {
                let parts = parts.iter().map(|part| match part {
                    Part::Text(text) => quote!(#text),
                    Part::Macro(included) => quote!(#included),
                });
                quote!(::core::concat!(#(#parts, "\n"),*).trim_ascii())
            }
        });
    }
}

/// Returns `true` for `#[doc = ".."]`, and `false` for `#[doc(hidden)]`.
pub(crate) fn is_documentation(attribute: &Attribute) -> bool {
    attribute.path().is_ident("doc") && matches!(attribute.meta, Meta::NameValue(_))
}

/// Returns `true` if there is a `#[doc(hidden)]`.
pub(crate) fn is_hidden(attributes: &[Attribute]) -> bool {
    let words = |attribute: &Attribute| {
        attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default()
    };
    let docs = attributes.iter().filter(|attribute| attribute.path().is_ident("doc"));
    docs.flat_map(words).any(|word| word.path().is_ident("hidden"))
}

/// The text of a literal, or of a `concat!` of literals.
fn known(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        Expr::Macro(call) if call.mac.path.segments.last().is_some_and(|last| last.ident == "concat") => {
            let texts = call.mac.parse_body_with(Punctuated::<LitStr, Token![,]>::parse_terminated).ok()?;
            Some(texts.iter().map(LitStr::value).collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    fn of(item: &syn::ItemStruct) -> Documentation {
        Documentation::of(&item.attrs)
    }

    #[test]
    fn the_first_paragraph_is_one_line() {
        let documentation = of(&parse_quote! {
            ///
            /// A parcel was handed over
            /// to the carrier.
            ///
            /// More.
            struct S;
        });
        assert_eq!(documentation.first_paragraph(), "A parcel was handed over to the carrier.");
        assert_eq!(
            documentation.to_token_stream().to_string(),
            r#""A parcel was handed over\nto the carrier.\n\nMore.""#
        );
    }

    #[test]
    fn macros_count_as_documentation() {
        let documentation = of(&parse_quote! {
            #[doc = concat!("A parcel", " was sent.")]
            #[doc = include_str!("parcel.md")]
            #[doc(hidden)]
            struct S;
        });
        assert_eq!(documentation.first_paragraph(), "A parcel was sent.");
        assert_eq!(
            documentation.to_token_stream().to_string(),
            quote!(::core::concat!("A parcel was sent.", "\n", include_str!("parcel.md"), "\n").trim_ascii())
                .to_string()
        );
        assert!(
            !of(&parse_quote!(
                #[doc = include_str!("parcel.md")]
                struct S;
            ))
            .is_empty()
        );
        assert!(
            of(&parse_quote!(
                #[doc = ""]
                #[doc(hidden)]
                struct S;
            ))
            .is_empty()
        );
    }
}
