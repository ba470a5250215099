//! Words by what they do in a phrase that is put into the past tense. They decide what is suggested, and no verdict. Every
//! table is sorted.
//!
//! Own work.

use super::{Key, sorted, sorted_pairs};

/// Words that belong to the verb behind them (`hard-delete`, `co-sign`).
#[rustfmt::skip]
pub(crate) const MODIFIERS: &[Key] = &sorted([
    "auto", "batch", "blind", "bulk", "co", "cold", "counter", "cross", "de", "deep", "dis", "double",
    "fast", "force", "half", "hand", "hard", "hot", "live", "mass", "mid", "mini", "mis", "multi",
    "partial", "pre", "pro", "quick", "quiet", "re", "safe", "self", "semi", "shadow", "short", "soft",
    "triple", "un", "warm",
]);

/// Particles that are a prefix of these verbs (`over-charge`); before another they begin a state (`under-review`).
#[rustfmt::skip]
pub(crate) const PREFIXABLE: &[Key] = &sorted([
    "achieve", "allocate", "bid", "bill", "board", "book", "charge", "commit", "draw", "estimate", "fill",
    "fund", "grade", "heat", "lap", "load", "pay", "perform", "populate", "price", "provision", "rank",
    "rate", "regulate", "ride", "rule", "run", "scale", "sell", "ship", "size", "source", "state", "stock",
    "subscribe", "supply", "take", "turn", "use", "value", "vote", "weigh", "write",
]);

/// Verbs that are nouns behind a modifier (`hard-limit`).
#[rustfmt::skip]
pub(crate) const MODIFIED_NOUNS: &[Key] = &sorted([
    "access", "answer", "budget", "card", "change", "code", "copy", "cost", "count", "date", "deposit",
    "discount", "disk", "drive", "error", "file", "form", "format", "head", "image", "item", "key", "label",
    "limit", "line", "link", "market", "match", "mode", "name", "need", "order", "page", "part", "pilot",
    "price", "program", "project", "question", "rate", "room", "rule", "service", "size", "stock", "supply",
    "support", "target", "test", "time", "trend", "trial", "type", "value", "view", "water", "work",
]);

