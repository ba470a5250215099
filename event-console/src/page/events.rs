//! The list of events.

use axum::Extension;
use axum::extract::{RawQuery, State};
use event_runtime::inspect::{EventFilter, EventInfo, Page};
use maud::{Markup, html};

use super::layout::{Tab, heading, layout, live};
use super::show::{choice, event_link, input, number, pager, time};
use super::{Shown, answer};
use crate::api::LOOK_AT;
use crate::console::Shared;
use crate::error::Refusal;
use crate::guard::Caller;
use crate::query::{cleaned, encoded, filter, pairs};

pub(crate) async fn page(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Shown {
    let query = cleaned(&query.unwrap_or_default(), &[]);
    let page = find(&shared, &query).await;
    answer(&caller, page.map(|page| list(&shared, &caller, &query, &page)))
}

async fn find(shared: &Shared, query: &str) -> Result<Page<EventInfo>, Refusal> {
    let wanted: EventFilter = filter(query, &[])?;
    Ok(shared.source.events(wanted.look_at(LOOK_AT)).await?)
}

fn list(shared: &Shared, caller: &Caller, query: &str, page: &Page<EventInfo>) -> Markup {
    let base = &caller.base;
    let rows = html! {
        table {
            caption.hidden { "Events, the newest first" }
            thead { tr { th scope="col" { "Name" } th scope="col" { "Event" } th scope="col" { "Received" } th.number scope="col" { "Runs" } th scope="col" { "Skipped by" } } }
            tbody {
                @for event in page {
                    tr {
                        td data-name="Name" { a href={ (base) "/events?name=" (encoded(&event.name)) } { (event.name) } }
                        td data-name="Event" { (event_link(base, &event.id)) }
                        td data-name="Received" { (time(event.received)) }
                        td.number data-name="Runs" { (number(event.runs)) }
                        td data-name="Skipped by" {
                            @for skip in &event.skipped { span.tag title=(skip.function_id) { (skip.by) } " " }
                        }
                    }
                }
            }
        }
        @if page.is_empty() { p.empty { (nothing(page)) } }
        (pager(&format!("{base}/events"), &without_after(query), page.next.map(|next| next.to_string()).as_deref()))
    };
    let body = html! {
        (heading(&html! { "Events" }, &html! { a.button href={ (base) "/send" } { "Send an event" } }))
        (filters(shared, base, query))
        (live(&rows))
    };
    layout(caller, "Events", Tab::Events, &body)
}

/// Why a page has nothing on it.
pub(super) fn nothing<T>(page: &Page<T>) -> String {
    match page.next {
        Some(_) => format!(
            "Nothing among the {} that were looked at. Go on with the next page.",
            number(LOOK_AT as u64)
        ),
        None => "Nothing here. Change the filter, or wait for what happens.".to_owned(),
    }
}

pub(super) fn without_after(query: &str) -> String {
    cleaned(query, &["after"])
}

/// The value of a field in a query.
pub(super) fn value(query: &str, name: &str) -> String {
    pairs(query).into_iter().find(|(field, _)| field == name).map(|(_, value)| value).unwrap_or_default()
}

fn filters(shared: &Shared, base: &str, query: &str) -> Markup {
    let names = shared.source.sets().iter().flat_map(|set| set.events).map(|event| event.name);
    let domains = shared.source.sets().iter().map(|set| set.domain);
    html! {
        form.filters action={ (base) "/events" } role="search" aria-label="Events" {
            (choice(("name", "Name"), &value(query, "name"), names))
            (choice(("domain", "Domain"), &value(query, "domain"), domains))
            (input("key", "Key", &value(query, "key"), "text"))
            (input("text", "Text", &value(query, "text"), "search"))
            (input("received_after", "From", &local(&value(query, "received_after")), "datetime-local"))
            (input("received_before", "To", &local(&value(query, "received_before")), "datetime-local"))
            button type="submit" { "Filter" }
            @if !query.is_empty() { a.reset href={ (base) "/events" } { "Reset" } }
        }
    }
}

/// A time as an input of the type `datetime-local` takes it.
pub(super) fn local(time: &str) -> String {
    time.get(..16).unwrap_or_default().to_owned()
}
