//! The service behind the functions: it stands for the work that a real application does.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use event_runtime::prelude::*;

/// Does the work of steps, and keeps a record of it that anyone can count. Cheap to clone.
#[derive(Clone, Default)]
pub struct Service {
    effects: Option<Arc<File>>,
}

impl Service {
    /// A service that appends `<event id> <step id>` to the file `effects` whenever it works.
    pub fn new(effects: Option<&Path>) -> std::io::Result<Self> {
        let open = |path| File::options().append(true).create(true).open(path);
        Ok(Self { effects: effects.map(open).transpose()?.map(Arc::new) })
    }

    /// Works on a step. A key that begins with `flaky` fails at the first attempt, one that begins with `broken` always.
    #[allow(clippy::unused_async, reason = "real work waits")]
    pub async fn work(&self, event_id: &str, step_id: &str, key: &str, attempt: u32) -> Result<()> {
        if let Some(mut effects) = self.effects.as_deref() {
            // One write for the line: it stands in the file whole, whenever the process is killed.
            effects.write_all(format!("{event_id} {step_id}\n").as_bytes())?;
        }
        if key.starts_with("broken") {
            return Err(Error::msg(format!("`{key}` is broken")));
        }
        if attempt == 0 && key.starts_with("flaky") {
            return Err(Error::msg(format!("`{key}` failed at its first attempt")));
        }
        Ok(())
    }
}
