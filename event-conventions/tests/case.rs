//! Into kebab-case and out of it.

use event_conventions::{check_domain, to_kebab_case, to_pascal_case, to_screaming_snake_case};

#[test]
fn identifiers_become_kebab_case() {
    let cases = [
        ("PaymentFailed", "payment-failed"),
        ("payment_failed", "payment-failed"),
        ("PAYMENT_FAILED", "payment-failed"),
        ("paymentFailed", "payment-failed"),
        ("HTTPServer", "http-server"),
        ("ParseHTTP", "parse-http"),
        ("S3Bucket", "s3-bucket"),
        ("MyS3Bucket", "my-s3-bucket"),
        ("Http2Stream", "http2-stream"),
        ("HTTP2Stream", "http2-stream"),
        ("Sha256", "sha256"),
        ("UserID", "user-id"),
        ("A", "a"),
        ("", ""),
        ("__private__", "private"),
        ("r#type", "type"),
        ("already-kebab", "already-kebab"),
        ("two  words", "two-words"),
    ];
    for (ident, kebab) in cases {
        assert_eq!(to_kebab_case(ident), kebab, "of {ident}");
    }
}

#[test]
fn kebab_case_becomes_identifiers() {
    assert_eq!(to_pascal_case("payment-failed"), "PaymentFailed");
    assert_eq!(to_pascal_case("s3-bucket"), "S3Bucket");
    assert_eq!(to_screaming_snake_case("payment-failed"), "PAYMENT_FAILED");
    assert_eq!(to_screaming_snake_case("s3-bucket"), "S3_BUCKET");
}

#[test]
fn ordinary_identifiers_come_back_from_kebab_case() {
    let words = ["User", "Payment", "Failed", "S3", "Http2", "Oauth", "Xml", "Sha256", "Ab"];
    for first in words {
        for second in words {
            for third in words {
                let ident = format!("{first}{second}{third}");
                assert_eq!(to_pascal_case(&to_kebab_case(&ident)), ident);
            }
        }
    }
}

#[test]
fn the_kebab_case_of_an_ascii_identifier_is_kebab_case_and_stays_as_it_is() {
    for ident in ["PaymentFailed", "HTTPServer", "_x_Y_", "S3Bucket", "ABC", "aB", "a1B2c3", "x__y"] {
        let kebab = to_kebab_case(ident);
        assert!(check_domain(&kebab).is_ok(), "{kebab}");
        assert_eq!(to_kebab_case(&kebab), kebab);
    }
}
