//! Words by what they do in a phrase: function words, and verbs and nouns that decide how it is read. Every table is sorted.
//!
//! Own work.

use super::{Key, sorted};

/// Particles: they belong to the verb before them (`signed-up`).
#[rustfmt::skip]
pub(crate) const PARTICLES: &[Key] = &sorted([
    "ahead", "apart", "around", "aside", "away", "back", "by", "down", "forth", "forward", "in", "live",
    "off", "on", "out", "over", "through", "together", "under", "up",
]);

/// Prepositions that open what belongs to the verb (`moved-to-trash`).
#[rustfmt::skip]
pub(crate) const PREPOSITIONS: &[Key] = &sorted([
    "about", "above", "across", "after", "against", "along", "among", "as", "at", "before", "behind",
    "below", "between", "beyond", "by", "during", "for", "from", "in", "inside", "into", "near", "of", "on",
    "onto", "outside", "over", "past", "per", "since", "than", "through", "to", "toward", "towards",
    "under", "until", "upon", "via", "with", "within", "without",
]);

/// Adverbs that follow a verb and do not end in -ly.
#[rustfmt::skip]
pub(crate) const ADVERBS: &[Key] = &sorted([
    "again", "aloud", "already", "anyway", "early", "elsewhere", "externally", "first", "forever",
    "instead", "last", "late", "later", "not", "now", "offline", "once", "online", "short", "soon", "then",
    "today", "too", "twice", "yesterday",
]);

/// Words that say that a thing has not happened, or not yet.
#[rustfmt::skip]
pub(crate) const NOT_PAST_AUXILIARIES: &[Key] = &sorted([
    "are", "arent", "be", "being", "can", "cannot", "cant", "could", "doesnt", "dont", "gonna", "is",
    "isnt", "might", "must", "shall", "should", "will", "wont", "would",
]);

/// Words before which a form that may be a noun is one (`new-bid`, `at-cost`).
#[rustfmt::skip]
pub(crate) const NOUN_MARKERS: &[Key] = &sorted([
    "a", "additional", "an", "annual", "another", "any", "automatic", "awaiting", "bad", "best", "big",
    "biggest", "critical", "current", "daily", "direct", "dirty", "each", "every", "expected", "extra",
    "fast", "fastest", "final", "first", "free", "full", "good", "great", "hard", "high", "highest",
    "hourly", "inbound", "initial", "internal", "invalid", "large", "last", "latest", "logical", "long",
    "low", "lowest", "main", "manual", "max", "maximum", "min", "minimum", "missing", "monthly", "my",
    "needs", "new", "newest", "next", "no", "old", "oldest", "open", "other", "our", "outbound", "own",
    "partial", "pending", "permanent", "phantom", "physical", "previous", "primary", "public", "quick",
    "random", "raw", "requires", "second", "sequential", "short", "single", "slow", "small", "some",
    "standard", "successful", "temporary", "the", "third", "this", "top", "total", "upcoming", "valid",
    "weekly", "yearly", "your",
]);

/// Nouns for a message about something: `item-shipped-email` is not an event.
#[rustfmt::skip]
pub(crate) const NOTICES: &[Key] = &sorted([
    "alert", "callback", "count", "counter", "email", "error", "errors", "event", "events", "exception",
    "exceptions", "flag", "handler", "hook", "listener", "mail", "message", "notice", "notification",
    "notifications", "notifier", "reason", "reminder", "sms", "timestamp", "trigger", "webhook",
]);

/// Past forms that are nouns or adjectives more often than verbs when another noun follows.
#[rustfmt::skip]
pub(crate) const NOUNS_FIRST: &[Key] = &sorted([
    "bit", "cost", "felt", "ground", "input", "left", "offset", "output", "podcast", "rose", "spoke",
    "webcast",
]);

/// Past forms that are nouns behind another noun (`user-input`).
#[rustfmt::skip]
pub(crate) const NOUNS_LAST: &[Key] = &sorted([
    "cost", "forecast", "input", "offset", "output", "podcast", "preset", "webcast",
]);

/// Auxiliaries, negations and prefixes: a verb follows.
#[rustfmt::skip]
pub(crate) const BEFORE_VERBS: &[Key] = &sorted([
    "already", "auto", "been", "cross", "got", "had", "has", "have", "just", "mis", "never", "not", "pre",
    "re", "then", "un", "was", "were",
]);

/// Past forms that are nouns too: behind a noun marker they are nouns.
#[rustfmt::skip]
pub(crate) const PAST_OR_NOUN: &[Key] = &sorted([
    "bet", "bid", "bit", "bound", "broadcast", "burst", "cast", "cost", "cut", "drove", "felt", "fit",
    "forecast", "ground", "hit", "hurt", "input", "offset", "output", "podcast", "preset", "read", "reset",
    "rose", "saw", "set", "shot", "slit", "split", "spoke", "spread", "thought", "thrust", "upset",
    "webcast",
]);

