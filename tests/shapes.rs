//! What a payload can be: enums, open enums, newtypes, flattened fields, texts made uniform, sensitive fields.

#![allow(unreachable_pub, reason = "a test has no public interface")]

use std::collections::BTreeMap;

use event_runtime::prelude::*;
use event_runtime::validate::Issues;
use serde_json::{Value, json};

/// An e-mail address.
#[payload]
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Email(
    #[normalize(trim, lowercase)]
    #[validate(email)]
    String,
);

/// A number of things.
#[payload]
#[derive(Copy, PartialEq)]
pub struct Quantity(#[validate(range(min = 1, max = 99))] u8);

/// A card.
#[payload]
#[derive(PartialEq)]
pub struct CardDetails {
    #[validate(length(min = 4, max = 19))]
    number: String,
    #[validate(range(min = 1, max = 12))]
    exp_month: u8,
}

/// How something is paid.
#[payload]
#[derive(PartialEq)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Method {
    /// In notes and coins.
    Cash,
    /// By card.
    Card(CardDetails),
    /// From account to account.
    BankTransfer {
        #[validate(length(min = 15, max = 34))]
        iban: String,
        account_holder: Option<Email>,
    },
}

/// The same, with what it stands for in a field.
#[payload]
#[derive(PartialEq)]
#[serde(tag = "kind", content = "value")]
pub enum Adjacent {
    Nothing,
    Amount(#[validate(range(max = 100))] u32),
    Card { card: CardDetails },
}

/// The same, by its tag alone.
#[payload]
#[derive(PartialEq)]
pub enum External {
    Nothing,
    Amount(Quantity),
    Cards(Vec<CardDetails>),
    Point { x: f64, y: f64 },
}

/// A colour.
#[payload]
#[derive(Copy, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum Colour {
    Red,
    DarkBlue,
}

/// A kind that grows.
#[payload(open)]
#[derive(PartialEq)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Growing {
    Plain,
    Named {
        #[validate(length(min = 1))]
        name: String,
    },
}

/// A word that grows.
#[payload(open)]
#[derive(PartialEq, Eq, Hash)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    One,
    Two,
}

/// Where something is.
#[payload]
#[derive(PartialEq)]
pub struct Address {
    #[validate(length(min = 1))]
    city: String,
    #[serde(default)]
    zip: Option<String>,
}

/// Who did it.
#[payload]
#[derive(PartialEq)]
pub struct Audit {
    by: Uuid,
}

/// The details of an order.
#[payload]
#[derive(PartialEq)]
pub struct OrderDetails {
    #[validate(range(min = 1))]
    number: u32,
    email: Email,
}

/// The life of an order.
#[domain_events]
#[derive(PartialEq)]
pub enum OrderEvent {
    /// An order was created.
    Created(OrderDetails),
    /// An order was paid.
    Paid {
        method: Method,
        #[validate(length(max = 3))]
        others: Vec<Method>,
    },
    /// An order was refunded.
    Refunded(Method),
    /// An order was sent.
    Shipped {
        parcels: Quantity,
        #[serde(flatten)]
        address: Address,
        #[serde(flatten)]
        audit: Audit,
    },
    /// A token was given.
    Authorized {
        #[event(sensitive)]
        #[validate(length(min = 8))]
        token: String,
        #[event(sensitive)]
        pin: Option<u16>,
        #[normalize(nfc, trim, collapse_whitespace)]
        #[validate(length(min = 1, max = 10))]
        note: Option<String>,
    },
    /// Everything happened.
    Combined {
        adjacent: Option<Adjacent>,
        external: Vec<External>,
        colours: BTreeMap<Colour, Colour>,
        growing: Option<Growing>,
        word: Option<Word>,
        #[validate(length(max = 20))]
        email: Option<Email>,
    },
}

/// A list in itself, with the tag inside.
#[payload]
#[derive(PartialEq)]
#[serde(tag = "type")]
pub enum Chain {
    End,
    Link { next: Box<Chain> },
}

/// A list in itself, with the tag outside.
#[payload]
#[derive(PartialEq)]
pub enum Nest {
    End,
    In(Box<Nest>),
}

