//! An example of a payload as JSON, made from the types and rules of its fields.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Expr, ExprLit, GenericArgument, Lit, LitStr, PathArguments, Type, UnOp};

use super::payload::Payload;
use crate::attr::Numeral;
use crate::check::field::Field;
use crate::check::pattern::Take;
use crate::check::rule::{Format, Limit, Part, Rule, RuleKind};

/// The paragraph of the documentation.
pub(crate) fn paragraph(payload: &Payload<'_>) -> Option<String> {
    let json = json(payload)?;
    Some(format!("Example:\n\n```json\n{json}\n```"))
}

/// A test that the example is valid, where the type is declared.
pub(crate) fn test(payload: &Payload<'_>) -> Option<TokenStream> {
    let (private, ident, json) = (payload.private(), &payload.ident, json(payload)?);
    let name = format_ident!("example_of_{ident}");
    let allow = payload.allow();
    Some(quote! {
        #[cfg(test)]
        #[::core::prelude::v1::test]
        #[allow(non_snake_case, unnameable_test_items)]
        #allow
        fn #name() {
            #private::assert_example::<#ident>(#json);
        }
    })
}

/// The example; none when a field has none, or a rule across fields can not be known to hold.
fn json(payload: &Payload<'_>) -> Option<String> {
    let is_given = payload.fields.iter().any(|field| field.example.is_some());
    if payload.fields.is_empty() || (!payload.refine.is_empty() && !is_given) {
        return None;
    }
    let field = |field: &Field| Some(format!("  {}: {}", quoted(&field.name), value(field)?));
    let fields: Option<Vec<String>> = payload.fields.iter().map(field).collect();
    Some(format!("{{\n{}\n}}", fields?.join(",\n")))
}

fn value(field: &Field) -> Option<String> {
    match &field.example {
        Some(example) => given(example, is_text(&field.ty)),
        None => of_type(&field.ty, &field.rules),
    }
}

/// What the user wrote: a literal; for what is no text, a literal text is JSON.
fn given(example: &Expr, is_text: bool) -> Option<String> {
    match example {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if is_text => Some(quoted(&text.value())),
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => Some(number.base10_digits().to_owned()),
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => Some(number.base10_digits().to_owned()),
        Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) => Some(value.value.to_string()),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
            Some(format!("-{}", given(&unary.expr, false)?))
        }
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

fn of_type(ty: &Type, rules: &[Rule]) -> Option<String> {
    if rules.iter().any(|rule| matches!(rule.kind, RuleKind::Custom(_))) {
        return None;
    }
    let (name, arguments) = parts(ty)?;
    match (name.as_str(), &arguments[..]) {
        ("String", []) => text(rules).map(|text| quoted(&text)),
        ("bool", []) => Some("true".to_owned()),
        ("char", []) => Some("\"a\"".to_owned()),
        ("Uuid", []) => Some(format!("\"{UUID}\"")),
        ("Timestamp" | "OffsetDateTime", []) | ("DateTime", [_]) => Some(format!("\"{DATETIME}\"")),
        ("u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" | "isize", []) => {
            integer(rules)
        }
        ("f32" | "f64", []) => float(rules),
        ("Option", [inner]) => of_type(inner, rules),
        ("Vec", [element]) => list(element, rules),
        _ => None,
    }
}

const UUID: &str = "0195d4a5-0f5c-7c3e-8f0a-5b6a4c3d2e1f";
const DATETIME: &str = "2026-11-23T08:30:00Z";

