//! The options of a function, as constants.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use super::tokens::{option, private, respan};
use crate::check::expression::Expression;
use crate::check::flow_control::{Batching, Concurrency, Debounce, Limit, Scope, Singleton, SingletonMode};
use crate::check::function::Function;
use crate::check::options::{CancelOn, Timeouts};

// Input:  `#[function(.., retries = 2, throttle(limit = 10, period = "1m"))]`
// Output: `options::Options::DEFAULT.retries(2).throttle(Some(options::Throttle::new(10, 60000, 1, None)))`
pub(super) fn expand(function: &Function) -> TokenStream {
    let (private, written) = (private(&function.runtime), &function.options);
    let options = &quote!(#private::options);
    let values = [
        ("retries", written.retries.map(|retries| quote!(#retries))),
        ("condition", written.condition.as_ref().map(some)),
        ("concurrency", slice(written.concurrency.iter().map(|limit| concurrency(limit, options)))),
        ("throttle", written.throttle.as_ref().map(|limit| throttle(limit, options))),
        ("rate_limit", written.rate_limit.as_ref().map(|limit| rate_limit(limit, options))),
        ("debounce", written.debounce.as_ref().map(|debounced| debounce(debounced, options))),
        ("batch", written.batch.as_ref().map(|batched| batch(batched, options))),
        ("priority", written.priority.as_ref().map(some)),
        ("singleton", written.singleton.as_ref().map(|one| singleton(one, options))),
        ("cancel_on", slice(written.cancel_on.iter().map(|cancel| cancel_on(cancel, function, options)))),
        ("idempotency", written.idempotency.as_ref().map(some)),
        ("timeouts", timeouts(written.timeouts, options)),
        ("crons", slice(written.crons.iter())),
    ];
    let calls = values.into_iter().filter_map(|(name, value)| {
        let (name, value) = (format_ident!("{name}"), value?);
        Some(quote!(.#name(#value)))
    });
    quote!(#options::Options::DEFAULT #(#calls)*)
}

fn concurrency(Concurrency { limit, key, scope }: &Concurrency, options: &TokenStream) -> TokenStream {
    let key = option(key.as_ref());
    let scope = match scope {
        Scope::Function => quote!(Function),
        Scope::Environment => quote!(Environment),
        Scope::Account => quote!(Account),
    };
    quote!(#options::Concurrency::new(#limit, #key, #options::Scope::#scope))
}

fn throttle(Limit { count, period_ms, burst, key }: &Limit, options: &TokenStream) -> TokenStream {
    let key = option(key.as_ref());
    some(quote!(#options::Throttle::new(#count, #period_ms, #burst, #key)))
}

fn rate_limit(Limit { count, period_ms, key, .. }: &Limit, options: &TokenStream) -> TokenStream {
    let key = option(key.as_ref());
    some(quote!(#options::RateLimit::new(#count, #period_ms, #key)))
}

fn debounce(Debounce { period_ms, timeout_ms, key }: &Debounce, options: &TokenStream) -> TokenStream {
    let (timeout, key) = (option(*timeout_ms), option(key.as_ref()));
    some(quote!(#options::Debounce::new(#period_ms, #timeout, #key)))
}

fn batch(Batching { max_size, timeout_ms, key }: &Batching, options: &TokenStream) -> TokenStream {
    let key = option(key.as_ref());
    some(quote!(#options::Batching::new(#max_size, #timeout_ms, #key)))
}

fn singleton(Singleton { mode, key }: &Singleton, options: &TokenStream) -> TokenStream {
    let key = option(key.as_ref());
    let mode = match mode {
        SingletonMode::Skip => quote!(Skip),
        SingletonMode::Cancel => quote!(Cancel),
    };
    some(quote!(#options::Singleton::new(#options::SingletonMode::#mode, #key)))
}

fn cancel_on(cancel: &CancelOn, function: &Function, options: &TokenStream) -> TokenStream {
    let (CancelOn { event, condition, timeout_ms }, runtime) = (cancel, &function.runtime);
    let (condition, timeout) = (option(condition.as_ref()), option(*timeout_ms));
    quote!(#options::CancelOn::new(<#event as #runtime::Event>::NAME, #condition, #timeout))
}

fn timeouts(Timeouts { start_ms, finish_ms }: Timeouts, options: &TokenStream) -> Option<TokenStream> {
    let (start, finish) = (option(start_ms), option(finish_ms));
    (start_ms.is_some() || finish_ms.is_some()).then(|| quote!(#options::Timeouts::new(#start, #finish)))
}

fn some(value: impl ToTokens) -> TokenStream {
    option(Some(value))
}

/// A slice in the expansion, unless it is empty.
fn slice(values: impl ExactSizeIterator<Item = impl ToTokens>) -> Option<TokenStream> {
    (values.len() > 0).then(|| quote!(&[#(#values),*]))
}

/// Compares the paths of every expression with the fields of the events that it reads, at the place of the expression.
pub(super) fn check_paths(function: &Function) -> TokenStream {
    let (private, trigger, written) = (private(&function.runtime), &function.trigger, &function.options);
    let check = |expression: &Expression, ty: &TokenStream, paths: &[Vec<String>]| {
        if paths.is_empty() {
            return TokenStream::new();
        }
        let check = quote!(const _: () = #private::assert_paths::<#ty>(&[#(&[#(#paths),*]),*]););
        respan(check, expression.literal.span())
    };
    let trigger = quote!(#trigger);
    let keys = written.concurrency.iter().filter_map(|limit| limit.key.as_ref());
    let limits =
        [&written.throttle, &written.rate_limit].into_iter().flatten().filter_map(|limit| limit.key.as_ref());
    let others = [
        written.condition.as_ref(),
        written.priority.as_ref(),
        written.idempotency.as_ref(),
        written.debounce.as_ref().and_then(|debounce| debounce.key.as_ref()),
        written.batch.as_ref().and_then(|batch| batch.key.as_ref()),
        written.singleton.as_ref().and_then(|singleton| singleton.key.as_ref()),
    ];
    let of_trigger = keys.chain(limits).chain(others.into_iter().flatten());
    let cancels = written.cancel_on.iter().filter_map(|cancel| Some((cancel, cancel.condition.as_ref()?)));
    let checks = of_trigger.map(|expression| check(expression, &trigger, &expression.of_event));
    let of_cancels = cancels.map(|(CancelOn { event, .. }, condition)| {
        let (of_event, of_async) = (
            check(condition, &trigger, &condition.of_event),
            check(condition, &quote!(#event), &condition.of_async),
        );
        quote!(#of_event #of_async)
    });
    let number = written.priority.as_ref().map(|priority| check_number(priority, &private, &trigger));
    checks.chain(of_cancels).chain(number).collect()
}

/// Compares the fields that are a priority as they are with their types, at the place of the expression.
fn check_number(priority: &Expression, private: &TokenStream, trigger: &TokenStream) -> TokenStream {
    let fields = priority.fields();
    if fields.is_empty() {
        return TokenStream::new();
    }
    let check = quote!(const _: () = #private::assert_numbers::<#trigger>(&[#(&[#(#fields),*]),*]););
    respan(check, priority.literal.span())
}

impl ToTokens for Expression {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.literal.to_tokens(tokens);
    }
}
