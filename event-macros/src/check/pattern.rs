//! The expression of a `pattern` rule: read alike by Rust (crate `regex`) and by JSON Schema (ECMA-262, with the flag `u`),
//! and, where it is simple, as a scan over bytes.

mod ecma;
mod properties;

use std::fmt::Display;
use std::ops::RangeInclusive;

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{self, Ast, ErrorKind};
use regex_syntax::hir::translate::Translator;
use regex_syntax::hir::{Class, Hir, HirKind, Look};
use syn::LitStr;

use self::ecma::{Refused, without_needless_backslashes, written_out};
use crate::errors::Errors;

/// The greatest size of an expression: roughly the number of states of its automaton.
const MAX_SIZE: usize = 10_000;

/// An expression that was checked.
pub(crate) struct Pattern {
    /// As the user wrote it.
    pub(crate) literal: LitStr,
    /// As it is matched: written out, so that Rust and JSON Schema read it alike.
    pub(crate) written: LitStr,
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
    match read(&literal.value()) {
        Ok((written, hir)) => {
            let written = LitStr::new(&written, literal.span());
            Some(Pattern { scan: scan(&hir), literal, written })
        }
        Err(message) => {
            errors.at(&literal, message);
            None
        }
    }
}

/// The expression written out, and what Rust makes of it.
fn read(text: &str) -> Result<(String, Hir), String> {
    let plain = without_needless_backslashes(text);
    // What is wrong is shown in the user's own text, if it is wrong there too.
    let ast = parse(&plain).map_err(|error| not_read(&parse(text).err().unwrap_or(error)))?;
    let not_alike = |Refused { at, help }| {
        let part = plain.get(at).unwrap_or_default();
        format!("JSON Schema and Rust do not read `{part}` alike: {help}")
    };
    let written = written_out(&plain, &ast).map_err(not_alike)?;
    let invalid = |error: &dyn Display| format!("not a regular expression: {error}");
    let ast = parse(&written).map_err(|error| invalid(&error))?;
    let hir = Translator::new().translate(&written, &ast).map_err(|error| invalid(&error))?;
    if size(&hir) > MAX_SIZE {
        return Err(
            "this expression is too large: bound the length with `length`, and repeat less".to_owned()
        );
    }
    Ok((written, hir))
}

fn parse(text: &str) -> Result<Ast, Box<ast::Error>> {
    Parser::new().parse(text).map_err(Box::new)
}

/// Says why Rust does not read an expression.
fn not_read(error: &ast::Error) -> String {
    let at = error.span().start.offset..error.span().end.offset;
    let part = error.pattern().get(at).unwrap_or_default();
    let reason = match error.kind() {
        ErrorKind::UnsupportedLookAround => {
            "look-around needs backtracking, and a pattern is matched in time that grows with the text alone: write a second \
             rule beside it, or a function with `custom`"
        }
        ErrorKind::UnsupportedBackreference if part == "\\0" => "write `\\u0000`",
        ErrorKind::UnsupportedBackreference => {
            "a back-reference needs backtracking, and a pattern is matched in time that grows with the text alone: compare \
             the parts in a function with `custom`"
        }
        _ => return format!("not a regular expression: {error}"),
    };
    format!("a pattern has no `{part}`: {reason}")
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
