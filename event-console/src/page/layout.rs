//! The layout of every page.

use maud::{DOCTYPE, Markup, html};

use crate::guard::Caller;

/// The page that is open, in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    Events,
    Runs,
    Functions,
    Send,
    Catalogue,
    Engine,
    None,
}

const TABS: [(Tab, &str, &str); 6] = [
    (Tab::Events, "events", "Events"),
    (Tab::Runs, "runs", "Runs"),
    (Tab::Functions, "functions", "Functions"),
    (Tab::Send, "send", "Send"),
    (Tab::Catalogue, "catalogue", "Catalogue"),
    (Tab::Engine, "engine", "Engine"),
];

pub(crate) fn layout(Caller { base, .. }: &Caller, title: &str, tab: Tab, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-base=(base) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · console" }
                link rel="icon" href={ (base) "/assets/icon.svg" } type="image/svg+xml";
                link rel="stylesheet" href={ (base) "/assets/console.css" };
                script src={ (base) "/assets/console.js" } defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header.top {
                    a.brand href={ (base) "/events" } { span.mark aria-hidden="true" {} "console" }
                    nav aria-label="Pages" {
                        @for (of, path, name) in TABS {
                            a href={ (base) "/" (path) } aria-current=[(of == tab).then_some("page")] { (name) }
                        }
                    }
                    span.link role="status" aria-live="polite" {}
                }
                main #main tabindex="-1" { (body) }
                footer { "Times are UTC · " a href={ (base) "/api/openapi.json" } { "API" } }
            }
        }
    }
}

/// The part of a page that is read anew when something has happened, with a switch to hold it.
pub(crate) fn live(body: &Markup) -> Markup {
    html! { section.live data-live { (body) } }
}

/// The heading of a page with what can be done there.
pub(crate) fn heading(title: &Markup, actions: &Markup) -> Markup {
    html! { div.heading { h1 { (title) } div.actions { (actions) } } }
}
