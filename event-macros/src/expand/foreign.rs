//! `foreign!`: markers of functions of other applications.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::tokens::{glue, private, respan};
use crate::check::foreign::Foreign;

// Input:  `pub ChargeCard = "billing" / "payment-requested-charger": PaymentRequested -> Receipt;`
// Output: `pub struct ChargeCard;  impl Invocable for ChargeCard { .. }  impl FunctionGroup for ChargeCard { .. }`
pub(crate) fn expand(declared: &[Foreign]) -> TokenStream {
    declared.iter().map(marker).collect()
}

fn marker(foreign: &Foreign) -> TokenStream {
    let Foreign { runtime, attributes, vis, name, app, function, naming, event, output } = foreign;
    let private = private(runtime);
    let documented = attributes.iter().any(|attribute| attribute.path().is_ident("doc"));
    let usual = (!documented).then(|| quote!(#[doc = "A function of another application."]));
    let section = docs::paragraphs(&[format!(
        "The function `{}` of the application `{}`, to be called by `ctx.step.invoke`.",
        function.value(),
        app.value()
    )]);
    let implementations = glue(&quote! {
        impl #runtime::Invocable for #name {
            type Trigger = #event;
            type Output = #output;
            const APP: ::core::option::Option<&'static str> = ::core::option::Option::Some(#app);
            const ID: &'static str = #function;
        }
    });
    let group = glue(&quote! {
        impl #runtime::FunctionGroup for #name {
            const FUNCTIONS: &'static [#private::Listed] = &[];

            fn collect(collector: &mut #private::Collector<'_>) {
                collector.foreign::<Self>();
            }
        }
    });
    let listed = glue(&quote!(impl<R> #runtime::ListedIn<R> for #name {}));
    let check = (!naming.is_foreign()).then(|| {
        respan(quote!(const _: () = #private::assert_foreign_id::<#event>(#function);), function.span())
    });
    quote! {
        #usual
        #(#attributes)*
        #section
        #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
        #vis struct #name;
        const _: () = {
            #implementations
            #group
            #listed
            #check
        };
    }
}