/// A number as a key.
#[payload]
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(#[validate(range(max = 9))] u64);

/// What was paid before.
#[payload]
#[serde(tag = "by")]
pub enum OldPayment {
    Cash { cents: u32 },
}

/// Payments.
#[domain_events]
#[derive(PartialEq)]
pub enum PaymentEvent {
    /// A payment was received.
    #[event(version = 2, upcast(OldPayment))]
    Received { cents: u32, counts: BTreeMap<Number, u8> },
}

impl Upcast<PaymentReceived> for OldPayment {
    fn upcast(self) -> PaymentReceived {
        let Self::Cash { cents } = self;
        PaymentReceived { cents, counts: BTreeMap::new() }
    }
}

fn issues<T: Payload>(json: &str) -> Vec<String> {
    let shown =
        |issues: Issues| issues.iter().map(|issue| format!("{} {}", issue.path, issue.code)).collect();
    T::parse_str(json).map(drop).map_err(shown).err().unwrap_or_default()
}

fn message<T: Payload>(json: &str) -> String {
    T::parse_str(json).map(drop).unwrap_err().to_string()
}

/// Reads, writes, and reads what was written.
#[allow(clippy::needless_pass_by_value, reason = "called with literals")]
#[track_caller]
fn round<T: Payload + serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(
    json: Value,
) -> T {
    let value = T::parse_str(&json.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&value).unwrap(), json);
    assert!(value.validate().is_ok());
    assert_eq!(serde_json::from_str::<T>(&json.to_string()).unwrap(), value);
    value
}

const CARD: &str = r#""number":"4111","exp_month":12"#;

