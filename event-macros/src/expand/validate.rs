//! `Validate`: straight-line code, one function for each field that has rules.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, LitStr};

use super::tokens::{each, glue, local, member, private, respan};
use super::{enter, rules};
use crate::check::bounds::{Count, Edge};
use crate::check::container::Container;
use crate::check::field::Field;
use crate::check::format::Format;
use crate::check::number::{Limit, Numeral};
use crate::check::pattern::Take;
use crate::check::payload::{Form, Payload};
use crate::check::rule::{Rule, RuleKind};

// Input:  `#[derive(Validate)] struct Step { #[validate(length(min = 1))] key: String }`
// Output: `fn check_0(value: &String, ..) { .. }  impl Validate for Step { .. check_0(&self.key, ..) .. }`
pub(crate) fn expand_derive(payload: &Payload) -> TokenStream {
    let private = private(&payload.runtime);
    let uses = payload.fields.iter().any(may_enter).then(|| enter::uses(&private));
    let enters = each(payload, |field, index| enter::function(payload, field, index));
    let calls = each(payload, |field, index| call(payload, field, index));
    let (checks, implementation) = (checks(payload), implementation(payload, &quote!(#(#calls)*), false));
    quote!(const _: () = { #uses #(#checks)* #(#enters)* #implementation };)
}

// Output: `fn check_0(value: &String, ..) { .. }  impl Validate for WorkflowCreated { .. validate_object(self, ..) .. }`
pub(super) fn expand(payload: &Payload) -> TokenStream {
    let private = private(&payload.runtime);
    let function =
        if payload.form == Form::Transparent { quote!(validate_newtype) } else { quote!(validate_object) };
    let call = (!payload.fields.is_empty()).then(|| quote!(#private::#function(self, path, issues);));
    let refine = refine_flattened(payload, &quote!(self));
    let implementation = implementation(payload, &quote!(#call #refine), !refine.is_empty());
    let functions = functions(payload);
    quote!(#functions #implementation)
}

/// The imports that the functions need.
pub(super) fn uses<'f>(
    runtime: &TokenStream,
    fields: impl IntoIterator<Item = &'f Field>,
) -> Option<TokenStream> {
    fields.into_iter().next().map(|_| enter::uses(&private(runtime)))
}

/// The functions by which the fields are checked and entered.
pub(super) fn functions(payload: &Payload) -> TokenStream {
    let enters = each(payload, |field, index| {
        if field.is_leaf() || field.flatten.is_some() {
            TokenStream::new()
        } else {
            enter::function(payload, field, index)
        }
    });
    let checks = checks(payload);
    quote!(#(#checks)* #(#enters)*)
}

fn checks(payload: &Payload) -> Vec<TokenStream> {
    each(payload, |field, index| {
        let check = field.has_own_rules().then(|| check(payload, field, index));
        check.into_iter().collect()
    })
}

fn implementation(payload: &Payload, calls: &TokenStream, needs_before: bool) -> TokenStream {
    implement(&payload.runtime, &payload.ident, &payload.container, calls, needs_before)
}

/// `Validate` by these calls, which may need to know how many issues there were `before`; and by the functions that look at
/// the whole value.
pub(super) fn implement(
    runtime: &TokenStream,
    ident: &Ident,
    container: &Container,
    calls: &TokenStream,
    needs_before: bool,
) -> TokenStream {
    let before = (needs_before || !container.refine.is_empty()).then(|| quote!(let before = issues.len();));
    let refine = refine(runtime, container, &quote!(self));
    let (path, issues) = if before.is_some() || !calls.is_empty() {
        (quote!(path), quote!(issues))
    } else {
        (quote!(_), quote!(_))
    };
    glue(&quote! {
        impl #runtime::Validate for #ident {
            fn validate_into(&self, #path: &#runtime::validate::Path<'_>, #issues: &mut #runtime::Issues) {
                #before
                #calls
                #refine
            }
        }
    })
}

fn may_enter(field: &Field) -> bool {
    !field.shape().is_primitive()
}

/// The function with a field's own rules.
fn check(payload: &Payload, field: &Field, index: usize) -> TokenStream {
    let (runtime, private, ty, check) =
        (&payload.runtime, private(&payload.runtime), &field.ty, local("check_", index));
    let asserts = rules::assert_in_order(&private, &field.rules);
    let rules = call_rules(&private, &field.rules);
    quote_spanned! {Span::mixed_site()=>
        #asserts
        #[inline]
        fn #check(value: &#ty, at: #private::rules::At<'_>, issues: &mut #runtime::Issues) {
            #rules
        }
    }
}

fn call_rules(private: &TokenStream, rules: &[Rule]) -> TokenStream {
    rules.iter().map(|rule| call_rule(private, rule)).collect()
}

/// The call of a rule, with the words of the user for its issues.
fn call_rule(private: &TokenStream, rule: &Rule) -> TokenStream {
    let call = call_plainly(private, rule);
    let Some(message) = &rule.message else { return call };
    let said = respan(quote!(#private::rules::said), Span::mixed_site().located_at(rule.span));
    quote_spanned!(Span::mixed_site()=> #said(#message, issues, |issues| { #call });)
}

/// The call of a rule, at the place of its key: there the compiler says that the rule does not fit the type.
fn call_plainly(private: &TokenStream, rule: &Rule) -> TokenStream {
    let span = Span::mixed_site().located_at(rule.span);
    let rules = respan(quote!(#private::rules), span);
    let call = |function: &str, arguments: TokenStream| {
        let function = Ident::new(function, span);
        quote_spanned!(span=> #rules::#function(value, #arguments at, issues);)
    };
    let inside = |function: &str, inside: &[Rule]| {
        let (function, inside) = (Ident::new(function, span), call_rules(private, inside));
        quote_spanned!(span=> #rules::#function(value, at, issues, |value, at, issues| { #inside });)
    };
    match &rule.kind {
        RuleKind::Length { min, max } => {
            let min = min.as_ref().map_or_else(|| quote!(0), count);
            let max = max.as_ref().map_or_else(|| quote!(usize::MAX), count);
            call("length", quote_spanned!(span=> #min, #max,))
        }
        RuleKind::Range { lower, upper } => {
            let is_float = [lower, upper].into_iter().flatten().any(|edge| edge.limit.number.is_float());
            let (lower, upper) = (edge(lower.as_ref(), is_float, span), edge(upper.as_ref(), is_float, span));
            call("range", quote_spanned!(span=> #lower, #upper,))
        }
        RuleKind::MultipleOf(number) => call("multiple_of", quote_spanned!(span=> #number,)),
        RuleKind::OneOfTexts(texts) => call("one_of_texts", quote_spanned!(span=> &[#(#texts),*],)),
        RuleKind::OneOfNumbers(numbers) => {
            let is_float = numbers.iter().any(|limit| limit.number.is_float());
            let numbers = numbers.iter().map(|limit| number(limit, is_float));
            call("one_of_numbers", quote_spanned!(span=> &[#(#numbers),*],))
        }
        RuleKind::Format(Format::Url(schemes)) if !schemes.is_empty() => {
            call("url_of", quote_spanned!(span=> &[#(#schemes),*],))
        }
        RuleKind::Format(Format::Uuid(Some(version))) => call("uuid_of", quote_spanned!(span=> #version,)),
        RuleKind::Format(format) => call(format_name(format), TokenStream::new()),
        RuleKind::Pattern(pattern) => match &pattern.scan {
            Some(takes) => {
                let (written, takes) = (&pattern.written, takes.iter().map(|one| take(private, one)));
                call("scanned", quote_spanned!(span=> |text| text #(#takes)* .end(), #written,))
            }
            None => matched(private, &pattern.written, span),
        },
        RuleKind::Part(part, text) => call(part.name(), quote_spanned!(span=> #text,)),
        RuleKind::Unique => call("unique", TokenStream::new()),
        RuleKind::Inner(rules) => inside("inner", rules),
        RuleKind::Keys(rules) => inside("keys", rules),
        RuleKind::OrEmpty(excused) => {
            let excused = call_rules(private, excused);
            quote_spanned!(span=> if !#rules::is_empty(value) { #excused })
        }
        RuleKind::Custom(path) => call("custom", quote_spanned!(span=> #path,)),
        RuleKind::Nested => TokenStream::new(),
    }
}

/// The function that checks a format.
const fn format_name(format: &Format) -> &'static str {
    match format {
        Format::Email => "email",
        Format::Url(_) => "url",
        Format::UriReference => "uri_reference",
        Format::Hostname => "hostname",
        Format::Uuid(_) => "uuid",
        Format::Ip => "ip",
        Format::Ipv4 => "ipv4",
        Format::Ipv6 => "ipv6",
        Format::DateTime => "datetime",
        Format::Date => "date",
        Format::Time => "time",
    }
}

/// One class of a scanner.
// Output: `.take(1, usize::MAX, const { &Class::of(&[(97, 122)]) })`, `.byte(45)`
fn take(private: &TokenStream, take: &Take) -> TokenStream {
    if let ([range], 1, Some(1)) = (&take.class[..], take.min, take.max)
        && range.start() == range.end()
    {
        let byte = range.start();
        return quote!(.byte(#byte));
    }
    let min = literal(take.min);
    let max = take.max.map_or_else(|| quote!(usize::MAX), literal);
    let ranges = take.class.iter().map(|range| {
        let (start, end) = (range.start(), range.end());
        quote!((#start, #end))
    });
    quote!(.take(#min, #max, const { &#private::rules::Class::of(&[#(#ranges),*]) }))
}

fn literal(number: u32) -> TokenStream {
    Literal::usize_suffixed(usize::try_from(number).unwrap_or(usize::MAX)).into_token_stream()
}

/// A pattern that is not a scan: compiled when it is first needed.
fn matched(private: &TokenStream, pattern: &LitStr, span: Span) -> TokenStream {
    quote_spanned! {span=> {
        static REGEX: ::std::sync::LazyLock<#private::Regex> =
            ::std::sync::LazyLock::new(|| #private::rules::regex(#pattern));
        #private::rules::pattern(value, &REGEX, #pattern, at, issues);
    }}
}

/// A bound of a length.
fn count(count: &Count) -> TokenStream {
    match count {
        Count::Number(number) => quote!(#number),
        Count::Constant(tokens) => tokens.clone(),
    }
}

/// A bound, as the user wrote it: there the compiler says that it is out of the type's range.
fn edge(edge: Option<&Edge>, is_float: bool, span: Span) -> TokenStream {
    let Some(Edge { limit, excluded }) = edge else {
        return quote_spanned!(span=> ::core::ops::Bound::Unbounded);
    };
    let number = number(limit, is_float);
    if *excluded {
        quote_spanned!(span=> ::core::ops::Bound::Excluded(#number))
    } else {
        quote_spanned!(span=> ::core::ops::Bound::Included(#number))
    }
}

/// A number, as the user wrote it; `0` beside `0.5` is a float.
fn number(Limit { number, tokens }: &Limit, is_float: bool) -> TokenStream {
    match number {
        #[allow(clippy::cast_precision_loss, reason = "as the compiler reads such a literal")]
        Numeral::Integer(number) if is_float => {
            let float = Literal::f64_unsuffixed(*number as f64).into_token_stream();
            respan(float, tokens.span())
        }
        _ => tokens.clone(),
    }
}

/// The calls for a field: its own rules, then those inside its value.
fn call(payload: &Payload, field: &Field, index: usize) -> TokenStream {
    let (private, name, member) = (private(&payload.runtime), &field.name, member(payload, field));
    let (at, path) = if field.flatten.is_some() || payload.form == Form::Transparent {
        (quote!(value(path)), quote!(path))
    } else {
        (quote!(field(path, #name)), quote!(&path.field(#name)))
    };
    let check = local("check_", index);
    let own = field.has_own_rules().then(|| quote!(#check(&self.#member, #private::rules::At::#at, issues);));
    let inside = enter::inside(payload, field, index)
        .map(|inside| quote!(#private::enter(#inside, &self.#member, #path, issues);));
    if own.is_none() && inside.is_none() { TokenStream::new() } else { quote!({ #own #inside }) }
}

/// The functions that look at all fields, when nothing is wrong with any of them.
pub(super) fn refine(runtime: &TokenStream, container: &Container, value: &TokenStream) -> TokenStream {
    let private = private(runtime);
    let calls = container.refine.iter().map(|path| {
        // The names of `validate_into` and `refine`, at the place of the user's path.
        let span = Span::call_site().located_at(path.span());
        let refine = respan(quote!(#private::rules::refine), span);
        quote_spanned!(span=> #refine(#value, #path, before, path, issues);)
    });
    quote!(#(#calls)*)
}

/// The same for the types of fields that are flattened.
pub(super) fn refine_flattened(payload: &Payload, value: &TokenStream) -> TokenStream {
    let private = private(&payload.runtime);
    let calls = each(payload, |Field { ident, flatten, .. }, _| match flatten {
        Some(_) => quote!(#private::Object::refine(&#value.#ident, before, path, issues);),
        None => TokenStream::new(),
    });
    quote!(#(#calls)*)
}
