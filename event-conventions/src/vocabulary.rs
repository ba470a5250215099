//! A team's own words.

use crate::{check_action_with, check_domain_with};
use alloc::string::String;
use alloc::vec::Vec;

/// Words that a team uses and that the rules cannot know.
///
/// A word stands for itself wherever the rules look at a single word, also inside a compound: with `yeeted` as
/// a past tense, `user-yeeted` is right as well.
///
/// ```
/// use event_conventions::{Vocabulary, check_action_with, check_domain_with};
///
/// let vocabulary = Vocabulary::new().past_tense("yote").singular("kudos");
/// assert!(check_action_with("yote", &vocabulary).is_ok());
/// assert!(check_domain_with("team-kudos", &vocabulary).is_ok());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    past_tense: Vec<String>,
    singular: Vec<String>,
}

impl Vocabulary {
    /// A vocabulary without words, as the functions without `_with` use it.
    ///
    /// ```
    /// use event_conventions::{Vocabulary, check_action_with};
    ///
    /// assert!(check_action_with("yote", &Vocabulary::new()).is_err());
    /// ```
    pub const fn new() -> Self {
        Self { past_tense: Vec::new(), singular: Vec::new() }
    }

    /// Adds a word that is a past tense.
    ///
    /// ```
    /// use event_conventions::{Vocabulary, check_action_with};
    ///
    /// assert!(check_action_with("yote", &Vocabulary::new().past_tense("yote")).is_ok());
    /// ```
    #[must_use]
    pub fn past_tense(mut self, word: impl Into<String>) -> Self {
        self.past_tense.push(word.into());
        self
    }

    /// Adds a word that is a singular.
    ///
    /// ```
    /// use event_conventions::{Vocabulary, check_domain_with};
    ///
    /// assert!(check_domain_with("kudos", &Vocabulary::new().singular("kudos")).is_ok());
    /// ```
    #[must_use]
    pub fn singular(mut self, word: impl Into<String>) -> Self {
        self.singular.push(word.into());
        self
    }

    /// Returns `true` if `action` passes only thanks to the past tense `word` of this vocabulary.
    ///
    /// ```
    /// use event_conventions::Vocabulary;
    ///
    /// let vocabulary = Vocabulary::new().past_tense("yote").past_tense("created");
    /// assert!(vocabulary.needs_past_tense("yote", "user-yote"));
    /// assert!(!vocabulary.needs_past_tense("created", "created"));
    /// ```
    pub fn needs_past_tense(&self, word: &str, action: &str) -> bool {
        let mut without = self.clone();
        without.past_tense.retain(|known| known != word);
        check_action_with(action, self).is_ok() && check_action_with(action, &without).is_err()
    }

    /// Returns `true` if `domain` passes only thanks to the singular `word` of this vocabulary.
    ///
    /// ```
    /// use event_conventions::Vocabulary;
    ///
    /// let vocabulary = Vocabulary::new().singular("kudos");
    /// assert!(vocabulary.needs_singular("kudos", "team-kudos"));
    /// assert!(!vocabulary.needs_singular("kudos", "team"));
    /// ```
    pub fn needs_singular(&self, word: &str, domain: &str) -> bool {
        let mut without = self.clone();
        without.singular.retain(|known| known != word);
        check_domain_with(domain, self).is_ok() && check_domain_with(domain, &without).is_err()
    }

    pub(crate) fn has_past_tense(&self, word: &str) -> bool {
        self.past_tense.iter().any(|known| known == word)
    }

    pub(crate) fn has_singular(&self, word: &str) -> bool {
        self.singular.iter().any(|known| known == word)
    }
}
