//! What steps and functions return, as it is recorded.

use std::sync::Arc;

use serde::Serialize;

use super::{Error, Result};
use crate::validate::{Issues, Path, encode_text};

/// Writes a result as JSON. One that would be read back as another is an error that no attempt mends.
pub(crate) fn encode_output<T: Serialize + ?Sized>(output: &T) -> Result<Arc<str>> {
    let mut issues = Issues::new();
    let json = encode_text(output, &Path::root().field("result"), &mut issues);
    // Without JSON there is an issue.
    issues.into_result(json).map(Option::unwrap_or_default).map_err(Error::non_retriable)
}
