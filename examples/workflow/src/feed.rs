//! Reading events from lines and sending them.

use std::io::{BufRead, Read};

use event_runtime::{Issue, Issues, Receipt, SendError, prelude::*};
use futures_util::future::join_all;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::events::AppEvents;

/// How many events are sent at once: the engine commits them together.
const BATCH: usize = 256;

/// The longest line that is read, in bytes: a payload of 512 KiB and its envelope fit well.
const MAX_LINE: u64 = 1024 * 1024;

/// What became of the lines.
#[derive(Default)]
pub struct Fed {
    /// Lines with something in them.
    pub events: u64,
    /// Stored for the first time.
    pub accepted: u64,
    /// Stored before.
    pub duplicates: u64,
    /// Not stored.
    pub rejected: Vec<Rejected>,
}

/// A line that was not stored, and why.
#[derive(Serialize)]
pub struct Rejected {
    /// Its number, from 1.
    pub line: u64,
    /// Everything that is wrong with it.
    pub issues: Issues,
}

/// Sends every line of `input` as an event.
pub async fn feed(client: &Client<AppEvents>, mut input: impl BufRead) -> Result<Fed> {
    let mut fed = Fed::default();
    let mut number = 0;
    loop {
        let mut batch = Vec::new();
        while batch.len() < BATCH
            && let Some(line) = read_line(&mut input)?
        {
            number += 1;
            if !line.trim_ascii().is_empty() {
                batch.push((number, with_id(line)));
            }
        }
        if batch.is_empty() {
            return Ok(fed);
        }
        let sent = join_all(batch.iter().map(|(_, line)| client.send_json(line))).await;
        for ((number, _), result) in batch.iter().zip(sent) {
            fed.note(*number, result)?;
        }
    }
}

impl Fed {
    fn note(&mut self, line: u64, result: Result<Receipt, SendError>) -> Result<()> {
        self.events += 1;
        match result {
            Ok(receipt) if receipt.duplicate => self.duplicates += 1,
            Ok(_) => self.accepted += 1,
            Err(SendError::Rejected(issues)) => {
                eprintln!("line {line} is rejected:");
                issues.iter().for_each(|issue: &Issue| eprintln!("  {issue} ({})", issue.code));
                self.rejected.push(Rejected { line, issues });
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

/// The next line without its end. Of a longer one than [`MAX_LINE`] only so much that it is refused as too large.
fn read_line(input: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = input.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
    if read == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else {
        input.skip_until(b'\n')?;
    }
    Ok(Some(line))
}

/// Gives an event without an id one that is derived from its content, so that sending it again starts nothing.
fn with_id(line: Vec<u8>) -> Vec<u8> {
    let Ok(Value::Object(mut event)) = serde_json::from_slice(&line) else { return line };
    let null = event.remove("id");
    if null.as_ref().is_some_and(|id| !id.is_null()) {
        return line;
    }
    // Keys are sorted: the same content in another order has the same id.
    let content = Value::Object(event).to_string();
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, content.as_bytes());
    // The line itself is sent, so that nothing of it changes; only a null in the place of the id has to go.
    let line = if null.is_some() { content.into_bytes() } else { line };
    let after_brace = line.trim_ascii_start().get(1..).unwrap_or_default();
    [format!("{{\"id\":\"{id}\",").as_bytes(), after_brace].concat()
}
