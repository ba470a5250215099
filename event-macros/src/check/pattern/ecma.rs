//! What an expression means in ECMA-262, written so that Rust reads it alike: shorthands such as `\d` as the characters that
//! they stand for, and no backslash that is not needed.

use std::fmt::Write;
use std::ops::Range;

use regex_syntax::ast::{
    self, Ast, ClassPerl, ClassPerlKind, ClassSet, ClassSetItem, ClassUnicode, ClassUnicodeKind,
    ClassUnicodeOpKind, GroupKind, LiteralKind, Span,
};

use super::properties::{PROPERTIES, is_script};

/// Why an expression is refused.
pub(super) struct Refused {
    pub(super) at: Range<usize>,
    pub(super) help: String,
}

type Result = std::result::Result<(), Refused>;

/// Characters that may have a backslash in ECMA-262.
const ESCAPABLE: &str = "^$\\.*+?()[]{}|/";

/// An expression without needless backslashes, before Rust reads it: some mean something else there.
pub(super) fn without_needless_backslashes(text: &str) -> String {
    let (mut written, mut chars) = (String::with_capacity(text.len()), text.chars());
    while let Some(char) = chars.next() {
        let escaped = if char == '\\' { chars.next() } else { None };
        match escaped {
            // What these mean without a backslash depends on what is beside them.
            Some(escaped @ ('&' | '~' | '<' | '>' | '#')) => push_escaped(&mut written, escaped.into()),
            Some('-') => written.push_str("\\-"),
            Some(escaped) if !escaped.is_alphanumeric() && !ESCAPABLE.contains(escaped) => {
                written.push(escaped);
            }
            Some(escaped) => written.extend([char, escaped]),
            None => written.push(char),
        }
    }
    written
}

/// A character by its number, which Rust and ECMA-262 read alike.
fn push_escaped(written: &mut String, char: u32) {
    // Writing to a text cannot fail.
    let _ = match char {
        0..0x1_0000 => write!(written, "\\u{char:04X}"),
        _ => write!(written, "\\u{{{char:X}}}"),
    };
}

/// Writes an expression out.
pub(super) fn written_out(text: &str, ast: &Ast) -> std::result::Result<String, Refused> {
    let mut reader = Reader { text, edits: Vec::new() };
    reader.read(ast)?;
    let mut written = text.to_owned();
    for (at, instead) in reader.edits.into_iter().rev() {
        written.replace_range(at, &instead);
    }
    Ok(written)
}

struct Reader<'t> {
    text: &'t str,
    /// What is written otherwise, from the beginning to the end.
    edits: Vec<(Range<usize>, String)>,
}

