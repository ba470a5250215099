//! The macros and their options.

/// Makes an enum of past-tense actions a set of events.
///
/// Each variant becomes a payload struct, `Created` of `WorkflowEvent` the struct `WorkflowCreated`, with serde, JSON Schema,
/// `Debug`, `Clone`, [`Validate`](trait@crate::Validate) and [`Event`](crate::Event); the enum becomes one over its payloads,
/// with a constant for each name.
///
/// ```
/// use event_runtime::prelude::*;
///
/// /// The life of an order.
/// #[domain_events]
/// #[serde(rename_all = "camelCase")]
/// pub enum OrderEvent {
///     /// An order was placed.
///     Placed {
///         order_id: u64,
///         #[validate(email)]
///         buyer: String,
///     },
///     /// An order was cancelled.
///     #[event(unhandled)]
///     Cancelled { order_id: u64 },
/// }
///
/// assert_eq!(OrderEvent::PLACED, "order/placed");
/// let placed = OrderPlaced::parse(br#"{ "orderId": 7, "buyer": "ada@example.org" }"#).unwrap();
/// assert!(matches!(OrderEvent::from(placed), OrderEvent::Placed(OrderPlaced { order_id: 7, .. })));
/// ```
///
/// | above the enum | meaning |
/// |---|---|
/// | `domain = "billing-account"` | the domain, if it does not follow from the name of the enum |
/// | `past_tense("yeeted")`, `singular("kudos")` | words that the naming rules do not know; one that no name needs is an error |
/// | `common(tenant: TenantId, ..)` | fields that every event has, before its own; with documentation, rules and the attributes of any field |
/// | `owner = "payments"`, `deprecated(since = "2026-01-31", note = "..")` | defaults for all its events: see below |
/// | `js_safe` | integers that go beyond 2^53, which JavaScript does not read exactly, are refused unless a `range` keeps them in: those of the fields, of what they hold, and of nested types with `#[payload]` |
/// | `foreign` | the names come from another system: each variant states its own, `#[event(name = "user.signed_up")]` |
/// | `crate = ::path` | the path of this crate, if it is renamed |
///
/// | above a variant | meaning |
/// |---|---|
/// | `#[event(version = 2, upcast(OrderPlacedV1))]` | the version of the payload, and the payloads before it: see [`Upcast`](crate::Upcast) |
/// | `#[event(unhandled)]` | no function of the application handles it, on purpose: [`functions!`](crate::functions!) does not warn |
/// | `#[event(action = "ipv4-assigned")]` | the action, if it does not follow from the variant (`IPv4Assigned`); checked like any other |
/// | `#[event(payload = StepWasCompleted)]` | the name of the payload struct, if the usual one is taken by another event of the module or by a type of yours |
/// | `#[event(owner = "payments")]` | the team that owns it: in the descriptor, the documentation and the JSON Schema (`x-owner`) |
/// | `#[event(deprecated(since = "2026-01-31", note = ".."))]` | it should not be used in new code: shown in the descriptor, the documentation and the JSON Schema (`deprecated`, `x-deprecated-since`, `x-deprecated-note`). The compiler does not warn, since events that were sent must still be handled |
/// | `#[validate(refine = path)]` | a rule across fields: see [`validate`](crate::validate) |
/// | `#[deprecated]` | deprecated in Rust too: the compiler warns where the payload is used |
///
/// | above a field | meaning |
/// |---|---|
/// | `#[validate(..)]` | rules: see [`validate`](crate::validate) |
/// | `#[normalize(trim, lowercase, nfc, collapse_whitespace)]` | normalizes a text when JSON is decoded, before the rules are checked: see [`payload`] |
/// | `#[event(sensitive)]` | redacts its value in `Debug` and issues: see [`payload`] |
/// | `#[serde(flatten)]` | the fields of its type, a struct with `#[payload]`, are placed among the others |
/// | `#[event(key)]` | marks what the event is about, such as the id of an order: see [`key`](crate::key). Several fields form one key |
/// | `#[validate(example = ..)]` | the value of the field in the example of the documentation; for a type that is not a text, JSON in a text |
///
/// **Documentation.** The page of the enum has a table of its events, that of a payload an example made from types and rules,
/// which the JSON Schema repeats and a generated test validates, unless the type is private. A field needs `example = ..`
/// where a rule is not simple enough to find a value for. A nested type is shown as `<OrderLine>`: in the test and in the
/// JSON Schema its own example stands there, or what its JSON Schema makes obvious. There is no example where `refine` looks
/// at all fields, unless one field gives its own. The table shows the first paragraph of what is written above a variant;
/// `#[doc = include_str!("..")]` counts as documentation, `#[doc(hidden)]` keeps a variant or a field off the page, and
/// `#[doc(alias = "..")]` is kept.
///
/// **Conditions.** `#[cfg(..)]` may be used on variants and fields. `#[cfg_attr(feature = "mail", validate(email))]` is, if its
/// condition holds, the same as `#[validate(email)]`; this goes for all attributes of the enum, its variants and their fields,
/// including documentation and `deprecated`.
///
/// **Names in JSON.** The name of an event follows from the enum and the variant, and nothing else changes it. The names of
/// fields are those of the struct, unless `#[serde(rename = "..")]` above the field or `#[serde(rename_all = "..")]` above the
/// variant or the enum says otherwise; payload, JSON Schema and the paths of issues all follow that. `#[serde(default)]` and
/// `#[serde(skip_serializing_if = "..")]` are honoured too; every other attribute of serde is refused, with the reason.
#[doc(inline)]
pub use event_macros::domain_events;

