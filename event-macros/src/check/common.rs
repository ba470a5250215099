//! Fields that every event of a set has: `#[domain_events(common(tenant: TenantId))]`.

use syn::{Fields, Ident, Variant, parse_quote};

use crate::errors::Errors;
use crate::parse::option::Opt;

/// Reads the fields, each name once.
pub(super) fn fields(option: &Opt, errors: &mut Errors) -> Vec<syn::Field> {
    let mut fields = Vec::<syn::Field>::new();
    for field in option.fields("tenant: TenantId", errors) {
        if has(&fields, field.ident.as_ref()) {
            errors.at(&field.ident, "this field is there twice: remove one");
        } else {
            fields.push(field);
        }
    }
    fields
}

/// Puts the common fields before those of a variant.
pub(super) fn add(variant: &mut Variant, common: &[syn::Field], errors: &mut Errors) {
    if common.is_empty() {
        return;
    }
    let mut own = Vec::new();
    match &variant.fields {
        Fields::Unit => {}
        Fields::Named(fields) => {
            for field in &fields.named {
                if has(common, field.ident.as_ref()) {
                    errors.at(
                        &field.ident,
                        "every event of this set has this field, by `common(..)`: remove it here or there",
                    );
                } else {
                    own.push(field);
                }
            }
        }
        Fields::Unnamed(fields) => {
            let message = "the fields of `common(..)` stand beside others by name: write `{ .. }` here, or remove `common`";
            errors.at(fields, message);
            return;
        }
    }
    variant.fields = Fields::Named(parse_quote!({ #(#common,)* #(#own),* }));
}

fn has(fields: &[syn::Field], name: Option<&Ident>) -> bool {
    fields.iter().any(|field| field.ident.as_ref() == name)
}
