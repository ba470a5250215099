//! What is suggested instead of a wrong name.

use event_conventions::{check_action, check_domain, check_event_name};

#[test]
fn a_verb_becomes_its_past_tense() {
    let cases = [
        ("create", "created"),
        ("stop", "stopped"),
        ("retry", "retried"),
        ("send", "sent"),
        ("run", "ran"),
        ("panic", "panicked"),
        ("visit", "visited"),
        ("submit", "submitted"),
        ("embed", "embedded"),
        ("delay", "delayed"),
        ("die", "died"),
        ("resend", "resent"),
        ("unzip", "unzipped"),
        ("begin", "began"),
        ("deletes", "deleted"),
        ("retries", "retried"),
        ("creating", "created"),
        ("stopping", "stopped"),
        ("riding", "rode"),
        ("staring", "stared"),
        ("hoping", "hoped"),
        ("missing", "missed"),
        ("overriding", "overrode"),
        ("snapshots", "snapshotted"),
        ("cancelling", "canceled"),
        ("dying", "died"),
        ("signup", "signed-up"),
    ];
    for (wrong, right) in cases {
        assert_eq!(action(wrong).as_deref(), Some(right), "instead of {wrong}");
    }
}

#[test]
fn a_wrong_past_form_becomes_the_right_one() {
    let cases = [
        ("payed", "paid"),
        ("sended", "sent"),
        ("builded", "built"),
        ("runned", "ran"),
        ("writed", "wrote"),
        ("goed", "went"),
        ("resended", "resent"),
        ("commited", "committed"),
        ("stoped", "stopped"),
        ("retryed", "retried"),
        ("loged", "logged"),
        ("flyed", "flew"),
        ("reseted", "reset"),
        ("logined", "logged-in"),
        ("invoice-payed", "invoice-paid"),
    ];
    for (wrong, right) in cases {
        assert_eq!(action(wrong).as_deref(), Some(right), "instead of {wrong}");
    }
}

#[test]
fn the_verb_of_a_phrase_is_inflected() {
    let cases = [
        ("sign-up", "signed-up"),
        ("go-live", "went-live"),
        ("participant-join", "participant-joined"),
        ("remove-item", "removed-item"),
        ("save-for-later", "saved-for-later"),
        ("close-account", "closed-account"),
        ("session-end", "session-ended"),
        ("flag-as-spam", "flagged-as-spam"),
        ("userCreated", "user-created"),
        ("signed_up", "signed-up"),
        ("will-expire", "expired"),
    ];
    for (wrong, right) in cases {
        assert_eq!(action(wrong).as_deref(), Some(right), "instead of {wrong}");
    }
}

#[test]
fn nothing_is_suggested_where_the_form_is_not_sure() {
    let cases = [
        "creation",
        "ready",
        "overdue",
        "frobnicate",
        "create-or-update",
        "order-shipment",
        "payment-success",
        "new-message",
        "in-progress",
        "back-in-stock",
        "no-show",
        "upcoming",
        "open-account",
        "close-export",
        "user-account",
        "network-down",
        "end-of-life",
        "refresh-token",
        "cancel-failure",
        "state",
        "siting",
        "unclear",
        "handshake",
        "outcome",
        "",
    ];
    for wrong in cases {
        assert!(check_action(wrong).is_err(), "{wrong}");
        assert_eq!(action(wrong), None, "instead of {wrong}");
    }
}

#[test]
fn a_plural_becomes_its_singular() {
    let cases = [
        ("users", "user"),
        ("companies", "company"),
        ("statuses", "status"),
        ("addresses", "address"),
        ("houses", "house"),
        ("databases", "database"),
        ("analyses", "analysis"),
        ("boxes", "box"),
        ("caches", "cache"),
        ("batches", "batch"),
        ("movies", "movie"),
        ("heroes", "hero"),
        ("shoes", "shoe"),
        ("quizzes", "quiz"),
        ("sizes", "size"),
        ("wolves", "wolf"),
        ("archives", "archive"),
        ("indices", "index"),
        ("people", "person"),
        ("women", "woman"),
        ("dioceses", "diocese"),
        ("neuroses", "neurosis"),
        ("leaves", "leaf"),
        ("nurseries", "nursery"),
        ("billing-accounts", "billing-account"),
        ("BillingAccounts", "billing-account"),
    ];
    for (wrong, right) in cases {
        assert_eq!(domain(wrong).as_deref(), Some(right), "instead of {wrong}");
    }
    for wrong in ["bases", "axes", "scissors", "polarises"] {
        assert_eq!(domain(wrong), None, "instead of {wrong}");
    }
}

#[test]
fn an_event_name_is_corrected_as_a_whole() {
    let cases = [
        ("issues/create", "issue/created"),
        ("orders/cancelled", "order/cancelled"),
        ("user.signed_up", "user/signed-up"),
        ("user-created", "user/created"),
    ];
    for (wrong, right) in cases {
        let violation = check_event_name(wrong).expect_err(wrong);
        assert_eq!(violation.suggestion().as_deref(), Some(right), "instead of {wrong}");
    }
}

fn action(wrong: &str) -> Option<String> {
    check_action(wrong).expect_err(wrong).suggestion()
}

fn domain(wrong: &str) -> Option<String> {
    check_domain(wrong).expect_err(wrong).suggestion()
}
