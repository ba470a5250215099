//! Functions of other applications: their ids, and the names of their markers.

use proc_macro2::TokenStream;
use syn::{Attribute, Ident, LitStr, Type, Visibility};

use super::naming::{Naming, is_pascal_case};
use crate::errors::Errors;
use crate::parse::foreign::{Declaration, Declarations};

/// A function of another application.
pub(crate) struct Foreign {
    pub(crate) runtime: TokenStream,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) app: LitStr,
    pub(crate) function: LitStr,
    pub(crate) naming: Naming,
    pub(crate) event: Type,
    pub(crate) output: Type,
}

/// Checks the declarations of `foreign!`. The generated code checks that each id matches its event.
pub(crate) fn foreign(declarations: Declarations, errors: &mut Errors) -> Vec<Foreign> {
    let Declarations { runtime, all } = declarations;
    let mut seen: Vec<(String, String)> = Vec::new();
    let check = |declaration: Declaration| {
        let Declaration { attributes, vis, name, app, function, rules, event, output } = declaration;
        is_pascal_case(&name, errors);
        if app.value().trim().is_empty() {
            errors.at(&app, "the id of the application is empty: write the one of its `App::builder(\"..\")`, or of `new Inngest({ id })`");
        }
        if function.value().trim().is_empty() {
            errors.at(&function, "the id of the function is empty: write the one of its declaration");
        }
        let id = (app.value(), function.value());
        if seen.contains(&id) {
            errors.at(
                &function,
                format!("the function `{}` of `{}` is declared twice: remove one", id.1, id.0),
            );
        }
        seen.push(id);
        let naming = match &rules {
            None => Naming::Conventional,
            Some(word) if word == "foreign" => Naming::Foreign,
            Some(word) => {
                errors.at(
                    word,
                    "write `as foreign`, for an id that follows the naming rules of another system",
                );
                Naming::Foreign
            }
        };
        // An empty id was reported.
        let naming = if function.value().trim().is_empty() { Naming::Foreign } else { naming };
        Foreign { runtime: runtime.clone(), attributes, vis, name, app, function, naming, event, output }
    };
    all.into_iter().map(check).collect()
}