/// Verbs of a noun or an adjective and a verb, with their past tense.
#[rustfmt::skip]
pub(crate) const COMPOUND_VERBS: &[(Key, &str)] = &sorted_pairs([
    ("air-drop", "air-dropped"), ("back-date", "back-dated"), ("back-fill", "back-filled"),
    ("back-order", "back-ordered"), ("back-port", "back-ported"), ("back-test", "back-tested"),
    ("black-list", "black-listed"), ("block-list", "block-listed"), ("boot-strap", "boot-strapped"),
    ("bread-crumb", "bread-crumbed"), ("cash-settle", "cash-settled"), ("cherry-pick", "cherry-picked"),
    ("chip-in", "chipped-in"), ("code-sign", "code-signed"), ("copy-edit", "copy-edited"),
    ("copy-paste", "copy-pasted"), ("crowd-fund", "crowd-funded"), ("day-trade", "day-traded"),
    ("dead-letter", "dead-lettered"), ("deny-list", "deny-listed"), ("down-sample", "down-sampled"),
    ("drag-drop", "drag-dropped"), ("drop-ship", "drop-shipped"), ("e-sign", "e-signed"),
    ("fact-check", "fact-checked"), ("fine-tune", "fine-tuned"), ("finger-print", "finger-printed"),
    ("flash-freeze", "flash-frozen"), ("free-ride", "free-rode"), ("fund-raise", "fund-raised"),
    ("geo-block", "geo-blocked"), ("geo-code", "geo-coded"), ("geo-fence", "geo-fenced"),
    ("geo-locate", "geo-located"), ("geo-tag", "geo-tagged"), ("green-light", "green-lit"),
    ("head-hunt", "head-hunted"), ("high-five", "high-fived"), ("jump-start", "jump-started"),
    ("lip-sync", "lip-synced"), ("load-balance", "load-balanced"), ("load-test", "load-tested"),
    ("micro-chip", "micro-chipped"), ("mystery-shop", "mystery-shopped"), ("name-drop", "name-dropped"),
    ("off-load", "off-loaded"), ("on-board", "on-boarded"), ("peer-review", "peer-reviewed"),
    ("photo-copy", "photo-copied"), ("price-match", "price-matched"), ("quality-check", "quality-checked"),
    ("rage-quit", "rage-quit"), ("rate-limit", "rate-limited"), ("red-flag", "red-flagged"),
    ("risk-assess", "risk-assessed"), ("role-play", "role-played"), ("rubber-stamp", "rubber-stamped"),
    ("sand-box", "sand-boxed"), ("sanity-check", "sanity-checked"), ("screen-capture", "screen-captured"),
    ("screen-record", "screen-recorded"), ("screen-share", "screen-shared"), ("shop-lift", "shop-lifted"),
    ("side-load", "side-loaded"), ("side-step", "side-stepped"), ("sleep-walk", "sleep-walked"),
    ("smoke-test", "smoke-tested"), ("spell-check", "spell-checked"), ("spot-check", "spot-checked"),
    ("stress-test", "stress-tested"), ("strip-mine", "strip-mined"), ("sub-contract", "sub-contracted"),
    ("sub-divide", "sub-divided"), ("sub-lease", "sub-leased"), ("sub-let", "sub-let"),
    ("test-drive", "test-driven"), ("time-box", "time-boxed"), ("time-shift", "time-shifted"),
    ("time-stamp", "time-stamped"), ("time-travel", "time-traveled"), ("trans-code", "trans-coded"),
    ("trans-ship", "trans-shipped"), ("type-check", "type-checked"), ("video-call", "video-called"),
    ("voice-mail", "voice-mailed"), ("wait-list", "wait-listed"), ("water-mark", "water-marked"),
    ("white-label", "white-labeled"), ("white-list", "white-listed"), ("window-shop", "window-shopped"),
    ("wire-tap", "wire-tapped"),
]);

/// Nouns that a verb and a particle do not explain (`layout`).
#[rustfmt::skip]
pub(crate) const NOT_PHRASAL: &[Key] = &sorted([
    "backdown", "blowback", "blowout", "breakaway", "breakthrough", "burnup", "callback", "castaway",
    "castoff", "checkup", "closeup", "comeback", "comedown", "cookout", "countdown", "cutaway", "cutback",
    "cutout", "drawback", "dropdown", "dropout", "dustup", "fallout", "feedback", "flashback", "flyaway",
    "flyover", "foldaway", "foldout", "getaway", "getup", "giveaway", "handout", "hangout", "hangover",
    "hatchback", "hideaway", "hideout", "holdout", "holdover", "holdup", "kickback", "knockoff", "layout",
    "layover", "layup", "letdown", "lineup", "lookout", "makeover", "makeup", "markdown", "markup",
    "matchup", "mockup", "passover", "passthrough", "playback", "playoff", "playthrough", "popover",
    "popup", "printout", "pullover", "pushover", "pushup", "readout", "ripoff", "rubdown", "runaway",
    "rundown", "runoff", "runup", "setback", "shootout", "showdown", "showoff", "sleepover", "slipover",
    "spelldown", "standoff", "stickup", "stopover", "stowaway", "takeaway", "takeout", "tearaway",
    "throwaway", "throwback", "tossup", "tradeoff", "turnover", "walkaway", "walkover", "walkthrough",
    "walkup", "wallback", "workout", "workup", "writeup",
]);

