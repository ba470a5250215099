//! Irregular verbs: the forms that no rule gives. Every table is sorted.
//!
//! Own work, checked against `WordNet` 3.0 and SCOWL: see `plurals.rs`.

use super::{Key, sorted, sorted_pairs};

/// Past tenses and participles that are spelled unlike their base.
#[rustfmt::skip]
pub(crate) const PAST: &[Key] = &sorted([
    "arisen", "arose", "ate", "awoke", "awoken", "babysat", "backbit", "backbitten", "backslid",
    "backslidden", "bade", "beaten", "became", "been", "befallen", "befell", "began", "begat", "begirt",
    "begot", "begotten", "begun", "beheld", "beholden", "bent", "bereft", "besought", "bespoke", "bespoken",
    "bestrewn", "bestrid", "bestridden", "bestrode", "betaken", "bethought", "betook", "bidden", "bit",
    "bitten", "bled", "blest", "blew", "blown", "bore", "born", "borne", "bottlefed", "bought", "bound",
    "breastfed", "bred", "broke", "broken", "brought", "browbeaten", "built", "burnt", "bypast", "came",
    "caught", "cced", "chid", "chidden", "chose", "chosen", "clad", "cleft", "clove", "cloven", "clung",
    "cowritten", "cowrote", "crept", "crossbred", "curst", "daydreamt", "dealt", "deepfroze", "deepfrozen",
    "did", "done", "dove", "drank", "drawn", "dreamt", "drew", "driven", "drove", "drunk", "drunken", "dug",
    "dwelt", "eaten", "engraven", "enwound", "fallen", "fed", "fell", "felt", "fled", "flew", "floodlit",
    "flown", "flung", "flyblown", "forbad", "forbade", "forbidden", "forbore", "forborne", "fordone",
    "foredone", "foregone", "foresaw", "foreseen", "foretold", "forewent", "forgave", "forgiven", "forgone",
    "forgot", "forgotten", "forsaken", "forsook", "forspoke", "forspoken", "forswore", "forsworn",
    "forwent", "fought", "found", "froze", "frozen", "gainsaid", "gaslit", "gave", "gelt", "ghostwritten",
    "ghostwrote", "gilt", "girt", "given", "gnawn", "gone", "got", "gotten", "graven", "greenlit", "grew",
    "ground", "grown", "hacksawn", "had", "hamstrung", "handfed", "handwritten", "handwrote", "heard",
    "held", "hewn", "hid", "hidden", "hove", "hung", "indwelt", "inlaid", "interwove", "interwoven",
    "inwove", "inwoven", "jailbroke", "jailbroken", "kept", "knelt", "knew", "known", "laden", "laid",
    "lain", "landslid", "leant", "leapt", "learnt", "led", "left", "lent", "lit", "lost", "made", "meant",
    "met", "misled", "molten", "moonlit", "mown", "outdid", "outdone", "outgone", "outwent", "overlain",
    "paid", "partaken", "partook", "pent", "pled", "proven", "ran", "rang", "reft", "rewritten", "rewrote",
    "ridden", "risen", "riven", "rode", "rose", "rung", "said", "sang", "sank", "sat", "saw", "sawn",
    "seen", "sent", "sewn", "shaken", "shat", "shaven", "shewn", "shod", "shone", "shook", "shorn", "shot",
    "shown", "shrank", "shriven", "shrove", "shrunk", "shrunken", "sightsaw", "sightseen", "skydove",
    "slain", "slept", "slew", "slid", "slidden", "slung", "slunk", "smelt", "smitten", "smote", "snuck",
    "sold", "soothsaid", "sought", "sown", "spat", "sped", "spellbound", "spelt", "spent", "spilt",
    "spoilt", "spoke", "spoken", "spoonfed", "spotlit", "sprang", "sprung", "spun", "stank", "stole",
    "stolen", "stood", "strewn", "stricken", "stridden", "striven", "strode", "strove", "strown", "struck",
    "strung", "stuck", "stung", "stunk", "sung", "sunk", "sunken", "swam", "swept", "swollen", "swore",
    "sworn", "swum", "swung", "taken", "taught", "thought", "threw", "thriven", "throve", "thrown", "told",
    "took", "tore", "torn", "transfixt", "treeshaken", "trod", "trodden", "typewritten", "typewrote",
    "undergone", "underlain", "understood", "underwent", "unfroze", "unfrozen", "upheld", "was", "waylaid",
    "went", "wept", "were", "withdrawn", "withdrew", "withheld", "withstood", "woke", "woken", "won",
    "wore", "worn", "wound", "wove", "woven", "written", "wrote", "wrought", "wrung",
]);

