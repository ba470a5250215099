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
    ("line-up", "lined-up"), ("lip-sync", "lip-synced"), ("load-balance", "load-balanced"),
    ("load-test", "load-tested"), ("micro-chip", "micro-chipped"), ("mystery-shop", "mystery-shopped"),
    ("name-drop", "name-dropped"), ("off-load", "off-loaded"), ("on-board", "on-boarded"),
    ("peer-review", "peer-reviewed"), ("photo-copy", "photo-copied"), ("power-cycle", "power-cycled"),
    ("pre-order", "pre-ordered"), ("price-match", "price-matched"), ("quality-check", "quality-checked"),
    ("rage-quit", "rage-quit"), ("rate-limit", "rate-limited"), ("red-flag", "red-flagged"),
    ("risk-assess", "risk-assessed"), ("role-play", "role-played"), ("rubber-stamp", "rubber-stamped"),
    ("sand-box", "sand-boxed"), ("sanity-check", "sanity-checked"), ("screen-capture", "screen-captured"),
    ("screen-record", "screen-recorded"), ("screen-share", "screen-shared"), ("shop-lift", "shop-lifted"),
    ("short-circuit", "short-circuited"), ("side-load", "side-loaded"), ("side-step", "side-stepped"),
    ("sleep-walk", "sleep-walked"), ("smoke-test", "smoke-tested"), ("spell-check", "spell-checked"),
    ("spot-check", "spot-checked"), ("stress-test", "stress-tested"), ("strip-mine", "strip-mined"),
    ("sub-contract", "sub-contracted"), ("sub-divide", "sub-divided"), ("sub-lease", "sub-leased"),
    ("sub-let", "sub-let"), ("test-drive", "test-driven"), ("time-box", "time-boxed"),
    ("time-shift", "time-shifted"), ("time-stamp", "time-stamped"), ("time-travel", "time-traveled"),
    ("trans-code", "trans-coded"), ("trans-ship", "trans-shipped"), ("type-check", "type-checked"),
    ("video-call", "video-called"), ("voice-mail", "voice-mailed"), ("wait-list", "wait-listed"),
    ("water-mark", "water-marked"), ("white-label", "white-labeled"), ("white-list", "white-listed"),
    ("window-shop", "window-shopped"), ("wire-tap", "wire-tapped"),
]);

/// Nouns that a verb and a particle do not explain (`layout`).
#[rustfmt::skip]
pub(crate) const NOT_PHRASAL: &[Key] = &sorted([
    "backdown", "blowback", "blowout", "breakaway", "breakthrough", "builtin", "burnup", "callback",
    "castaway", "castoff", "checkup", "closeup", "comeback", "comedown", "cookout", "countdown", "cutaway",
    "cutback", "cutdown", "cutout", "drawback", "dropdown", "dropout", "dustup", "fallout", "feedback",
    "flashback", "flyaway", "flyover", "foldaway", "foldout", "getaway", "getup", "giveaway", "handout",
    "hangout", "hangover", "hatchback", "hideaway", "hideout", "holdout", "holdover", "holdup", "kickback",
    "knockoff", "layaway", "layout", "layover", "layup", "leftover", "letdown", "lineup", "lookout",
    "lowdown", "makeover", "makeup", "markdown", "markup", "matchup", "mockup", "passover", "passthrough",
    "playback", "playoff", "playthrough", "popover", "popup", "printout", "pullover", "pushover", "pushup",
    "putout", "readout", "ripoff", "rubdown", "runaway", "rundown", "runoff", "runup", "setback",
    "shootout", "showdown", "showoff", "sleepover", "slipover", "spelldown", "standoff", "stickup",
    "stopover", "stowaway", "takeaway", "takeout", "tearaway", "throwaway", "throwback", "tossup",
    "tradeoff", "turnover", "walkaway", "walkover", "walkthrough", "walkup", "wallback", "workout",
    "workup", "writeup",
]);

/// Nouns and adjectives that are no prefix and its verb (`resource`).
#[rustfmt::skip]
pub(crate) const NOT_PREFIXED: &[Key] = &sorted([
    "autopilot", "autotype", "coequal", "copilot", "coping", "coreference", "crossbeam", "crossbill",
    "crossfire", "crosshead", "crosstalk", "crosswalk", "decompound", "delayer", "derain", "despot",
    "determinate", "devoid", "discounter", "disease", "disorder", "disrepair", "disservice", "distaste",
    "disuse", "downlike", "downscale", "downshift", "misrule", "misstep", "prefer", "premix", "prescript",
    "preseason", "pretender", "pretext", "redoubt", "remiss", "rescript", "resource", "unalert",
    "unarticulate", "unclean", "unclear", "uncomplete", "unconcern", "uncool", "undercover",
    "undergraduate", "undine", "unease", "unelaborate", "unequal", "unerect", "uninitiate", "unlike",
    "unopen", "unregenerate", "unrest", "unsound", "unwelcome", "upmarket", "upscale",
]);

