//! The members of a JSON object, still JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::{RawValue, to_raw_value};

use crate::function::Result;

/// The members of an object; `None` for anything else.
pub(super) fn members(data: &RawValue) -> Option<BTreeMap<Cow<'_, str>, &RawValue>> {
    serde_json::from_str(data.get()).ok()
}

/// An object of these members.
pub(super) fn object<'a>(
    members: impl IntoIterator<Item = (&'a str, Box<RawValue>)>,
) -> Result<Box<RawValue>> {
    let members: BTreeMap<&str, Box<RawValue>> = members.into_iter().collect();
    Ok(to_raw_value(&members)?)
}