/// Verbs whose past tense is spelled like the base.
#[rustfmt::skip]
pub(crate) const UNCHANGING: &[Key] = &sorted([
    "beat", "beset", "bet", "bid", "broadcast", "browbeat", "burst", "bust", "cast", "cost", "crosscut",
    "cut", "fit", "forecast", "hit", "hurt", "input", "jumpcut", "knit", "let", "lipread", "multicast",
    "narrowcast", "offset", "output", "podcast", "preset", "proofread", "put", "quit", "read", "reset",
    "retrofit", "rid", "roughcast", "set", "shed", "shut", "sightread", "simulcast", "slit", "spit",
    "split", "spread", "sublet", "sunset", "sweat", "telecast", "thrust", "typecast", "typeset", "unicast",
    "upset", "webcast", "wed", "wet",
]);

/// A verb with a simple past that no rule gives.
pub(crate) struct Irregular {
    pub(crate) base: Key,
    /// The simple past, the form to suggest.
    pub(crate) past: &'static str,
    /// The regular form is right as well (`burned` beside `burnt`).
    pub(crate) regular_too: bool,
}

const fn only(base: &str, past: &'static str) -> Irregular {
    Irregular { base: Key::new(base), past, regular_too: false }
}

const fn also(base: &str, past: &'static str) -> Irregular {
    Irregular { base: Key::new(base), past, regular_too: true }
}

const _: () = {
    let mut at = 1;
    while at < IRREGULAR.len() {
        assert!(IRREGULAR[at - 1].base.is_before(IRREGULAR[at].base), "the irregular verbs are sorted");
        at += 1;
    }
};