/// Things that may be up, down, on or off (`host-down`): the particle does not make a verb of them.
#[rustfmt::skip]
pub(crate) const THINGS: &[Key] = &sorted([
    "alarm", "bank", "battle", "beam", "board", "camp", "cluster", "code", "document", "engine", "fan",
    "feature", "file", "game", "gate", "graph", "group", "host", "image", "index", "interface", "item",
    "key", "land", "layer", "light", "limit", "line", "link", "machine", "market", "match", "model",
    "monitor", "motor", "network", "note", "order", "page", "peer", "plan", "plant", "port", "price",
    "process", "program", "project", "pump", "queue", "race", "rate", "record", "relay", "root", "route",
    "score", "script", "server", "service", "shop", "signal", "site", "sound", "stage", "stock", "store",
    "stream", "supply", "table", "tank", "target", "text", "trend", "trial", "value", "view", "voice",
    "water", "web",
]);

/// Words that are adjectives or nouns rather than verbs when they stand alone (`empty`, `idle`).
#[rustfmt::skip]
pub(crate) const ALONE_NO_VERB: &[Key] = &sorted([
    "air", "all", "appropriate", "arm", "average", "bag", "bar", "base", "blind", "bloom", "bolt", "brief",
    "broker", "bully", "busy", "calm", "cardinal", "cart", "chain", "chart", "chip", "coat", "code",
    "conference", "cool", "corrupt", "crown", "deliberate", "dirty", "document", "double", "dry", "dull",
    "edge", "elaborate", "empty", "equal", "even", "experience", "express", "fake", "fan", "fence",
    "figure", "fine", "firm", "fit", "flame", "free", "front", "frost", "function", "future", "graph",
    "grave", "house", "humble", "idle", "image", "initial", "ink", "intent", "intern", "key", "knot",
    "labor", "lame", "level", "light", "like", "live", "lobby", "long", "lounge", "man", "market", "master",
    "mate", "mean", "message", "meter", "mill", "mind", "mob", "mold", "motion", "narrow", "need", "net",
    "number", "object", "obscure", "orbit", "orient", "own", "parade", "parallel", "parent", "part",
    "partner", "pedal", "perfect", "phone", "picture", "pile", "pit", "pocket", "position", "power",
    "present", "pressure", "prime", "quiet", "rack", "rail", "range", "ready", "reason", "respect",
    "riddle", "rival", "rock", "root", "round", "row", "sand", "season", "section", "secure", "separate",
    "service", "shadow", "shell", "shower", "slack", "slow", "smart", "smooth", "solo", "sound", "spare",
    "spear", "spur", "square", "stale", "staple", "steady", "stem", "stereotype", "still", "stone", "story",
    "strap", "structure", "style", "subject", "suffix", "suit", "surface", "table", "tally", "tame", "tape",
    "target", "task", "team", "tender", "text", "theme", "thin", "ticket", "tidy", "timestamp", "tire",
    "title", "tool", "top", "total", "transit", "treasure", "trek", "trend", "truck", "trumpet", "upset",
    "value", "veil", "voice", "wall", "want", "war", "warehouse", "warm", "water", "weather", "welcome",
    "wet", "wing", "worship", "wound", "wrinkle", "wrong", "zero",
]);

