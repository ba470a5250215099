//! The events before the edits.

use std::collections::{BTreeMap, BTreeSet};

use event_runtime::prelude::*;

use super::even;
use super::types_before as before;

/// What is edited.
#[domain_events(foreign)]
pub(crate) enum Edit {
    /// The event of the edit `optional-added`.
    #[event(name = "optional-added", unhandled)]
    OptionalAdded { id: u64 },
    /// The event of the edit `optional-skipped-added`.
    #[event(name = "optional-skipped-added", unhandled)]
    OptionalSkippedAdded { id: u64 },
    /// The event of the edit `default-added`.
    #[event(name = "default-added", unhandled)]
    DefaultAdded { id: u64 },
    /// The event of the edit `required-added`.
    #[event(name = "required-added", unhandled)]
    RequiredAdded { id: u64 },
    /// The event of the edit `optional-removed`.
    #[event(name = "optional-removed", unhandled)]
    OptionalRemoved { id: u64, note: Option<String> },
    /// The event of the edit `required-removed`.
    #[event(name = "required-removed", unhandled)]
    RequiredRemoved { id: u64, note: String },
    /// The event of the edit `field-renamed`.
    #[event(name = "field-renamed", unhandled)]
    FieldRenamed { id: u64, customer_email: String },
    /// The event of the edit `rust-field-renamed`.
    #[event(name = "rust-field-renamed", unhandled)]
    RustFieldRenamed { customer_email: String },
    /// The event of the edit `range-widened`.
    #[event(name = "range-widened", unhandled)]
    RangeWidened {
        #[validate(range(min = 1, max = 10))]
        n: u32,
    },
    /// The event of the edit `range-narrowed`.
    #[event(name = "range-narrowed", unhandled)]
    RangeNarrowed {
        #[validate(range(min = 1, max = 10))]
        n: u32,
    },
    /// The event of the edit `range-added`.
    #[event(name = "range-added", unhandled)]
    RangeAdded { n: i32 },
    /// The event of the edit `range-removed`.
    #[event(name = "range-removed", unhandled)]
    RangeRemoved {
        #[validate(range(min = 0))]
        n: i32,
    },
    /// The event of the edit `enum-value-added`.
    #[event(name = "enum-value-added", unhandled)]
    EnumValueAdded { colour: before::Two },
    /// The event of the edit `enum-value-removed`.
    #[event(name = "enum-value-removed", unhandled)]
    EnumValueRemoved { colour: before::Three },
    /// The event of the edit `one-of-widened`.
    #[event(name = "one-of-widened", unhandled)]
    OneOfWidened {
        #[validate(one_of("eu", "us"))]
        region: String,
    },
    /// The event of the edit `one-of-narrowed`.
    #[event(name = "one-of-narrowed", unhandled)]
    OneOfNarrowed {
        #[validate(one_of("eu", "us"))]
        region: String,
    },
    /// The event of the edit `type-to-text`.
    #[event(name = "type-to-text", unhandled)]
    TypeToText { n: u32 },
    /// The event of the edit `integer-to-number`.
    #[event(name = "integer-to-number", unhandled)]
    IntegerToNumber { n: u32 },
    /// The event of the edit `number-to-integer`.
    #[event(name = "number-to-integer", unhandled)]
    NumberToInteger { n: f64 },
    /// The event of the edit `integer-grows`.
    #[event(name = "integer-grows", unhandled)]
    IntegerGrows { n: u32 },
    /// The event of the edit `integer-shrinks`.
    #[event(name = "integer-shrinks", unhandled)]
    IntegerShrinks { n: u64 },
    /// The event of the edit `optional-to-required`.
    #[event(name = "optional-to-required", unhandled)]
    OptionalToRequired { note: Option<String> },
    /// The event of the edit `skipped-to-required`.
    #[event(name = "skipped-to-required", unhandled)]
    SkippedToRequired {
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// The event of the edit `required-to-optional`.
    #[event(name = "required-to-optional", unhandled)]
    RequiredToOptional { note: String },
    /// The event of the edit `nested-optional-added`.
    #[event(name = "nested-optional-added", unhandled)]
    NestedOptionalAdded { line: before::Line },
    /// The event of the edit `nested-required-added`.
    #[event(name = "nested-required-added", unhandled)]
    NestedRequiredAdded { line: before::Line },
    /// The event of the edit `docs-changed`.
    #[event(name = "docs-changed", unhandled)]
    DocsChanged {
        /// The number.
        n: u32,
    },
    /// The event of the edit `type-renamed`.
    #[event(name = "type-renamed", unhandled)]
    TypeRenamed { line: before::Line },
    /// The event of the edit `length-min-raised`.
    #[event(name = "length-min-raised", unhandled)]
    LengthMinRaised {
        #[validate(length(min = 1))]
        name: String,
    },
    /// The event of the edit `length-max-lowered`.
    #[event(name = "length-max-lowered", unhandled)]
    LengthMaxLowered {
        #[validate(length(max = 80))]
        name: String,
    },
    /// The event of the edit `length-max-raised`.
    #[event(name = "length-max-raised", unhandled)]
    LengthMaxRaised {
        #[validate(length(max = 40))]
        name: String,
    },
    /// The event of the edit `list-length-lowered`.
    #[event(name = "list-length-lowered", unhandled)]
    ListLengthLowered {
        #[validate(length(max = 9))]
        tags: Vec<String>,
    },
    /// The event of the edit `list-min-raised`.
    #[event(name = "list-min-raised", unhandled)]
    ListMinRaised { tags: Vec<u8> },
    /// The event of the edit `unique-added`.
    #[event(name = "unique-added", unhandled)]
    UniqueAdded { tags: Vec<u8> },
    /// The event of the edit `unique-removed`.
    #[event(name = "unique-removed", unhandled)]
    UniqueRemoved {
        #[validate(unique)]
        tags: Vec<u8>,
    },
    /// The event of the edit `multiple-changed`.
    #[event(name = "multiple-changed", unhandled)]
    MultipleChanged {
        #[validate(multiple_of(5))]
        n: u32,
    },
    /// The event of the edit `multiple-loosened`.
    #[event(name = "multiple-loosened", unhandled)]
    MultipleLoosened {
        #[validate(multiple_of(10))]
        n: u32,
    },
    /// The event of the edit `pattern-added`.
    #[event(name = "pattern-added", unhandled)]
    PatternAdded { code: String },
    /// The event of the edit `pattern-changed`.
    #[event(name = "pattern-changed", unhandled)]
    PatternChanged {
        #[validate(pattern("^[a-z]+$"))]
        code: String,
    },
    /// The event of the edit `pattern-removed`.
    #[event(name = "pattern-removed", unhandled)]
    PatternRemoved {
        #[validate(pattern("^[A-Z]{3}$"))]
        code: String,
    },
    /// The event of the edit `email-added`.
    #[event(name = "email-added", unhandled)]
    EmailAdded { to: String },
    /// The event of the edit `email-removed`.
    #[event(name = "email-removed", unhandled)]
    EmailRemoved {
        #[validate(email)]
        to: String,
    },
    /// The event of the edit `url-to-https`.
    #[event(name = "url-to-https", unhandled)]
    UrlToHttps {
        #[validate(url)]
        link: String,
    },
    /// The event of the edit `date-to-datetime`.
    #[event(name = "date-to-datetime", unhandled)]
    DateToDatetime {
        #[validate(date)]
        day: String,
    },
    /// The event of the edit `uuid-to-v7`.
    #[event(name = "uuid-to-v7", unhandled)]
    UuidToV7 { id: Uuid },
    /// The event of the edit `starts-with-added`.
    #[event(name = "starts-with-added", unhandled)]
    StartsWithAdded { code: String },
    /// The event of the edit `or-empty-removed`.
    #[event(name = "or-empty-removed", unhandled)]
    OrEmptyRemoved {
        #[validate(pattern("^a"), or_empty)]
        code: String,
    },
    /// The event of the edit `or-empty-added`.
    #[event(name = "or-empty-added", unhandled)]
    OrEmptyAdded {
        #[validate(pattern("^a"))]
        code: String,
    },
    /// The event of the edit `inner-added`.
    #[event(name = "inner-added", unhandled)]
    InnerAdded { tags: Vec<String> },
    /// The event of the edit `map-value-narrowed`.
    #[event(name = "map-value-narrowed", unhandled)]
    MapValueNarrowed { prices: BTreeMap<String, u16> },
    /// The event of the edit `map-keys-narrowed`.
    #[event(name = "map-keys-narrowed", unhandled)]
    MapKeysNarrowed { prices: BTreeMap<String, u8> },
    /// The event of the edit `custom-added`.
    #[event(name = "custom-added", unhandled)]
    CustomAdded { n: u32 },
    /// The event of the edit `custom-removed`.
    #[event(name = "custom-removed", unhandled)]
    CustomRemoved {
        #[validate(custom = even)]
        n: u32,
    },
    /// The event of the edit `tuple-grows`.
    #[event(name = "tuple-grows", unhandled)]
    TupleGrows { pair: (u8, u8) },
    /// The event of the edit `set-to-list`.
    #[event(name = "set-to-list", unhandled)]
    SetToList { tags: BTreeSet<u8> },
    /// The event of the edit `array-shrinks`.
    #[event(name = "array-shrinks", unhandled)]
    ArrayShrinks { pair: [u8; 3] },
    /// The event of the edit `variant-added`.
    #[event(name = "variant-added", unhandled)]
    VariantAdded { method: before::Method },
    /// The event of the edit `variant-removed`.
    #[event(name = "variant-removed", unhandled)]
    VariantRemoved { method: before::MoreMethod },
    /// The event of the edit `variant-field-added`.
    #[event(name = "variant-field-added", unhandled)]
    VariantFieldAdded { method: before::Method },
    /// The event of the edit `variant-added-to-open`.
    #[event(name = "variant-added-to-open", unhandled)]
    VariantAddedToOpen { channel: before::Channel },
    /// The event of the edit `enum-closes`.
    #[event(name = "enum-closes", unhandled)]
    EnumCloses { channel: before::Channel },
    /// The event of the edit `external-variant-added`.
    #[event(name = "external-variant-added", unhandled)]
    ExternalVariantAdded { shape: before::Shape },
    /// The event of the edit `newtype-introduced`.
    #[event(name = "newtype-introduced", unhandled)]
    NewtypeIntroduced {
        #[validate(range(min = 1, max = 99))]
        n: u8,
    },
    /// The event of the edit `newtype-narrowed`.
    #[event(name = "newtype-narrowed", unhandled)]
    NewtypeNarrowed { n: before::Quantity },
    /// The event of the edit `normalize-added`.
    #[event(name = "normalize-added", unhandled)]
    NormalizeAdded { name: String },
    /// The event of the edit `sensitive-added`.
    #[event(name = "sensitive-added", unhandled)]
    SensitiveAdded { token: String },
    /// The event of the edit `flattened`.
    #[event(name = "flattened", unhandled)]
    Flattened { by: String },
    /// The event of the edit `default-removed`.
    #[event(name = "default-removed", unhandled)]
    DefaultRemoved {
        #[serde(default)]
        tags: Vec<u8>,
    },
    /// The event of the edit `recursive-grows`.
    #[event(name = "recursive-grows", unhandled)]
    RecursiveGrows { comment: before::Comment },
    /// The event of the edit `recursive-narrowed`.
    #[event(name = "recursive-narrowed", unhandled)]
    RecursiveNarrowed { comment: before::Comment },
}

registry! { pub(crate) Events = [Edit]; }
