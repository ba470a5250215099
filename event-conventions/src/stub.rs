//! Stand-in.
use alloc::string::{String, ToString};
use core::fmt;
/// Stand-in.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary;
impl Vocabulary {
    /// Stand-in.
    pub fn past_tense(self, _: impl Into<String>) -> Self { self }
    /// Stand-in.
    pub fn singular(self, _: impl Into<String>) -> Self { self }
}
/// Stand-in.
#[derive(Debug, Clone)]
pub struct Violation(pub String, pub Option<String>);
impl Violation {
    /// Stand-in.
    pub fn suggestion(&self) -> Option<String> { self.1.clone() }
}
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
}
/// Stand-in.
pub fn check_action_with(a: &str, _: &Vocabulary) -> Result<(), Violation> {
    if a.ends_with("ed") || a == "sent" { Ok(()) } else { Err(Violation("`".to_string() + a + "` is not in the past tense", Some(a.to_string() + "d"))) }
}
/// Stand-in.
pub fn check_domain_with(a: &str, _: &Vocabulary) -> Result<(), Violation> {
    if a.ends_with('s') { Err(Violation("`".to_string() + a + "` is plural", None)) } else { Ok(()) }
}
/// Stand-in.
pub fn to_kebab_case(s: &str) -> String {
    let mut o = String::new();
    for (i, c) in s.chars().enumerate() { if c.is_uppercase() && i > 0 { o.push('-'); } o.extend(c.to_lowercase()); }
    o
}
/// Stand-in.
pub fn to_pascal_case(s: &str) -> String {
    s.split('-').map(|w| { let mut c = w.chars(); c.next().map(|f| f.to_uppercase().collect::<String>() + c.as_str()).unwrap_or_default() }).collect()
}
/// Stand-in.
pub fn to_screaming_snake_case(s: &str) -> String { s.replace('-', "_").to_uppercase() }
/// Stand-in.
pub const fn check_function_id(_: &str, _: &str, _: &str) -> Result<(), ()> { Ok(()) }