/// Adjectives at the end of a phrase (`invoice-ready`): the word before them is a noun, not an imperative.
#[rustfmt::skip]
pub(crate) const CONDITIONS: &[Key] = &sorted([
    "active", "alive", "available", "busy", "dead", "due", "empty", "full", "healthy", "idle", "inactive",
    "late", "live", "old", "overdue", "ready", "stale", "unavailable", "unhealthy", "unready",
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
    "additive", "adhesive", "admiral", "aerial", "alternative", "animal", "appraisal", "approval",
    "archive", "arrival", "betrayal", "bible", "burial", "cable", "canal", "capital", "carnival",
    "cathedral", "cereal", "characteristic", "chemical", "clinic", "collectible", "collective", "comic",
    "commercial", "constable", "consumable", "convertible", "cooperative", "credential", "criminal",
    "critic", "crystal", "deal", "decimal", "deliverable", "denial", "derivative", "detective", "dial",
    "directive", "dismissal", "disposal", "dive", "drive", "editorial", "epic", "executable", "executive",
    "fabric", "festival", "five", "fugitive", "funeral", "garlic", "general", "goal", "hive", "hospital",
    "incentive", "individual", "initiative", "interval", "journal", "live", "locomotive", "logic", "magic",
    "mammal", "manual", "material", "meal", "mechanic", "medal", "medic", "memorial", "metal", "metric",
    "mineral", "mosaic", "motive", "music", "musical", "narrative", "native", "objective", "official",
    "olive", "operative", "original", "panic", "payable", "pedal", "pedestal", "perspective", "picnic",
    "portal", "potential", "preservative", "professional", "proposal", "public", "receivable", "recital",
    "referral", "refusal", "rehearsal", "relative", "removal", "renewal", "rental", "representative",
    "retrieval", "reversal", "rival", "sandal", "scandal", "serial", "signal", "spiral", "statistic",
    "survival", "table", "terminal", "ticketable", "timetable", "topic", "traffic", "trial", "tribunal",
    "tutorial", "variable", "vegetable", "vial", "wearable", "wireless", "withdrawal",
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
    "flow", "handler", "hook", "id", "interval", "latency", "listener", "mode", "point", "probe",
    "progress", "prompt", "rate", "ratio", "reason", "reply", "response", "result", "speed", "stats",
    "success", "time", "timer", "timestamp", "url", "warning", "write",
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
    "ack", "acknowledge", "add", "archive", "cancel", "clear", "close", "compose", "configure", "confirm",
    "create", "delete", "deliver", "disable", "dismiss", "drop", "edit", "emit", "enable", "enqueue",
    "escalate", "flag", "forward", "generate", "get", "handle", "ignore", "like", "mute", "nack", "open",
    "park", "pin", "process", "publish", "queue", "raise", "read", "recall", "receive", "record", "redact",
    "redeliver", "register", "reject", "remove", "replay", "report", "repost", "reprocess", "requeue",
    "resend", "resolve", "save", "schedule", "send", "serve", "set", "silence", "snooze", "star", "submit",
    "suppress", "throw", "translate", "triage", "trigger", "unarchive", "unflag", "unlike", "unmute",
    "unpin", "unregister", "unstar", "update", "verify", "view",
]);