/// Makes a struct or an enum part of payloads: serde, JSON Schema, `Debug`, `Clone` and validation, from one declaration. The
/// attributes of a struct and of fields are those of a variant and its fields in [`domain_events`].
///
/// ```
/// use event_runtime::prelude::*;
///
/// /// One line of an order.
/// #[payload]
/// pub struct OrderLine {
///     #[validate(range(min = 1, max = 99))]
///     quantity: u8,
///     product: Uuid,
/// }
///
/// assert!(OrderLine::parse(br#"{ "quantity": 0, "product": "no" }"#).is_err_and(|issues| issues.len() == 2));
/// ```
///
/// # Newtypes
///
/// A newtype, a tuple struct of one field, is that value in JSON, in the JSON Schema and in the paths of issues. Rules fit it as
/// they fit the value. `TryFrom` checks the rules; `Deref`, `AsRef`, `Display` and `From` return the value.
///
/// ```
/// use event_runtime::prelude::*;
///
/// /// An e-mail address.
/// #[payload]
/// pub struct Email(
///     #[normalize(trim, lowercase)]
///     #[validate(email)]
///     String,
/// );
///
/// let email = Email::parse(br#"" Ada@Example.org ""#).unwrap();
/// assert_eq!(email.to_string(), "ada@example.org");
/// assert!(Email::try_from("nobody".to_owned()).is_err());
/// ```
///
/// In [`domain_events`] a variant around a payload, `Created(OrderDetails)`, makes the event's payload such a struct,
/// `OrderCreated(pub OrderDetails)`: its JSON is that of `OrderDetails`, and `From` makes it of one.
///
/// # Enums
///
/// | above an enum | JSON of a variant | issues of its field |
/// |---|---|---|
/// | nothing | `"Cash"`, `{ "Card": { "number": ".." } }` | `Card.number` |
/// | `#[serde(tag = "type")]` | `{ "type": "Card", "number": ".." }` | `number` |
/// | `#[serde(tag = "type", content = "data")]` | `{ "type": "Card", "data": { "number": ".." } }` | `data.number` |
///
/// A variant holds nothing, named fields, or one value without a name; beside a tag that value is an object: a struct with
/// `#[payload]`, or an enum that is one. `#[serde(rename_all = "..")]` above the enum is about the tags,
/// `rename_all_fields` about the fields of all variants; `rename` and `rename_all` above a variant are about its tag and its
/// fields. Unknown fields are ignored, beside a tag too. `#[validate(refine = path)]` above the enum looks at the whole value.
///
/// An unknown tag is a single issue, `invalid_tag`, at the tag: `options` lists the tags, and `nearest` is the one that was probably
/// meant. The JSON Schema is `oneOf` the variants, each with its tag as a `const`; an enum of undocumented texts is an `enum`.
///
/// ```
/// use event_runtime::prelude::*;
///
/// /// How something is paid.
/// #[payload]
/// #[serde(tag = "type", rename_all = "snake_case")]
/// pub enum Method {
///     /// In notes and coins.
///     Cash,
///     /// By card.
///     Card {
///         #[validate(range(min = 1, max = 12))]
///         exp_month: u8,
///     },
/// }
///
/// let issues = Method::parse(br#"{ "type": "card", "exp_month": 13 }"#).unwrap_err();
/// assert_eq!(issues.to_string(), "exp_month: must be at most 12, is 13");
/// let issues = Method::parse(br#"{ "type": "crad" }"#).unwrap_err();
/// assert_eq!(issues.to_string(), "type: must be one of `cash`, `card`; did you mean `card`?");
/// ```
///
/// `#[payload(open)]` adds a variant `Unknown`, which keeps a value with an unknown tag as an
/// [`Unknown`](crate::validate::Unknown) and writes it back unchanged: an older program passes on what a newer one sends.
///
/// # Normalization
///
/// `#[normalize(..)]` above a `String`, or one in an `Option`, a `Vec` or a `Box`, is applied wherever JSON becomes a value, before
/// the rules; a value made in Rust stays as it is. The steps are always applied in this order: `nfc` (composed characters, Unicode's
/// NFC), `lowercase`, `collapse_whitespace` (one space for each run of white space), `trim`. It allocates only where it changes
/// something that does not fit into its place. The JSON Schema describes the uniform text, and lists what is done as `x-normalize`.
///
/// # Sensitive fields
///
/// The value of a field with `#[event(sensitive)]` is shown as `•••` by `Debug`; its issues say which rule is broken, and nothing of
/// the value; the JSON Schema says `x-sensitive`, and [`Field::sensitive`](crate::validate::Field) is set. It is sent and stored as
/// it is, unless the application has the middleware of the feature `encryption`.
///
/// ```
/// use event_runtime::prelude::*;
///
/// /// A login.
/// #[payload]
/// pub struct Login {
///     user: String,
///     #[event(sensitive)]
///     #[validate(length(min = 8))]
///     password: String,
/// }
///
/// let login = Login { user: "ada".into(), password: "open sesame".into() };
/// assert_eq!(format!("{login:?}"), r#"Login { user: "ada", password: ••• }"#);
/// ```
///
/// # Flattened fields
///
/// `#[serde(flatten)]` above a field whose type is a struct with `#[payload]` puts the fields of that struct among the others, in
/// JSON, in the JSON Schema and in the paths of issues. Two fields with one name are an error of the compiler.
#[doc(inline)]
pub use event_macros::payload;

