//! Names that obey the conventions: of domains, and of variants. Violations are told in the words of the enum: `Created` and
//! not `created`.

use event_conventions::{Vocabulary, check_action_with, check_domain_with, to_kebab_case, to_pascal_case};
use syn::ext::IdentExt;
use syn::{Ident, LitStr};

use crate::errors::{Errors, quoted};

/// The rules that names follow.
#[derive(Clone, Copy, PartialEq, Default)]
pub(crate) enum Naming {
    /// The conventions.
    #[default]
    Conventional,
    /// The rules of another system.
    Foreign,
}

impl Naming {
    pub(crate) const fn is_foreign(self) -> bool {
        matches!(self, Self::Foreign)
    }
}

/// A name, and `true` if it obeys the conventions.
pub(super) type Judged<T> = (T, bool);

/// Reads the domain from the option or from the name of the enum.
pub(super) fn domain(
    ident: &Ident,
    option: Option<&LitStr>,
    naming: Naming,
    vocabulary: &Vocabulary,
    errors: &mut Errors,
) -> Judged<String> {
    let Some(literal) = option else { return domain_of_enum(ident, naming, vocabulary, errors) };
    let domain = literal.value();
    if !naming.is_foreign()
        && let Err(violation) = check_domain_with(&domain, vocabulary)
    {
        errors.at(literal, violation.to_string());
        return (domain, false);
    }
    (domain, true)
}

/// `workflow` of `WorkflowEvent`.
fn domain_of_enum(
    ident: &Ident,
    naming: Naming,
    vocabulary: &Vocabulary,
    errors: &mut Errors,
) -> Judged<String> {
    let name = ident.unraw().to_string();
    let stem = name.strip_suffix("Events").or_else(|| name.strip_suffix("Event")).unwrap_or(&name);
    if stem.is_empty() {
        errors.at(
            ident,
            format!("`{name}` names no domain: name the enum `WorkflowEvent`, or write `#[domain_events(domain = \"workflow\")]`"),
        );
        return ("unnamed".to_owned(), false);
    }
    let domain = to_kebab_case(stem);
    if naming.is_foreign() {
        return (domain, true);
    }
    let Err(violation) = check_domain_with(&domain, vocabulary) else { return (domain, true) };
    let message = violation.to_string();
    let message = match violation.suggestion() {
        Some(better) => message.replace(&quoted(&better), &format!("`{}Event`", to_pascal_case(&better))),
        None => format!("{message}; or name the domain: `#[domain_events(domain = \"..\")]`"),
    };
    errors.at(ident, message);
    (domain, false)
}

/// Reads the action from the option or from the name of a variant.
pub(super) fn action(
    ident: &Ident,
    option: Option<&LitStr>,
    naming: Naming,
    vocabulary: &Vocabulary,
    errors: &mut Errors,
) -> Judged<String> {
    let is_pascal = is_pascal_case(ident, errors);
    if let Some(literal) = option {
        let is_well = is_action(literal, vocabulary, errors);
        return (literal.value(), is_pascal && is_well);
    }
    let action = to_kebab_case(&ident.unraw().to_string());
    let is_well = is_pascal && (naming.is_foreign() || is_in_the_past(ident, &action, vocabulary, errors));
    (action, is_well)
}

/// Reports a name that is not in `PascalCase`.
pub(super) fn is_pascal_case(ident: &Ident, errors: &mut Errors) -> bool {
    let written = ident.unraw().to_string();
    let pascal = written.starts_with(|first: char| first.is_ascii_uppercase())
        && written.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && (written.len() < 2 || written.bytes().any(|byte| byte.is_ascii_lowercase()));
    if !pascal {
        let better = to_pascal_case(&to_kebab_case(&written.to_lowercase().replace('_', "-")));
        errors.at(ident, format!("`{written}` is not PascalCase: write `{better}`"));
    }
    pascal
}

/// Reports an action that was written as a text and disobeys the conventions.
fn is_action(literal: &LitStr, vocabulary: &Vocabulary, errors: &mut Errors) -> bool {
    let action = literal.value();
    let Err(violation) = check_action_with(&action, vocabulary) else { return true };
    let message = violation.to_string();
    errors
        .at(literal, if violation.suggestion().is_some() { message } else { or_declare(&message, &action) });
    false
}

fn or_declare(message: &str, action: &str) -> String {
    format!("{message}; if it is a past tense, declare it: `#[domain_events(past_tense(\"{action}\"))]`")
}

fn is_in_the_past(ident: &Ident, action: &str, vocabulary: &Vocabulary, errors: &mut Errors) -> bool {
    let Err(violation) = check_action_with(action, vocabulary) else { return true };
    let message = violation.to_string().replace(&quoted(action), &quoted(&ident.unraw().to_string()));
    let message = match violation.suggestion() {
        Some(better) => message.replace(&quoted(&better), &quoted(&to_pascal_case(&better))),
        None => or_declare(&message, action),
    };
    errors.at(ident, message);
    false
}