/// Verbs that are nouns as well, but are an order before a thing of [`OBJECTS`] (`pay-invoice`).
#[rustfmt::skip]
pub(crate) const ORDERS: &[Key] = &sorted([
    "abandon", "abridge", "abuse", "ack", "activate", "advance", "affiliate", "affix", "aggregate",
    "airdrop", "airlift", "alternate", "ambush", "anchor", "answer", "appropriate", "approximate",
    "archive", "arrest", "assault", "associate", "attack", "attempt", "attribute", "audit", "autocomplete",
    "autocorrect", "autofill", "autoplay", "autosave", "award", "back", "backfill", "backorder", "backport",
    "backtest", "badger", "baffle", "bail", "bait", "ban", "bandage", "bankrupt", "barcode", "barricade",
    "barter", "bash", "bend", "berth", "bill", "bind", "bite", "blacklist", "blackmail", "bleed", "blend",
    "blindfold", "blocklist", "blur", "bolster", "bombard", "bookmark", "boost", "borrow", "bounce",
    "boycott", "break", "breed", "brew", "bribe", "bully", "bump", "bundle", "burn", "burst", "buy",
    "bypass", "capture", "cast", "catalog", "catch", "caution", "censor", "challenge", "champion", "chase",
    "cheat", "check", "checkmark", "clamp", "clear", "clip", "clone", "coat", "coauthor", "coax", "cohost",
    "coil", "combat", "compliment", "conscript", "construct", "consummate", "contact", "convict", "cordon",
    "cosponsor", "count", "craft", "crop", "cross", "crowdfund", "crush", "cull", "curb", "cure", "cushion",
    "damage", "dazzle", "decline", "decode", "decree", "defeat", "defect", "defer", "defile", "delay",
    "delegate", "demote", "dent", "deploy", "detour", "dictate", "dig", "digest", "dim", "dip", "discharge",
    "disconnect", "discredit", "disguise", "dishonor", "dismount", "dispatch", "dispute", "ditch", "dive",
    "divorce", "dodge", "double", "downgrade", "download", "downvote", "drag", "drain", "draw", "dredge",
    "drink", "drip", "drive", "drop", "dub", "duel", "dump", "earmark", "ease", "edit", "elongate",
    "embargo", "embrace", "endorse", "equip", "escort", "estimate", "evict", "exchange", "excuse",
    "execute", "exercise", "exhaust", "exile", "exit", "exploit", "fail", "feed", "fence", "fight", "fill",
    "fingerprint", "fire", "fix", "flag", "flip", "float", "flood", "flush", "fly", "follow", "force",
    "forge", "format", "forward", "foster", "fracture", "freeze", "fund", "furlough", "fuse", "gather",
    "geofence", "geotag", "glue", "grab", "graduate", "graft", "grant", "grapple", "grease", "greet",
    "grill", "grip", "guard", "guess", "hack", "haggle", "hail", "halt", "hammer", "handcuff", "handicap",
    "handle", "harm", "harness", "harvest", "hatch", "haul", "haunt", "heal", "help", "herald", "hide",
    "highlight", "hike", "hinder", "hire", "hit", "hoist", "hold", "honor", "honour", "hotfix", "hotpatch",
    "hotswap", "hug", "hunt", "hush", "implant", "impress", "imprint", "inactivate", "increase",
    "increment", "influence", "insert", "inspect", "install", "instrument", "insult", "intercept", "invite",
    "jab", "jail", "join", "judge", "juggle", "jump", "kick", "kill", "kit", "lament", "laminate", "lap",
    "launch", "lay", "lease", "lend", "levy", "libel", "like", "link", "livestream", "load", "lock",
    "lodge", "log", "longlist", "lose", "lure", "make", "mandate", "maneuver", "mangle", "mark", "marshal",
    "mash", "massage", "match", "matchmake", "maul", "max", "melt", "mend", "mention", "mentor", "merge",
    "microwave", "mine", "mint", "misprint", "misquote", "miss", "mistype", "mock", "modify", "monitor",
    "mount", "move", "murder", "muster", "mute", "muzzle", "nack", "neuter", "nickname", "nominate",
    "notice", "nudge", "nurture", "omit", "outlaw", "outline", "overcommit", "overdub", "overflow",
    "overhaul", "overlap", "override", "overstock", "overturn", "own", "pack", "padlock", "paint", "pair",
    "pardon", "park", "partition", "pass", "paste", "patch", "pave", "pawn", "pay", "peel", "peg", "perch",
    "perfect", "photocopy", "photograph", "pick", "pierce", "pin", "ping", "pioneer", "place", "play",
    "please", "pledge", "pluck", "plunder", "poison", "poke", "polish", "poll", "polyfill", "postmark",
    "pour", "praise", "preempt", "prefetch", "prefix", "preload", "preorder", "prepare", "press", "preview",
    "prick", "print", "probe", "process", "produce", "promise", "promote", "prompt", "protest", "provision",
    "prune", "pull", "pump", "punch", "puncture", "purchase", "push", "puzzle", "quarantine", "quarrel",
    "quit", "raid", "raise", "rally", "ransom", "reach", "reap", "rebase", "rebate", "reboot", "rebrand",
    "rebuff", "rebuild", "rebuke", "recall", "recapture", "recharge", "recruit", "redial", "redirect",
    "refactor", "refill", "reform", "refrain", "refresh", "refund", "register", "regret", "rehash",
    "reissue", "relaunch", "relay", "release", "relish", "remake", "remand", "remedy", "remix", "rename",
    "rent", "reorder", "repair", "repeal", "repeat", "replan", "replay", "repost", "reprieve", "reprint",
    "repulse", "requisition", "rescan", "rescue", "reserve", "reset", "resort", "respond", "restart",
    "retest", "retry", "retweet", "reupload", "reveal", "revenge", "review", "reward", "rewind", "ride",
    "ridicule", "rig", "rinse", "rip", "risk", "rivet", "rob", "roll", "rotate", "route", "rub", "rumble",
    "run", "rush", "sabotage", "sack", "saddle", "safeguard", "safelist", "sail", "salute", "salvage",
    "save", "savor", "scald", "scan", "scare", "scoop", "scour", "scramble", "scrap", "scrape", "scratch",
    "scream", "screen", "screw", "scrub", "seal", "search", "secure", "seek", "seize", "select", "sell",
    "send", "serve", "settle", "shadowban", "shake", "shard", "share", "shave", "shelter", "shield", "ship",
    "shoot", "shortlist", "shove", "shovel", "show", "shred", "shrug", "shuffle", "shut", "sideline",
    "sideload", "sidestep", "sign", "signpost", "silence", "sing", "sink", "skim", "skip", "slam", "slap",
    "slash", "slaughter", "slice", "smash", "smear", "smother", "smuggle", "snag", "snap", "snapshot",
    "snare", "snatch", "sniff", "snooze", "soak", "softban", "sort", "sow", "span", "spank", "spare",
    "spawn", "spearhead", "spend", "spike", "spill", "spin", "splice", "split", "sponge", "sponsor", "spot",
    "sprain", "spread", "sprinkle", "spur", "squash", "squeeze", "squirt", "stab", "stage", "stake",
    "staple", "star", "start", "stash", "steal", "steer", "stick", "stifle", "stir", "stitch", "stockpile",
    "stop", "stow", "straddle", "strain", "strand", "stretch", "strike", "strip", "stroke", "stun",
    "subcontract", "sublease", "subpoena", "substitute", "subtitle", "sue", "surround", "suspend", "suture",
    "swab", "swallow", "swap", "sweep", "swing", "swipe", "switch", "swivel", "tackle", "tag", "tailor",
    "taint", "take", "tame", "tamper", "tap", "taste", "tattoo", "taunt", "teach", "tear", "telephone",
    "tell", "tempt", "tether", "thank", "thread", "throttle", "throw", "thwart", "tilt", "timebox",
    "tinker", "tip", "toast", "toggle", "tolerate", "tombstone", "torment", "torpedo", "torture", "toss",
    "tow", "trace", "track", "train", "transplant", "transport", "trap", "trash", "treat", "triage",
    "trick", "trigger", "trim", "trouble", "trust", "try", "tuck", "tug", "tune", "turn", "tutor", "twirl",
    "twist", "umpire", "underline", "unlock", "upgrade", "uplift", "upload", "upsert", "upvote", "use",
    "usher", "vacuum", "varnish", "vent", "veto", "visit", "void", "vomit", "vote", "wager", "waitlist",
    "wake", "walk", "warn", "warp", "warrant", "waste", "watch", "watermark", "waterproof", "wax", "wear",
    "weigh", "welcome", "weld", "whip", "whisk", "whisper", "whitewash", "win", "wipe", "wiretap",
    "withhold", "witness", "worship", "wrap", "wreck", "wrench", "write", "yell", "zip", "zoom",
]);