/// Derives validation alone, for a struct that has its own serde and JSON Schema implementations. Those of serde's attributes are
/// followed that decide where a value is read, so that issues have the paths of the JSON: `rename`, `rename_all` (of
/// `rename(serialize = .., deserialize = ..)` the name that is read), `flatten` and `transparent`. A field with `skip` or
/// `skip_deserializing` is not in the JSON, and its rules are not checked.
///
/// ```
/// use event_runtime::Validate;
///
/// #[derive(serde::Deserialize, Validate)]
/// struct Money {
///     #[validate(one_of("EUR", "USD"))]
///     currency: String,
///     #[validate(range(min = 0))]
///     cents: i64,
/// }
///
/// assert!(Money { currency: "EUR".into(), cents: -1 }.validate().is_err());
/// ```
#[doc(inline)]
pub use event_macros::Validate;

/// Makes an async function react to events: those of the type in its `&Context<..>`, one event or a whole domain; or
/// [`Either`](crate::Either) of several, a [`Batch`](crate::Batch) of them, or a time ([`Cron`](crate::Cron)).
///
/// The macro adds a marker type in PascalCase with the visibility of the function: lists, `step.invoke` and the test kit name the
/// function by it. Tests in other modules need at least `pub(crate) async fn`.
///
/// ```
/// use event_runtime::prelude::*;
///
/// # #[domain_events]
/// # pub enum OrderEvent {
/// #     /// An order was placed.
/// #     Placed { id: u64 },
/// #     /// An order was confirmed.
/// #     Confirmed { id: u64 },
/// # }
/// /// Confirms an order.
/// #[function(id = "order-placed-confirmation", retries = 2, emits(OrderConfirmed))]
/// async fn confirm(ctx: &Context<OrderPlaced>) -> Result<()> {
///     ctx.step.send("confirm", OrderConfirmed { id: ctx.event.id }).await?;
///     Ok(())
/// }
/// ```
///
/// In the body, as far as the macro sees them, steps are checked too: they do not nest, they do not send what cancels the function
/// ([`cancel_on`](crate::guide::flow_control)), and literals of [`matching`](crate::WaitForEvent::matching) read fields that the events have.
///
/// A function with `emits` has a context of its own type, so that its helpers send nothing else either. A helper is generic over
/// what may be sent: `async fn helper<F>(ctx: &Context<OrderPlaced, F>)`, and where it sends an event itself,
/// `where OrderConfirmed: EmittedBy<F>`.
///
/// | option | meaning |
/// |---|---|
/// | `id = ".."` | `domain-action-purpose`, unique in the application; `domain-purpose` for a whole domain; for `Either`, its first event decides; any for a `cron` |
/// | `name = ".."` | a name for people; the id unless set |
/// | `retries = 4` | how often a failed step, or the function itself, is retried: 0 to 20, 4 unless set |
/// | `was = "old-id"`, `was("one", "another")` | former ids of the function: runs that are stored under them are its own |
/// | `on_failure = apologise` | the function that runs when a run has failed for good: it takes `&Context<Failed<..>>` |
/// | `if`, `concurrency`, `throttle`, `rate_limit`, `debounce`, `batch`, `priority`, `singleton`, `cancel_on`, `idempotency`, `timeouts`, `cron` | when, how often and in which order it runs: see [the guide](crate::guide::flow_control) |
/// | `emits(A, B)` | the events that it may send: sending any other is a compile error |
/// | `allow_cycle` | allows the events that it emits to start it again |
/// | `foreign` | turns the naming rules for its id off |
/// | `marker = Name` | another name for the marker type, by which it is listed then: needed if the module has a type of that name, or the prelude |
/// | `crate = ::path` | the path of this crate, if it is renamed |
#[doc(inline)]
pub use event_macros::function;

