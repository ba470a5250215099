//! A payload: the struct, and everything that is implemented for it.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{Fields, Ident, ItemStruct, Path, Visibility};

use super::{all, decode, docs, example, private, schema, serde, validate};
use crate::ast::documentation;
use crate::check::container::Container;
use crate::check::field::Field;

/// A struct that is stored as JSON: the payload of an event, or a part of one.
pub(crate) struct Payload<'a> {
    pub(crate) runtime: TokenStream,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) fields: &'a [Field],
    /// Written as `struct Name;`.
    pub(crate) unit: bool,
    /// The documentation comment.
    pub(crate) description: String,
    /// What is documented after it.
    pub(crate) more: Vec<String>,
    pub(crate) attributes: TokenStream,
    pub(crate) derives: &'a [Path],
    /// The functions that look at all fields.
    pub(crate) refine: &'a [Path],
    pub(crate) deprecated: bool,
}

impl<'a> Payload<'a> {
    /// A struct with `#[payload]`, whose fields were read before.
    pub(crate) fn of_struct(
        item: &ItemStruct,
        container: &'a Container,
        fields: &'a [Field],
        runtime: TokenStream,
    ) -> Self {
        Self {
            runtime,
            ident: item.ident.clone(),
            vis: item.vis.clone(),
            fields,
            unit: matches!(item.fields, Fields::Unit),
            description: documentation(&item.attrs),
            more: Vec::new(),
            attributes: all(&container.cfgs).into_iter().chain(all(&container.attributes)).collect(),
            derives: &[],
            refine: &container.refine,
            deprecated: container.deprecated,
        }
    }
}

impl Payload<'_> {
    /// The struct and its implementations.
    pub(crate) fn expand(&self) -> TokenStream {
        let (item, impls, allow, test) = (self.item(), self.impls(), self.allow(), example::test(self));
        quote! {
            #item
            #allow
            const _: () = { #impls };
            #test
        }
    }

    /// The struct.
    pub(crate) fn item(&self) -> TokenStream {
        let Self { ident, vis, attributes, derives, .. } = self;
        let more: Vec<String> = self.more.iter().cloned().chain(example::section(self)).collect();
        let documentation = docs::attributes(&self.description, &more);
        let keyword = quote_spanned!(ident.span()=> struct);
        let derives = quote!(#[derive(::core::fmt::Debug, ::core::clone::Clone #(, #derives)*)]);
        let body = if self.unit {
            quote_spanned!(ident.span()=> ;)
        } else {
            let fields = self.fields.iter().map(field);
            quote_spanned!(ident.span()=> { #(#fields)* })
        };
        quote! {
            #documentation
            #derives
            #attributes
            #vis #keyword #ident #body
        }
    }

    /// What is implemented for the struct.
    pub(crate) fn impls(&self) -> TokenStream {
        let serde = serde::expand(self);
        let validate = validate::expand(self);
        let decode = decode::expand(self);
        let schema = schema::expand(self);
        quote!(#serde #validate #decode #schema)
    }

    /// What is generated for something deprecated uses it, and is not to be warned of.
    pub(crate) fn allow(&self) -> Option<TokenStream> {
        let deprecated = self.deprecated || self.fields.iter().any(|field| field.deprecated);
        deprecated.then(|| quote!(#[allow(deprecated)]))
    }

    /// The path of the private module of the runtime.
    pub(crate) fn private(&self) -> TokenStream {
        private(&self.runtime)
    }
}

/// A field as it stands in the struct.
fn field(field: &Field) -> TokenStream {
    let Field { ident, vis, ty, cfgs, attributes, .. } = field;
    let documentation = docs::attributes(&docs::field_summary(field), &docs::constraints(field));
    quote! {
        #documentation
        #(#cfgs)*
        #(#attributes)*
        #vis #ident: #ty,
    }
}

/// The name of a local variable or constant for field number `index`.
pub(crate) fn local(prefix: &str, index: usize) -> Ident {
    Ident::new(&format!("{prefix}{index}"), Span::mixed_site())
}

/// The tokens, shown by the compiler at `span`. Names resolve where they did.
pub(crate) fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    let at = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = TokenTree::Group(Group::new(group.delimiter(), respan(group.stream(), span)));
        }
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.into_iter().map(at).collect()
}

/// Generated code that no lint of the user judges, and whose local names meet none of the user's.
pub(crate) fn glue(tokens: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> #[automatically_derived] #tokens)
}