/// Things that an order of [`ORDERS`] is about.
#[rustfmt::skip]
pub(crate) const OBJECTS: &[Key] = &sorted([
    "account", "actor", "address", "admin", "agent", "agreement", "alert", "answer", "apartment", "app",
    "application", "appointment", "article", "artifact", "asset", "auction", "authentication", "award",
    "backup", "badge", "balance", "ballot", "bet", "bid", "bill", "boat", "bonus", "booking", "bot",
    "bounty", "box", "branch", "build", "bus", "call", "caller", "camera", "campaign", "candidate", "car",
    "card", "cargo", "cart", "cash", "certificate", "channel", "chapter", "charge", "chat", "check",
    "chunk", "claim", "client", "cluster", "coin", "collection", "comment", "commission", "community",
    "company", "connector", "consent", "contact", "container", "content", "contest", "contract",
    "conversation", "coupon", "course", "credential", "credentials", "crew", "crop", "crypto", "customer",
    "database", "dataset", "deal", "debt", "delivery", "deployment", "desktop", "device", "dispute",
    "doctor", "document", "domain", "door", "dose", "driver", "drone", "drug", "election", "element",
    "email", "employee", "entity", "environment", "episode", "estimate", "events", "exam", "expense",
    "experiment", "fee", "file", "fine", "firmware", "flight", "folder", "force", "friend", "funds", "game",
    "gem", "gift", "glass", "gold", "goods", "guest", "guide", "guild", "hold", "horse", "house", "idea",
    "image", "incident", "instance", "instrument", "interest", "inventory", "invitation", "invoice",
    "issue", "item", "job", "journey", "key", "keyword", "label", "lease", "lesson", "letter", "license",
    "loan", "lobby", "locker", "log", "loot", "lot", "luggage", "machine", "match", "material", "meal",
    "media", "medication", "meeting", "member", "membership", "menu", "merchandise", "message", "metadata",
    "migration", "mission", "mob", "module", "money", "monster", "mortgage", "motion", "movie", "nft",
    "node", "notification", "nurse", "objective", "offer", "opponent", "option", "order", "org",
    "organisation", "organization", "outage", "package", "page", "parcel", "parking", "participant",
    "partition", "partner", "party", "passenger", "passport", "password", "patient", "payment", "payout",
    "payroll", "permission", "permit", "photo", "picture", "piece", "pipeline", "pizza", "plan", "plate",
    "player", "plugin", "pod", "podcast", "points", "policy", "portfolio", "post", "premium",
    "prescription", "printer", "prize", "product", "profile", "project", "property", "proposal", "query",
    "quest", "question", "quiz", "quote", "rebate", "receipt", "record", "refund", "region", "registration",
    "relationship", "release", "rent", "rental", "replica", "report", "repository", "request",
    "reservation", "resource", "reward", "ride", "rider", "robot", "role", "room", "round", "salary",
    "sale", "sample", "scene", "screen", "seat", "secret", "security", "segment", "sensor", "server",
    "session", "share", "shipment", "shop", "signal", "site", "slot", "sms", "snapshot", "song", "sound",
    "specimen", "spell", "spot", "staff", "stake", "statement", "stock", "storage", "story", "stream",
    "student", "studio", "subject", "subscriber", "subscription", "supplier", "survey", "table", "task",
    "tax", "team", "tenant", "terminal", "test", "theme", "thread", "ticket", "timer", "token", "tool",
    "topic", "tournament", "track", "trade", "transaction", "transfer", "treasure", "trip", "truck",
    "tweet", "unit", "upgrade", "user", "vehicle", "vendor", "version", "video", "virus", "visa", "visit",
    "visitor", "vm", "volume", "voucher", "vulnerability", "wage", "wallet", "warehouse", "weapon",
    "website", "widget", "winner", "withdrawal", "witness", "worker", "workflow", "workspace",
]);

