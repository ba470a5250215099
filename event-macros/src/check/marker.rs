//! Markers: the types that stand for functions in lists and in types. That of `send_mail` is `SendMail`, unless the function
//! names another one.

use event_conventions::to_pascal_case;
use quote::format_ident;
use syn::ext::IdentExt;
use syn::visit_mut::VisitMut;
use syn::{Ident, Path, Type, TypePath};

use crate::errors::Errors;

/// Types that the runtime's prelude and that of Rust bring into a module. A marker of such a name would hide the type from everything in
/// its module, so that other declarations fail with errors that do not name it.
const HIDEABLE: &[&str] = &[
    "App",
    "Batch",
    "Box",
    "Client",
    "Context",
    "Cron",
    "Duration",
    "Either",
    "Envelope",
    "Error",
    "Event",
    "EventSet",
    "Failed",
    "Option",
    "Payload",
    "Registry",
    "Result",
    "Step",
    "StepError",
    "String",
    "SystemTime",
    "Upcast",
    "Uuid",
    "Validate",
    "Vec",
];

/// The marker of the function that has this name. Lists and functions agree on it: where it would hide a type, it is another one, so
/// that the error at the function is the only one.
pub(super) fn of_function(name: &Ident) -> Ident {
    let usual = usual(name);
    if is_hideable(&usual) { format_ident!("{usual}Function", span = name.span()) } else { usual }
}

fn usual(name: &Ident) -> Ident {
    let words = name.unraw().to_string().trim_matches('_').replace('_', "-");
    format_ident!("{}", to_pascal_case(&words), span = name.span())
}

fn is_hideable(marker: &Ident) -> bool {
    HIDEABLE.contains(&marker.unraw().to_string().as_str())
}

/// Checks that the marker of a function hides no type: neither one of a prelude nor one that the function names itself. `chosen` is what
/// the option `marker` says, `types` are those of the signature.
pub(super) fn check(function: &Ident, chosen: Option<&Ident>, types: [&Type; 2], errors: &mut Errors) {
    let marker = chosen.cloned().unwrap_or_else(|| usual(function));
    let hidden = if is_hideable(&marker) {
        "of the prelude"
    } else if types.into_iter().any(|ty| names(ty, &marker)) {
        "in its signature"
    } else {
        return;
    };
    let stands = "the type that stands for a function in lists";
    let message = match chosen {
        Some(_) => format!("`{marker}`, {stands}, would hide the `{marker}` {hidden}: choose another name"),
        None => format!(
            "`{marker}`, {stands}, would hide the `{marker}` {hidden}: choose `marker = Run{marker}` or another name, and list it by \
             that, or rename the function"
        ),
    };
    errors.at(chosen.unwrap_or(function), message);
}

/// Returns true if a type mentions this name without a path.
fn names(ty: &Type, marker: &Ident) -> bool {
    struct Names<'a>(&'a Ident, bool);

    impl VisitMut for Names<'_> {
        fn visit_type_path_mut(&mut self, ty: &mut TypePath) {
            self.1 |= ty.path.is_ident(self.0);
            syn::visit_mut::visit_type_path_mut(self, ty);
        }
    }

    let mut names = Names(marker, false);
    names.visit_type_mut(&mut ty.clone());
    names.1
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
