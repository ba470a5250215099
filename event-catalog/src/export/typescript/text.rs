//! Texts as TypeScript writes them.

/// A literal.
pub(super) fn quoted(text: &str) -> String {
    // JSON is JavaScript.
    serde_json::Value::from(text).to_string()
}

/// The name of a property.
pub(super) fn property(name: &str) -> String {
    let is_plain = name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_' || char == '$')
        && !name.starts_with(|char: char| char.is_ascii_digit())
        && !name.is_empty();
    if is_plain { name.to_owned() } else { quoted(name) }
}

/// A regular expression with the flag `u`.
pub(super) fn regex(pattern: &str) -> String {
    let mut literal = String::new();
    let (mut escaped, mut in_class) = (false, false);
    for char in pattern.chars() {
        match char {
            '/' if !escaped && !in_class => literal.push('\\'),
            '[' if !escaped => in_class = true,
            ']' if !escaped => in_class = false,
            _ => {}
        }
        match char {
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\u{2028}' => literal.push_str("\\u2028"),
            '\u{2029}' => literal.push_str("\\u2029"),
            other => literal.push(other),
        }
        escaped = char == '\\' && !escaped;
    }
    if literal.is_empty() {
        "(?:)".clone_into(&mut literal);
    }
    format!("/{literal}/u")
}