#[test]
fn tags_beside_the_fields() {
    assert_eq!(round::<Method>(json!({ "type": "cash" })), Method::Cash);
    let card = CardDetails { number: "4111".into(), exp_month: 12 };
    assert_eq!(
        round::<Method>(json!({ "type": "card", "number": "4111", "exp_month": 12 })),
        Method::Card(card)
    );
    round::<Method>(
        json!({ "type": "bank_transfer", "iban": "DE89370400440532013000", "accountHolder": "a@b.de" }),
    );
    // The tag may come last, and a variant without content has room for what comes later.
    assert!(Method::parse_str(&format!(r#"{{{CARD},"type":"card"}}"#)).is_ok());
    assert_eq!(Method::parse(br#"{"number":7,"type":"cash"}"#).unwrap(), Method::Cash);
}

#[test]
fn issues_go_on_inside_the_variant() {
    assert_eq!(
        issues::<Method>(r#"{"type":"card","number":"1"}"#),
        ["number too_small", "exp_month required"]
    );
    assert_eq!(
        issues::<Method>(r#"{"iban":"","type":"bank_transfer","accountHolder":"x"}"#),
        ["iban too_small", "accountHolder invalid_format"]
    );
    let paid = r#"{"method":{"type":"card","number":"4111","exp_month":13},"others":[{"type":"cash"},{"type":"card","number":7}]}"#;
    assert_eq!(
        issues::<OrderPaid>(paid),
        ["method.exp_month too_big", "others[1].number invalid_type", "others[1].exp_month required"]
    );
    assert_eq!(
        issues::<OrderRefunded>(r#"{"type":"card","number":"4111","exp_month":0}"#),
        ["exp_month too_small"]
    );
    assert_eq!(issues::<Adjacent>(r#"{"kind":"Amount","value":101}"#), ["value too_big"]);
    assert_eq!(
        issues::<Adjacent>(r#"{"kind":"Card","value":{"card":{"number":"1"}}}"#),
        ["value.card.number too_small", "value.card.exp_month required"]
    );
    assert_eq!(issues::<External>(r#"{"Amount":0}"#), ["Amount too_small"]);
    assert_eq!(
        issues::<External>(r#"{"Cards":[{"number":"4111","exp_month":1},{"number":"4111","exp_month":0}]}"#),
        ["Cards[1].exp_month too_small"]
    );
    assert_eq!(issues::<External>(r#"{"Point":{"x":1}}"#), ["Point.y required"]);
    // What is typed has the same issues.
    let method = Method::Card(CardDetails { number: "1".into(), exp_month: 12 });
    assert_eq!(vec![method].validate().unwrap_err().iter().next().unwrap().path, "[0].number");
    let amount = External::Amount(Quantity(0)).validate().unwrap_err();
    assert_eq!(amount.iter().next().unwrap().path, "Amount");
    assert_eq!(Adjacent::Amount(101).validate().unwrap_err().iter().next().unwrap().path, "value");
}

#[test]
fn a_tag_that_is_not_known_is_one_issue() {
    let issues_of = |json: &str| OrderPaid::parse_str(json).unwrap_err();
    let found = issues_of(r#"{"method":{"type":"crad","number":7},"others":[]}"#);
    assert_eq!(found.len(), 1);
    let issue = found.iter().next().unwrap();
    assert_eq!((issue.path.as_str(), issue.code.as_ref()), ("method.type", "invalid_tag"));
    assert_eq!(issue.message, "must be one of `cash`, `card`, `bank_transfer`; did you mean `card`?");
    assert_eq!(issue.params.get("options"), Some(&json!(["cash", "card", "bank_transfer"])));
    assert_eq!(issue.params.get("nearest"), Some(&json!("card")));

    assert_eq!(issues::<Method>(r#"{"number":7}"#), ["type required"]);
    assert_eq!(issues::<Method>(r#"{"type":7}"#), ["type invalid_type"]);
    assert_eq!(issues::<Method>("7"), [" invalid_type"]);
    assert_eq!(issues::<Adjacent>(r#"{"kind":"amount","value":1}"#), ["kind invalid_tag"]);
    assert_eq!(issues::<Adjacent>(r#"{"value":1}"#), ["kind required"]);
    assert_eq!(issues::<Adjacent>(r#"{"kind":"Amount"}"#), ["value required"]);
    assert_eq!(issues::<External>(r#""Nothin""#), [" invalid_tag"]);
    assert_eq!(issues::<External>(r#"{"Amounts":1}"#), [" invalid_tag"]);
    assert_eq!(issues::<External>(r#"{"Amount":1,"Nothing":null}"#), [" invalid_type"]);
    assert_eq!(issues::<External>("{}"), [" invalid_type"]);
    assert_eq!(issues::<External>(r#""Amount""#), [" invalid_type"]);
    assert_eq!(issues::<External>(r#"{"Nothing":null}"#), [" invalid_type"]);
    assert_eq!(issues::<Colour>(r#""red-""#), [" invalid_tag"]);
    assert_eq!(
        message::<Colour>(r#""dark_blue""#),
        "must be one of `red`, `dark-blue`; did you mean `dark-blue`?"
    );
}

#[test]
fn the_other_taggings() {
    assert_eq!(round::<Adjacent>(json!({ "kind": "Nothing" })), Adjacent::Nothing);
    assert_eq!(round::<Adjacent>(json!({ "kind": "Amount", "value": 7 })), Adjacent::Amount(7));
    round::<Adjacent>(json!({ "kind": "Card", "value": { "card": { "number": "4111", "exp_month": 1 } } }));
    assert_eq!(round::<External>(json!("Nothing")), External::Nothing);
    assert_eq!(round::<External>(json!({ "Amount": 7 })), External::Amount(Quantity(7)));
    assert_eq!(
        round::<External>(json!({ "Point": { "x": 1.5, "y": 0.5 } })),
        External::Point { x: 1.5, y: 0.5 }
    );
    assert_eq!(round::<Colour>(json!("dark-blue")), Colour::DarkBlue);
    let combined = json!({
        "adjacent": { "kind": "Amount", "value": 7 },
        "external": ["Nothing", { "Amount": 3 }],
        "colours": { "red": "dark-blue" },
        "growing": { "type": "new", "a": [1] },
        "word": "three",
        "email": "a@b.de",
    });
    round::<OrderCombined>(combined);
}

#[test]
fn what_an_open_enum_does_not_know_is_kept() {
    let Growing::Unknown(unknown) = round::<Growing>(json!({ "a": [1, { "b": null }], "type": "new" }))
    else {
        panic!("it is not known")
    };
    assert_eq!(unknown.tag(), "new");
    assert_eq!(round::<Growing>(json!({ "type": "plain" })), Growing::Plain);
    assert_eq!(issues::<Growing>(r#"{"type":"named","name":""}"#), ["name too_small"]);
    assert_eq!(issues::<Growing>(r#"{"type":7}"#), ["type invalid_type"]);
    assert_eq!(issues::<Growing>("{}"), ["type required"]);
    assert!(matches!(round::<Word>(json!("three")), Word::Unknown(word) if word.tag() == "three"));
    assert!(
        matches!(round::<Word>(json!({ "four": { "a": 1 } })), Word::Unknown(word) if word.tag() == "four")
    );
    assert_eq!(issues::<Word>(r#"{"one":1}"#), [" invalid_type"]);
    assert_eq!(
        format!("{:?}", Growing::parse(br#"{"type":"x","password":"p"}"#).unwrap()),
        r#"Unknown(Unknown { tag: "x", .. })"#
    );
}

#[test]
fn newtypes_are_the_value_alone() {
    let email = round::<Email>(json!("ada@example.org"));
    assert_eq!(email.to_string(), "ada@example.org");
    assert_eq!((email.len(), AsRef::<str>::as_ref(&email)), (15, "ada@example.org"));
    assert_eq!(issues::<Email>(r#""ada""#), [" invalid_format"]);
    assert_eq!(issues::<Email>("7"), [" invalid_type"]);
    assert_eq!(
        issues::<OrderCombined>(r#"{"external":[],"colours":{},"email":"ada-lovelace@example.org"}"#),
        ["email too_big"]
    );
    let quantity = Quantity::try_from(7).unwrap();
    assert_eq!((*quantity, u8::from(quantity)), (7, 7));
    assert_eq!(Quantity::try_from(100).unwrap_err().to_string(), "must be at most 99, is 100");
    assert_eq!(Email::try_from(" ADA@Example.org\n".to_owned()).unwrap(), email);
    assert_eq!(String::from(email), "ada@example.org");
}

#[test]
fn an_event_around_a_payload() {
    let json = json!({ "number": 7, "email": "a@b.de" });
    let created = round::<OrderCreated>(json);
    assert_eq!(created.number, 7);
    assert_eq!(
        issues::<OrderCreated>(r#"{"number":0,"email":"x"}"#),
        ["number too_small", "email invalid_format"]
    );
    assert_eq!(issues::<OrderCreated>("[]"), [" invalid_type"]);
    let details: OrderDetails = created.clone().into();
    assert_eq!(OrderCreated::from(details), created);
    let names: Vec<_> = OrderCreated::DESCRIPTOR.fields.iter().map(|field| field.name).collect();
    assert_eq!(names, ["number", "email"]);
    let names: Vec<_> = OrderRefunded::DESCRIPTOR.fields.iter().map(|field| field.name).collect();
    assert_eq!(names, ["type", "number", "exp_month", "iban", "accountHolder"]);
    assert_eq!(OrderCreated::schema().to_value()["properties"]["number"]["minimum"], 1);
    assert!(matches!(OrderEvent::from(created), OrderEvent::Created(OrderCreated(_))));
}

#[test]
fn flattened_fields_stand_among_the_others() {
    let by = "0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f";
    let shipped = round::<OrderShipped>(json!({ "by": by, "city": "Ulm", "parcels": 2, "zip": null }));
    assert_eq!(shipped.address.city, "Ulm");
    assert_eq!(
        issues::<OrderShipped>(r#"{"city":"","parcels":0}"#),
        ["parcels too_small", "city too_small", "by required"]
    );
    let names: Vec<_> = OrderShipped::DESCRIPTOR.fields.iter().map(|field| field.name).collect();
    assert_eq!(names, ["parcels", "city", "zip", "by"]);
    let schema = OrderShipped::schema().to_value();
    assert_eq!(schema["required"], json!(["parcels", "city", "by"]));
    assert_eq!(schema["examples"][0]["by"], by);
}

#[test]
fn texts_are_made_uniform_before_the_rules() {
    let note = |note: &str| {
        let json = json!({ "token": "12345678", "note": note }).to_string();
        OrderAuthorized::parse_str(&json).map(|authorized| authorized.note.unwrap())
    };
    assert_eq!(note("  e\u{301} \t\n x ").unwrap(), "é x");
    assert_eq!(note("  \t ").unwrap_err().iter().next().unwrap().code, "too_small");
    // With another field wrong, the rules see the same text.
    assert_eq!(
        issues::<OrderAuthorized>(r#"{"token":7,"note":"      123456     "}"#),
        ["token invalid_type"]
    );
    assert_eq!(Email::parse("\" ADA@Example.ORG \"".as_bytes()).unwrap().to_string(), "ada@example.org");
    assert_eq!(issues::<OrderCreated>(r#"{"number":0,"email":" A@B.de "}"#), ["number too_small"]);
    // A typed value stays as it is.
    let typed = OrderAuthorized { token: "12345678".into(), pin: None, note: Some(" a ".into()) };
    assert_eq!(serde_json::to_value(&typed).unwrap()["note"], " a ");
    assert_eq!(
        OrderAuthorized::schema().to_value()["properties"]["note"]["x-normalize"],
        json!(["nfc", "collapse_whitespace", "trim"])
    );
}

#[test]
fn sensitive_values_are_shown_nowhere() {
    let authorized = OrderAuthorized { token: "open sesame".into(), pin: Some(4711), note: None };
    assert_eq!(format!("{authorized:?}"), "OrderAuthorized { token: •••, pin: •••, note: None }");
    assert_eq!(
        format!("{:?}", OrderEvent::from(authorized)),
        "Authorized(OrderAuthorized { token: •••, pin: •••, note: None })"
    );
    for json in [
        r#"{"token":"sesame"}"#,
        r#"{"token":"sesame","pin":"sesame"}"#,
        r#"{"token":["sesame"],"pin":471100}"#,
    ] {
        let issues = OrderAuthorized::parse_str(json).unwrap_err();
        let text = format!("{issues} {issues:?} {}", serde_json::to_string(&issues).unwrap());
        assert!(!text.contains("sesame") && !text.contains("4711"), "{text}");
    }
    assert_eq!(message::<OrderAuthorized>(r#"{"token":"sesame"}"#), "token: must have at least 8 characters");
    let schema = OrderAuthorized::schema().to_value();
    assert_eq!(schema["properties"]["token"]["x-sensitive"], true);
    assert!(schema["properties"]["note"].get("x-sensitive").is_none());
    let flags: Vec<_> = OrderAuthorized::DESCRIPTOR.fields.iter().map(|field| field.sensitive).collect();
    assert_eq!(flags, [true, true, false]);
}

#[test]
fn what_is_there_twice_is_told() {
    assert_eq!(issues::<Method>(r#"{"type":"cash","type":"cash"}"#), ["type invalid_type"]);
    assert_eq!(
        issues::<Method>(&format!(r#"{{"type":"card",{CARD},"type":"card"}}"#)),
        ["type invalid_type"]
    );
    assert_eq!(
        issues::<Method>(r#"{"type":"bank_transfer","iban":"DE89370400440532013000","type":1}"#),
        ["type invalid_type"]
    );
    assert_eq!(
        issues::<Method>(&format!(r#"{{"type":"card",{CARD},"exp_month":1}}"#)),
        ["exp_month invalid_type"]
    );
    assert_eq!(issues::<Adjacent>(r#"{"kind":"Amount","value":1,"kind":"Nothing"}"#), ["kind invalid_type"]);
    assert_eq!(issues::<Adjacent>(r#"{"value":1,"kind":"Amount","value":1}"#), ["value invalid_type"]);
    assert_eq!(issues::<External>(r#"{"Amount":1,"Amount":1}"#), [" invalid_type"]);
    let by = "0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f";
    assert_eq!(
        issues::<OrderShipped>(&format!(r#"{{"parcels":1,"city":"a","city":"b","by":"{by}"}}"#)),
        ["city invalid_type"]
    );
    // The tag of another level does not count.
    assert!(
        Chain::parse(br#"{"type":"Link","next":{"type":"End","more":{"type":1}},"other":{"type":2}}"#)
            .is_ok()
    );
}

#[test]
fn bad_input_is_an_issue_and_no_panic() {
    let chain = |levels: usize| {
        format!(
            "{}{}{}",
            r#"{"next":"#.repeat(levels),
            r#"{"type":"End"}"#,
            r#","type":"Link"}"#.repeat(levels)
        )
    };
    assert!(Chain::parse_str(&chain(100)).is_ok());
    let found = Chain::parse_str(&chain(1_000)).unwrap_err();
    assert_eq!((found.len(), found.iter().next().unwrap().code.as_ref()), (1, "too_big"));
    let nest = |levels: usize| format!("{}{}{}", r#"{"In":"#.repeat(levels), r#""End""#, "}".repeat(levels));
    assert!(Nest::parse_str(&nest(100)).is_ok());
    assert_eq!(Nest::parse_str(&nest(10_000)).unwrap_err().len(), 1);
    let whole =
        r#"{"method":{"number":"4111","exp_month":12,"type":"c\u0061rd"},"others":[{"type":"cash"}]}"#;
    assert!(OrderPaid::parse_str(whole).is_ok());
    for end in 0..whole.len() {
        let found = OrderPaid::parse_str(&whole[..end]).unwrap_err();
        assert_eq!(
            (found.len(), found.iter().next().unwrap().code.as_ref()),
            (1, "invalid_json"),
            "{}",
            &whole[..end]
        );
    }
    assert_eq!(issues::<Method>(r#"{"type":"\ud800"}"#), ["type invalid_format"]);
    assert_eq!(issues::<External>(r#"{"\ud800":1}"#), [" invalid_tag"]);
}

#[test]
fn a_newtype_is_a_key() {
    let received = round::<PaymentReceived>(json!({ "cents": 1, "counts": { "7": 1 } }));
    assert_eq!(received.counts[&Number(7)], 1);
    assert_eq!(issues::<PaymentReceived>(r#"{"cents":1,"counts":{"10":1}}"#), [r#"counts["10"] too_big"#]);
}

#[test]
fn an_older_payload_may_be_an_enum() {
    let received = PaymentReceived::parse_version(1, r#"{"by":"Cash","cents":7}"#).unwrap();
    assert_eq!(received.cents, 7);
    let issues = PaymentReceived::parse_version(1, r#"{"by":"Cards"}"#).unwrap_err();
    assert_eq!(issues.iter().next().unwrap().code, "invalid_tag");
}
