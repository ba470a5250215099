//! The whole catalogue as one value.

use event_runtime::catalog::Catalog;

use super::File;

pub(super) fn files(catalog: &Catalog) -> Vec<File> {
    vec![("catalog.json".to_owned(), catalog.to_json())]
}