impl Reader<'_> {
    fn edit(&mut self, span: &Span, instead: impl Into<String>) {
        self.edits.push((place(span), instead.into()));
    }

    fn read(&mut self, ast: &Ast) -> Result {
        match ast {
            Ast::Empty(_) => {}
            Ast::Flags(flags) => refuse(&flags.span, "write the expression without flags")?,
            Ast::Literal(literal) => self.literal(literal),
            Ast::Dot(span) => self.edit(span, "[^\\n\\r\\u2028\\u2029]"),
            Ast::Assertion(assertion) => match assertion.kind {
                ast::AssertionKind::StartLine | ast::AssertionKind::EndLine => {}
                _ => refuse(&assertion.span, "anchor with `^` and `$`")?,
            },
            Ast::ClassUnicode(class) => self.property(class)?,
            Ast::ClassPerl(class) => {
                let not = if class.negated { "^" } else { "" };
                self.edit(&class.span, format!("[{not}{}]", ranges(members(&class.kind))));
            }
            Ast::ClassBracketed(class) => match &class.kind {
                ClassSet::Item(item) => self.item(item, false)?,
                ClassSet::BinaryOp(operation) => {
                    refuse(&operation.span, "list the characters of the class")?;
                }
            },
            Ast::Repetition(repetition) => self.repetition(repetition)?,
            Ast::Group(group) => {
                group_is_alike(group)?;
                self.read(&group.ast)?;
            }
            Ast::Alternation(alternation) => alternation.asts.iter().try_for_each(|one| self.read(one))?,
            Ast::Concat(concat) => concat.asts.iter().try_for_each(|one| self.read(one))?,
        }
        Ok(())
    }

    fn repetition(&mut self, repetition: &ast::Repetition) -> Result {
        if matches!(*repetition.ast, Ast::Assertion(_) | Ast::Repetition(_)) {
            return refuse(&repetition.span, "repeat a character, a class or a group `(..)`");
        }
        self.read(&repetition.ast)?;
        let op = &repetition.op.span;
        let written = &self.text[place(op)];
        if written.contains(char::is_whitespace) {
            let written: String = written.split_whitespace().collect();
            self.edit(op, written);
        }
        Ok(())
    }

    fn literal(&mut self, literal: &ast::Literal) {
        match literal.kind {
            LiteralKind::Verbatim if matches!(literal.c, '{' | '}' | ']') => {
                self.edit(&literal.span, format!("\\{}", literal.c));
            }
            LiteralKind::Meta if literal.c == '-' => self.edit(&literal.span, "-"),
            _ => self.escape(literal),
        }
    }

    /// A backslash and what only Rust reads behind it becomes the number of the character.
    fn escape(&mut self, literal: &ast::Literal) {
        let is_of_rust = matches!(
            literal.kind,
            LiteralKind::HexFixed(ast::HexLiteralKind::UnicodeLong)
                | LiteralKind::HexBrace(ast::HexLiteralKind::X | ast::HexLiteralKind::UnicodeLong)
                | LiteralKind::Octal
                | LiteralKind::Special(ast::SpecialLiteralKind::Bell | ast::SpecialLiteralKind::Space)
        );
        if is_of_rust {
            let mut instead = String::new();
            push_escaped(&mut instead, literal.c.into());
            self.edit(&literal.span, instead);
        }
    }

    /// A member of a class; `beside_shorthand` when there is one among its neighbours, which a hyphen would make a range of.
    fn item(&mut self, item: &ClassSetItem, beside_shorthand: bool) -> Result {
        match item {
            ClassSetItem::Empty(_) => {}
            ClassSetItem::Literal(literal) => self.member(literal, beside_shorthand),
            ClassSetItem::Range(range) => {
                self.member(&range.start, false);
                self.member(&range.end, false);
            }
            ClassSetItem::Ascii(class) => {
                refuse(&class.span, "list the characters: `A-Za-z` for letters, `0-9` for digits")?;
            }
            ClassSetItem::Unicode(class) => self.property(class)?,
            ClassSetItem::Perl(class) => self.edit(&class.span, inside_class(class)),
            ClassSetItem::Bracketed(class) => {
                refuse(&class.span, "write one class, without another one inside")?;
            }
            ClassSetItem::Union(union) => {
                let is_shorthand =
                    |item: &ClassSetItem| matches!(item, ClassSetItem::Perl(_) | ClassSetItem::Unicode(_));
                let has_shorthand = union.items.iter().any(is_shorthand);
                union.items.iter().try_for_each(|item| self.item(item, has_shorthand))?;
            }
        }
        Ok(())
    }

    fn member(&mut self, literal: &ast::Literal, beside_shorthand: bool) {
        match (&literal.kind, literal.c) {
            (LiteralKind::Verbatim, ']') => self.edit(&literal.span, "\\]"),
            (LiteralKind::Verbatim, '-') if beside_shorthand => self.edit(&literal.span, "\\-"),
            _ => self.escape(literal),
        }
    }

    /// `\p{..}` stays, where ECMA-262 knows the name.
    fn property(&mut self, class: &ClassUnicode) -> Result {
        let (letter, span) = (if class.negated { 'P' } else { 'p' }, &class.span);
        let is_known = |name: &str| PROPERTIES.contains(&name);
        match &class.kind {
            ClassUnicodeKind::OneLetter(name) => self.edit(span, format!("\\{letter}{{{name}}}")),
            ClassUnicodeKind::Named(name) if is_known(name) => {}
            ClassUnicodeKind::NamedValue { op: ClassUnicodeOpKind::Equal, name, value }
                if match name.as_str() {
                    "Script" | "sc" | "Script_Extensions" | "scx" => is_script(value),
                    "General_Category" | "gc" => is_known(value),
                    _ => false,
                } => {}
            ClassUnicodeKind::Named(name) | ClassUnicodeKind::NamedValue { value: name, .. } => {
                refuse_property(span, name)?;
            }
        }
        Ok(())
    }
}

fn refuse(span: &Span, help: impl Into<String>) -> Result {
    Err(Refused { at: place(span), help: help.into() })
}

fn refuse_property(span: &Span, name: &str) -> Result {
    let known = event_conventions::nearest(name, PROPERTIES.iter().copied());
    let help = match known {
        Some(known) => format!("write `\\p{{{known}}}`"),
        None if is_script(name) => format!("write `\\p{{Script={name}}}`"),
        None => {
            "write a category such as `\\p{L}`, a script such as `\\p{Script=Greek}`, or list the characters"
                .to_owned()
        }
    };
    refuse(span, help)
}

fn place(span: &Span) -> Range<usize> {
    span.start.offset..span.end.offset
}

fn group_is_alike(group: &ast::Group) -> Result {
    match &group.kind {
        GroupKind::NonCapturing(flags) if !flags.items.is_empty() => {
            refuse(&flags.span, "write the expression without flags")
        }
        GroupKind::CaptureName { starts_with_p: true, name } => {
            refuse(&name.span, "name a group with `(?<name>..)`")
        }
        GroupKind::CaptureName { name, .. } if name.name.contains(['.', '[', ']']) => {
            refuse(&name.span, "name a group with letters, digits and `_`")
        }
        _ => Ok(()),
    }
}