/// Makes the methods of an `impl` block that are marked with [`function`] react to events. They take `&self`: the instance that was
/// registered with [`provide`](crate::AppBuilder::provide), which holds their dependencies. See [`App`](crate::App) for an example,
/// and [Services and clients](crate::guide::services).
#[doc(inline)]
pub use event_macros::controller;

/// Declares the registry of an application: the explicit list of its event sets. See [`Registry`](crate::Registry).
///
/// `registry! { pub AppEvents with AppMeta = [..]; }` names metadata that comes with every event, a struct with [`payload`]: see
/// [`Metadata`](crate::Metadata).
///
/// A set is listed by the name or the path of its enum, not by a type alias: the enum has a macro of the same name, hidden in the
/// documentation, which lists the names of its events.
#[macro_export]
macro_rules! registry {
    ($($tokens:tt)*) => { $crate::__private_v0_1::registry! { ($crate) $($tokens)* } };
}

/// Returns the [`EventDescriptor`](crate::EventDescriptor) of an event of a registry by its name; an unknown name is a compile error.
///
/// ```
/// use event_runtime::{event, prelude::*};
///
/// /// The life of a user.
/// #[domain_events]
/// pub enum UserEvent {
///     /// A user was created.
///     Created { id: u64 },
/// }
///
/// registry! { pub AppEvents = [UserEvent]; }
///
/// assert_eq!(event!(AppEvents, "user/created").action, "created");
/// ```
#[macro_export]
macro_rules! event {
    ($($tokens:tt)*) => { $crate::__private_v0_1::event! { ($crate) $($tokens)* } };
}

