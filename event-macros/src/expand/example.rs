//! An example of a payload as JSON, made from the types and rules of its fields.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Expr, ExprLit, GenericArgument, Ident, Lit, LitStr, PathArguments, Type, UnOp, Visibility};

use super::sample::{DATETIME, UUID, float, integer, quoted, text};
use super::tokens::{option, private};
use super::{choice, docs, payload};
use crate::check::choice::{Choice, Tagging, Variant};
use crate::check::field::Field;
use crate::check::payload::{Form, Payload};
use crate::check::rule::{Rule, RuleKind};

/// An example, or a part of one. A macro knows no other type than the one that it stands on, so that the example of a nested
/// type is found when the program runs: in the JSON Schema of that type.
#[derive(Clone)]
struct Example {
    /// The text in the documentation, with `<OrderLine>` for a nested type.
    shown: String,
    /// The JSON, with `null` for a nested type.
    json: String,
    /// The nested types, by their places (JSON Pointer).
    nested: Vec<(String, Type)>,
}

impl Example {
    /// An example that is known.
    fn known(json: String) -> Self {
        Self { shown: json.clone(), json, nested: Vec::new() }
    }

    /// An example that only the type knows.
    fn nested(ty: &Type) -> Self {
        let shown = format!("<{}>", docs::type_text(ty));
        Self { shown, json: "null".to_owned(), nested: vec![(String::new(), ty.clone())] }
    }

    /// This example in a larger one, at a step further down.
    fn at(mut self, step: &str, wrap: impl Fn(&str) -> String) -> Self {
        let step = step.replace('~', "~0").replace('/', "~1");
        self.nested.iter_mut().for_each(|(pointer, _)| pointer.insert_str(0, &format!("/{step}")));
        Self { shown: wrap(&self.shown), json: wrap(&self.json), nested: self.nested }
    }
}

/// The section of the documentation.
pub(super) fn section(payload: &Payload) -> Option<String> {
    of_payload(payload).map(shown_in_section)
}

/// The section of the documentation of an enum: its first variant that has an example.
pub(super) fn section_of_choice(choice: &Choice) -> Option<String> {
    choice.variants.iter().find_map(|variant| of_variant(choice, variant)).map(shown_in_section)
}

fn shown_in_section(Example { shown, nested, .. }: Example) -> String {
    let language = if nested.is_empty() { "json" } else { "text" };
    let mut links: Vec<String> = nested.iter().map(|(_, ty)| docs::link(&ty.to_token_stream())).collect();
    links.dedup();
    let links: Vec<String> = links.into_iter().filter(|link| link.starts_with('[')).collect();
    let more = if links.is_empty() { String::new() } else { format!("\n\nSee {}.", links.join(", ")) };
    format!("# Example\n\n```{language}\n{shown}\n```{more}")
}

