//! Words that end like a past tense, and those that only look so. Every table is sorted.

/// Words in -ed, and others, that only look past.
#[rustfmt::skip]
pub(crate) const NOT_PAST: &[&str] = &[
    "airbed", "airspeed", "allseed", "aniseed", "bed", "beloved", "bigoted", "biped", "birdseed",
    "bloodshed", "bobsled", "breed", "bunkbed", "coed", "cottonseed", "cowshed", "cred", "daybed", "deed",
    "dogged", "dred", "embed", "featherbed", "feed", "flatbed", "flaxseed", "fluidbed", "fred", "hatred",
    "hotbed", "hundred", "imbed", "indeed", "infrared", "ironclad", "jagged", "jed", "kindred", "lakebed",
    "linseed", "logbed", "med", "misdeed", "naked", "ned", "need", "newlywed", "nosebleed", "oilseed",
    "ped", "pinebed", "quadruped", "ragged", "rapeseed", "red", "reembed", "riverbed", "roadbed", "roodbed",
    "rugged", "sacred", "screed", "seabed", "seaweed", "seed", "seedbed", "shred", "sled", "sofabed",
    "streambed", "supersacred", "talented", "ted", "testbed", "thoroughbred", "toolshed", "truckbed",
    "tweed", "unembed", "unkindred", "unsacred", "waterbed", "watershed", "weed", "weedbed", "wicked",
    "wooded", "woodshed", "wretched", "zed",
];

/// Verbs in -ee without their last letter: only their past tense ends in -eed.
#[rustfmt::skip]
pub(crate) const AGREE: &[&str] = &[
    "agre", "decre", "disagre", "emce", "filigre", "fre", "fricasse", "guarante", "kne", "pe", "pedigre",
    "pure", "refere", "saute", "squeege", "te", "tepe", "tre",
];

/// Verbs that double their last consonant, where one consonant (`commited`) is no other verb's past tense.
#[rustfmt::skip]
pub(crate) const DOUBLED: &[&str] = &[
    "abet", "acquit", "admit", "allot", "begin", "chat", "chop", "clip", "commit", "compel", "confer",
    "control", "debug", "defer", "deter", "drag", "drop", "drug", "embed", "equip", "expel", "flag",
    "forget", "grab", "incur", "infer", "kidnap", "occur", "omit", "patrol", "permit", "plug", "prefer",
    "propel", "rebut", "recur", "refer", "regret", "repel", "scrub", "ship", "shop", "shrug", "skip",
    "slip", "snap", "step", "stop", "stub", "submit", "swap", "throb", "transfer", "transmit", "trap",
    "trim", "unpin", "unplug", "unwrap", "unzip", "wrap",
];

/// Words that are not the prefix and the irregular verb that they look like (`out-bound`, `re-lay`).
#[rustfmt::skip]
pub(crate) const PREFIXED_NOUNS: &[&str] = &[
    "autobound", "background", "backset", "downbound", "foreground", "forethought", "inbound", "inlet",
    "intercast", "interlay", "outbound", "outcast", "outfit", "outlay", "outlet", "outset", "overcast",
    "overground", "overlay", "present", "relay", "relent", "reput", "underbit", "underground", "underlay",
    "unfit", "upbound", "upshot",
];
