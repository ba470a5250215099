//! Every message is one sentence: what is wrong, then what to write instead.

use event_conventions::{check_action, check_domain, check_event_name};

#[test]
fn of_actions() {
    let cases = [
        ("create", "`create` is not in the past tense: did you mean `created`?"),
        (
            "ready",
            "`ready` is not in the past tense: write what happened, such as `created` or `payment-failed`",
        ),
        ("stopping", "`stopping` is a state, not something that happened: did you mean `stopping-started`?"),
        (
            "exists",
            "`exists` is a state, not something that happened: write what happened, such as `created` or `payment-failed`",
        ),
        ("payed", "`payed` is not the past form of `pay`: write `paid`"),
        ("invoice-payed", "`payed` is not the past form of `pay`: write `paid`"),
        ("userCreated", "`userCreated` is not kebab-case: write `user-created`"),
        ("größe", "`größe` is not kebab-case: write lowercase words with hyphens between them"),
        ("", "the action is empty"),
    ];
    for (action, message) in cases {
        assert_eq!(check_action(action).unwrap_err().to_string(), message);
    }
}

#[test]
fn of_domains() {
    let cases = [
        ("users", "`users` is plural: write `user`"),
        ("bases", "`bases` is plural: write the singular"),
        ("User", "`User` is not kebab-case: write `user`"),
        ("", "the domain is empty"),
    ];
    for (domain, message) in cases {
        assert_eq!(check_domain(domain).unwrap_err().to_string(), message);
    }
}

#[test]
fn of_event_names() {
    let cases = [
        ("users/created", "`users` is plural: write `user`"),
        ("user/create", "`create` is not in the past tense: did you mean `created`?"),
        ("user/payed", "`payed` is not the past form of `pay`: write `paid`"),
        (
            "user/created/twice",
            "`created/twice` is not kebab-case: write lowercase words with hyphens between them",
        ),
        ("user.created", "`user.created` has no `/` between a domain and an action: write `user/created`"),
        ("/created", "the domain is empty"),
        ("user/", "the action is empty"),
        ("", "the event name is empty"),
    ];
    for (name, message) in cases {
        assert_eq!(check_event_name(name).unwrap_err().to_string(), message);
    }
}

#[test]
fn the_range_is_the_offending_part() {
    let range = |name| check_event_name(name).unwrap_err().range();
    assert_eq!(range("billing-accounts/created"), 8..16);
    assert_eq!(range("user/create"), 5..11);
    assert_eq!(range("user/invoice-payed"), 13..18);
    assert_eq!(range("user/payment_failed"), 12..13);
    assert_eq!(range("user/größe"), 7..9);
    assert_eq!(range("user/"), 5..5);
}
