//! How a text is made uniform when it is read: `#[normalize(..)]`.

use proc_macro2::Span;
use syn::Attribute;

use crate::errors::Errors;
use crate::parse::attributes::named;
use crate::parse::option;

/// The steps of normalization of a text. They are always applied in the same order, however they are written.
#[derive(Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "each says a thing of its own")]
pub(crate) struct Normalize {
    /// Where it is written: there the compiler says that it does not fit the type.
    pub(crate) span: Span,
    pub(crate) nfc: bool,
    pub(crate) lowercase: bool,
    pub(crate) collapse_whitespace: bool,
    pub(crate) trim: bool,
}

const OPTIONS: &[&str] = &["trim", "lowercase", "nfc", "collapse_whitespace"];

/// Reads `#[normalize(..)]` above a field.
pub(super) fn normalize(attributes: &[Attribute], errors: &mut Errors) -> Option<Normalize> {
    let first = named(attributes, &["normalize"]).next()?;
    let span = first.path().segments.first().map_or_else(Span::call_site, |name| name.ident.span());
    let mut all = Normalize { span, nfc: false, lowercase: false, collapse_whitespace: false, trim: false };
    let options = option::of_attributes(attributes, "normalize", errors);
    for option in &options {
        let flag = match option.name().as_str() {
            "nfc" => &mut all.nfc,
            "lowercase" => &mut all.lowercase,
            "collapse_whitespace" => &mut all.collapse_whitespace,
            "trim" => &mut all.trim,
            _ => {
                option.unknown("normalization", OPTIONS, errors);
                continue;
            }
        };
        *flag = true;
        option.flag(errors);
    }
    if first.meta.require_list().is_ok_and(|list| list.tokens.is_empty()) {
        errors.at(first, "`normalize` needs to be told what to do: write `#[normalize(trim, lowercase)]`");
    }
    Some(all)
}

impl Normalize {
    /// The names of what is done, in the order in which it is done.
    pub(crate) fn names(self) -> Vec<&'static str> {
        let names = [
            (self.nfc, "nfc"),
            (self.lowercase, "lowercase"),
            (self.collapse_whitespace, "collapse_whitespace"),
            (self.trim, "trim"),
        ];
        names.into_iter().filter_map(|(is_done, name)| is_done.then_some(name)).collect()
    }
}
