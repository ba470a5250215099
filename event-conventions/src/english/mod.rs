//! English as far as names need it: verbs and their past, plurals, and phrases that say what happened.

pub(crate) mod compound;
pub(crate) mod past;
pub(crate) mod phrase;
pub(crate) mod plural;
pub(crate) mod rephrase;
pub(crate) mod state;
pub(crate) mod tables;
pub(crate) mod verb;
