//! The longest names.

use event_conventions::{MAX_LENGTH, Rule, check_action, check_domain, check_event_name, check_function_id};

#[test]
fn a_name_of_the_greatest_length_passes() {
    let domain = "d".repeat(MAX_LENGTH);
    let action = format!("{}ed", "e".repeat(MAX_LENGTH - 4)) + "it";
    assert!(check_domain(&domain).is_ok());
    assert_eq!(check_action(&action).unwrap_err().rule(), Rule::NotPastTense);
    let action = format!("{}-created", "e".repeat(MAX_LENGTH - 8));
    assert!(check_action(&action).is_ok());
    assert!(check_event_name(&format!("{domain}/{action}")).is_ok());
    assert!(check_function_id(&domain, "", "").is_ok());
}

#[test]
fn one_byte_more_is_too_long() {
    let long = "d".repeat(MAX_LENGTH + 1);
    let message = check_domain(&long).unwrap_err().to_string();
    assert_eq!(message, "the domain has 129 bytes: write at most 128");
    assert_eq!(check_action(&long).unwrap_err().rule(), Rule::TooLong);
    assert_eq!(check_function_id(&long, "", "").unwrap_err().rule(), Rule::TooLong);
    let name = format!("{long}/created");
    let violation = check_event_name(&name).unwrap_err();
    assert_eq!((violation.rule(), violation.range()), (Rule::TooLong, 0..129));
}

#[test]
fn the_rule_names_the_limit() {
    assert!(Rule::TooLong.message().contains(&MAX_LENGTH.to_string()));
}
