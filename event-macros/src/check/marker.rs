//! Markers: the types that stand for functions in lists and in types. That of `send_mail` is `SendMail`, unless the function
//! names another one.

use event_conventions::to_pascal_case;
use quote::format_ident;
use syn::ext::IdentExt;
use syn::{Ident, Path};

/// The marker of the function that has this name.
pub(super) fn of_function(name: &Ident) -> Ident {
    let words = name.unraw().to_string().trim_matches('_').replace('_', "-");
    format_ident!("{}", to_pascal_case(&words), span = name.span())
}

/// The path of a function's marker: `mail::SendMail` of `mail::send_mail`. A type stands for itself.
pub(super) fn of_path(path: &Path) -> Path {
    let mut path = path.clone();
    if let Some(last) = path.segments.last_mut()
        && last.ident.unraw().to_string().starts_with(|first: char| first.is_lowercase() || first == '_')
    {
        last.ident = of_function(&last.ident);
    }
    path
}
