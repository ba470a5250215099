//! The expression of a `pattern` rule: read alike by Rust (crate `regex`) and by JSON Schema (ECMA-262, with the flag `u`),
//! and, where it is simple, as a scan over bytes.

use std::ops::RangeInclusive;

use regex_syntax::ast::{self, Ast, ClassSet, ClassSetItem, GroupKind, LiteralKind, Span as At};
use regex_syntax::hir::{Class, Hir, HirKind, Look};
use syn::LitStr;

use crate::errors::Errors;

/// The greatest size of an expression: roughly the number of states of its automaton.
const MAX_SIZE: usize = 10_000;

/// An expression that was checked.
pub(crate) struct Pattern {
    pub(crate) literal: LitStr,
    /// The steps of a scan from the beginning of a text to its end, if the expression is simple.
    pub(crate) scan: Option<Vec<Take>>,
}

/// So many bytes of a class.
pub(crate) struct Take {
    pub(crate) class: Vec<RangeInclusive<u8>>,
    pub(crate) min: u32,
    /// `None`: any number.
    pub(crate) max: Option<u32>,
}

/// Checks an expression.
pub(crate) fn pattern(literal: LitStr, errors: &mut Errors) -> Option<Pattern> {
    let text = literal.value();
    let parsed = ast::parse::Parser::new().parse(&text);
    let ast = match parsed {
        Ok(ast) => ast,
        Err(error) => {
            errors.at(&literal, format!("not a regular expression: {error}"));
            return None;
        }
    };
    if let Some((at, help)) = refused(&ast) {
        let part = text.get(at.start.offset..at.end.offset).unwrap_or_default();
        errors.at(&literal, format!("JSON Schema and Rust do not read `{part}` alike: {help}"));
        return None;
    }
    let hir = match regex_syntax::hir::translate::Translator::new().translate(&text, &ast) {
        Ok(hir) => hir,
        Err(error) => {
            errors.at(&literal, format!("not a regular expression: {error}"));
            return None;
        }
    };
    if size(&hir) > MAX_SIZE {
        errors.at(&literal, "this expression is too large: bound the length with `length`, and repeat less");
        return None;
    }
    Some(Pattern { scan: scan(&hir), literal })
}

type Refused = Option<(At, &'static str)>;

/// The part of an expression that ECMA-262 reads otherwise, and what to write instead.
fn refused(ast: &Ast) -> Refused {
    match ast {
        Ast::Empty(_) => None,
        Ast::Flags(flags) => Some((flags.span, "write the expression without flags")),
        Ast::Literal(literal) => refused_literal(literal, "^$\\.*+?()[]{}|/"),
        Ast::Dot(span) => Some((**span, "write `[^\\n\\r]`, or the characters that may stand there")),
        Ast::Assertion(assertion) => match assertion.kind {
            ast::AssertionKind::StartLine | ast::AssertionKind::EndLine => None,
            _ => Some((assertion.span, "anchor with `^` and `$`")),
        },
        Ast::ClassUnicode(class) => Some((class.span, "list the characters: `[A-Za-z]`")),
        Ast::ClassPerl(class) => Some((class.span, perl(&class.kind))),
        Ast::ClassBracketed(class) => refused_set(&class.kind),
        Ast::Repetition(repetition) => match &*repetition.ast {
            Ast::Assertion(_) | Ast::Repetition(_) => {
                Some((repetition.span, "repeat a character, a class or a group `(..)`"))
            }
            repeated => refused(repeated),
        },
        Ast::Group(group) => refused_group(group).or_else(|| refused(&group.ast)),
        Ast::Alternation(alternation) => alternation.asts.iter().find_map(refused),
        Ast::Concat(concat) => concat.asts.iter().find_map(refused),
    }
}

fn refused_group(group: &ast::Group) -> Refused {
    match &group.kind {
        GroupKind::NonCapturing(flags) if !flags.items.is_empty() => {
            Some((flags.span, "write the expression without flags"))
        }
        GroupKind::CaptureName { starts_with_p: true, name } => {
            Some((name.span, "name a group with `(?<name>..)`"))
        }
        _ => None,
    }
}

fn perl(kind: &ast::ClassPerlKind) -> &'static str {
    match kind {
        ast::ClassPerlKind::Digit => "write `[0-9]`",
        ast::ClassPerlKind::Space => "write `[ \\t\\r\\n]`",
        ast::ClassPerlKind::Word => "write `[A-Za-z0-9_]`",
    }
}

/// `escapable`: which characters may have a backslash in ECMA-262.
fn refused_literal(literal: &ast::Literal, escapable: &str) -> Refused {
    let help = match &literal.kind {
        LiteralKind::Verbatim if matches!(literal.c, '{' | '}' | ']') => "write it with a backslash",
        LiteralKind::Meta | LiteralKind::Superfluous if !escapable.contains(literal.c) => {
            "write it without the backslash"
        }
        LiteralKind::HexFixed(ast::HexLiteralKind::UnicodeLong)
        | LiteralKind::HexBrace(ast::HexLiteralKind::X | ast::HexLiteralKind::UnicodeLong)
        | LiteralKind::Octal
        | LiteralKind::Special(ast::SpecialLiteralKind::Bell | ast::SpecialLiteralKind::Space) => {
            "write `\\u{..}`"
        }
        _ => return None,
    };
    Some((literal.span, help))
}

