//! The options of a function, as constants.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use super::tokens::{end, option, private, respan};
use crate::check::expression::{Expression, Key};
use crate::check::flow_control::{Batching, Concurrency, Debounce, Limit, Scope, Singleton, SingletonMode};
use crate::check::function::Function;
use crate::check::options::{CancelOn, Condition, RunOptions, Timeouts};

// Input:  `#[function(.., retries = 2, throttle(limit = 10, period = "1m"))]`
// Output: `options::Options::DEFAULT.retries(2).throttle(Some(options::Throttle::new(10, 60000, 1, None)))`
pub(super) fn expand(function: &Function) -> TokenStream {
    let (private, written) = (private(&function.runtime), &function.options);
    let options = &quote!(#private::options);
    let values = [
        ("retries", written.retries.map(|retries| quote!(#retries))),
        ("condition", written.condition.as_ref().map(some)),
        ("concurrency", slice(written.concurrency.iter().map(|limit| concurrency(limit, function, options)))),
        ("throttle", written.throttle.as_ref().map(|limit| throttle(limit, function, options))),
        ("rate_limit", written.rate_limit.as_ref().map(|limit| rate_limit(limit, function, options))),
        ("debounce", written.debounce.as_ref().map(|debounced| debounce(debounced, function, options))),
        ("batch", written.batch.as_ref().map(|batched| batch(batched, function, options))),
        ("priority", written.priority.as_ref().map(some)),
        ("singleton", written.singleton.as_ref().map(|one| singleton(one, function, options))),
        ("cancel_on", slice(written.cancel_on.iter().map(|cancel| cancel_on(cancel, function, options)))),
        ("idempotency", written.idempotency.as_ref().map(|key| some(expression(key, function)))),
        ("timeouts", timeouts(written.timeouts, options)),
        ("crons", slice(written.crons.iter())),
        ("jitter", written.jitter_ms.map(|jitter| quote!(#jitter))),
    ];
    let calls = values.into_iter().filter_map(|(name, value)| {
        let (name, value) = (format_ident!("{name}"), value?);
        Some(quote!(.#name(#value)))
    });
    quote!(#options::Options::DEFAULT #(#calls)*)
}

/// The expression of a key. That of the event is made by the runtime, which knows the fields.
fn expression(key: &Key, function: &Function) -> TokenStream {
    let (private, trigger) = (private(&function.runtime), &function.trigger);
    match key {
        Key::Expression(expression) => quote!(#expression),
        Key::OfEvent(_) => quote!(#private::key_of::<#trigger>()),
    }
}

fn key(key: Option<&Key>, function: &Function) -> TokenStream {
    option(key.map(|key| expression(key, function)))
}

fn concurrency(
    Concurrency { limit, key: by, scope }: &Concurrency,
    function: &Function,
    options: &TokenStream,
) -> TokenStream {
    let key = key(by.as_ref(), function);
    let scope = match scope {
        Scope::Function => quote!(Function),
        Scope::Environment => quote!(Environment),
        Scope::Account => quote!(Account),
    };
    quote!(#options::Concurrency::new(#limit, #key, #options::Scope::#scope))
}

fn throttle(limit: &Limit, function: &Function, options: &TokenStream) -> TokenStream {
    let Limit { count, period_ms, burst, key: by } = limit;
    let key = key(by.as_ref(), function);
    some(quote!(#options::Throttle::new(#count, #period_ms, #burst, #key)))
}

fn rate_limit(limit: &Limit, function: &Function, options: &TokenStream) -> TokenStream {
    let Limit { count, period_ms, key: by, .. } = limit;
    let key = key(by.as_ref(), function);
    some(quote!(#options::RateLimit::new(#count, #period_ms, #key)))
}

fn debounce(debounce: &Debounce, function: &Function, options: &TokenStream) -> TokenStream {
    let Debounce { period_ms, timeout_ms, key: by } = debounce;
    let (timeout, key) = (option(*timeout_ms), key(by.as_ref(), function));
    some(quote!(#options::Debounce::new(#period_ms, #timeout, #key)))
}

fn batch(batch: &Batching, function: &Function, options: &TokenStream) -> TokenStream {
    let Batching { max_size, timeout_ms, key: by, condition } = batch;
    let (key, condition) = (key(by.as_ref(), function), option(condition.as_ref()));
    some(quote!(#options::Batching::new(#max_size, #timeout_ms, #key, #condition)))
}

fn singleton(singleton: &Singleton, function: &Function, options: &TokenStream) -> TokenStream {
    let Singleton { mode, key: by } = singleton;
    let key = key(by.as_ref(), function);
    let mode = match mode {
        SingletonMode::Skip => quote!(Skip),
        SingletonMode::Cancel => quote!(Cancel),
    };
    some(quote!(#options::Singleton::new(#options::SingletonMode::#mode, #key)))
}

fn cancel_on(cancel: &CancelOn, function: &Function, options: &TokenStream) -> TokenStream {
    let (CancelOn { event, condition, timeout_ms, .. }, runtime) = (cancel, &function.runtime);
    let (private, trigger) = (private(runtime), &function.trigger);
    let condition = condition.as_ref().map(|condition| match condition {
        Condition::Expression(expression) => quote!(#expression),
        Condition::SameKey(_) => quote!(#private::same_key::<#trigger, #event>()),
    });
    let (condition, timeout) = (option(condition), option(*timeout_ms));
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

/// Compares the paths of every expression with the fields of the events that it reads, and checks that an event whose key is
/// asked for has one: each at its own place.
pub(super) fn checks(function: &Function) -> Vec<TokenStream> {
    let (private, trigger, written) = (private(&function.runtime), &function.trigger, &function.options);
    let keys = keys(written).filter_map(|(key, option)| match key {
        Key::Expression(expression) => check_paths(expression, &private, trigger),
        Key::OfEvent(span) => Some(respan(quote!(#private::assert_key::<#trigger>(#option)), *span)),
    });
    let of_batch = written.batch.as_ref().and_then(|batch| batch.condition.as_ref());
    let expressions = [written.condition.as_ref(), written.priority.as_ref(), of_batch].into_iter().flatten();
    let expressions = expressions.filter_map(|expression| check_paths(expression, &private, trigger));
    let cancels =
        written.cancel_on.iter().filter_map(|cancel| Some((&cancel.event, cancel.condition.as_ref()?)));
    let cancels = cancels.flat_map(|(event, condition)| match condition {
        Condition::Expression(expression) => {
            let of_async = check_fields(expression, "async", &private, event);
            [check_paths(expression, &private, trigger), of_async]
        }
        Condition::SameKey(span) => {
            [Some(respan(quote!(#private::assert_same_key::<#trigger, #event>()), *span)), None]
        }
    });
    let number = written.priority.as_ref().and_then(|priority| check_number(priority, &private, trigger));
    keys.chain(expressions).chain(cancels.flatten()).chain(number).chain(own_events(function)).collect()
}

/// Checks that no event that the function declares to send cancels it.
fn own_events(function: &Function) -> impl Iterator<Item = TokenStream> {
    let (private, marker) = (private(&function.runtime), &function.marker);
    let cancels = function.options.cancel_on.iter();
    let cancels = cancels.filter(|cancel| function.emits.is_some() && !cancel.allows_own);
    cancels.map(move |CancelOn { event, .. }| {
        respan(quote!(#private::assert_not_own::<#marker, #event>()), end(event))
    })
}

/// The keys of the options, each with what an expression is written to.
fn keys(written: &RunOptions) -> impl Iterator<Item = (&Key, &'static str)> {
    let limits = [&written.throttle, &written.rate_limit].into_iter().flatten();
    let keys = [
        written.debounce.as_ref().and_then(|debounce| debounce.key.as_ref()),
        written.batch.as_ref().and_then(|batch| batch.key.as_ref()),
        written.singleton.as_ref().and_then(|singleton| singleton.key.as_ref()),
    ];
    let keys = written
        .concurrency
        .iter()
        .filter_map(|limit| limit.key.as_ref())
        .chain(limits.filter_map(|limit| limit.key.as_ref()))
        .chain(keys.into_iter().flatten());
    keys.map(|key| (key, "key")).chain(written.idempotency.iter().map(|key| (key, "idempotency")))
}

/// Compares the paths that an expression reads of the event that starts the function.
fn check_paths(
    expression: &Expression,
    private: &TokenStream,
    trigger: &impl ToTokens,
) -> Option<TokenStream> {
    check_fields(expression, "event", private, trigger)
}

/// Compares the paths that an expression reads of a variable, `event` or `async`, with the event or the trigger `ty`.
pub(super) fn check_fields(
    expression: &Expression,
    variable: &str,
    private: &TokenStream,
    ty: &impl ToTokens,
) -> Option<TokenStream> {
    let paths = if variable == "event" { &expression.of_event } else { &expression.of_async };
    let check = quote!({
        use #private::NoEvents as _;
        #private::assert_paths(#private::EventsOf::<#ty>::EVENTS, #variable, &[#(&[#(#paths),*]),*])
    });
    (!paths.is_empty()).then(|| respan(check, expression.literal.span()))
}

/// Compares the fields that are a priority as they are with their types, at the place of the expression.
fn check_number(
    priority: &Expression,
    private: &TokenStream,
    trigger: &impl ToTokens,
) -> Option<TokenStream> {
    let fields = priority.fields();
    let check = quote!(#private::assert_numbers::<#trigger>(&[#(&[#(#fields),*]),*]));
    (!fields.is_empty()).then(|| respan(check, priority.literal.span()))
}

impl ToTokens for Expression {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.literal.to_tokens(tokens);
    }
}
