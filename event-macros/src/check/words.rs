//! A team's own words, declared above the enum: `past_tense("yeeted")`, `singular("kudos")`.

use event_conventions::Vocabulary;
use syn::LitStr;

use super::event::Event;
use crate::errors::Errors;

/// The words, as they are looked up and as they were written.
#[derive(Default)]
pub(crate) struct Words {
    pub(crate) vocabulary: Vocabulary,
    past_tenses: Vec<LitStr>,
    singulars: Vec<LitStr>,
}

impl Words {
    pub(crate) fn past_tense(&mut self, word: LitStr) {
        self.vocabulary = std::mem::take(&mut self.vocabulary).past_tense(word.value());
        self.past_tenses.push(word);
    }

    pub(crate) fn singular(&mut self, word: LitStr) {
        self.vocabulary = std::mem::take(&mut self.vocabulary).singular(word.value());
        self.singulars.push(word);
    }

    /// A word without which every name would pass is not needed, or misspelled.
    pub(crate) fn report_unused(&self, domain: &str, events: &[Event], errors: &mut Errors) {
        for word in &self.past_tenses {
            let needed = |event: &Event| self.vocabulary.needs_past_tense(&word.value(), &event.action);
            if !events.iter().any(needed) {
                errors.at(word, format!("no variant needs `{}` as a past tense: remove it", word.value()));
            }
        }
        for word in &self.singulars {
            if !self.vocabulary.needs_singular(&word.value(), domain) {
                errors.at(
                    word,
                    format!(
                        "the domain `{domain}` does not need `{}` as a singular: remove it",
                        word.value()
                    ),
                );
            }
        }
    }
}