/// Prepositions that a base verb follows in the names of hooks (`before-quit`).
pub(crate) const HOOKS: &[Key] = &sorted(["after", "before", "on", "upon"]);

/// Past forms that are nouns behind an order (`place-bid`).
pub(crate) const STRONG_NOUNS: &[Key] = &sorted(["bet", "bid", "broadcast", "burst", "cast", "shot"]);

/// Verbs that are nouns as well, and are an order before a noun that looks past (`place-bid`, `load-change-set`).
#[rustfmt::skip]
pub(crate) const ORDERS_WITH_NOUN: &[Key] = &sorted([
    "award", "build", "buy", "call", "close", "cut", "deploy", "draw", "edit", "fill", "fix", "handle",
    "hold", "host", "invite", "join", "lead", "list", "load", "lose", "make", "mute", "pause", "place",
    "play", "post", "print", "process", "pull", "push", "raise", "reach", "record", "reject", "release",
    "review", "run", "save", "schedule", "search", "sell", "share", "ship", "show", "sign", "skip", "start",
    "stop", "take", "test", "track", "try", "view", "visit", "void", "watch", "win",
]);

/// Those of them that may be broadcast or cast themselves (`show-broadcast`).
#[rustfmt::skip]
pub(crate) const SHOWS: &[Key] = &sorted([
    "call", "draw", "host", "play", "post", "release", "review", "show", "test",
]);

/// Nouns that make a compound with `set` (`change-set`).
#[rustfmt::skip]
pub(crate) const SETS: &[Key] = &sorted([
    "change", "character", "chip", "code", "daemon", "data", "feature", "head", "icon", "instruction",
    "jump", "mind", "record", "replica", "result", "rule", "scale", "skill", "stateful", "sub", "super",
    "tag", "test", "tool", "training",
]);

/// Nouns in -ing: what follows may be their verb (`meeting-set`).
#[rustfmt::skip]
pub(crate) const NOUNS_IN_ING: &[Key] = &sorted([
    "billing", "booking", "briefing", "building", "ceiling", "drawing", "filing", "finding", "heading",
    "hearing", "king", "landing", "listing", "mapping", "meeting", "offering", "opening", "painting",
    "parking", "ping", "posting", "pricing", "ranking", "rating", "reading", "recording", "ring", "routing",
    "saving", "screening", "setting", "shipping", "spring", "staging", "string", "thing", "training",
    "warning", "wing", "wiring",
]);

/// Adjectives in -ing: the noun behind them may have a verb (`recurring-order-key-set`).
#[rustfmt::skip]
pub(crate) const ADJECTIVES_IN_ING: &[Key] = &sorted([
    "banking", "existing", "gaming", "incoming", "marketing", "matching", "onboarding", "outgoing",
    "pending", "recurring", "remaining", "shopping", "streaming", "tracking", "upcoming",
]);

/// Verbs that are hardly ever nouns alone, but may begin a noun phrase (`download-started-by-user`).
#[rustfmt::skip]
pub(crate) const VERBS_AS_NOUNS: &[Key] = &sorted([
    "aggregate", "archive", "arrest", "associate", "boost", "capture", "deploy", "digest", "disconnect",
    "downgrade", "download", "increment", "install", "instrument", "manifest", "merge", "mint", "overload",
    "panic", "press", "prompt", "reboot", "rebuild", "recharge", "recruit", "redirect", "restart", "retry",
    "spawn", "transition", "upsert", "welcome", "yield", "zip",
]);

/// Verbs that are nouns as well, but are an order as the first word of a phrase (`list-expired-tokens`).
#[rustfmt::skip]
pub(crate) const COMMANDS: &[Key] = &sorted([
    "ban", "clone", "close", "commit", "copy", "edit", "export", "filter", "fix", "handle", "import",
    "join", "list", "lock", "merge", "move", "mute", "open", "pause", "pin", "pull", "purchase", "push",
    "query", "refresh", "register", "reorder", "save", "scan", "schedule", "search", "snooze", "start",
    "stop", "sync", "transfer", "try", "update", "upgrade", "upload",
]);

/// Past forms of which the next word is the object (`scan-found-issues`).
#[rustfmt::skip]
pub(crate) const WITH_OBJECT: &[Key] = &sorted([
    "became", "breached", "changed", "contained", "crossed", "entered", "exceeded", "exited", "found",
    "gained", "got", "hit", "joined", "left", "lost", "met", "missed", "passed", "reached", "received",
    "returned", "triggered", "violated", "won",
]);

/// Words that follow `left` where it is the opposite of right.
#[rustfmt::skip]
pub(crate) const RIGHT_OR_LEFT: &[Key] = &sorted([
    "align", "arm", "arrow", "border", "bracket", "button", "click", "column", "corner", "edge", "eye",
    "foot", "hand", "join", "leg", "margin", "outer", "pad", "padding", "pane", "panel", "shift", "side",
    "sidebar", "swipe", "turn",
]);
