//! The events after the edits.

use std::collections::BTreeMap;

use event_runtime::prelude::*;

use super::even;
use super::types_after as after;

/// What is edited.
#[domain_events(foreign)]
pub(crate) enum Edit {
    /// The event of the edit `optional-added`.
    #[event(name = "optional-added", unhandled)]
    OptionalAdded { id: u64, note: Option<String> },
    /// The event of the edit `optional-skipped-added`.
    #[event(name = "optional-skipped-added", unhandled)]
    OptionalSkippedAdded {
        id: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// The event of the edit `default-added`.
    #[event(name = "default-added", unhandled)]
    DefaultAdded {
        id: u64,
        #[serde(default)]
        tags: Vec<String>,
    },
    /// The event of the edit `required-added`.
    #[event(name = "required-added", unhandled)]
    RequiredAdded { id: u64, note: String },
    /// The event of the edit `optional-removed`.
    #[event(name = "optional-removed", unhandled)]
    OptionalRemoved { id: u64 },
    /// The event of the edit `required-removed`.
    #[event(name = "required-removed", unhandled)]
    RequiredRemoved { id: u64 },
    /// The event of the edit `field-renamed`.
    #[event(name = "field-renamed", unhandled)]
    FieldRenamed { id: u64, email: String },
    /// The event of the edit `rust-field-renamed`.
    #[event(name = "rust-field-renamed", unhandled)]
    RustFieldRenamed {
        #[serde(rename = "customer_email")]
        email: String,
    },
    /// The event of the edit `range-widened`.
    #[event(name = "range-widened", unhandled)]
    RangeWidened {
        #[validate(range(min = 1, max = 20))]
        n: u32,
    },
    /// The event of the edit `range-narrowed`.
    #[event(name = "range-narrowed", unhandled)]
    RangeNarrowed {
        #[validate(range(min = 1, max = 5))]
        n: u32,
    },
    /// The event of the edit `range-added`.
    #[event(name = "range-added", unhandled)]
    RangeAdded {
        #[validate(range(min = 0))]
        n: i32,
    },
    /// The event of the edit `range-removed`.
    #[event(name = "range-removed", unhandled)]
    RangeRemoved { n: i32 },
    /// The event of the edit `enum-value-added`.
    #[event(name = "enum-value-added", unhandled)]
    EnumValueAdded { colour: after::Three },
    /// The event of the edit `enum-value-removed`.
    #[event(name = "enum-value-removed", unhandled)]
    EnumValueRemoved { colour: after::Two },
    /// The event of the edit `one-of-widened`.
    #[event(name = "one-of-widened", unhandled)]
    OneOfWidened {
        #[validate(one_of("eu", "us", "uk"))]
        region: String,
    },
    /// The event of the edit `one-of-narrowed`.
    #[event(name = "one-of-narrowed", unhandled)]
    OneOfNarrowed {
        #[validate(one_of("eu"))]
        region: String,
    },
    /// The event of the edit `type-to-text`.
    #[event(name = "type-to-text", unhandled)]
    TypeToText { n: String },
    /// The event of the edit `integer-to-number`.
    #[event(name = "integer-to-number", unhandled)]
    IntegerToNumber { n: f64 },
    /// The event of the edit `number-to-integer`.
    #[event(name = "number-to-integer", unhandled)]
    NumberToInteger { n: i64 },
    /// The event of the edit `integer-grows`.
    #[event(name = "integer-grows", unhandled)]
    IntegerGrows { n: u64 },
    /// The event of the edit `integer-shrinks`.
    #[event(name = "integer-shrinks", unhandled)]
    IntegerShrinks { n: u32 },
    /// The event of the edit `optional-to-required`.
    #[event(name = "optional-to-required", unhandled)]
    OptionalToRequired { note: String },
    /// The event of the edit `skipped-to-required`.
    #[event(name = "skipped-to-required", unhandled)]
    SkippedToRequired { note: String },
    /// The event of the edit `required-to-optional`.
    #[event(name = "required-to-optional", unhandled)]
    RequiredToOptional { note: Option<String> },
    /// The event of the edit `nested-optional-added`.
    #[event(name = "nested-optional-added", unhandled)]
    NestedOptionalAdded { line: after::LineWithNote },
    /// The event of the edit `nested-required-added`.
    #[event(name = "nested-required-added", unhandled)]
    NestedRequiredAdded { line: after::LineWithPrice },
    /// The event of the edit `docs-changed`.
    #[event(name = "docs-changed", unhandled)]
    DocsChanged {
        /// How many there are.
        n: u32,
    },
    /// The event of the edit `type-renamed`.
    #[event(name = "type-renamed", unhandled)]
    TypeRenamed { line: after::Row },
    /// The event of the edit `length-min-raised`.
    #[event(name = "length-min-raised", unhandled)]
    LengthMinRaised {
        #[validate(length(min = 3))]
        name: String,
    },
    /// The event of the edit `length-max-lowered`.
    #[event(name = "length-max-lowered", unhandled)]
    LengthMaxLowered {
        #[validate(length(max = 40))]
        name: String,
    },
    /// The event of the edit `length-max-raised`.
    #[event(name = "length-max-raised", unhandled)]
    LengthMaxRaised {
        #[validate(length(max = 80))]
        name: String,
    },
    /// The event of the edit `list-length-lowered`.
    #[event(name = "list-length-lowered", unhandled)]
    ListLengthLowered {
        #[validate(length(max = 3))]
        tags: Vec<String>,
    },
    /// The event of the edit `list-min-raised`.
    #[event(name = "list-min-raised", unhandled)]
    ListMinRaised {
        #[validate(length(min = 1))]
        tags: Vec<u8>,
    },
    /// The event of the edit `unique-added`.
    #[event(name = "unique-added", unhandled)]
    UniqueAdded {
        #[validate(unique)]
        tags: Vec<u8>,
    },
    /// The event of the edit `unique-removed`.
    #[event(name = "unique-removed", unhandled)]
    UniqueRemoved { tags: Vec<u8> },
    /// The event of the edit `multiple-changed`.
    #[event(name = "multiple-changed", unhandled)]
    MultipleChanged {
        #[validate(multiple_of(10))]
        n: u32,
    },
    /// The event of the edit `multiple-loosened`.
    #[event(name = "multiple-loosened", unhandled)]
    MultipleLoosened {
        #[validate(multiple_of(5))]
        n: u32,
    },
    /// The event of the edit `pattern-added`.
    #[event(name = "pattern-added", unhandled)]
    PatternAdded {
        #[validate(pattern("^[A-Z]{3}$"))]
        code: String,
    },
    /// The event of the edit `pattern-changed`.
    #[event(name = "pattern-changed", unhandled)]
    PatternChanged {
        #[validate(pattern("^[a-z]{1,3}$"))]
        code: String,
    },
    /// The event of the edit `pattern-removed`.
    #[event(name = "pattern-removed", unhandled)]
    PatternRemoved { code: String },
    /// The event of the edit `email-added`.
    #[event(name = "email-added", unhandled)]
    EmailAdded {
        #[validate(email)]
        to: String,
    },
    /// The event of the edit `email-removed`.
    #[event(name = "email-removed", unhandled)]
    EmailRemoved { to: String },
    /// The event of the edit `url-to-https`.
    #[event(name = "url-to-https", unhandled)]
    UrlToHttps {
        #[validate(url(scheme("https")))]
        link: String,
    },
    /// The event of the edit `date-to-datetime`.
    #[event(name = "date-to-datetime", unhandled)]
    DateToDatetime {
        #[validate(datetime)]
        day: String,
    },
    /// The event of the edit `uuid-to-v7`.
    #[event(name = "uuid-to-v7", unhandled)]
    UuidToV7 {
        #[validate(uuid(version = 7))]
        id: Uuid,
    },
    /// The event of the edit `starts-with-added`.
    #[event(name = "starts-with-added", unhandled)]
    StartsWithAdded {
        #[validate(starts_with("ab"))]
        code: String,
    },
    /// The event of the edit `or-empty-removed`.
    #[event(name = "or-empty-removed", unhandled)]
    OrEmptyRemoved {
        #[validate(pattern("^a"))]
        code: String,
    },
    /// The event of the edit `or-empty-added`.
    #[event(name = "or-empty-added", unhandled)]
    OrEmptyAdded {
        #[validate(pattern("^a"), or_empty)]
        code: String,
    },
    /// The event of the edit `inner-added`.
    #[event(name = "inner-added", unhandled)]
    InnerAdded {
        #[validate(inner(length(max = 3)))]
        tags: Vec<String>,
    },
    /// The event of the edit `map-value-narrowed`.
    #[event(name = "map-value-narrowed", unhandled)]
    MapValueNarrowed { prices: BTreeMap<String, u8> },
    /// The event of the edit `map-keys-narrowed`.
    #[event(name = "map-keys-narrowed", unhandled)]
    MapKeysNarrowed {
        #[validate(keys(length(min = 1, max = 3)))]
        prices: BTreeMap<String, u8>,
    },
    /// The event of the edit `custom-added`.
    #[event(name = "custom-added", unhandled)]
    CustomAdded {
        #[validate(custom = even)]
        n: u32,
    },
    /// The event of the edit `custom-removed`.
    #[event(name = "custom-removed", unhandled)]
    CustomRemoved { n: u32 },
    /// The event of the edit `tuple-grows`.
    #[event(name = "tuple-grows", unhandled)]
    TupleGrows { pair: (u8, u8, u8) },
    /// The event of the edit `set-to-list`.
    #[event(name = "set-to-list", unhandled)]
    SetToList { tags: Vec<u8> },
    /// The event of the edit `array-shrinks`.
    #[event(name = "array-shrinks", unhandled)]
    ArrayShrinks { pair: [u8; 2] },
    /// The event of the edit `variant-added`.
    #[event(name = "variant-added", unhandled)]
    VariantAdded { method: after::MoreMethod },
    /// The event of the edit `variant-removed`.
    #[event(name = "variant-removed", unhandled)]
    VariantRemoved { method: after::Method },
    /// The event of the edit `variant-field-added`.
    #[event(name = "variant-field-added", unhandled)]
    VariantFieldAdded { method: after::MethodWithYear },
    /// The event of the edit `variant-added-to-open`.
    #[event(name = "variant-added-to-open", unhandled)]
    VariantAddedToOpen { channel: after::MoreChannel },
    /// The event of the edit `enum-closes`.
    #[event(name = "enum-closes", unhandled)]
    EnumCloses { channel: after::Closed },
    /// The event of the edit `external-variant-added`.
    #[event(name = "external-variant-added", unhandled)]
    ExternalVariantAdded { shape: after::MoreShape },
    /// The event of the edit `newtype-introduced`.
    #[event(name = "newtype-introduced", unhandled)]
    NewtypeIntroduced { n: after::Quantity },
    /// The event of the edit `newtype-narrowed`.
    #[event(name = "newtype-narrowed", unhandled)]
    NewtypeNarrowed { n: after::SmallQuantity },
    /// The event of the edit `normalize-added`.
    #[event(name = "normalize-added", unhandled)]
    NormalizeAdded {
        #[normalize(trim)]
        name: String,
    },
    /// The event of the edit `sensitive-added`.
    #[event(name = "sensitive-added", unhandled)]
    SensitiveAdded {
        #[event(sensitive)]
        token: String,
    },
    /// The event of the edit `flattened`.
    #[event(name = "flattened", unhandled)]
    Flattened {
        #[serde(flatten)]
        audit: after::Audit,
    },
    /// The event of the edit `default-removed`.
    #[event(name = "default-removed", unhandled)]
    DefaultRemoved { tags: Vec<u8> },
    /// The event of the edit `recursive-grows`.
    #[event(name = "recursive-grows", unhandled)]
    RecursiveGrows { comment: after::CommentWithLikes },
    /// The event of the edit `recursive-narrowed`.
    #[event(name = "recursive-narrowed", unhandled)]
    RecursiveNarrowed { comment: after::ShortComment },
}

registry! { pub(crate) Events = [Edit]; }
