//! Guides, in reading order. Each links to the one before it and to the next.
//!
//! **Begin here**
//!
//! 1. [Getting started](getting_started): install, the first event, the first function and the first test, in ten minutes.
//! 2. [Events](events): declare events and payloads, with types, validation rules, enums, newtypes and versions.
//! 3. [Steps](steps): write durable functions that run, sleep, wait, invoke, send and race.
//! 4. [Errors](errors): return `anyhow` and `thiserror` errors, stop retrying, match a failed step by type.
//! 5. [Retries](retries): attempts, back-off, failure handlers and idempotency.
//! 6. [Flow control](flow_control): concurrency, throttling, debouncing, batching, priorities and cron.
//! 7. [Testing](testing): run functions on virtual time, mock steps, crash at every point.
//!
//! **Build a service**
//!
//! 8. [Services and clients](services): inject dependencies, and send events from anywhere in your code.
//! 9. [Your database](your_database): send events, and run steps, in transactions of your own PostgreSQL or SQLite.
//! 10. [An HTTP service](http_service): put axum in front of the engine, and shut both down in order.
//! 11. [Logging](logging): levels, spans and `RUST_LOG`.
//! 12. [Operating](operating): files, backups, limits, upgrades, metrics and inspection.
//! 13. [Events for other teams](events_for_other_teams): lock contracts, see what a change breaks, export to TypeScript and others.
//!
//! **Look up**
//!
//! 14. [Guarantees](guarantees): what the embedded engine guarantees, and the tests that show it.
//! 15. [Performance](performance): throughput, latency, memory and compile time, next to peers.
//! 16. [Compiler messages](compiler_messages): common mistakes, and what the compiler says about each.
//!
//! **Coming from elsewhere**
//!
//! 17. [From Zod, garde or validator](from_zod): their declarations and ours, side by side.
//! 18. [From Inngest for TypeScript or NestJS](from_inngest): their terms and ours, side by side.
//! 19. [When not to use this](when_not_to_use): Temporal, Restate, apalis, plain queues, and when they fit better.
//!
//! Three modules have guides of their own: [`middleware`](crate::middleware), `event_runtime::encryption` (feature `encryption`), and
//! `event_runtime::inngest` (feature `inngest`) for running behind an Inngest server.

/// Declares a guide: its text, then links to the guide before it and the next one. The examples of a guide compile only with
/// the features that they use.
macro_rules! guide {
    ($name:ident, $file:literal, needs $feature:literal, $links:literal) => {
        #[cfg_attr(feature = $feature, doc = include_str!($file))]
        #[cfg_attr(not(feature = $feature), doc = concat!("This guide is shown with the feature `", $feature, "`."))]
        #[doc = concat!("\n\n---\n\n", $links)]
        pub mod $name {}
    };
    ($name:ident, $file:literal, $links:literal) => {
        #[doc = include_str!($file)]
        #[doc = concat!("\n\n---\n\n", $links)]
        pub mod $name {}
    };
}

guide!(getting_started, "../docs/getting_started.md", needs "testing", "Next: [Events](crate::guide::events)");
guide!(
    events,
    "../docs/events.md",
    "Previous: [Getting started](crate::guide::getting_started) · Next: [Steps](crate::guide::steps)"
);
guide!(
    steps,
    "../docs/steps.md",
    "Previous: [Events](crate::guide::events) · Next: [Errors](crate::guide::errors)"
);
guide!(
    errors,
    "../docs/errors.md",
    "Previous: [Steps](crate::guide::steps) · Next: [Retries](crate::guide::retries)"
);
guide!(
    retries,
    "../docs/retries.md",
    "Previous: [Errors](crate::guide::errors) · Next: [Flow control](crate::guide::flow_control)"
);
guide!(
    flow_control,
    "../docs/flow_control.md",
    "Previous: [Retries](crate::guide::retries) · Next: [Testing](crate::guide::testing)"
);
guide!(testing, "../docs/testing.md", needs "testing", "Previous: [Flow control](crate::guide::flow_control) · Next: [Services and clients](crate::guide::services)");
guide!(services, "../docs/services.md", needs "testing", "Previous: [Testing](crate::guide::testing) · Next: [Your database](crate::guide::your_database)");
guide!(your_database, "../docs/your_database.md", needs "database", "Previous: [Services and clients](crate::guide::services) · Next: [An HTTP service](crate::guide::http_service)");
guide!(http_service, "../docs/http_service.md", needs "axum", "Previous: [Your database](crate::guide::your_database) · Next: [Logging](crate::guide::logging)");
guide!(
    logging,
    "../docs/logging.md",
    "Previous: [An HTTP service](crate::guide::http_service) · Next: [Operating](crate::guide::operating)"
);
guide!(
    operating,
    "../docs/operating.md",
    "Previous: [Logging](crate::guide::logging) · Next: [Events for other teams](crate::guide::events_for_other_teams)"
);
guide!(
    events_for_other_teams,
    "../docs/events_for_other_teams.md",
    "Previous: [Operating](crate::guide::operating) · Next: [Guarantees](crate::guide::guarantees)"
);
guide!(
    guarantees,
    "../docs/guarantees.md",
    "Previous: [Events for other teams](crate::guide::events_for_other_teams) · Next: [Performance](crate::guide::performance)"
);
guide!(
    performance,
    "../docs/performance.md",
    "Previous: [Guarantees](crate::guide::guarantees) · Next: [Compiler messages](crate::guide::compiler_messages)"
);
guide!(
    compiler_messages,
    "../docs/compiler_messages.md",
    "Previous: [Performance](crate::guide::performance) · Next: [From Zod, garde or validator](crate::guide::from_zod)"
);
guide!(
    from_zod,
    "../docs/from_zod.md",
    "Previous: [Compiler messages](crate::guide::compiler_messages) · Next: [From Inngest for TypeScript or NestJS](crate::guide::from_inngest)"
);
guide!(
    from_inngest,
    "../docs/from_inngest.md",
    "Previous: [From Zod, garde or validator](crate::guide::from_zod) · Next: [When not to use this](crate::guide::when_not_to_use)"
);
guide!(
    when_not_to_use,
    "../docs/when_not_to_use.md",
    "Previous: [From Inngest for TypeScript or NestJS](crate::guide::from_inngest)"
);
