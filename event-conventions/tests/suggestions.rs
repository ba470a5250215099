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
        ("snapshots", "snapshotted"),
        ("jailbreak", "jailbroke"),
        ("quiesce", "quiesced"),
        ("escrow", "escrowed"),
        ("proctor", "proctored"),
        ("scrobble", "scrobbled"),
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
fn a_prefix_is_understood() {
    let cases = [
        ("reroute", "rerouted"),
        ("unpark", "unparked"),
        ("prefill", "prefilled"),
        ("downvote", "downvoted"),
        ("defragment", "defragmented"),
        ("deprovision", "deprovisioned"),
        ("misquote", "misquoted"),
        ("outsource", "outsourced"),
        ("retake", "retook"),
        ("rescan", "rescanned"),
    ];
    for (wrong, right) in cases {
        assert_eq!(action(wrong).as_deref(), Some(right), "instead of {wrong}");
    }
    for noun in ["resource", "pretext", "disorder", "uptime", "autopilot", "outlook"] {
        assert_eq!(action(noun), None, "instead of {noun}");
    }
}

#[test]
fn a_verb_and_its_particle_in_one_word_are_two() {
    let cases = [
        ("signup", "signed-up"),
        ("teardown", "torn-down"),
        ("buyout", "bought-out"),
        ("clawback", "clawed-back"),
        ("rollover", "rolled-over"),
        ("takeoff", "took-off"),
        ("account-lockout", "account-locked-out"),
        ("signedoff", "signed-off"),
        ("checkedin", "checked-in"),
        ("brokedown", "broke-down"),
        ("job-timedout", "job-timed-out"),
    ];
    for (wrong, right) in cases {
        assert_eq!(action(wrong).as_deref(), Some(right), "instead of {wrong}");
    }
    for noun in ["layout", "feedback", "markup", "dropdown", "turnover", "letdown"] {
        assert_eq!(action(noun), None, "instead of {noun}");
    }
}

#[test]
fn what_goes_on_is_a_state_that_began() {
    let cases = [
        ("stopping", "stopping-started"),
        ("cancelling", "cancelling-started"),
        ("queueing", "queueing-started"),
        ("payment-processing", "payment-processing-started"),
    ];
    for (wrong, right) in cases {
        assert_eq!(action(wrong).as_deref(), Some(right), "instead of {wrong}");
    }
    for state in ["starting", "expiring", "exists", "belongs", "waiting-for-payment", "logging-in", "pending"]
    {
        assert_eq!(action(state), None, "instead of {state}");
    }
}

#[test]
fn an_adjective_is_no_verb() {
    for adjective in ["empty", "idle", "dry", "equal", "busy", "slow", "invoice-ready"] {
        assert_eq!(action(adjective), None, "instead of {adjective}");
    }
}

#[test]
fn the_last_word_of_a_phrase_says_what_became_of_it() {
    let cases = [
        ("import-request", "import-requested"),
        ("publish-start", "publish-started"),
        ("remove-user-end", "user-removed"),
        ("revoke-complete", "revoked"),
        ("roll-out-error", "roll-out-failed"),
        ("payment-success", "payment-succeeded"),
        ("cancel-failure", "cancel-failed"),
        ("upload-complete", "upload-completed"),
        ("session-timeout", "session-timed-out"),
        ("approve-request", "request-approved"),
    ];
    for (wrong, right) in cases {
        assert_eq!(action(wrong).as_deref(), Some(right), "instead of {wrong}");
    }
    for unclear in ["sync-ack", "cancel-request", "pull-request", "publish-response"] {
        assert_eq!(action(unclear), None, "instead of {unclear}");
    }
}

#[test]
fn an_order_becomes_what_was_done_to_its_object() {
    let cases = [
        ("remove-item", "item-removed"),
        ("close-account", "account-closed"),
        ("write-file", "file-written"),
        ("add-member-to-board", "member-added-to-board"),
        ("log-user-in", "user-logged-in"),
        ("issue-refund", "refund-issued"),
        ("take-down-video", "video-taken-down"),
        ("hard-delete-user", "user-hard-deleted"),
        ("mark-order-paid", "order-marked-paid"),
        ("cancel-scheduled-job", "scheduled-job-canceled"),
        ("place-bet", "bet-placed"),
        ("create-rule-set", "rule-set-created"),
        ("run-report", "ran-report"),
    ];
    for (wrong, right) in cases {
        assert_eq!(action(wrong).as_deref(), Some(right), "instead of {wrong}");
    }
    for noun in ["issue-comment", "order-item", "refund-approval", "sign-up-form", "reject-reason"] {
        assert_eq!(action(noun), None, "instead of {noun}");
    }
}

#[test]
fn the_verb_of_a_phrase_is_inflected() {
    let cases = [
        ("sign-up", "signed-up"),
        ("go-live", "went-live"),
        ("participant-join", "participant-joined"),
        ("save-for-later", "saved-for-later"),
        ("opt-in", "opted-in"),
        ("wind-down", "wound-down"),
        ("soft-delete", "soft-deleted"),
        ("co-author", "co-authored"),
        ("re-run", "re-ran"),
        ("account-update-password", "account-updated-password"),
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
        "state",
        "host-down",
        "time-off",
        "under-review",
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
        ("users-sessions", "user-session"),
        ("companies-addresses", "company-address"),
        ("sales-orders", "sales-order"),
        ("customs-declarations", "customs-declaration"),
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
