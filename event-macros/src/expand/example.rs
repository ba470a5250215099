//! An example of a payload as JSON, made from the types and rules of its fields.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Type, UnOp, Visibility};

use super::sample::{DATETIME, UUID, float, integer, known, quoted, text};
use super::tokens::{option, private, respan};
use super::{choice, docs, payload};
use crate::check::choice::{Choice, Tagging, Variant};
use crate::check::field::Field;
use crate::check::payload::{Form, Payload};
use crate::check::rule::{Rule, RuleKind};
use crate::check::shape::arguments;

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
    // At the payload: there the panic says that it is.
    let has_default = payload.fields.iter().any(|field| field.default.is_some());
    let defaults =
        has_default.then(|| quote!(#private::assert_defaults(<#ident as #private::Object>::FIELDS);));
    let example = quote!(#private::assert_example::<#ident>(#json, &[#(#pointers),*]););
    let assert = respan(quote!(#defaults #example), ident.span());
    Some(test_of(ident, &assert, payload::allow(payload).as_ref()))
}

/// A test that the examples in the JSON Schema of an enum are valid.
pub(super) fn test_of_choice(choice: &Choice) -> Option<TokenStream> {
    if matches!(choice.vis, Visibility::Inherited) {
        return None;
    }
    let (private, ident, cfgs) = (private(&choice.runtime), &choice.ident, &choice.container.cfgs);
    let assert = respan(quote!(#private::assert_examples::<#ident>();), ident.span());
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

/// The name of a type, and what it is made of. That of a date without a time zone is one only behind its module: `civil::Date`.
fn parts(ty: &Type) -> Option<(String, Vec<&Type>)> {
    let Type::Path(path) = ty else { return None };
    let mut names = path.path.segments.iter().rev().map(|segment| segment.ident.to_string());
    let name = names.next()?;
    let is_civil = names.next().is_some_and(|module| module == "civil");
    Some((if is_civil { format!("civil::{name}") } else { name }, arguments(ty)))
}

fn is_text(ty: &Type) -> bool {
    match parts(ty) {
        Some((name, arguments)) if name == "Option" => arguments.first().is_some_and(|ty| is_text(ty)),
        Some((name, _)) => TEXTS.iter().any(|(text, _)| *text == name) || name == "String" || name == "char",
        None => false,
    }
}

/// Types that are texts of a form, by their names, and a text of each.
const TEXTS: &[(&str, &str)] = &[
    ("Uuid", UUID),
    ("Timestamp", DATETIME),
    ("DateTime", DATETIME),
    ("OffsetDateTime", DATETIME),
    ("civil::Date", "2026-01-31"),
    ("civil::Time", "09:30:00"),
    ("civil::DateTime", "2026-01-31T09:30:00"),
    ("NaiveDate", "2026-01-31"),
    ("NaiveTime", "09:30:00"),
    ("NaiveDateTime", "2026-01-31T09:30:00"),
    ("IpAddr", "192.0.2.1"),
    ("Ipv4Addr", "192.0.2.1"),
    ("Ipv6Addr", "2001:db8::1"),
    ("SocketAddr", "192.0.2.1:443"),
    ("SocketAddrV4", "192.0.2.1:443"),
    ("SocketAddrV6", "[2001:db8::1]:443"),
];

/// Returns `true` for the name of an integer's type.
fn is_integer(name: &str) -> bool {
    let bits = name.strip_prefix(['u', 'i']);
    bits.is_some_and(|bits| matches!(bits, "8" | "16" | "32" | "64" | "128" | "size"))
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
        (name, _) if name.starts_with("NonZero") => integer(rules).filter(|number| number != "0")?,
        (name, []) if is_integer(name) => integer(rules)?,
        ("f32" | "f64", []) => float(rules)?,
        ("Option" | "Box" | "Arc" | "Rc", [inner]) => return of_type(inner, rules),
        ("Vec" | "VecDeque" | "BTreeSet" | "HashSet", [element]) => return list(element, rules),
        ("BTreeMap" | "HashMap", [key, value]) => return map(key, value, rules),
        // Of a library that gives the name to a date without an offset.
        ("DateTime", []) => return Some(Example::nested(ty)),
        (name, _) => match TEXTS.iter().find(|(text, _)| *text == name) {
            Some((_, of_type)) if rules.is_empty() => quoted(of_type),
            Some(_) => quoted(&text(rules)?),
            None => return Some(Example::nested(ty)),
        },
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
fn map(key: &Type, value: &Type, rules: &[Rule]) -> Option<Example> {
    let of_keys = rules.iter().find_map(|rule| match &rule.kind {
        RuleKind::Keys(rules) => Some(&rules[..]),
        _ => None,
    });
    match collection(rules)? {
        (0, _) => Some(Example::known("{}".to_owned())),
        (1, inner) => {
            let key = key_text(key, of_keys.unwrap_or_default())?;
            let json = quoted(&key);
            Some(of_type(value, inner)?.at(&key, |value| format!("{{ {json}: {value} }}")))
        }
        _ => None,
    }
}

/// A key, as the text that it is in JSON.
fn key_text(key: &Type, rules: &[Rule]) -> Option<String> {
    if rules.is_empty() && parts(key).is_some_and(|(name, _)| name == "String") {
        return Some("key".to_owned());
    }
    let example = of_type(key, rules)?;
    let is_known = example.nested.is_empty() && !example.json.starts_with(['[', '{']);
    // Numbers are keys as they are; texts that are found have nothing to escape.
    is_known.then(|| example.json.trim_matches('"').to_owned()).filter(|key| !key.contains('\\'))
}

/// The number of elements, a few at most, and the rules of each. Only one where no two may be alike.
fn collection(rules: &[Rule]) -> Option<(usize, &[Rule])> {
    let (mut inner, mut length, mut most) = (&[][..], 1, 4);
    for rule in rules {
        match &rule.kind {
            RuleKind::Length { min, max } => {
                length = known(min.as_ref(), 1)?.max(1).min(known(max.as_ref(), usize::MAX)?);
            }
            RuleKind::Unique => most = 1,
            RuleKind::Inner(rules) => inner = rules,
            RuleKind::Keys(_) | RuleKind::Nested => {}
            _ => return None,
        }
    }
    (length <= most).then_some((length, inner))
}
