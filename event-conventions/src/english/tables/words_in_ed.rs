//! Words that end like a past tense, and those that only look so. Every table is sorted.
//!
//! Own work, checked against `WordNet` 3.0 and SCOWL: see `plurals.rs`.

use super::{Key, sorted};

/// Words in -ed, and others, that only look past.
#[rustfmt::skip]
pub(crate) const NOT_PAST: &[Key] = &sorted([
    "aforementioned", "airbed", "airspeed", "allseed", "aniseed", "barefooted", "barehanded", "bareheaded",
    "barelegged", "bed", "beloved", "bigoted", "biped", "birdseed", "bloodshed", "bobsled", "bowlegged",
    "breed", "bunkbed", "clearsighted", "cockeyed", "coed", "conceited", "cottonseed", "cowshed", "cred",
    "daybed", "dded", "deed", "demented", "dred", "embed", "farsighted", "featherbed", "feed", "flatbed",
    "flaxseed", "flowerbed", "fluidbed", "foreknown", "fred", "gaptoothed", "hackneyed", "harebrained",
    "hatred", "hotbed", "hundred", "imbed", "indebted", "indeed", "infrared", "ironclad", "jagged", "jed",
    "ked", "kindred", "lakebed", "landlocked", "leisured", "linseed", "logbed", "longsighted", "lopsided",
    "lowbred", "med", "midsized", "misdeed", "moneyed", "monied", "monounsaturated", "multicolored",
    "multicoloured", "multifaceted", "naked", "nearsighted", "ned", "need", "newlywed", "nosebleed",
    "oersted", "ogeed", "oilseed", "opinionated", "outsized", "oversized", "parallelepiped", "ped",
    "pinebed", "pinnatiped", "pinniped", "polyunsaturated", "pred", "principled", "propertied", "purebred",
    "quadruped", "ragged", "rapeseed", "rawboned", "red", "reembed", "renowned", "riverbed", "roadbed",
    "roodbed", "rugged", "sacred", "saltbed", "screed", "seabed", "seaweed", "seed", "seedbed",
    "semiskilled", "shortsighted", "shred", "skilled", "sled", "snaggletoothed", "sofabed", "straitlaced",
    "streambed", "supersacred", "talented", "ted", "teenaged", "tentacled", "testbed", "thoroughbred",
    "toolshed", "truckbed", "tweed", "unbeaten", "unbeknown", "unbidden", "unborn", "undersized", "uneaten",
    "unembed", "unforeseen", "unheard", "unhurt", "unkindred", "unknown", "unmeant", "unmet",
    "unprincipled", "unsacred", "unsaid", "unsaturated", "unseen", "unskilled", "unsought", "unspoken",
    "unsung", "untaken", "untaught", "unthought", "untold", "untrodden", "unwonted", "unworn", "unwritten",
    "visaged", "waterbed", "watershed", "weed", "weedbed", "wellknown", "wicked", "wizened", "wonted",
    "wooded", "woodshed", "wretched", "zed",
]);

/// Verbs in -ee without their last letter: only their past tense ends in -eed.
#[rustfmt::skip]
pub(crate) const AGREE: &[Key] = &sorted([
    "agre", "ante", "decre", "disagre", "emce", "filigre", "fre", "fricasse", "garnishe", "guarante",
    "jerre", "kne", "pe", "pedigre", "pure", "refere", "saute", "spre", "squeege", "te", "tepe", "tre",
]);

/// Verbs that double their last consonant, where one consonant (`commited`) is not another verb's past tense.
#[rustfmt::skip]
pub(crate) const DOUBLED: &[Key] = &sorted([
    "abet", "abhor", "acquit", "admit", "allot", "annul", "ban", "beg", "begin", "blur", "chat", "chop",
    "clap", "clip", "club", "commit", "compel", "concur", "confer", "control", "cram", "crop", "debug",
    "defer", "deter", "dispel", "drag", "drop", "drug", "embed", "equip", "excel", "expel", "flag", "flap",
    "flip", "forget", "grab", "hug", "hum", "incur", "infer", "jam", "jog", "kidnap", "knot", "log", "map",
    "occur", "omit", "pad", "patrol", "permit", "plug", "pop", "prefer", "prop", "propel", "rebut", "recur",
    "refer", "regret", "remap", "repel", "retag", "rub", "scan", "scrub", "ship", "shop", "shrug", "skip",
    "slam", "slap", "slip", "snap", "span", "spot", "step", "stir", "stop", "strap", "stub", "submit",
    "swap", "tag", "throb", "tip", "transfer", "transmit", "trap", "trim", "trot", "unban", "unmap",
    "unpin", "unplug", "untag", "unwrap", "unzip", "whip", "wrap", "zap", "zip",
]);

/// Words that are not the prefix and the irregular verb that they look like (`out-bound`, `re-lay`).
#[rustfmt::skip]
pub(crate) const PREFIXED_NOUNS: &[Key] = &sorted([
    "autobound", "background", "backsaw", "backset", "downbound", "forebear", "foreground", "foresting",
    "forethought", "handheld", "handmade", "inbound", "incut", "infit", "inlet", "intercast", "interlay",
    "interleave", "interring", "misfit", "misgiving", "missing", "outbound", "outbreak", "outbuilding",
    "outcast", "outcome", "outfall", "outfit", "outlay", "outlet", "outset", "outspoken", "outstanding",
    "outtake", "outwork", "overbite", "overcast", "overclothes", "overground", "overlay", "overleap",
    "overshoe", "overspill", "overwrought", "present", "relay", "relent", "reput", "resting", "retread",
    "underbit", "underclothes", "underground", "underlay", "underput", "underset", "underwear", "unfit",
    "unmeaning", "upbound", "upshot", "uptake",
]);