/// Nouns and adjectives that are no prefix and its verb (`resource`).
#[rustfmt::skip]
pub(crate) const NOT_PREFIXED: &[Key] = &sorted([
    "autopilot", "autotype", "coequal", "copilot", "coping", "coreference", "crossbeam", "crossbill",
    "crossfire", "crosshead", "crosstalk", "crosswalk", "decompound", "delayer", "derain", "despot",
    "determinate", "devoid", "discounter", "disease", "disorder", "disrepair", "disservice", "distaste",
    "disuse", "downlike", "downscale", "downshift", "misrule", "misstep", "prefer", "premix", "prescript",
    "pretender", "pretext", "redoubt", "remiss", "rescript", "resource", "unalert", "unarticulate",
    "unclean", "unclear", "uncomplete", "unconcern", "uncool", "undercover", "undergraduate", "undine",
    "unease", "unelaborate", "unequal", "unerect", "uninitiate", "unlike", "unopen", "unregenerate",
    "unrest", "unsound", "unwelcome", "upmarket", "upscale",
]);

/// Things that may be up, down, on or off (`host-down`): the particle does not make a verb of them.
#[rustfmt::skip]
pub(crate) const THINGS: &[Key] = &sorted([
    "alarm", "bank", "battle", "beam", "board", "camp", "cluster", "code", "document", "engine", "fan",
    "feature", "file", "game", "gate", "graph", "group", "host", "image", "index", "interface", "item",
    "land", "layer", "light", "limit", "line", "link", "machine", "market", "match", "model", "monitor",
    "motor", "network", "order", "page", "peer", "plan", "plant", "port", "price", "process", "program",
    "project", "pump", "queue", "race", "rate", "record", "relay", "root", "route", "score", "script",
    "server", "service", "shop", "signal", "site", "sound", "stage", "stock", "store", "stream", "supply",
    "table", "tank", "target", "text", "trend", "trial", "value", "view", "voice", "water", "web",
]);

/// Words that are adjectives or nouns rather than verbs when they stand alone (`empty`, `idle`).
#[rustfmt::skip]
pub(crate) const ALONE_NO_VERB: &[Key] = &sorted([
    "alert", "all", "base", "blind", "busy", "calm", "cool", "corrupt", "crown", "dirty", "double", "dry",
    "dull", "elaborate", "empty", "equal", "even", "exempt", "experience", "express", "fine", "firm", "fit",
    "free", "front", "future", "humble", "idle", "intent", "lame", "level", "light", "like", "live", "long",
    "lower", "market", "mature", "mean", "moderate", "narrow", "need", "obscure", "orient", "own",
    "parallel", "part", "perfect", "power", "present", "quiet", "ready", "rival", "root", "round", "row",
    "secure", "separate", "service", "slow", "smart", "smooth", "sound", "spare", "square", "stale",
    "steady", "still", "tame", "team", "tender", "thin", "tidy", "top", "total", "trend", "upset", "wall",
    "want", "warm", "water", "welcome", "wet", "wrong", "zero",
]);

/// Verbs of states, which nothing that happened is (`exists`).
#[rustfmt::skip]
pub(crate) const STATIVES: &[Key] = &sorted([
    "belong", "consist", "contain", "cost", "depend", "deserve", "differ", "equal", "exist", "have", "know",
    "lack", "mean", "need", "own", "pertain", "possess", "require", "resemble", "seem", "want",
]);

/// Verbs that take no time: that they go on means that they are to come (`expiring`).
#[rustfmt::skip]
pub(crate) const PUNCTUAL: &[Key] = &sorted([
    "arrive", "become", "begin", "cease", "come", "commence", "depart", "die", "end", "expire", "finish",
    "go", "happen", "lapse", "launch", "leave", "start",
]);

/// Words in -ing that are no gerund, or one that nothing follows from.
#[rustfmt::skip]
pub(crate) const NOT_GOING_ON: &[Key] = &sorted([
    "amazing", "anything", "awaiting", "banking", "being", "boring", "charming", "clothing", "confusing",
    "evening", "everything", "exciting", "existing", "forthcoming", "gaming", "grading", "housing",
    "incoming", "interesting", "lacking", "lasting", "lighting", "lodging", "longstanding", "marketing",
    "missing", "morning", "nothing", "oncoming", "ongoing", "outgoing", "outstanding", "pending",
    "promising", "reckoning", "remaining", "something", "standing", "surprising", "trending", "upcoming",
]);

