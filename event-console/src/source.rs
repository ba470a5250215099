//! An engine, whatever its functions: what the console asks of it. Nothing sensitive comes through here.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use event_runtime::embedded::{CommandError, Engine, EngineError};
use event_runtime::inspect::{
    AuditEntry, Changes, EngineInfo, EventDetails, EventFilter, EventInfo, FunctionInfo, Orphans, Page,
    Redaction, RunDetails, RunFilter, RunInfo,
};
use event_runtime::{EventDescriptor, FunctionList, Receipt, Registry, SendError, SetDescriptor};

/// A boxed future.
pub(crate) type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An engine as the console sees it.
pub(crate) trait Source: Send + Sync {
    fn runs(&self, filter: RunFilter) -> Answer<'_, Result<Page<RunInfo>, EngineError>>;
    fn run<'a>(&'a self, id: &'a str) -> Answer<'a, Result<Option<RunDetails>, EngineError>>;
    fn events(&self, filter: EventFilter) -> Answer<'_, Result<Page<EventInfo>, EngineError>>;
    fn event<'a>(&'a self, id: &'a str) -> Answer<'a, Result<Option<EventDetails>, EngineError>>;
    fn functions(&self, window: Duration) -> Answer<'_, Result<Vec<FunctionInfo>, EngineError>>;
    fn orphans(&self) -> Answer<'_, Result<Vec<Orphans>, EngineError>>;
    fn info(&self) -> Answer<'_, Result<EngineInfo, EngineError>>;
    fn changes(&self) -> Changes;
    fn send(&self, envelope: Vec<u8>) -> Answer<'_, Result<Receipt, SendError>>;
    fn cancel<'a>(&'a self, id: &'a str) -> Answer<'a, Result<(), CommandError>>;
    fn retry<'a>(&'a self, id: &'a str) -> Answer<'a, Result<(), CommandError>>;
    fn replay<'a>(&'a self, id: &'a str) -> Answer<'a, Result<String, CommandError>>;
    fn note(&self, entry: AuditEntry) -> Answer<'_, Result<(), EngineError>>;
    fn audit(&self) -> Answer<'_, Result<Vec<AuditEntry>, EngineError>>;
    fn sets(&self) -> &'static [&'static SetDescriptor];
    fn find(&self, event: &str) -> Option<&'static EventDescriptor>;
    fn meta_schema(&self) -> Option<serde_json::Value>;
}

struct Of<F> {
    engine: Engine<F>,
    redaction: Redaction,
}

/// The source of an engine.
pub(crate) fn of<F: FunctionList>(engine: &Engine<F>) -> Arc<dyn Source> {
    Arc::new(Of { engine: engine.clone(), redaction: engine.redaction() })
}

impl<F: FunctionList> Source for Of<F> {
    fn runs(&self, filter: RunFilter) -> Answer<'_, Result<Page<RunInfo>, EngineError>> {
        Box::pin(async move {
            let mut page = self.engine.runs(&filter).await?;
            self.redaction.runs(&mut page.items);
            Ok(page)
        })
    }

    fn run<'a>(&'a self, id: &'a str) -> Answer<'a, Result<Option<RunDetails>, EngineError>> {
        Box::pin(async move {
            let mut details = self.engine.run(id).await?;
            if let Some(details) = &mut details {
                self.redaction.run_details(details);
            }
            Ok(details)
        })
    }

    fn events(&self, filter: EventFilter) -> Answer<'_, Result<Page<EventInfo>, EngineError>> {
        Box::pin(async move {
            let mut page = self.engine.events(&filter).await?;
            page.items.iter_mut().for_each(|event| self.redaction.event(event));
            Ok(page)
        })
    }

    fn event<'a>(&'a self, id: &'a str) -> Answer<'a, Result<Option<EventDetails>, EngineError>> {
        Box::pin(async move {
            let mut details = self.engine.event(id).await?;
            if let Some(details) = &mut details {
                self.redaction.event_details(details);
            }
            Ok(details)
        })
    }

    fn functions(&self, window: Duration) -> Answer<'_, Result<Vec<FunctionInfo>, EngineError>> {
        Box::pin(self.engine.functions(window))
    }

    fn orphans(&self) -> Answer<'_, Result<Vec<Orphans>, EngineError>> {
        Box::pin(self.engine.orphans())
    }

    fn info(&self) -> Answer<'_, Result<EngineInfo, EngineError>> {
        Box::pin(self.engine.info())
    }

    fn changes(&self) -> Changes {
        self.engine.changes()
    }

    fn send(&self, envelope: Vec<u8>) -> Answer<'_, Result<Receipt, SendError>> {
        Box::pin(async move { self.engine.client().send_json(&envelope).await })
    }

    fn cancel<'a>(&'a self, id: &'a str) -> Answer<'a, Result<(), CommandError>> {
        Box::pin(self.engine.cancel(id))
    }

    fn retry<'a>(&'a self, id: &'a str) -> Answer<'a, Result<(), CommandError>> {
        Box::pin(self.engine.retry(id))
    }

    fn replay<'a>(&'a self, id: &'a str) -> Answer<'a, Result<String, CommandError>> {
        Box::pin(self.engine.replay(id))
    }

    fn note(&self, entry: AuditEntry) -> Answer<'_, Result<(), EngineError>> {
        Box::pin(self.engine.note(entry))
    }

    fn audit(&self) -> Answer<'_, Result<Vec<AuditEntry>, EngineError>> {
        Box::pin(self.engine.audit())
    }

    fn sets(&self) -> &'static [&'static SetDescriptor] {
        F::Registry::SETS
    }

    fn find(&self, event: &str) -> Option<&'static EventDescriptor> {
        F::Registry::find(event)
    }

    fn meta_schema(&self) -> Option<serde_json::Value> {
        let schema = F::Registry::meta_schema()?;
        Some(schema.to_value())
    }
}

/// The last edits of the send form, by person and event.
#[derive(Debug, Default)]
pub(crate) struct Drafts(Mutex<VecDeque<Draft>>);

#[derive(Debug)]
struct Draft {
    who: String,
    event: String,
    json: String,
}

/// How many are kept, and how long they may be.
const DRAFTS: usize = 256;
const DRAFT_BYTES: usize = 64 * 1024;

impl Drafts {
    pub(crate) fn keep(&self, who: &str, event: &str, json: &str) {
        let mut drafts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drafts.retain(|draft| (&*draft.who, &*draft.event) != (who, event));
        if json.len() > DRAFT_BYTES {
            return;
        }
        if drafts.len() == DRAFTS {
            drafts.pop_front();
        }
        drafts.push_back(Draft { who: who.to_owned(), event: event.to_owned(), json: json.to_owned() });
    }

    pub(crate) fn get(&self, who: &str, event: &str) -> Option<String> {
        let drafts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let draft = drafts.iter().find(|draft| (&*draft.who, &*draft.event) == (who, event));
        draft.map(|draft| draft.json.clone())
    }
}
