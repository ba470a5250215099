//! Numbers in rules.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, ExprLit, Lit, UnOp};

use crate::errors::Errors;
use crate::parse::option::ungrouped;

/// A number of a rule, and the user's own tokens for it.
pub(crate) struct Limit {
    pub(crate) number: Numeral,
    pub(crate) tokens: TokenStream,
}

/// A number with its sign.
pub(crate) enum Numeral {
    /// A whole number.
    Integer(i128),
    /// Any other.
    Float(f64),
}

/// Reads the number that an expression is: a literal, or `-` and a literal.
pub(super) fn limit(value: &Expr, errors: &mut Errors) -> Option<Limit> {
    let number = numeral(value);
    if number.is_none() {
        errors.at(value, "a bound is a number: write a literal, such as `120`");
    }
    Some(Limit { number: number?, tokens: value.to_token_stream() })
}

fn numeral(expr: &Expr) -> Option<Numeral> {
    let (negative, literal) = match ungrouped(expr) {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => (true, ungrouped(&unary.expr)),
        other => (false, other),
    };
    let number = match literal {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => Numeral::Integer(number.base10_parse().ok()?),
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => Numeral::Float(number.base10_parse().ok()?),
        _ => return None,
    };
    Some(match number {
        Numeral::Integer(number) if negative => Numeral::Integer(-number),
        Numeral::Float(number) if negative => Numeral::Float(-number),
        number => number,
    })
}

impl Numeral {
    #[allow(clippy::cast_precision_loss, reason = "bounds of different kinds are only compared roughly")]
    pub(super) fn is_greater_than(&self, other: &Self) -> bool {
        let float = |numeral: &Self| match numeral {
            Self::Integer(number) => *number as f64,
            Self::Float(number) => *number,
        };
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a > b,
            (a, b) => float(a) > float(b),
        }
    }
}
