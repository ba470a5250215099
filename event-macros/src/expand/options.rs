//! The options of a function, as constants.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::payload::respan;
use super::private;
use crate::check::expression::Expression;
use crate::check::function::Function;
use crate::check::options::{CancelOn, Concurrency, Limit, RunOptions};

// Input:  `#[function(.., retries = 2, throttle(limit = 10, period = "1m"))]`
// Output: `options::Options::DEFAULT.retries(2).throttle(Some(options::Throttle::new(10, 60000, 1, None)))`
pub(crate) fn expand(function: &Function) -> TokenStream {
    let (private, written) = (private(&function.runtime), &function.options);
    let options = quote!(#private::options);
    let mut calls = TokenStream::new();
    let mut set = |name: &str, value: Option<TokenStream>| {
        if let Some(value) = value {
            let name = format_ident!("{name}");
            calls.extend(quote!(.#name(#value)));
        }
    };
    set("retries", written.retries.map(|retries| quote!(#retries)));
    set("condition", written.condition.as_ref().map(some));
    set("concurrency", concurrency(written, &options));
    set(
        "throttle",
        written.throttle.as_ref().map(|Limit { count, period_ms, burst, key }| {
            let key = optional(key.as_ref());
            quote!(::core::option::Option::Some(#options::Throttle::new(#count, #period_ms, #burst, #key)))
        }),
    );
    set(
        "rate_limit",
        written.rate_limit.as_ref().map(|Limit { count, period_ms, key, .. }| {
            let key = optional(key.as_ref());
            quote!(::core::option::Option::Some(#options::RateLimit::new(#count, #period_ms, #key)))
        }),
    );
    set(
        "debounce",
        written.debounce.as_ref().map(|debounce| {
            let (period, timeout) = (debounce.period_ms, number(debounce.timeout_ms));
            let key = optional(debounce.key.as_ref());
            quote!(::core::option::Option::Some(#options::Debounce::new(#period, #timeout, #key)))
        }),
    );
    set(
        "batch",
        written.batch.as_ref().map(|batch| {
            let (max_size, timeout, key) = (batch.max_size, batch.timeout_ms, optional(batch.key.as_ref()));
            quote!(::core::option::Option::Some(#options::Batching::new(#max_size, #timeout, #key)))
        }),
    );
    set("priority", written.priority.as_ref().map(some));
    set("singleton", written.singleton.as_ref().map(|singleton| {
        let (mode, key) = (format_ident!("{}", singleton.mode), optional(singleton.key.as_ref()));
        quote!(::core::option::Option::Some(#options::Singleton::new(#options::SingletonMode::#mode, #key)))
    }));
    set("cancel_on", cancel_on(function, &options));
    set("idempotency", written.idempotency.as_ref().map(some));
    let (start, finish) = written.timeouts;
    if start.is_some() || finish.is_some() {
        let (start, finish) = (number(start), number(finish));
        set("timeouts", Some(quote!(#options::Timeouts::new(#start, #finish))));
    }
    if !written.crons.is_empty() {
        let crons = &written.crons;
        set("crons", Some(quote!(&[#(#crons),*])));
    }
    quote!(#options::Options::DEFAULT #calls)
}

fn concurrency(written: &RunOptions, options: &TokenStream) -> Option<TokenStream> {
    let limits = written.concurrency.iter().map(|Concurrency { limit, key, scope }| {
        let (key, scope) = (optional(key.as_ref()), format_ident!("{scope}"));
        quote!(#options::Concurrency::new(#limit, #key, #options::Scope::#scope))
    });
    (!written.concurrency.is_empty()).then(|| quote!(&[#(#limits),*]))
}

fn cancel_on(function: &Function, options: &TokenStream) -> Option<TokenStream> {
    let (runtime, written) = (&function.runtime, &function.options.cancel_on);
    let events = written.iter().map(|CancelOn { event, condition, timeout_ms }| {
        let (condition, timeout) = (optional(condition.as_ref()), number(*timeout_ms));
        quote!(#options::CancelOn::new(<#event as #runtime::Event>::NAME, #condition, #timeout))
    });
    (!written.is_empty()).then(|| quote!(&[#(#events),*]))
}

/// Compares the paths of every expression with the fields of the events that it reads, at the place of the expression.
pub(crate) fn check_paths(function: &Function) -> TokenStream {
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

/// `Some("..")`
fn some(expression: &Expression) -> TokenStream {
    let literal = &expression.literal;
    quote!(::core::option::Option::Some(#literal))
}

fn optional(expression: Option<&Expression>) -> TokenStream {
    expression.map_or_else(|| quote!(::core::option::Option::None), some)
}

fn number(milliseconds: Option<u64>) -> TokenStream {
    match milliseconds {
        Some(milliseconds) => quote!(::core::option::Option::Some(#milliseconds)),
        None => quote!(::core::option::Option::None),
    }
}
