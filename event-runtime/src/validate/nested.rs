//! Entering nested values: the rules of what a field holds.
//!
//! The compiler decides by the types, and never by their names: [`Probe::ENTER`] is how a value is entered if its type has
//! rules, and [`Enter`] enters a generic type, as a container of the standard library or by its own [`Validate`].

use std::marker::PhantomData;

use super::{Issues, Path, Validate};

/// Finds out how a type is treated: a constant that `Probe<T>` itself has for some types is found before that of a trait,
/// which it has for all.
#[derive(Debug)]
pub struct Probe<T: ?Sized>(PhantomData<T>);

/// How the values of a type are entered; `None` where there are no rules.
pub type Inside<T> = Option<fn(&T, &Path<'_>, &mut Issues)>;

impl<T: Validate + ?Sized> Probe<T> {
    /// For types with `Validate`.
    pub const ENTER: Inside<T> = if T::IS_CHECKED { Some(T::validate_into) } else { None };

    /// Whether there are rules that somebody has written.
    pub const HAS_RULES: bool = T::HAS_RULES;
}

/// For all other types.
pub trait Unruled<T: ?Sized> {
    /// There is nothing to enter.
    const ENTER: Inside<T> = None;

    /// There are no rules.
    const HAS_RULES: bool = false;
}

impl<T: ?Sized> Unruled<T> for Probe<T> {}

/// Enters what was found to have rules.
#[inline]
pub fn enter<T: ?Sized>(inside: Inside<T>, value: &T, path: &Path<'_>, issues: &mut Issues) {
    if let Some(enter) = inside {
        enter(value, path, issues);
    }
}

/// How the arguments of a generic type are entered when they are generic themselves.
#[inline]
pub const fn inside<T: ?Sized>(enter: fn(&T, &Path<'_>, &mut Issues)) -> Inside<T> {
    Some(enter)
}

/// A container of the standard library. `Each` is a tuple of [`Inside`], one for each of its type parameters.
pub trait Container<Each> {
    /// Enters each value that it holds.
    fn enter_each(&self, each: Each, path: &Path<'_>, issues: &mut Issues);
}

/// A value of a generic type, and how its type arguments are entered.
///
/// `(&&&Enter(&value, each)).enter_rules(..)` finds the first of [`ViaContents`], [`ViaValidate`] and [`ViaNothing`] that the type
/// allows: method resolution takes one reference off after the other.
#[derive(Debug)]
pub struct Enter<'a, C: ?Sized, Each>(pub &'a C, pub Each);

/// For containers of the standard library.
pub trait ViaContents {
    /// Enters what the container holds.
    fn enter_rules(&self, path: &Path<'_>, issues: &mut Issues);
}

impl<C: Container<Each> + ?Sized, Each: Copy> ViaContents for &&Enter<'_, C, Each> {
    #[inline]
    fn enter_rules(&self, path: &Path<'_>, issues: &mut Issues) {
        self.0.enter_each(self.1, path, issues);
    }
}

/// For other types with rules.
pub trait ViaValidate {
    /// Checks the rules.
    fn enter_rules(&self, path: &Path<'_>, issues: &mut Issues);
}

impl<T: Validate + ?Sized, Each> ViaValidate for &Enter<'_, T, Each> {
    #[inline]
    fn enter_rules(&self, path: &Path<'_>, issues: &mut Issues) {
        self.0.validate_into(path, issues);
    }
}

/// For all other types; what they hold has no rules either, see [`assert_entered`].
pub trait ViaNothing {
    /// Does nothing.
    fn enter_rules(&self, path: &Path<'_>, issues: &mut Issues);
}

impl<T: ?Sized, Each> ViaNothing for Enter<'_, T, Each> {
    #[inline]
    fn enter_rules(&self, _: &Path<'_>, _: &mut Issues) {}
}

/// Whether the values that a generic type holds are reached.
#[derive(Debug)]
pub struct Reached<C, Each>(PhantomData<(C, Each)>);

impl<C: Container<Each>, Each> Reached<C, Each> {
    /// They are.
    pub const AS_CONTAINER: bool = true;
}

/// For all other types.
pub trait Unreached {
    /// They are not, unless the type has `Validate`.
    const AS_CONTAINER: bool = false;
}

impl<C, Each> Unreached for Reached<C, Each> {}

/// Fails to compile, with `message`, when values with rules are inside a generic type that hides them.
///
/// # Panics
///
/// In a constant, so that the panic is a compile error.
#[track_caller]
pub const fn assert_entered(is_reached: bool, have_rules: &[bool], message: &str) {
    assert!(is_reached || !any(have_rules), "{}", message);
}

/// Fails to compile, with `message`, when none of the types that are written for a field has rules.
///
/// # Panics
///
/// In a constant, so that the panic is a compile error.
#[track_caller]
pub const fn assert_rules(have_rules: &[bool], message: &str) {
    assert!(any(have_rules), "{}", message);
}

const fn any(flags: &[bool]) -> bool {
    match flags {
        [] => false,
        [first, rest @ ..] => *first || any(rest),
    }
}