/// Nouns in -al, -able, -ic and -ive, which are no adjectives.
#[rustfmt::skip]
pub(crate) const NOT_ADJECTIVES: &[Key] = &sorted([
    "appraisal", "approval", "archive", "arrival", "cable", "capital", "characteristic", "clinic",
    "consumable", "credential", "deal", "deliverable", "denial", "directive", "dismissal", "disposal",
    "drive", "executable", "executive", "fabric", "five", "goal", "hive", "incentive", "initiative",
    "journal", "live", "manual", "material", "meal", "mechanic", "medal", "metal", "metric", "mosaic",
    "music", "narrative", "objective", "payable", "pedal", "perspective", "portal", "proposal", "public",
    "receivable", "referral", "refusal", "removal", "renewal", "rental", "representative", "retrieval",
    "reversal", "signal", "statistic", "table", "terminal", "ticketable", "topic", "traffic", "trial",
    "tutorial", "variable", "wearable", "withdrawal",
]);

/// Nouns of an action that do not end like one, beside those that are verbs too.
#[rustfmt::skip]
pub(crate) const ACTION_NOUNS: &[Key] = &sorted([
    "auth", "authn", "birth", "booking", "choice", "conference", "creation", "delivery", "discovery",
    "entry", "failover", "filing", "growth", "handshake", "inquiry", "loss", "mapping", "meeting",
    "offering", "pairing", "parsing", "payroll", "posting", "pricing", "proof", "recording", "recovery",
    "routing", "sale", "screening", "shipping", "sync", "training", "webhook",
]);

/// Nouns with `request` that are things (`pull-request`).
#[rustfmt::skip]
pub(crate) const REQUESTS: &[Key] = &sorted([
    "access", "api", "bad", "book", "change", "client", "feature", "friend", "get", "graphql", "http",
    "https", "join", "merge", "network", "patch", "post", "pull", "put", "rest", "server", "service",
    "support", "user", "web", "work",
]);

/// Verbs of which a request, an error or an attempt is the object (`approve-request`).
#[rustfmt::skip]
pub(crate) const ABOUT_REQUESTS: &[Key] = &sorted([
    "accept", "acknowledge", "answer", "approve", "assign", "clear", "decline", "deny", "dismiss",
    "escalate", "fulfil", "fulfill", "grant", "handle", "ignore", "process", "raise", "receive", "reject",
    "resolve", "review", "send", "submit", "throw", "triage", "validate", "withdraw",
]);

/// Verbs with `request` that leave open which word is the verb.
pub(crate) const EITHER_REQUEST: &[Key] = &sorted(["cancel", "close", "open", "start", "stop"]);

/// Nouns that stand for a part of what they belong to: with a verb before them they may be a noun phrase
/// (`reject-reason`).
#[rustfmt::skip]
pub(crate) const ATTRIBUTES: &[Key] = &sorted([
    "action", "answer", "button", "callback", "conflict", "count", "date", "deadline", "delay", "duration",
    "fee", "flow", "handler", "hook", "id", "interval", "latency", "listener", "mode", "period", "point",
    "probe", "progress", "prompt", "rate", "ratio", "reason", "reply", "response", "result", "speed",
    "stats", "success", "time", "timer", "timestamp", "url", "warning", "write",
]);

/// Verbs whose object is what they say it is, an attribute too (`update-date`).
#[rustfmt::skip]
pub(crate) const MANAGES: &[Key] = &sorted([
    "acknowledge", "activate", "add", "adjust", "assign", "change", "choose", "clear", "configure",
    "confirm", "deactivate", "delete", "disable", "dismiss", "edit", "enable", "enter", "extend", "fill",
    "generate", "insert", "modify", "receive", "record", "redeem", "remove", "reply", "rotate", "save",
    "select", "send", "set", "start", "stop", "submit", "switch", "toggle", "update", "use", "validate",
    "verify",
]);