/// Declares functions of other applications, which [`Step::invoke`](crate::Step::invoke) calls through an Inngest server: of another crate, or
/// of a program in another language. Each declaration has the id of the application, that of the function, the event that it takes, and what it
/// returns, which is read from JSON.
///
/// What an application calls stands in its list of functions, beside its own.
///
/// ```
/// use event_runtime::{foreign, prelude::*};
///
/// /// What is paid.
/// #[domain_events]
/// pub enum PaymentEvent {
///     /// A payment was requested.
///     Requested { cents: u64 },
/// }
///
/// # /// The life of an order.
/// # #[domain_events]
/// # pub enum OrderEvent {
/// #     /// An order was placed.
/// #     Placed { cents: u64 },
/// # }
/// /// The receipt of a payment.
/// #[derive(serde::Deserialize)]
/// pub struct Receipt {
///     number: u32,
/// }
///
/// foreign! {
///     /// Charges a card.
///     pub ChargeCard = "billing" / "payment-requested-charger": PaymentRequested -> Receipt;
///     /// An id that follows other rules than ours.
///     pub RateCard = "risk" / "rateCard" as foreign: PaymentRequested -> f64;
/// }
///
/// /// Has an order paid.
/// #[function(id = "order-placed-payment")]
/// async fn pay(ctx: &Context<OrderPlaced>) -> Result<u32> {
///     let request = PaymentRequested { cents: ctx.event.cents };
///     Ok(ctx.step.invoke::<ChargeCard>("charge", request).await?.number)
/// }
///
/// registry! { pub AppEvents = [OrderEvent]; }
/// functions! { pub AppFunctions in AppEvents = [pay, ChargeCard, RateCard]; }
/// ```
///
/// An embedded engine has no other applications: it refuses to start
/// ([`StartError::ForeignFunction`](crate::embedded::StartError::ForeignFunction)). In the test kit a test says what such a step gives, with
/// [`mock_step`](crate::testing::TestEngine::mock_step); one that is not mocked fails, and says its name.
#[macro_export]
macro_rules! foreign {
    ($($tokens:tt)*) => { $crate::__private_v0_1::foreign! { ($crate) $($tokens)* } };
}

/// Declares a list of functions, by their names, by their controllers, or by other such lists.
///
/// A function is listed by its path, `mail::send_mail`, or by its marker, `SendMail`. After `use mail::send_mail` the name alone is not
/// enough, since that does not import the marker. Import the marker instead, or write the path.
///
/// A list that names a registry is that of an application. Every trigger must be registered, and the compiler warns of each
/// event of the registry that no function handles, at its variant:
///
/// ```text
/// warning: use of deprecated associated function `..`: event `order/shipped` is handled by no function of `AppFunctions`:
///          write one, or mark the variant `#[event(unhandled)]`
/// ```
///
/// A list without a registry is a part, such as the functions of one crate, for use in other lists.
///
/// ```
/// use event_runtime::prelude::*;
///
/// # #[domain_events]
/// # pub enum OrderEvent {
/// #     /// An order was placed.
/// #     Placed { id: u64 },
/// #     /// An order was shipped.
/// #     #[event(unhandled)]
/// #     Shipped { id: u64 },
/// # }
/// # /// Reserves what was ordered.
/// # #[function(id = "order-placed-reservation")]
/// # async fn reserve(ctx: &Context<OrderPlaced>) -> Result<()> { Ok(()) }
/// registry! { pub AppEvents = [OrderEvent]; }
///
/// functions! {
///     /// The functions of orders.
///     pub OrderFunctions = [reserve];
/// }
///
/// functions! {
///     /// Every function of the application.
///     pub AppFunctions in AppEvents = [OrderFunctions];
/// }
/// ```
///
/// An event that is marked so in the same crate, and is handled after all, has a warning too: the mark is stale. A function that no
/// list names is unused, and the compiler warns of it at its name.
///
/// In tests, where lists are partial by nature, there is no warning; elsewhere `#[allow(deprecated)]` above the list silences it. See [`App`](crate::App) for a whole application.
#[macro_export]
macro_rules! functions {
    ($($tokens:tt)*) => { $crate::__private_v0_1::functions! { ($crate) $($tokens)* } };
}
