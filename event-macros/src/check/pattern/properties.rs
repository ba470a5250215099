//! The properties of characters that Rust and ECMA-262 (tables 67 to 69) both know, by the names of ECMA-262.

/// General categories and binary properties.
#[rustfmt::skip]
pub(super) const PROPERTIES: &[&str] = &[
    "L", "Letter", "Lu", "Uppercase_Letter", "Ll", "Lowercase_Letter", "Lt", "Titlecase_Letter", "LC", "Cased_Letter",
    "Lm", "Modifier_Letter", "Lo", "Other_Letter",
    "M", "Mark", "Mn", "Nonspacing_Mark", "Mc", "Spacing_Mark", "Me", "Enclosing_Mark",
    "N", "Number", "Nd", "Decimal_Number", "Nl", "Letter_Number", "No", "Other_Number",
    "P", "Punctuation", "Pc", "Connector_Punctuation", "Pd", "Dash_Punctuation", "Ps", "Open_Punctuation",
    "Pe", "Close_Punctuation", "Pi", "Initial_Punctuation", "Pf", "Final_Punctuation", "Po", "Other_Punctuation",
    "S", "Symbol", "Sm", "Math_Symbol", "Sc", "Currency_Symbol", "Sk", "Modifier_Symbol", "So", "Other_Symbol",
    "Z", "Separator", "Zs", "Space_Separator", "Zl", "Line_Separator", "Zp", "Paragraph_Separator",
    "C", "Other", "Cc", "Control", "Cf", "Format", "Co", "Private_Use", "Cn", "Unassigned",
    "ASCII", "Any", "Assigned",
    "Alphabetic", "Alpha", "Uppercase", "Upper", "Lowercase", "Lower", "White_Space", "Cased", "Case_Ignorable", "Dash",
    "Diacritic", "Emoji", "Emoji_Presentation", "Extended_Pictographic", "Hex_Digit", "ASCII_Hex_Digit", "ID_Start",
    "ID_Continue", "XID_Start", "XID_Continue", "Ideographic", "Math", "Quotation_Mark", "Variation_Selector",
];

/// Whether a name is spelled as that of a script is: `Greek`, `Old_Italic`. That there is such a script Rust has checked.
pub(super) fn is_script(name: &str) -> bool {
    let is_word = |word: &str| {
        let rest = word.strip_prefix(|first: char| first.is_ascii_uppercase());
        rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_lowercase()))
    };
    name.split('_').all(is_word)
}