/// Notices that are a noun phrase with the verb before them, except behind a verb of sending (`renew-reminder`).
#[rustfmt::skip]
pub(crate) const NOTIFIES: &[Key] = &sorted([
    "acknowledge", "add", "cancel", "clear", "close", "compose", "configure", "confirm", "create", "delete",
    "deliver", "disable", "dismiss", "edit", "emit", "enable", "enqueue", "forward", "generate", "get",
    "handle", "ignore", "mute", "open", "publish", "queue", "raise", "read", "receive", "record",
    "register", "reject", "remove", "resend", "resolve", "save", "schedule", "send", "set", "silence",
    "snooze", "submit", "throw", "trigger", "unmute", "unregister", "update", "verify", "view",
]);

/// Verbs that are nouns as well, but are an order before a thing of [`OBJECTS`] (`pay-invoice`).
#[rustfmt::skip]
pub(crate) const ORDERS: &[Key] = &sorted([
    "abandon", "abridge", "ack", "activate", "affiliate", "airdrop", "answer", "archive", "attack", "audit",
    "autocomplete", "autocorrect", "autofill", "autoplay", "award", "back", "backorder", "backport",
    "backtest", "ban", "barter", "bill", "blocklist", "boost", "buy", "capture", "cast", "challenge",
    "check", "checkmark", "clear", "coauthor", "cohost", "contact", "cordon", "cosponsor", "crowdfund",
    "deploy", "dispatch", "dispute", "download", "downvote", "drain", "draw", "drop", "dump", "endorse",
    "escort", "estimate", "exchange", "feed", "fill", "fire", "flag", "flush", "follow", "force", "forward",
    "fund", "geofence", "geotag", "grant", "greet", "guard", "halt", "harvest", "heal", "hide", "hire",
    "hold", "honor", "hotfix", "hotpatch", "hotswap", "inactivate", "insert", "inspect", "install",
    "invite", "kick", "kill", "launch", "lead", "lease", "lend", "lift", "like", "link", "livestream",
    "load", "longlist", "make", "mark", "match", "matchmake", "mention", "mint", "monitor", "mount", "nack",
    "nudge", "overcommit", "overdub", "overstock", "overturn", "pack", "pair", "park", "pass", "pay",
    "pick", "ping", "place", "play", "please", "pledge", "poll", "polyfill", "prefetch", "preload",
    "preorder", "prepare", "press", "preview", "print", "process", "produce", "promise", "promote",
    "prompt", "quarantine", "raise", "reach", "rebase", "reboot", "rebuild", "recall", "redial", "redirect",
    "refactor", "refill", "refund", "release", "rent", "repair", "replan", "rescan", "rescue", "reserve",
    "restart", "retry", "retweet", "reupload", "reveal", "review", "reward", "ride", "ring", "rotate",
    "route", "run", "safelist", "score", "scrap", "screen", "seal", "secure", "sell", "serve", "shadowban",
    "shake", "shard", "share", "shift", "ship", "shortlist", "show", "sideload", "sign", "skip", "snapshot",
    "softban", "sort", "spend", "spin", "split", "sponsor", "stage", "stake", "star", "steal", "stow",
    "suspend", "swap", "switch", "tag", "take", "tap", "throw", "timebox", "tip", "toggle", "touch",
    "trace", "track", "train", "treat", "triage", "trigger", "trim", "tune", "turn", "unlock", "upsert",
    "upvote", "use", "visit", "void", "waitlist", "warn", "wash", "watch", "weigh", "welcome", "win",
    "wipe", "withhold", "wrap", "yield",
]);

