//! Function ids, in constants and at run time.

use event_conventions::{Rule, check_function_id};

const _: () = assert!(check_function_id("workflow-created-email-sender", "workflow", "created").is_ok());
const _: () = match check_function_id("workflow-archive", "workflow", "") {
    Ok(()) => (),
    Err(violation) => panic!("{}", violation.rule().message()),
};
const WRONG: Option<Rule> = rule("email-sender", "workflow", "created");

const fn rule(id: &str, domain: &str, action: &str) -> Option<Rule> {
    match check_function_id(id, domain, action) {
        Ok(()) => None,
        Err(violation) => Some(violation.rule()),
    }
}

#[test]
fn the_rule_is_known_in_a_constant() {
    assert_eq!(WRONG, Some(Rule::WrongPrefix));
}

#[test]
fn an_id_is_the_trigger_and_a_purpose() {
    let cases = [
        ("user-created-mailer", "user", "created", None),
        ("user-created-x", "user", "created", None),
        ("user-created", "user", "created", Some(Rule::MissingPurpose)),
        ("user", "user", "created", Some(Rule::WrongPrefix)),
        ("user-creat", "user", "created", Some(Rule::WrongPrefix)),
        ("user-createdmailer", "user", "created", Some(Rule::WrongPrefix)),
        ("users-created-mailer", "user", "created", Some(Rule::WrongPrefix)),
        ("user-signed-up-mailer", "user", "signed-up", None),
        ("user-signed-upmailer", "user", "signed-up", Some(Rule::WrongPrefix)),
        ("user-mailer", "user", "", None),
        ("user", "user", "", Some(Rule::MissingPurpose)),
        ("nightly-cleanup", "", "", None),
        ("cleanup", "", "", None),
        ("Nightly", "", "", Some(Rule::NotKebabCase)),
        ("user-created-", "user", "created", Some(Rule::NotKebabCase)),
        ("", "", "", Some(Rule::Empty)),
    ];
    for (id, domain, action, expected) in cases {
        assert_eq!(rule(id, domain, action), expected, "{id} for {domain}/{action}");
    }
}

#[test]
fn the_message_names_the_prefix() {
    let message = |id| check_function_id(id, "user", "created").unwrap_err().to_string();
    assert_eq!(
        message("mailer"),
        "`mailer` does not begin with `user-created-`, the name of its trigger: write `user-created-mailer`"
    );
    assert_eq!(
        message("user-deleted-mailer"),
        "`user-deleted-mailer` does not begin with `user-created-`, the name of its trigger: write `user-created-` \
         and its purpose"
    );
    assert_eq!(
        message("user-created"),
        "`user-created` does not say what the function is for: write `user-created-` and its purpose"
    );
    assert_eq!(
        message("userCreatedMailer"),
        "`userCreatedMailer` is not kebab-case: write `user-created-mailer`"
    );
}

#[test]
fn a_base_verb_in_the_prefix_is_replaced() {
    let violation = check_function_id("user-create-mailer", "user", "created").unwrap_err();
    assert_eq!(violation.suggestion().as_deref(), Some("user-created-mailer"));
}