/// A text that keeps all rules, if one is simple enough to find.
fn text(rules: &[Rule]) -> Option<String> {
    let (mut text, mut fixed) = (String::new(), 0);
    let (mut least, mut most) = (0, usize::MAX);
    for rule in rules {
        match &rule.kind {
            RuleKind::Length { min, max } => {
                (least, most) = (min.unwrap_or(0), max.unwrap_or(usize::MAX));
                continue;
            }
            RuleKind::OneOfTexts(texts) => text = texts.first().map(LitStr::value)?,
            RuleKind::Format(format) => formatted(*format).clone_into(&mut text),
            RuleKind::Pattern(pattern) => text = scanned(pattern.scan.as_ref()?),
            RuleKind::Part(Part::Start | Part::End | Part::Anywhere, part) => text = part.value(),
            _ => return None,
        }
        fixed += 1;
    }
    if fixed == 0 {
        text = "example".chars().cycle().take(7.max(least).min(most)).collect();
    }
    (fixed <= 1 && (least..=most).contains(&text.chars().count())).then_some(text)
}

fn formatted(format: Format) -> &'static str {
    match format {
        Format::Email => "ada@example.org",
        Format::Url => "https://example.org/",
        Format::Uuid => UUID,
        Format::Ip | Format::Ipv4 => "192.0.2.1",
        Format::Ipv6 => "2001:db8::1",
        Format::DateTime => DATETIME,
    }
}

/// A text that the scanner accepts: of each class its last character, the least number of times, but once where it may be.
fn scanned(takes: &[Take]) -> String {
    let times =
        |take: &Take| usize::try_from(take.min.max(u32::from(take.max != Some(0)))).unwrap_or_default();
    let char = |take: &Take| take.class.last().map_or(' ', |range| char::from(*range.start()));
    takes.iter().flat_map(|take| std::iter::repeat_n(char(take), times(take))).collect()
}

fn integer(rules: &[Rule]) -> Option<String> {
    let (mut least, mut most, mut multiple) = (1, i128::MAX, 1);
    for rule in rules {
        match &rule.kind {
            RuleKind::Range { min, max } => {
                most = whole(max.as_ref()).unwrap_or(i128::MAX);
                least = whole(min.as_ref()).unwrap_or(most.min(1));
            }
            RuleKind::MultipleOf(number) => multiple = i128::from(*number),
            RuleKind::OneOfNumbers(numbers) => return numbers.first().map(number),
            _ => return None,
        }
    }
    let rest = least.rem_euclid(multiple);
    let value = if rest == 0 { least } else { least + multiple - rest };
    (value <= most).then(|| value.to_string())
}

fn whole(limit: Option<&Limit>) -> Option<i128> {
    match limit?.number {
        Numeral::Integer(number) => Some(number),
        Numeral::Float(_) => None,
    }
}

fn float(rules: &[Rule]) -> Option<String> {
    match rules {
        [] => Some("1.5".to_owned()),
        [rule] => match &rule.kind {
            RuleKind::Range { min, max } => min.as_ref().or(max.as_ref()).map(number),
            RuleKind::OneOfNumbers(numbers) => numbers.first().map(number),
            _ => None,
        },
        _ => None,
    }
}

fn number(limit: &Limit) -> String {
    match limit.number {
        Numeral::Integer(number) => number.to_string(),
        Numeral::Float(number) => format!("{number:?}"),
    }
}

/// A list of as many elements as there must be, but one where it may be.
fn list(element: &Type, rules: &[Rule]) -> Option<String> {
    let (mut inner, mut length, mut unique) = (&[][..], 1, false);
    for rule in rules {
        match &rule.kind {
            RuleKind::Length { min, max } => length = min.unwrap_or(1).max(1).min(max.unwrap_or(usize::MAX)),
            RuleKind::Unique => unique = true,
            RuleKind::Inner(rules) => inner = rules,
            _ => return None,
        }
    }
    let element = of_type(element, inner)?;
    let is_short = length <= if unique { 1 } else { 4 };
    is_short.then(|| format!("[{}]", vec![element; length].join(", ")))
}

/// A text in JSON.
fn quoted(text: &str) -> String {
    let mut json = String::from('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => json.extend(['\\', char]),
            // Control characters are below 0x20: two hexadecimal digits.
            _ if char < ' ' => json.extend(format!("\\u{:04x}", u32::from(char)).chars()),
            _ => json.push(char),
        }
    }
    json + "\""
}