/// A test that the example is valid, where the type is declared. None of a private type: it may stand in a function, where
/// rustc runs no test and warns of it, and nobody else reads its documentation.
pub(super) fn test(payload: &Payload) -> Option<TokenStream> {
    if matches!(payload.vis, Visibility::Inherited) {
        return None;
    }
    let (private, ident) = (private(&payload.runtime), &payload.ident);
    let Example { json, nested, .. } = of_payload(payload)?;
    let pointers = nested.iter().map(|(pointer, _)| pointer);
    let assert = quote!(#private::assert_example::<#ident>(#json, &[#(#pointers),*]););
    Some(test_of(ident, &assert, payload::allow(payload).as_ref()))
}

/// A test that the examples in the JSON Schema of an enum are valid.
pub(super) fn test_of_choice(choice: &Choice) -> Option<TokenStream> {
    if matches!(choice.vis, Visibility::Inherited) {
        return None;
    }
    let (private, ident, cfgs) = (private(&choice.runtime), &choice.ident, &choice.container.cfgs);
    let assert = quote!(#private::assert_examples::<#ident>(););
    let test = test_of(ident, &assert, choice::allow(choice).as_ref());
    Some(quote!(#(#cfgs)* #test))
}

fn test_of(ident: &Ident, assert: &TokenStream, allow: Option<&TokenStream>) -> TokenStream {
    let name = format_ident!("example_of_{ident}");
    quote! {
        #[cfg(test)]
        #[::core::prelude::v1::test]
        #[allow(non_snake_case, unnameable_test_items)]
        #allow
        fn #name() {
            #assert
        }
    }
}

/// For the JSON Schema: the text and its gaps.
pub(super) fn schema(payload: &Payload) -> TokenStream {
    option(of_payload(payload).map(|Example { json, nested, .. }| {
        let pointers = nested.iter().map(|(pointer, _)| pointer);
        quote!((#json, &[#(#pointers),*]))
    }))
}

/// The example; none when no field has one, or a rule across fields can not be known to hold.
fn of_payload(payload: &Payload) -> Option<Example> {
    let is_given = payload.fields.iter().any(|field| field.example.is_some());
    if !payload.container.refine.is_empty() && !is_given {
        return None;
    }
    match payload.transparent() {
        Some(field) => Some(of_field(field)).filter(|example| example.json != "null"),
        None => of_fields(payload, None),
    }
}

/// The example of a variant; none when only the type of what it holds has one, and it stands beside the tag.
fn of_variant(choice: &Choice, Variant { tag, payload, .. }: &Variant) -> Option<Example> {
    let (quoted_tag, key) = (quoted(tag), |name: &LitStr| quoted(&name.value()));
    match (&choice.tagging, payload.form) {
        (Tagging::External, Form::Unit) => Some(Example::known(quoted_tag)),
        (Tagging::Internal { tag } | Tagging::Adjacent { tag, .. }, Form::Unit) => {
            Some(Example::known(format!("{{\n  {}: {quoted_tag}\n}}", key(tag))))
        }
        (Tagging::External, _) => {
            Some(held(payload)?.at(tag, |held| format!("{{\n  {quoted_tag}: {}\n}}", indented(held))))
        }
        (Tagging::Adjacent { tag, content }, _) => Some(held(payload)?.at(&content.value(), |held| {
            format!("{{\n  {}: {quoted_tag},\n  {}: {}\n}}", key(tag), key(content), indented(held))
        })),
        (Tagging::Internal { tag }, Form::Named) => {
            of_fields(payload, Some(&format!("  {}: {quoted_tag}", key(tag))))
        }
        (Tagging::Internal { .. }, Form::Transparent) => None,
    }
}

/// The example of what a variant holds.
fn held(payload: &Payload) -> Option<Example> {
    payload.transparent().map_or_else(|| of_fields(payload, None), |field| Some(of_field(field)))
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n  ")
}

/// The example of an object; `first` is a line before those of the fields.
fn of_fields(payload: &Payload, first: Option<&str>) -> Option<Example> {
    let fields: Vec<Example> = payload.fields.iter().map(of_field).collect();
    let is_flat = payload.fields.iter().any(|field| field.flatten.is_some());
    if first.is_none() && !is_flat && fields.iter().all(|field| field.json == "null") {
        return None;
    }
    let named = || payload.fields.iter().zip(&fields);
    let join = |lines: &mut dyn Iterator<Item = String>| {
        let lines: Vec<String> = first.iter().map(ToString::to_string).chain(lines).collect();
        format!("{{\n{}\n}}", lines.join(",\n"))
    };
    let line = |field: &Field, value: &str| format!("  {}: {value}", quoted(&field.name));
    // What is flattened is filled in from its type, as far as it is required.
    let in_json = || named().filter(|(field, _)| field.flatten.is_none());
    let json = join(&mut in_json().map(|(field, example)| line(field, &example.json)));
    let in_docs = named().filter(|(field, _)| !field.hidden);
    let shown = join(&mut in_docs.map(|(field, example)| match field.flatten {
        Some(_) => format!("  ..{}", example.shown),
        None => line(field, &example.shown),
    }));
    let nested = in_json().flat_map(|(field, example)| example.clone().at(&field.name, str::to_owned).nested);
    Some(Example { shown, json, nested: nested.collect() })
}

fn of_field(field: &Field) -> Example {
    let example = match &field.example {
        Some(example) => given(example, &field.ty).map(Example::known),
        None => of_type(&field.ty, &field.rules),
    };
    example.unwrap_or_else(|| Example::nested(&field.ty))
}

/// The user's example: a literal. Where no text is expected, a literal text is JSON.
fn given(example: &Expr, ty: &Type) -> Option<String> {
    match example {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if is_text(ty) => Some(quoted(&text.value())),
        _ => literal(example),
    }
}

fn literal(example: &Expr) -> Option<String> {
    match example {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => Some(number.base10_digits().to_owned()),
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => Some(number.base10_digits().to_owned()),
        Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) => Some(value.value.to_string()),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => Some(format!("-{}", literal(&unary.expr)?)),
        _ => None,
    }
}

/// The name of a type, and what it is made of.
fn parts(ty: &Type) -> Option<(String, Vec<&Type>)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let arguments = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments
            .args
            .iter()
            .filter_map(|argument| if let GenericArgument::Type(ty) = argument { Some(ty) } else { None })
            .collect(),
        _ => Vec::new(),
    };
    Some((last.ident.to_string(), arguments))
}

fn is_text(ty: &Type) -> bool {
    match parts(ty) {
        Some((name, arguments)) if name == "Option" => arguments.first().is_some_and(|ty| is_text(ty)),
        Some((name, _)) => {
            matches!(name.as_str(), "String" | "Uuid" | "char" | "Timestamp" | "DateTime" | "OffsetDateTime")
        }
        None => false,
    }
}

/// The example of a value; none when its rules are too much for it.
fn of_type(ty: &Type, rules: &[Rule]) -> Option<Example> {
    if rules.iter().any(|rule| matches!(rule.kind, RuleKind::Custom(_))) {
        return None;
    }
    let (name, arguments) = parts(ty)?;
    let known = match (name.as_str(), &arguments[..]) {
        ("String", []) => quoted(&text(rules)?),
        ("bool", []) => "true".to_owned(),
        ("char", []) => "\"a\"".to_owned(),
        ("Uuid", []) => format!("\"{UUID}\""),
        ("Timestamp" | "OffsetDateTime", []) | ("DateTime", [_]) => format!("\"{DATETIME}\""),
        ("u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" | "isize", []) => {
            integer(rules)?
        }
        ("f32" | "f64", []) => float(rules)?,
        ("Option" | "Box" | "Arc" | "Rc", [inner]) => return of_type(inner, rules),
        ("Vec" | "VecDeque" | "BTreeSet" | "HashSet", [element]) => return list(element, rules),
        ("BTreeMap" | "HashMap", [key, value]) if is_text(key) => return map(value, rules),
        _ => return Some(Example::nested(ty)),
    };
    Some(Example::known(known))
}

/// A list of as many elements as there must be, but one where it may be.
fn list(element: &Type, rules: &[Rule]) -> Option<Example> {
    let (length, inner) = collection(rules)?;
    let element = of_type(element, inner)?;
    let elements: Vec<Example> =
        (0..length).map(|index| element.clone().at(&index.to_string(), str::to_owned)).collect();
    let join = |part: fn(&Example) -> &str| {
        format!("[{}]", elements.iter().map(part).collect::<Vec<_>>().join(", "))
    };
    let (shown, json) = (join(|example| &example.shown), join(|example| &example.json));
    Some(Example { shown, json, nested: elements.into_iter().flat_map(|example| example.nested).collect() })
}

/// A map of one entry, or of none.
fn map(value: &Type, rules: &[Rule]) -> Option<Example> {
    match collection(rules)? {
        (0, _) => Some(Example::known("{}".to_owned())),
        (1, inner) => Some(of_type(value, inner)?.at("key", |value| format!("{{ \"key\": {value} }}"))),
        _ => None,
    }
}

/// The number of elements, a few at most, and the rules of each. Only one where no two may be alike.
fn collection(rules: &[Rule]) -> Option<(usize, &[Rule])> {
    let (mut inner, mut length, mut most) = (&[][..], 1, 4);
    for rule in rules {
        match &rule.kind {
            RuleKind::Length { min, max } => length = min.unwrap_or(1).max(1).min(max.unwrap_or(usize::MAX)),
            RuleKind::Unique => most = 1,
            RuleKind::Inner(rules) => inner = rules,
            RuleKind::Nested => {}
            _ => return None,
        }
    }
    (length <= most).then_some((length, inner))
}
