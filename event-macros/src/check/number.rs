//! Numbers in rules: literals, sums of literals, and constants of the user.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{BinOp, Expr, ExprLit, Lit, LitFloat, LitInt, UnOp};

use crate::errors::Errors;
use crate::parse::option::ungrouped;

/// A number of a rule, and the user's own tokens for it.
pub(crate) struct Limit {
    pub(crate) number: Numeral,
    pub(crate) tokens: TokenStream,
}

/// A number with its sign.
#[derive(Clone, Copy)]
pub(crate) enum Numeral {
    /// A whole number.
    Integer(i128),
    /// A whole number beyond `i128`.
    Unsigned(u128),
    /// Any other, which is finite.
    Float(f64),
    /// What only the compiler knows.
    Constant,
}

/// Reads the number that an expression is.
pub(super) fn limit(value: &Expr, errors: &mut Errors) -> Option<Limit> {
    let number = errors.ok(numeral(value))?;
    Some(Limit { number, tokens: value.to_token_stream() })
}

/// Reports an example that begins like a number and cannot be read as one.
pub(super) fn of_example(value: Option<&Expr>, errors: &mut Errors) {
    let literal = match value.map(ungrouped) {
        Some(Expr::Unary(unary)) => ungrouped(&unary.expr),
        Some(other) => other,
        None => return,
    };
    if let Expr::Lit(ExprLit { lit: Lit::Int(_) | Lit::Float(_), .. }) = literal {
        errors.ok(numeral(literal));
    }
}

fn numeral(expr: &Expr) -> syn::Result<Numeral> {
    match ungrouped(expr) {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => integer(number),
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => float(number).map(Numeral::Float),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => negative(expr, numeral(&unary.expr)?),
        Expr::Paren(paren) => numeral(&paren.expr),
        Expr::Binary(binary) => computed(expr, &binary.op, numeral(&binary.left)?, numeral(&binary.right)?),
        Expr::Path(_)
        | Expr::Cast(_)
        | Expr::Call(_)
        | Expr::MethodCall(_)
        | Expr::Field(_)
        | Expr::Index(_)
        | Expr::Block(_)
        | Expr::Const(_)
        | Expr::Macro(_) => Ok(Numeral::Constant),
        other => {
            let message = "a bound is a number: write a literal, such as `120`, or the name of a constant";
            Err(syn::Error::new_spanned(other, message))
        }
    }
}

const SUFFIXES: &[&str] = &[
    "", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64",
];

/// Refuses a suffix that is not the name of a number's type.
fn known_suffix(literal: &impl ToTokens, suffix: &str) -> syn::Result<()> {
    if SUFFIXES.contains(&suffix) {
        return Ok(());
    }
    Err(syn::Error::new_spanned(literal, format!("`{suffix}` is not a type of numbers: remove it")))
}

/// Reads a whole number.
pub(super) fn integer(literal: &LitInt) -> syn::Result<Numeral> {
    known_suffix(literal, literal.suffix())?;
    let of_i128 = literal.base10_parse().map(Numeral::Integer);
    of_i128.or_else(|_| literal.base10_parse().map(Numeral::Unsigned)).map_err(|_| {
        syn::Error::new_spanned(
            literal,
            "no integer is as large or as small: they end at `u128::MAX` and at `i128::MIN`",
        )
    })
}

/// Reads a number with a fraction or an exponent.
pub(super) fn float(literal: &LitFloat) -> syn::Result<f64> {
    known_suffix(literal, literal.suffix())?;
    let number: f64 = literal.base10_parse()?;
    if number.is_finite() {
        return Ok(number);
    }
    let message = "no float is as large: the largest is 1.7976931348623157e308, that of `f64::MAX`";
    Err(syn::Error::new_spanned(literal, message))
}

fn negative(expr: &Expr, number: Numeral) -> syn::Result<Numeral> {
    Ok(match number {
        Numeral::Integer(number) => Numeral::Integer(-number),
        Numeral::Unsigned(number) if number == i128::MIN.unsigned_abs() => Numeral::Integer(i128::MIN),
        Numeral::Unsigned(_) => {
            return Err(syn::Error::new_spanned(expr, "no integer is as small: the least is `i128::MIN`"));
        }
        Numeral::Float(number) => Numeral::Float(-number),
        Numeral::Constant => Numeral::Constant,
    })
}

/// The value of `60 * 60`.
fn computed(expr: &Expr, op: &BinOp, left: Numeral, right: Numeral) -> syn::Result<Numeral> {
    let (left, right) = match (left, right) {
        (Numeral::Integer(left), Numeral::Integer(right)) => (left, right),
        (Numeral::Constant, _) | (_, Numeral::Constant) => return Ok(Numeral::Constant),
        _ => return Err(syn::Error::new_spanned(expr, "write the number itself, or the name of a constant")),
    };
    let value = match op {
        BinOp::Add(_) => left.checked_add(right),
        BinOp::Sub(_) => left.checked_sub(right),
        BinOp::Mul(_) => left.checked_mul(right),
        BinOp::Div(_) => left.checked_div(right),
        BinOp::Shl(_) if (0..127).contains(&right) => left.checked_mul(1 << right),
        _ => None,
    };
    let message = "this has no value here: write the number itself, or the name of a constant";
    value.map(Numeral::Integer).ok_or_else(|| syn::Error::new_spanned(expr, message))
}

impl Numeral {
    /// How two numbers compare, as far as they are known.
    pub(super) fn compare(&self, other: &Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Constant, _) | (_, Self::Constant) => None,
            (Self::Integer(a), Self::Integer(b)) => Some(a.cmp(b)),
            (Self::Unsigned(a), Self::Unsigned(b)) => Some(a.cmp(b)),
            (a, b) => a.as_float()?.partial_cmp(&b.as_float()?),
        }
    }

    /// The number, roughly; none of a constant.
    #[allow(clippy::cast_precision_loss, reason = "numbers of different kinds are only compared roughly")]
    pub(crate) const fn as_float(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Unsigned(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            Self::Constant => None,
        }
    }

    pub(crate) const fn is_constant(&self) -> bool {
        matches!(self, Self::Constant)
    }

    pub(crate) const fn is_float(&self) -> bool {
        matches!(self, Self::Float(_))
    }
}
