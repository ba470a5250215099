//! The body of the fuzz target, over inputs that are the same each time: the texts of the JSON Parsing Test Suite, and payloads
//! of which some bytes are changed.

#[path = "../../fuzz/reading.rs"]
mod reading;

use reading::compare;

const SEEDS: [&str; 6] = [
    r#"{"text":"a","flag":true,"number":1.5,"whole":-12,"small":[1,2,255],"entries":{"x":null,"y":"z"}}"#,
    r#" { "entries" : { } , "number" : 1e3 , "text" : "\u00e9\ud83e\udd80\n" , "flag" : false , "more" : [ {"a":[]} ] } "#,
    r#"{"text":"grüße","flag":true,"number":-0.0,"whole":9223372036854775807,"small":null}"#,
    r#"{"flag":true,"text":"","number":12345678,"whole":1234567890123456,"number2":0,"small":[]}"#,
    r#"["text",true,1.5,null,null,null]"#,
    r#"[[{"a":[1,-2,3.25e-2,"\\\"\/\b\f",true,false,null]},""],0,-0,1e400,100000000]"#,
];

/// Bytes that matter to a reader of JSON.
const BYTES: &[u8] = b"\"\\{}[]:,.-+eE01289untfalsr \n\t\0\x1F\x7F\x80\xBF\xC3\xED\xA0\xF0\xFF";

#[test]
fn texts_of_the_suite_are_read_as_serde_json_reads_them() {
    for (_, text) in super::suite::texts() {
        compare(&text);
    }
}

#[test]
fn changed_texts_are_read_as_serde_json_reads_them() {
    // Numbers without a pattern that are the same each time (xorshift).
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % bound
    };
    for round in 0..30_000 {
        let mut text = SEEDS[round % SEEDS.len()].as_bytes().to_vec();
        for _ in 0..=below(3) {
            let place = below(text.len().max(1));
            match below(4) {
                0 => text[place] = BYTES[below(BYTES.len())],
                1 => text.insert(place, BYTES[below(BYTES.len())]),
                2 if text.len() > 1 => drop(text.remove(place)),
                _ => text.truncate(place.max(1)),
            }
        }
        compare(&text);
    }
}
