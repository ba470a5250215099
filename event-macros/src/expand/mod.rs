//! The third stage: from checked models to code, a file for each thing that is generated. Nothing is reported here.

mod choice;
mod controller;
mod debug;
mod docs;
mod enter;
mod event;
mod example;
mod function;
mod functions;
mod json;
mod key;
mod list;
mod lookup;
mod names;
mod newtype;
mod object;
mod options;
mod payload;
mod registry;
mod rules;
mod sample;
mod schema;
mod set;
mod tokens;
mod unhandled;
mod validate;

pub(crate) use controller::expand as controller;
pub(crate) use function::expand_free as free_function;
pub(crate) use functions::expand as functions;
pub(crate) use lookup::expand as lookup;
pub(crate) use names::expand as names;
pub(crate) use payload::expand as stored;
pub(crate) use registry::expand as registry;
pub(crate) use set::expand as set;
pub(crate) use unhandled::expand as unhandled;
pub(crate) use validate::expand_derive as validate;