/// Orders that are one only before these objects, between spaces.
#[rustfmt::skip]
pub(crate) const ORDERS_OF: &[(Key, &str)] = &sorted_pairs([
    ("arm", " alarm system "),
    ("attempt", " capture charge contact delivery payment "),
    ("backup", " database file server system "),
    ("block", " account card comment contact content customer device domain ip member number payment \
        seller sender transaction user "),
    ("board", " passenger plane train "),
    ("book", " appointment call car court demo flight hotel leave meeting parcel pickup ride room seat \
        session slot table ticket time-off trip visit "),
    ("bridge", " asset call channel token "),
    ("call", " ambulance contact customer doctor elevator function guest nurse patient police service \
        taxi user vote "),
    ("caption", " image video "),
    ("change", " address assignee availability avatar battery category color currency description email \
        language location name nickname owner ownership password permission permissions phone pin plan \
        priority role seat setting settings state status subscription theme tier timezone title topic \
        username visibility "),
    ("charge", " account battery card customer device fee user wallet "),
    ("check", " balance document domain eligibility email file inventory stock user vehicle "),
    ("claim", " achievement airdrop badge bonus bounty coupon gift item offer prize profile refund reward \
        rewards seat spot ticket tokens username voucher "),
    ("cleanup", " account database file resource session "),
    ("click", " button link "),
    ("close", " case period "),
    ("comment", " card post task ticket "),
    ("contest", " charge fine "),
    ("credit", " account balance wallet "),
    ("debit", " account balance wallet "),
    ("display", " ad alert banner message notification page "),
    ("email", " card customer guest invoice member receipt report user "),
    ("end", " call chat contract conversation game lease match meeting poll rental round session shift \
        stream subscription survey trial trip "),
    ("file", " appeal application case claim complaint dispute lawsuit motion patent report return tax \
        taxes "),
    ("fold", " hand "),
    ("fork", " project repo repository "),
    ("gain", " access "),
    ("grade", " assignment essay exam paper quiz submission test "),
    ("host", " channel event "),
    ("increase", " limit price quota rate "),
    ("interview", " applicant candidate "),
    ("invoice", " client customer order "),
    ("issue", " badge bond card certificate coupon credential credit fine invoice license loan passport \
        payment payout permit prescription receipt refund shares statement ticket token tokens visa \
        voucher warning warrant "),
    ("label", " email image issue message package shipment "),
    ("leave", " call channel chat conference full-screen fullscreen game group guild league lobby match \
        meeting organization party queue raid room screen server session team voice workspace "),
    ("lift", " ban embargo hold restriction suspension "),
    ("link", " account bank card device identity profile user wallet "),
    ("list", " property "),
    ("login", " user "),
    ("logout", " user "),
    ("mail", " card check invoice letter package statement "),
    ("mark", " attendance conversation invoice message notification order task ticket "),
    ("name", " beneficiary winner "),
    ("offer", " deal discount job position refund shift "),
    ("open", " app ballot bid bidding box browser case channel chat chest conversation dialog dispute \
        door drawer file gate lid link locker menu modal notification position tab ticket valve window "),
    ("order", " drink food lunch meal "),
    ("plan", " meeting route trip visit "),
    ("pool", " funds "),
    ("port", " number "),
    ("post", " ad bond comment entry invoice job journal listing message payment review story transaction \
        video "),
    ("press", " button key "),
    ("project", " image "),
    ("push", " button "),
    ("question", " suspect witness "),
    ("queue", " email job message task track "),
    ("quote", " customer message order policy post price tweet "),
    ("rank", " candidate issue player "),
    ("rate", " app article conversation course driver movie order photo product restaurant rider seller \
        service song trip video "),
    ("record", " attendance call consent deposit expense meeting movement observation payment purchase \
        sale screen session shipment show temperature transaction usage video visit vital vitals "),
    ("report", " absence abuse account bug comment crash damage emission error illness incident issue \
        lost message player post problem scam spam tax usage user video violation "),
    ("request", " access approval callback demo deposit information leave loan meeting money pickup quote \
        reference refund review ride sample signature time-off transfer withdrawal "),
    ("return", " book car deposit equipment merchandise product purchase vehicle "),
    ("ring", " bell doorbell "),
    ("rollback", " change deployment migration release transaction "),
    ("sanction", " user "),
    ("sandbox", " app file process "),
    ("save", " draft "),
    ("scale", " deployment dyno service "),
    ("score", " exam goal lead point "),
    ("seat", " guest party "),
    ("setup", " account project workspace "),
    ("shutdown", " instance node server system "),
    ("store", " card credential credentials file key object password secret token value "),
    ("stream", " game video "),
    ("subpoena", " witness "),
    ("support", " case creator "),
    ("take", " leave "),
    ("takedown", " post video "),
    ("test", " connection webhook "),
    ("text", " customer user "),
    ("thread", " message "),
    ("ticket", " vehicle "),
    ("timeout", " member user "),
    ("touch", " file "),
    ("trade", " card item stock "),
    ("trip", " alarm breaker circuit fuse "),
    ("type", " message text "),
    ("view", " ad cart document image item listing message order page product profile story video wishlist "),
    ("warm", " cache "),
    ("wash", " car vehicle "),
    ("water", " crop plant "),
    ("wire", " funds money "),
]);