/// Things that an order of [`ORDERS`] is about.
#[rustfmt::skip]
pub(crate) const OBJECTS: &[Key] = &sorted([
    "account", "actor", "address", "admin", "agent", "agreement", "alert", "answer", "app", "application",
    "appointment", "article", "artifact", "asset", "auction", "authentication", "award", "backup", "badge",
    "balance", "ballot", "bet", "bid", "bill", "boat", "bonus", "booking", "bot", "bounty", "box", "branch",
    "build", "bus", "call", "caller", "camera", "campaign", "candidate", "car", "card", "cargo", "cart",
    "cash", "certificate", "channel", "chapter", "charge", "chat", "check", "chunk", "claim", "client",
    "cluster", "coin", "collection", "comment", "commission", "community", "company", "connector",
    "consent", "contact", "container", "content", "contest", "contract", "conversation", "coupon", "course",
    "credential", "credentials", "crew", "crop", "crypto", "customer", "database", "dataset", "deal",
    "debt", "delivery", "deployment", "desktop", "device", "dispute", "doctor", "document", "domain",
    "door", "dose", "driver", "drone", "drug", "election", "email", "employee", "entity", "environment",
    "episode", "estimate", "events", "exam", "expense", "experiment", "fee", "file", "fine", "firmware",
    "flight", "folder", "force", "friend", "funds", "game", "gem", "gift", "gold", "goods", "guest",
    "guide", "guild", "hold", "horse", "house", "idea", "image", "incident", "instance", "interest",
    "invoice", "issue", "item", "job", "journey", "key", "keyword", "label", "lease", "leave", "lesson",
    "letter", "license", "loan", "lobby", "locker", "log", "loot", "lot", "luggage", "machine", "match",
    "material", "meal", "media", "medication", "meeting", "member", "membership", "menu", "merchandise",
    "message", "metadata", "migration", "mission", "mob", "module", "money", "monster", "mortgage", "movie",
    "nft", "node", "notification", "nurse", "objective", "offer", "opponent", "option", "order", "org",
    "organisation", "organization", "outage", "package", "page", "parcel", "parking", "participant",
    "partition", "partner", "party", "passenger", "passport", "password", "patient", "payment", "payout",
    "payroll", "permission", "permit", "photo", "picture", "piece", "pipeline", "pizza", "plan", "plate",
    "player", "plugin", "pod", "podcast", "points", "policy", "portfolio", "post", "premium",
    "prescription", "printer", "prize", "product", "profile", "project", "property", "proposal", "query",
    "quest", "quiz", "quote", "rebate", "receipt", "record", "refund", "region", "relationship", "release",
    "rent", "replica", "report", "repository", "request", "reservation", "resource", "reward", "ride",
    "rider", "robot", "role", "room", "round", "salary", "sale", "sample", "scene", "screen", "seat",
    "secret", "security", "sensor", "server", "session", "share", "shipment", "shop", "site", "slot", "sms",
    "snapshot", "song", "sound", "specimen", "spell", "spot", "staff", "stake", "statement", "stock",
    "storage", "story", "stream", "student", "studio", "subject", "subscriber", "subscription", "supplier",
    "survey", "table", "task", "tax", "team", "tenant", "test", "theme", "thread", "ticket", "timer",
    "token", "tool", "topic", "tournament", "track", "trade", "transaction", "transfer", "treasure", "trip",
    "truck", "tweet", "unit", "upgrade", "user", "vehicle", "vendor", "version", "video", "virus", "visa",
    "visit", "visitor", "vm", "volume", "vote", "voucher", "vulnerability", "wage", "wallet", "warehouse",
    "weapon", "website", "widget", "winner", "withdrawal", "witness", "worker", "workflow", "workspace",
]);