/// Irregular verbs by their base.
#[rustfmt::skip]
pub(crate) const IRREGULAR: &[Irregular] = &[
    also("abide", "abided"), only("arise", "arose"), also("awake", "awoke"), only("babysit", "babysat"),
    only("backbite", "backbit"), only("backslide", "backslid"), only("be", "was"), only("bear", "bore"),
    only("beat", "beat"), only("become", "became"), only("befall", "befell"), only("beget", "begot"),
    only("begin", "began"), only("behold", "beheld"), only("bend", "bent"), also("bereave", "bereaved"),
    also("beseech", "besought"), only("beset", "beset"), only("bespeak", "bespoke"),
    also("bestrew", "bestrewed"), only("bestride", "bestrode"), also("bet", "bet"),
    only("betake", "betook"), only("bid", "bid"), only("bind", "bound"), only("bite", "bit"),
    only("bleed", "bled"), only("blow", "blew"), only("bottlefeed", "bottlefed"), only("break", "broke"),
    only("breastfeed", "breastfed"), only("breed", "bred"), only("bring", "brought"),
    also("broadcast", "broadcast"), only("browbeat", "browbeat"), only("build", "built"),
    also("burn", "burned"), only("burst", "burst"), also("bust", "busted"), only("buy", "bought"),
    only("cast", "cast"), only("catch", "caught"), also("chide", "chided"), only("choose", "chose"),
    also("cleave", "cleaved"), only("cling", "clung"), also("clothe", "clothed"),
    also("cofound", "cofounded"), only("come", "came"), also("cost", "cost"), only("cowrite", "cowrote"),
    also("creep", "crept"), only("crossbreed", "crossbred"), only("crosscut", "crosscut"),
    only("cut", "cut"), also("daydream", "daydreamed"), only("deal", "dealt"),
    also("deepfreeze", "deepfroze"), only("dig", "dug"), also("dive", "dived"), only("do", "did"),
    only("draw", "drew"), also("dream", "dreamed"), only("drink", "drank"), only("drive", "drove"),
    also("dwell", "dwelt"), only("eat", "ate"), also("engrave", "engraved"), only("enwind", "enwound"),
    only("fall", "fell"), only("feed", "fed"), only("feel", "felt"), only("fight", "fought"),
    only("find", "found"), also("fit", "fitted"), only("flee", "fled"), only("fling", "flung"),
    also("floodlight", "floodlighted"), also("fly", "flew"), only("forbear", "forbore"),
    only("forbid", "forbade"), also("forecast", "forecast"), only("forego", "forewent"),
    only("foresee", "foresaw"), only("foretell", "foretold"), only("forget", "forgot"),
    only("forgive", "forgave"), only("forgo", "forwent"), only("forsake", "forsook"),
    only("forswear", "forswore"), only("freeze", "froze"), only("gainsay", "gainsaid"),
    also("gaslight", "gaslighted"), only("get", "got"), only("ghostwrite", "ghostwrote"),
    also("gild", "gilded"), also("gird", "girded"), only("give", "gave"), also("gnaw", "gnawed"),
    only("go", "went"), also("grave", "graved"), also("greenlight", "greenlighted"),
    only("grind", "ground"), only("grow", "grew"), only("hamstring", "hamstrung"),
    only("handfeed", "handfed"), only("handwrite", "handwrote"), also("hang", "hung"), only("have", "had"),
    only("hear", "heard"), also("heave", "heaved"), also("hew", "hewed"), only("hide", "hid"),
    only("hit", "hit"), only("hold", "held"), only("hurt", "hurt"), only("inlay", "inlaid"),
    also("input", "input"), also("interweave", "interwove"), only("jailbreak", "jailbroke"), only("jumpcut", "jumpcut"),
    only("keep", "kept"), also("kneel", "knelt"), also("knit", "knitted"), only("know", "knew"),
    also("lade", "laded"), only("lay", "laid"), only("lead", "led"), also("lean", "leaned"),
    also("leap", "leapt"), also("learn", "learned"), only("leave", "left"), only("lend", "lent"),
    only("let", "let"), also("light", "lit"), only("lipread", "lipread"), only("lose", "lost"),
    only("make", "made"), only("mean", "meant"), only("meet", "met"), also("melt", "melted"),
    only("mislead", "misled"), also("moonlight", "moonlighted"), also("mow", "mowed"),
    also("multicast", "multicast"), also("narrowcast", "narrowcast"), only("offset", "offset"),
    only("outdo", "outdid"), only("outgo", "outwent"), also("output", "output"),
    only("overhang", "overhung"), only("partake", "partook"), only("pay", "paid"), also("plead", "pleaded"),
    also("podcast", "podcast"), only("preset", "preset"), only("proofread", "proofread"),
    also("prove", "proved"), only("put", "put"), also("quit", "quit"), only("read", "read"),
    also("reave", "reaved"), only("rend", "rent"), only("reset", "reset"), also("retrofit", "retrofitted"),
    only("rewind", "rewound"), only("rewrite", "rewrote"), also("rid", "rid"), only("ride", "rode"),
    only("ring", "rang"), only("rise", "rose"), also("rive", "rived"), only("roughcast", "roughcast"),
    only("run", "ran"), also("saw", "sawed"), only("say", "said"), only("see", "saw"),
    only("seek", "sought"), only("sell", "sold"), only("send", "sent"), only("set", "set"),
    also("sew", "sewed"), only("shake", "shook"), also("shave", "shaved"), also("shear", "sheared"),
    only("shed", "shed"), also("shine", "shone"), also("shit", "shat"), also("shoe", "shod"),
    only("shoot", "shot"), also("show", "showed"), only("shrink", "shrank"), also("shrive", "shrived"),
    only("shut", "shut"), only("sightread", "sightread"), only("sightsee", "sightsaw"),
    also("simulcast", "simulcast"), only("sing", "sang"), only("sink", "sank"), only("sit", "sat"),
    only("slay", "slew"), only("sleep", "slept"), also("sleepwalk", "sleepwalked"), only("slide", "slid"),
    only("sling", "slung"), only("slink", "slunk"), only("slit", "slit"), also("smell", "smelled"),
    only("smite", "smote"), also("sneak", "sneaked"), also("sow", "sowed"), only("speak", "spoke"),
    also("speed", "sped"), also("spell", "spelled"), only("spellbind", "spellbound"),
    only("spend", "spent"), also("spill", "spilled"), only("spin", "spun"), also("spit", "spat"),
    only("split", "split"), also("spoil", "spoiled"), only("spoonfeed", "spoonfed"),
    also("spotlight", "spotlighted"), only("spread", "spread"), only("spring", "sprang"),
    only("stand", "stood"), also("stave", "staved"), only("steal", "stole"), only("stick", "stuck"),
    only("sting", "stung"), only("stink", "stank"), also("strew", "strewed"), only("stride", "strode"),
    only("strike", "struck"), only("string", "strung"), also("strive", "strove"), only("sublet", "sublet"),
    also("sunset", "sunset"), only("swear", "swore"), also("sweat", "sweated"), only("sweep", "swept"),
    also("swell", "swelled"), only("swim", "swam"), only("swing", "swung"), only("take", "took"),
    only("teach", "taught"), also("tear", "tore"), also("telecast", "telecast"), only("tell", "told"),
    only("think", "thought"), also("thrive", "thrived"), only("throw", "threw"), only("thrust", "thrust"),
    only("tread", "trod"), only("troubleshoot", "troubleshot"), only("typecast", "typecast"), only("typeset", "typeset"),
    only("typewrite", "typewrote"), only("undergo", "underwent"), only("understand", "understood"),
    only("unfreeze", "unfroze"), also("unicast", "unicast"), only("unwind", "unwound"),
    only("uphold", "upheld"), only("upsell", "upsold"), only("upset", "upset"), also("wake", "woke"),
    only("waylay", "waylaid"), only("wear", "wore"), also("weave", "wove"), also("webcast", "webcast"),
    also("wed", "wedded"), only("weep", "wept"), also("wet", "wetted"), only("win", "won"),
    also("wind", "wound"), only("withdraw", "withdrew"), only("withhold", "withheld"),
    only("withstand", "withstood"), also("work", "worked"), only("wring", "wrung"), only("write", "wrote"),
];

