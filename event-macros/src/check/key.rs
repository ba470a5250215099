//! The key of an event: `#[event(key)]` on its fields.

use quote::ToTokens;
use syn::{Type, TypePath};

use super::field::Field;
use crate::errors::Errors;

/// The most fields of a key.
const MAX_FIELDS: usize = 4;

/// Checks the fields of an event that are its key. One that cannot be is a key no more.
pub(super) fn key(fields: &mut [Field], errors: &mut Errors) {
    let mut found = 0;
    for field in fields {
        let Some(span) = field.key else { continue };
        let before = errors.len();
        found += 1;
        if found == MAX_FIELDS + 1 {
            let message = format!(
                "a key has at most {MAX_FIELDS} fields: those that tell one thing of the domain from another"
            );
            errors.at_span(span, message);
        }
        always_there(field, errors);
        of_type(field, errors);
        if field.name.contains(['"', '\\']) || field.name.contains(char::is_control) {
            let message = format!(
                "the name of a key is read by expressions, and `{}` cannot be: rename the field in JSON",
                field.name
            );
            errors.at(&field.ident, message);
        }
        if errors.len() > before {
            field.key = None;
        }
    }
}

/// Reports the fields of a struct that are marked as the key of an event.
pub(super) fn no_key(fields: &mut [Field], errors: &mut Errors) {
    for span in fields.iter_mut().filter_map(|field| field.key.take()) {
        let message =
            "a struct inside of events has no key: put `#[event(key)]` on a field of the event itself";
        errors.at_span(span, message);
    }
}

fn always_there(field: &Field, errors: &mut Errors) {
    let Some(span) = field.key else { return };
    if field.default.is_some() || field.skip_if.is_some() {
        let message = "an event always has its key: remove `default` and `skip_serializing_if`, or put \
                       `#[event(key)]` on another field";
        errors.at_span(span, message);
    }
    if let Some(condition) = field.cfgs.first() {
        errors.at(condition, "the key of an event is the same in every build: remove the condition, or put `#[event(key)]` on another field");
    }
}

/// Reports types that are known not to be keys, each with its reason. Of others the compiler says that they are not.
fn of_type(field: &Field, errors: &mut Errors) {
    let Type::Path(TypePath { path, .. }) = &field.ty else { return };
    let Some(last) = path.segments.last() else { return };
    let (ident, ty) = (&field.ident, last.arguments.to_token_stream().to_string());
    let inside = ty.trim_matches(['<', '>', ' ']);
    let message = match last.ident.to_string().as_str() {
        "Option" => format!("an event always has its key, and `{ident}` may be missing: make it `{ident}: {inside}`, or put `#[event(key)]` on another field"),
        "f32" | "f64" => "two floating-point numbers that look alike may differ: a key is a text or a whole number, such as cents or milliseconds".to_owned(),
        "bool" => "a key tells things apart, of which there are more than two: put `#[event(key)]` on a text or a whole number".to_owned(),
        "u128" | "i128" | "usize" | "isize" => "a key is a number of at most 64 bits on every machine: write `u64`, or a text".to_owned(),
        _ => return,
    };
    errors.at(&field.ty, message);
}
