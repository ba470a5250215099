//! Changes as server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use event_runtime::inspect::{Change, Changes};
use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep};

use crate::console::Shared;

/// How long changes are waiting: a browser is told at most four times a second, however much happens.
const PAUSE: Duration = Duration::from_millis(250);

/// The most changes of one message, the newest; the others are counted.
const MOST: usize = 100;

pub(crate) async fn changes(
    State(Shared { source, .. }): State<Shared>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let stream = Gathered {
        changes: source.changes(),
        pause: Box::pin(sleep(Duration::ZERO)),
        waiting: VecDeque::new(),
        missed: 0,
        has_begun: false,
        is_over: false,
    };
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

/// Messages of the changes of a moment: `{ "changes": [..], "missed": 0 }`.
struct Gathered {
    changes: Changes,
    pause: Pin<Box<Sleep>>,
    waiting: VecDeque<Change>,
    missed: u64,
    /// Whether the reader was told that it is connected.
    has_begun: bool,
    is_over: bool,
}

impl Gathered {
    fn gather(&mut self, change: Change) {
        match change {
            Change::Missed { changes } => self.missed += changes,
            change => {
                // The newest say how things are.
                if self.waiting.len() == MOST {
                    self.waiting.pop_front();
                    self.missed += 1;
                }
                self.waiting.push_back(change);
            }
        }
    }

    fn message(&mut self) -> Event {
        let (changes, missed) = (std::mem::take(&mut self.waiting), std::mem::take(&mut self.missed));
        let data = serde_json::json!({ "changes": changes, "missed": missed }).to_string();
        Event::default().event("changes").data(data)
    }
}

impl Stream for Gathered {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !std::mem::replace(&mut self.has_begun, true) {
            return Poll::Ready(Some(Ok(Event::default()
                .event("hello")
                .data("{}")
                .retry(Duration::from_secs(1)))));
        }
        if self.is_over {
            return Poll::Ready(None);
        }
        // What has come is taken at once, so that only this reader's own delay is counted as missed.
        while let Poll::Ready(change) = Pin::new(&mut self.changes).poll_next(cx) {
            let Some(change) = change else {
                self.is_over = true;
                return Poll::Ready(Some(Ok(Event::default().event("bye").data("{}"))));
            };
            self.gather(change);
        }
        if self.waiting.is_empty() && self.missed == 0 {
            return Poll::Pending;
        }
        ready!(self.pause.as_mut().poll(cx));
        self.pause.as_mut().reset(Instant::now() + PAUSE);
        Poll::Ready(Some(Ok(self.message())))
    }
}