/// The characters of a shorthand (ECMA-262, section 22.2.2.9).
const fn members(kind: &ClassPerlKind) -> &'static [(char, char)] {
    match kind {
        ClassPerlKind::Digit => &[('0', '9')],
        ClassPerlKind::Word => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        ClassPerlKind::Space => &[
            ('\t', '\r'),
            (' ', ' '),
            ('\u{A0}', '\u{A0}'),
            ('\u{1680}', '\u{1680}'),
            ('\u{2000}', '\u{200A}'),
            ('\u{2028}', '\u{2029}'),
            ('\u{202F}', '\u{202F}'),
            ('\u{205F}', '\u{205F}'),
            ('\u{3000}', '\u{3000}'),
            ('\u{FEFF}', '\u{FEFF}'),
        ],
    }
}

/// A shorthand inside a class, where what is excluded cannot be said but by all the others.
fn inside_class(class: &ClassPerl) -> String {
    let members = members(&class.kind);
    if !class.negated {
        return ranges(members);
    }
    let starts = std::iter::once('\0').chain(members.iter().map(|(_, last)| after(*last)));
    let ends = members.iter().map(|(first, _)| before(*first)).chain([char::MAX]);
    ranges(&starts.zip(ends).collect::<Vec<_>>())
}

fn after(char: char) -> char {
    (char..).nth(1).unwrap_or(char::MAX)
}

fn before(char: char) -> char {
    ('\0'..char).next_back().unwrap_or_default()
}

/// Ranges as a class has them.
fn ranges(ranges: &[(char, char)]) -> String {
    let mut written = String::new();
    for (first, last) in ranges {
        push_member(&mut written, *first);
        if first != last {
            written.push('-');
            push_member(&mut written, *last);
        }
    }
    written
}

fn push_member(written: &mut String, char: char) {
    match char {
        '\t' => written.push_str("\\t"),
        '\r' => written.push_str("\\r"),
        ' ' | '_' => written.push(char),
        _ if char.is_ascii_alphanumeric() => written.push(char),
        _ => push_escaped(written, char.into()),
    }
}

#[cfg(test)]
mod tests {
    use regex_syntax::ast::parse::Parser;

    use super::{without_needless_backslashes, written_out};

    fn written(text: &str) -> String {
        let text = without_needless_backslashes(text);
        let ast = Parser::new().parse(&text).unwrap();
        written_out(&text, &ast).unwrap_or_else(|refused| refused.help)
    }

    #[test]
    fn shorthands_are_written_out() {
        assert_eq!(written(r"^\d{3}\D$"), "^[0-9]{3}[^0-9]$");
        assert_eq!(written(r"[\w.-]+@\w"), r"[0-9A-Z_a-z.\-]+@[0-9A-Z_a-z]");
        assert_eq!(written(r"[^\D]"), r"[^\u0000-\u002F\u003A-\u{10FFFF}]");
        assert_eq!(
            written(r"[\s]"),
            r"[\t-\r \u00A0\u1680\u2000-\u200A\u2028-\u2029\u202F\u205F\u3000\uFEFF]"
        );
        assert_eq!(written(r"[-\d]|[a-c-]"), r"[\-0-9]|[a-c-]");
        assert_eq!(written("a.b"), r"a[^\n\r\u2028\u2029]b");
    }

    #[test]
    fn needless_backslashes_are_left_out() {
        assert_eq!(written(r#"\@\_\,\:\"\ \-"#), r#"@_,:" -"#);
        assert_eq!(written(r"[\&\&\-\@\~]"), r"[\u0026\u0026\-@\u007E]");
        assert_eq!(written(r"\<a\>\#\§"), r"\u003Ca\u003E\u0023§");
        assert_eq!(written(r"\.\*\\\/\^"), r"\.\*\\\/\^");
    }

    #[test]
    fn properties_stay_where_both_know_them() {
        assert_eq!(written(r"\p{L}[\P{Lu}\p{Script=Greek}]\pN"), r"\p{L}[\P{Lu}\p{Script=Greek}]\p{N}");
        assert_eq!(written(r"\p{Greek}"), r"write `\p{Script=Greek}`");
        assert_eq!(written(r"\p{letter}"), r"write `\p{Letter}`");
    }

    #[test]
    fn what_ecma_262_reads_otherwise_is_written_otherwise() {
        assert_eq!(written(r"a{ 2 , 3 }]\x{e9}\x41"), r"a{2,3}\]\u00E9\x41");
        assert_eq!(written(r"[]a]"), r"[\]a]");
    }
}