/// Verbs that are nouns as well, but as the last word of a phrase tell what happens (`participant-join`).
#[rustfmt::skip]
pub(crate) const HAPPENINGS: &[Key] = &sorted([
    "abandon", "advance", "airdrop", "answer", "appeal", "assault", "attack", "award", "ban", "bind",
    "bite", "bleed", "block", "blur", "boost", "boot", "borrow", "bounce", "brake", "breach", "break",
    "breed", "brew", "bump", "burn", "bypass", "capture", "catch", "change", "charge", "chat", "cheat",
    "claim", "clash", "click", "climb", "clone", "close", "collapse", "collide", "crack", "craft", "crash",
    "cross", "dash", "decay", "decline", "default", "defeat", "delay", "dig", "dip", "discharge",
    "dispatch", "dispute", "dive", "double", "downgrade", "downvote", "drag", "drain", "draw", "drift",
    "drip", "drive", "drop", "duel", "dump", "eat", "edit", "end", "escape", "evade", "exchange", "exhaust",
    "exit", "expand", "export", "fade", "fail", "fill", "fish", "fix", "flash", "flee", "flip", "flood",
    "fly", "focus", "fold", "follow", "force", "forfeit", "fork", "forward", "freeze", "fumble", "gain",
    "geofence", "grab", "graduate", "grant", "grind", "grow", "hack", "halt", "harvest", "heal", "hide",
    "hire", "hold", "hop", "hug", "import", "increase", "insert", "intercept", "interrupt", "jam", "join",
    "jump", "kick", "kill", "kneel", "knock", "land", "lapse", "launch", "leak", "leap", "leave", "lift",
    "like", "load", "lock", "look", "loop", "lose", "match", "mention", "merge", "miss", "mount", "move",
    "mute", "open", "overflow", "overlap", "override", "overrun", "park", "pause", "pin", "place", "play",
    "pledge", "poison", "poke", "progress", "pull", "purchase", "push", "raid", "rain", "ransom", "react",
    "rebound", "recall", "refill", "refresh", "refund", "register", "relaunch", "release", "reload",
    "repair", "repeat", "report", "rescue", "retreat", "retry", "return", "review", "revive", "rewind",
    "rise", "rob", "rotate", "rupture", "save", "scan", "scroll", "seal", "seek", "sell", "serve", "shake",
    "share", "shear", "shift", "ship", "shoot", "shortlist", "show", "shuffle", "silence", "sink", "skip",
    "sleep", "slide", "slip", "smash", "smear", "snooze", "spawn", "spend", "spill", "spin", "spread",
    "sprint", "stall", "start", "steal", "sting", "stop", "strike", "strip", "stumble", "subscribe",
    "surge", "surrender", "swap", "swipe", "switch", "sync", "tackle", "take", "tame", "tap", "tear",
    "teleport", "thaw", "throw", "tilt", "toggle", "touch", "trade", "transfer", "trash", "trigger", "trip",
    "turn", "twist", "unlock", "update", "upgrade", "upload", "upvote", "use", "vest", "view", "visit",
    "void", "vote", "wake", "walk", "warn", "wash", "watch", "win", "wipe", "withdraw", "wreck", "write",
    "yell", "zoom",
]);