/// Participles that are spelled unlike the simple past.
#[rustfmt::skip]
pub(crate) const PARTICIPLES: &[(Key, &str)] = &sorted_pairs([
    ("arise", "arisen"), ("awake", "awoken"), ("bear", "borne"), ("beat", "beaten"), ("become", "become"),
    ("begin", "begun"), ("bite", "bitten"), ("blow", "blown"), ("break", "broken"), ("choose", "chosen"),
    ("come", "come"), ("cowrite", "cowritten"), ("deepfreeze", "deepfrozen"), ("do", "done"),
    ("draw", "drawn"), ("drink", "drunk"), ("drive", "driven"), ("eat", "eaten"), ("fall", "fallen"),
    ("fly", "flown"), ("forbid", "forbidden"), ("foresee", "foreseen"), ("forget", "forgotten"),
    ("forgive", "forgiven"), ("forgo", "forgone"), ("forsake", "forsaken"), ("freeze", "frozen"),
    ("ghostwrite", "ghostwritten"), ("give", "given"), ("go", "gone"), ("grow", "grown"),
    ("handwrite", "handwritten"), ("hide", "hidden"), ("interweave", "interwoven"),
    ("jailbreak", "jailbroken"), ("know", "known"), ("mow", "mown"), ("partake", "partaken"),
    ("prove", "proven"), ("rewrite", "rewritten"), ("ride", "ridden"), ("ring", "rung"), ("rise", "risen"),
    ("run", "run"), ("see", "seen"), ("sew", "sewn"), ("shake", "shaken"), ("show", "shown"),
    ("shrink", "shrunk"), ("sing", "sung"), ("sink", "sunk"), ("slay", "slain"), ("sow", "sown"),
    ("speak", "spoken"), ("spring", "sprung"), ("steal", "stolen"), ("stride", "stridden"),
    ("swear", "sworn"), ("swim", "swum"), ("take", "taken"), ("tear", "torn"), ("throw", "thrown"),
    ("tread", "trodden"), ("typewrite", "typewritten"), ("undergo", "undergone"), ("unfreeze", "unfrozen"),
    ("wake", "woken"), ("wear", "worn"), ("weave", "woven"), ("withdraw", "withdrawn"),
    ("write", "written"),
]);

/// Irregular verbs of what a thing does by itself (`session-began`).
#[rustfmt::skip]
pub(crate) const BY_ITSELF: &[Key] = &sorted([
    "arise", "awake", "become", "begin", "come", "fall", "fly", "go", "grow", "ring", "rise", "run", "shrink",
    "sink", "spring", "swim", "wake",
]);
