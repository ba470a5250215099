//! The durable steps of a run. (Placeholder until the step machine is merged.)

/// A placeholder.
#[derive(Debug)]
pub struct Step;