/// Orders that are one only before these objects, between spaces.
#[rustfmt::skip]
pub(crate) const ORDERS_OF: &[(Key, &str)] = &sorted_pairs([
    ("block", " account card comment contact content customer device domain ip member number payment seller sender transaction user "),
    ("book", " appointment call car court demo flight hotel leave meeting parcel pickup ride room seat session slot table ticket time-off trip visit "),
    ("call", " ambulance contact customer elevator function patient taxi user "),
    ("change", " address avatar email language name owner ownership password phone plan role seat state status subscription tier timezone username "),
    ("charge", " account battery card customer device fee user wallet "),
    ("check", " balance document domain eligibility email file inventory stock user vehicle "),
    ("claim", " achievement airdrop badge bonus bounty coupon gift item offer prize profile refund reward rewards seat spot ticket tokens username voucher "),
    ("comment", " card post task ticket "),
    ("credit", " account balance wallet "),
    ("debit", " account balance wallet "),
    ("display", " ad alert banner message notification page "),
    ("email", " card customer guest invoice member receipt report user "),
    ("end", " call chat contract conversation game lease match meeting poll rental round session shift stream subscription survey trial trip "),
    ("file", " appeal application case claim complaint dispute lawsuit motion report return tax taxes "),
    ("fold", " hand "),
    ("issue", " badge bond card certificate coupon credential credit fine invoice license loan passport payment payout permit prescription receipt refund shares statement ticket token tokens visa voucher warning "),
    ("label", " email image issue message package shipment "),
    ("leave", " call channel chat conference fullscreen game group guild league lobby match meeting organization party queue raid room server session team voice workspace "),
    ("link", " account bank card device identity profile user wallet "),
    ("mail", " card check invoice letter package statement "),
    ("mark", " attendance conversation invoice message notification order task ticket "),
    ("name", " beneficiary winner "),
    ("offer", " deal discount job position refund shift "),
    ("open", " app ballot bid bidding box browser case channel chat chest conversation dialog dispute door drawer file gate lid link locker menu modal notification position tab ticket valve window "),
    ("order", " drink food item lunch meal parts product "),
    ("plan", " meeting route trip visit "),
    ("post", " ad comment entry invoice job journal listing message payment review story transaction video "),
    ("project", " image "),
    ("question", " suspect witness "),
    ("queue", " email job message task track "),
    ("quote", " customer message order policy post price tweet "),
    ("rank", " candidate player "),
    ("rate", " app article conversation course driver movie order photo product restaurant rider seller service song trip video "),
    ("record", " attendance call consent deposit expense meeting movement observation payment purchase sale screen session shipment temperature transaction usage video visit vital vitals "),
    ("report", " absence abuse account bug comment crash damage emission error illness incident issue lost message player post problem scam spam tax usage user video violation "),
    ("request", " access approval callback demo deposit information leave loan meeting money pickup quote reference refund review ride sample signature time-off transfer withdrawal "),
    ("return", " book car deposit equipment merchandise product purchase vehicle "),
    ("store", " card credential credentials file key object password secret token value "),
    ("stream", " game video "),
    ("support", " case creator "),
    ("test", " connection webhook "),
    ("text", " customer user "),
    ("trade", " card item stock "),
    ("type", " message text "),
    ("water", " crop plant "),
    ("wire", " funds money "),
]);

/// Verbs that are nouns as well, but as the last word of a phrase tell what happens (`participant-join`).
#[rustfmt::skip]
pub(crate) const HAPPENINGS: &[Key] = &sorted([
    "abandon", "answer", "award", "ban", "block", "bounce", "burn", "bypass", "change", "chat", "claim",
    "click", "clone", "close", "collapse", "collide", "crash", "decay", "decline", "dispatch", "dispute",
    "downgrade", "drag", "drain", "drop", "duel", "dump", "edit", "end", "exchange", "exhaust", "exit",
    "export", "fade", "fail", "fold", "follow", "force", "fork", "grant", "halt", "harvest", "hire", "hold",
    "import", "insert", "interrupt", "join", "kick", "kill", "lapse", "launch", "leave", "load", "lock",
    "look", "loop", "match", "mention", "merge", "miss", "mount", "move", "mute", "open", "park", "pause",
    "pin", "play", "poison", "poke", "progress", "purchase", "push", "raid", "rain", "react", "recall",
    "refresh", "refund", "register", "release", "reload", "repair", "repeat", "report", "rescue", "retreat",
    "retry", "return", "review", "rotate", "scan", "scroll", "seal", "seek", "shift", "ship", "shuffle",
    "skip", "sleep", "spawn", "spend", "spin", "spread", "stall", "start", "stop", "stumble", "subscribe",
    "surge", "swap", "swipe", "switch", "sync", "take", "tap", "teleport", "toggle", "touch", "trade",
    "transfer", "trigger", "trip", "turn", "unlock", "update", "upgrade", "upload", "view", "visit", "void",
    "vote", "wake", "walk", "wash", "watch", "wipe", "withdraw", "write", "zoom",
]);