fn refused_set(set: &ClassSet) -> Refused {
    match set {
        ClassSet::Item(item) => refused_item(item),
        ClassSet::BinaryOp(operation) => Some((operation.span, "list the characters of the class")),
    }
}

fn refused_item(item: &ClassSetItem) -> Refused {
    const ESCAPABLE: &str = "^$\\.*+?()[]{}|/-";
    match item {
        ClassSetItem::Empty(_) => None,
        // In a class `{` and `}` stand for themselves.
        ClassSetItem::Literal(literal) if literal.kind == LiteralKind::Verbatim && literal.c != ']' => None,
        ClassSetItem::Literal(literal) => refused_literal(literal, ESCAPABLE),
        ClassSetItem::Range(range) => {
            [&range.start, &range.end].into_iter().find_map(|literal| match literal.kind {
                LiteralKind::Verbatim => None,
                _ => refused_literal(literal, ESCAPABLE),
            })
        }
        ClassSetItem::Ascii(class) => Some((class.span, "list the characters: `[A-Za-z]`")),
        ClassSetItem::Unicode(class) => Some((class.span, "list the characters: `[A-Za-z]`")),
        ClassSetItem::Perl(class) => Some((class.span, perl(&class.kind))),
        ClassSetItem::Bracketed(class) => Some((class.span, "write one class, without another one inside")),
        ClassSetItem::Union(union) => union.items.iter().find_map(refused_item),
    }
}

/// Roughly the number of states of the automaton.
fn size(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Unicode(class)) => 1 + 2 * class.ranges().len(),
        HirKind::Class(Class::Bytes(class)) => 1 + class.ranges().len(),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1);
            size(&repetition.sub).saturating_mul(usize::try_from(times).unwrap_or(usize::MAX))
        }
        HirKind::Capture(capture) => 2 + size(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().fold(1, |sum, part| sum.saturating_add(size(part)))
        }
    }
}

/// `^`, classes of ASCII characters each so many times, `$`: where the next class begins is plain from each byte.
fn scan(hir: &Hir) -> Option<Vec<Take>> {
    let HirKind::Concat(parts) = hir.kind() else { return None };
    let [first, parts @ .., last] = &parts[..] else { return None };
    let is_whole =
        matches!(first.kind(), HirKind::Look(Look::Start)) && matches!(last.kind(), HirKind::Look(Look::End));
    let mut takes = Vec::new();
    parts.iter().try_for_each(|part| take(part, &mut takes))?;
    (is_whole && is_plain(&takes)).then_some(takes)
}

fn take(part: &Hir, takes: &mut Vec<Take>) -> Option<()> {
    match part.kind() {
        HirKind::Literal(literal) if literal.0.is_ascii() => {
            takes.extend(literal.0.iter().map(|byte| Take {
                class: vec![*byte..=*byte],
                min: 1,
                max: Some(1),
            }));
        }
        HirKind::Class(class) => takes.push(Take { class: ascii(class)?, min: 1, max: Some(1) }),
        HirKind::Repetition(repetition) if repetition.greedy => {
            let class = match repetition.sub.kind() {
                HirKind::Class(class) => ascii(class)?,
                HirKind::Literal(literal) => match &literal.0[..] {
                    [byte] if byte.is_ascii() => vec![*byte..=*byte],
                    _ => return None,
                },
                _ => return None,
            };
            takes.push(Take { class, min: repetition.min, max: repetition.max });
        }
        _ => return None,
    }
    Some(())
}

fn ascii(class: &Class) -> Option<Vec<RangeInclusive<u8>>> {
    let Class::Unicode(class) = class else { return None };
    let byte = |char: char| u8::try_from(char).ok().filter(u8::is_ascii);
    class.ranges().iter().map(|range| Some(byte(range.start())?..=byte(range.end())?)).collect()
}

/// Returns `true` if taking as much as possible is always right: what may follow a class of variable number is not in it.
fn is_plain(takes: &[Take]) -> bool {
    takes.iter().enumerate().all(|(index, take)| {
        if take.max == Some(take.min) {
            return true;
        }
        for next in &takes[index + 1..] {
            if take.meets(next) {
                return false;
            }
            if next.min > 0 {
                return true;
            }
        }
        true
    })
}

impl Take {
    fn meets(&self, other: &Self) -> bool {
        let overlap =
            |a: &RangeInclusive<u8>, b: &RangeInclusive<u8>| a.start() <= b.end() && b.start() <= a.end();
        self.class.iter().any(|a| other.class.iter().any(|b| overlap(a, b)))
    }
}
