//! The first stage: from tokens to syntax. Knows where things stand, not what they mean.

pub(crate) mod attributes;
pub(crate) mod documentation;
pub(crate) mod foreign;
pub(crate) mod item;
pub(crate) mod list;
pub(crate) mod option;
pub(crate) mod own_serde;
pub(crate) mod recover;