/// Nouns that make a noun of an order too (`refresh-token`).
#[rustfmt::skip]
pub(crate) const NOT_OBJECTS: &[Key] = &sorted([
    "action", "address", "attempt", "button", "code", "conflict", "count", "date", "delay", "delivery",
    "error", "failure", "interval", "key", "limit", "link", "name", "policy", "rate", "reason", "reply",
    "request", "response", "result", "status", "success", "time", "timeout", "token", "type", "url",
]);


/// Verbs that are an order before what happens too (`start-import`).
pub(crate) const STARTERS: &[Key] = &sorted(["pause", "resume", "schedule", "start", "stop"]);

/// Verbs that stay before what follows, which is no object (`went-live`, `made-admin`).
#[rustfmt::skip]
pub(crate) const LINKING: &[Key] = &sorted([
    "be", "become", "come", "fall", "feel", "get", "go", "have", "keep", "let", "look", "make", "prove",
    "remain", "stay", "turn",
]);

/// Verbs that are about nothing, so that what follows is no object (`listen-address`).
#[rustfmt::skip]
pub(crate) const WITHOUT_OBJECT: &[Key] = &sorted([
    "agree", "apologise", "apologize", "appear", "arrive", "belong", "collapse", "collide", "compete",
    "comply", "consist", "cooperate", "depart", "depend", "die", "differ", "disagree", "disappear",
    "elapse", "emerge", "exist", "fall", "happen", "hibernate", "interact", "interfere", "liaise", "listen",
    "occur", "participate", "persist", "proceed", "react", "recur", "rely", "remain", "reside", "respond",
    "sleep", "succeed", "vanish", "wait", "wander", "yawn",
]);

/// Verbs of which `on` and `in` open what follows (`voted-on-card`).
#[rustfmt::skip]
pub(crate) const WITH_PREPOSITION: &[Key] = &sorted([
    "act", "bet", "bid", "click", "comment", "decide", "depend", "focus", "invest", "participate", "react",
    "rely", "reply", "report", "respond", "spend", "tap", "vote", "work",
]);

/// Domains' inner words that are plurals rightly (`sales-order`).
#[rustfmt::skip]
pub(crate) const INNER_PLURALS: &[Key] = &sorted([
    "advances", "airlines", "analytics", "antiques", "appliances", "arms", "arts", "athletics", "barracks",
    "benefits", "betting", "civics", "classics", "clothes", "comics", "commodities", "communications",
    "contents", "corrections", "crafts", "credentials", "customs", "damages", "dues", "earnings",
    "economics", "electronics", "emissions", "ethics", "explosives", "finances", "foods", "forces",
    "forensics", "fundamentals", "funds", "futures", "gas", "genetics", "glasses", "goods", "graphics",
    "grounds", "headquarters", "honors", "humanities", "hydraulics", "insights", "jeans", "labs",
    "logistics", "materials", "maths", "means", "mechanics", "metrics", "news", "obstetrics", "operations",
    "ops", "options", "outdoors", "parts", "pediatrics", "physics", "politics", "premises", "proceeds",
    "qualifications", "receivables", "relations", "resources", "returns", "rewards", "rights", "robotics",
    "royalties", "sales", "savings", "sciences", "securities", "settings", "solutions", "sports",
    "statistics", "subsidies", "supplies", "systems", "tactics", "technologies", "thanks", "trousers",
    "utilities", "valuables", "vitals", "wages", "weapons", "windows", "works",
]);
