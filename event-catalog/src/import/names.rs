//! Names of Rust for names of JSON.

/// `OrderPlaced`
pub(super) fn pascal(name: &str) -> String {
    let words = words(name);
    let pascal: String = words.iter().map(|word| capitalized(word)).collect();
    match pascal.chars().next() {
        None => "Unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("N{pascal}"),
        Some(_) if pascal == "Self" => "Self_".to_owned(),
        Some(_) => pascal,
    }
}

/// `order_placed`
pub(super) fn snake(name: &str) -> String {
    let snake = words(name).join("_").to_lowercase();
    match snake.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{snake}"),
        Some(_) if ["self", "super", "crate"].contains(&snake.as_str()) => format!("{snake}_"),
        Some(_) => snake,
    }
}

/// An identifier, also where Rust keeps the word for itself.
pub(super) fn identifier(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for char in name.chars() {
        if !char.is_ascii_alphanumeric() {
            before = ' ';
            continue;
        }
        let begins =
            !before.is_ascii_alphanumeric() || (char.is_ascii_uppercase() && !before.is_ascii_uppercase());
        match words.last_mut() {
            Some(word) if !begins => word.push(char),
            _ => words.push(char.to_string()),
        }
        before = char;
    }
    words
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect())
        .unwrap_or_default()
}

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
