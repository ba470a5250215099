//! The rules. The generated code calls one function a rule; each is a quick check, and a cold path that says what is
//! wrong.

mod format;
mod length;
mod range;

pub use format::{Text, email, pattern, regex, url, uuid};
pub use length::{Length, length};
pub use range::{Number, range};
