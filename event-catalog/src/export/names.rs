//! The names of events in other formats.

use event_runtime::catalog::EventEntry;

/// A name without slashes: `order.placed`, for keys and folders.
pub(super) fn key(name: &str) -> String {
    name.chars().map(|char| if char.is_alphanumeric() || "._-".contains(char) { char } else { '.' }).collect()
}

/// The key of a version: `order.placed`, and of former ones `order.placed.v1`.
pub(super) fn version_key(event: &EventEntry, version: u32) -> String {
    let key = key(&event.name);
    if event.latest().is_some_and(|latest| latest.version == version) {
        key
    } else {
        format!("{key}.v{version}")
    }
}

/// `OrderPlaced`
pub(super) fn pascal(name: &str) -> String {
    let parts = name.split(|char: char| !char.is_alphanumeric()).filter(|part| !part.is_empty());
    let pascal: String = parts
        .map(|part| {
            let mut chars = part.chars();
            chars
                .next()
                .map(|first| first.to_uppercase().chain(chars).collect::<String>())
                .unwrap_or_default()
        })
        .collect();
    if pascal.starts_with(|char: char| char.is_ascii_digit()) { format!("E{pascal}") } else { pascal }
}

/// `orderPlaced`
pub(super) fn camel(name: &str) -> String {
    let pascal = pascal(name);
    let mut chars = pascal.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// The first paragraph of a documentation, on one line.
pub(super) fn summary(description: &str) -> String {
    let paragraph = description.split("\n\n").next().unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}
