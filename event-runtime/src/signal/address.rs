//! The address of a signal, which its token names.

use std::sync::Arc;

use event_conventions::hash_name;

/// The address of a signal: a step of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(not(any(feature = "embedded", feature = "inngest")), allow(unreachable_pub))]
pub struct Address {
    /// The id of the run.
    pub(crate) run: Arc<str>,
    /// The hash of the step's key.
    pub(crate) slot: u64,
    /// The hash of the step's id: the key without the number of a repeat.
    pub(crate) id: u64,
}

impl Address {
    /// The address of a step, which has this key because of this id.
    pub(crate) fn new(run: Arc<str>, key: &str, id: &str) -> Self {
        Self { run, slot: hash_name(key), id: hash_name(id) }
    }

    /// The address of the step with this key in a run, whose id is taken to be the key without a number behind it.
    #[cfg(any(feature = "engine", feature = "inngest"))]
    pub(crate) fn of_step(run: &str, key: &str) -> Self {
        let numbered = key.rsplit_once(':').filter(|(_, number)| number.parse::<u32>().is_ok());
        Self::new(run.into(), key, numbered.map_or(key, |(id, _)| id))
    }

    /// The name of the signal: its token without what makes that unguessable.
    pub(crate) fn name(&self) -> String {
        format!("{}-{:016x}{:016x}", self.run, self.slot, self.id)
    }

    /// The address that has this name.
    #[cfg(any(feature = "engine", feature = "inngest"))]
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let (run, hashes) = name.rsplit_once('-')?;
        let (slot, id) = hashes.split_at_checked(16).filter(|(_, id)| id.len() == 16)?;
        let hash = |hex| u64::from_str_radix(hex, 16).ok();
        Some(Self { run: run.into(), slot: hash(slot)?, id: hash(id)? })
    }
}
