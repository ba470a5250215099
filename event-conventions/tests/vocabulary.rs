//! A team's own words.

use event_conventions::{Vocabulary, check_action_with, check_domain_with, check_event_name_with};

#[test]
fn own_words_pass_alone_and_in_compounds() {
    let words = Vocabulary::new().past_tense("yote").singular("kudos");
    for action in ["yote", "user-yote", "yote-away"] {
        assert!(check_action_with(action, &words).is_ok(), "{action}");
        assert!(check_action_with(action, &Vocabulary::new()).is_err(), "{action}");
    }
    for domain in ["kudos", "team-kudos"] {
        assert!(check_domain_with(domain, &words).is_ok(), "{domain}");
        assert!(check_domain_with(domain, &Vocabulary::new()).is_err(), "{domain}");
    }
    assert!(check_event_name_with("kudos/yote", &words).is_ok());
    assert!(check_event_name_with("yote/kudos", &words).is_err());
}

#[test]
fn a_word_is_needed_if_the_verdict_depends_on_it() {
    let words = Vocabulary::new().past_tense("yote").past_tense("created").singular("kudos").singular("user");
    assert!(words.needs_past_tense("yote", "yote"));
    assert!(words.needs_past_tense("yote", "user-yote"));
    assert!(!words.needs_past_tense("yote", "created"));
    assert!(!words.needs_past_tense("created", "created"));
    assert!(!words.needs_past_tense("yote", "create"));
    assert!(words.needs_singular("kudos", "team-kudos"));
    assert!(!words.needs_singular("user", "user"));
    assert!(!words.needs_singular("kudos", "users"));
}

#[test]
fn own_words_do_not_excuse_what_is_not_kebab_case() {
    let words = Vocabulary::new().past_tense("Yote").singular("Kudos");
    assert!(check_action_with("Yote", &words).is_err());
    assert!(check_domain_with("Kudos", &words).is_err());
}