/// Nouns that make a noun of an order too (`refresh-token`).
#[rustfmt::skip]
pub(crate) const NOT_OBJECTS: &[Key] = &sorted([
    "action", "address", "alarm", "area", "attempt", "balancer", "bar", "button", "case", "code",
    "conflict", "count", "cycle", "date", "delay", "delivery", "error", "failure", "gear", "group",
    "interval", "jar", "key", "kit", "limit", "link", "list", "manager", "name", "pad", "partner", "period",
    "point", "policy", "rate", "reason", "reply", "request", "response", "result", "schedule", "sheet",
    "slip", "status", "strategy", "stub", "success", "system", "term", "time", "timeout", "tone", "tool",
    "trail", "type", "url", "wall", "weight", "yard", "zone",
]);

/// Verbs that are nouns as well, but hardly ever the first of two (`close-export`).
#[rustfmt::skip]
pub(crate) const CLEAR_ORDERS: &[Key] = &sorted([
    "close", "copy", "edit", "fix", "handle", "join", "move", "mute", "open", "register", "save", "try",
]);

/// Verbs that are an order before what happens too (`start-import`).
pub(crate) const STARTERS: &[Key] = &sorted(["pause", "resume", "schedule", "start", "stop"]);

/// Verbs whose complement follows them even in the past (`went-live`, `made-admin`).
#[rustfmt::skip]
pub(crate) const LINKING: &[Key] = &sorted([
    "be", "become", "come", "fall", "feel", "get", "go", "have", "keep", "let", "look", "make", "plead",
    "prove", "remain", "stay", "turn",
]);

/// Intransitive verbs: the noun after them is not their object (`listen-address`).
#[rustfmt::skip]
pub(crate) const WITHOUT_OBJECT: &[Key] = &sorted([
    "agree", "apologise", "apologize", "appear", "arrive", "belong", "collapse", "collide", "compete",
    "comply", "consist", "cooperate", "depart", "depend", "die", "differ", "disagree", "disappear",
    "elapse", "emerge", "exist", "fall", "happen", "hibernate", "interact", "interfere", "liaise", "listen",
    "occur", "participate", "persist", "proceed", "react", "recur", "rely", "remain", "reside", "respond",
    "sleep", "succeed", "vanish", "wait", "wander", "yawn",
]);

/// Nouns that make a noun of a verb and its particle (`sign-up-form`).
#[rustfmt::skip]
pub(crate) const WITH_PARTICLE_NOUNS: &[Key] = &sorted([
    "call", "company", "counter", "crew", "desk", "form", "job", "kit", "location", "meeting", "order",
    "page", "plan", "plans", "process", "screen", "script", "service", "site", "stage", "station", "system",
    "task", "team", "visit", "work",
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
    "grounds", "headquarters", "honors", "humanities", "hydraulics", "insights", "jeans", "kudos", "labs",
    "logistics", "materials", "maths", "means", "mechanics", "metrics", "news", "obstetrics", "operations",
    "ops", "options", "outdoors", "parts", "pediatrics", "physics", "politics", "premises", "proceeds",
    "qualifications", "receivables", "relations", "resources", "returns", "rewards", "rights", "robotics",
    "royalties", "sales", "savings", "sciences", "securities", "settings", "solutions", "sports",
    "statistics", "subsidies", "supplies", "systems", "tactics", "technologies", "thanks", "trousers",
    "utilities", "valuables", "vitals", "wages", "weapons", "windows", "works",
]);
