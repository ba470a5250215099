//! What a rule fits, as the compiler tells it. The traits that users implement have many implementations, and rustc lists
//! some of them below each error; each of these has one, which is not to be recommended.

use super::{Integer, Length, Number, Text};

/// What `length` fits.
#[diagnostic::on_unimplemented(
    message = "`length` does not fit `{Self}`: it needs a text, a list, a set or a map",
    label = "this rule",
    note = "for the value of a number write `range(min = .., max = ..)`; for a type of your own implement `event_runtime::validate::Length`"
)]
pub trait Measured: Length {}

#[diagnostic::do_not_recommend]
impl<T: Length + ?Sized> Measured for T {}

/// What the rules about numbers fit.
#[diagnostic::on_unimplemented(
    message = "this rule does not fit `{Self}`: it needs a number",
    label = "this rule",
    note = "for the length of a text or a list write `length(min = .., max = ..)`; for a type of your own implement `event_runtime::validate::Number`"
)]
pub trait Numeric: Number {}

#[diagnostic::do_not_recommend]
impl<T: Number + ?Sized> Numeric for T {}

/// What `multiple_of` fits.
#[diagnostic::on_unimplemented(
    message = "`multiple_of` does not fit `{Self}`: it needs an integer",
    label = "this rule",
    note = "a float is hardly ever an exact multiple: hold the smallest unit as an integer, such as cents"
)]
pub trait Whole: Integer {}

#[diagnostic::do_not_recommend]
impl<T: Integer + ?Sized> Whole for T {}

/// What the rules about text fit.
#[diagnostic::on_unimplemented(
    message = "this rule does not fit `{Self}`: it needs a text",
    label = "this rule",
    note = "for the elements of a list write `inner(..)`; for a type of your own implement `event_runtime::validate::Text`"
)]
pub trait Textual: Text {}

#[diagnostic::do_not_recommend]
impl<T: Text + ?Sized> Textual for T {}
