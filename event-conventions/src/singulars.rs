//! Singulars that end like a plural.
//!
//! Chosen by hand, and checked against `WordNet` 3.0 (copyright 2006 by Princeton University) and SCOWL (copyright
//! 2000-2011 by Kevin Atkinson), whose notices stand in `tests/data/held-out.tsv`.

use crate::key::{Key, sorted};

/// Singulars that end in -s and that the endings do not give away.
#[rustfmt::skip]
pub(crate) const SINGULAR_S: &[Key] = &sorted([
    "aas", "abs", "achilles", "acs", "adams", "afterwards", "aids", "aiops", "alas", "alias", "alms",
    "always", "amends", "anabas", "ananas", "ans", "antares", "apfs", "ares", "aries", "arkansas", "arras",
    "arthritis", "as", "asbestos", "athens", "atlas", "ats", "aws", "baas", "barracks", "bathos", "bds",
    "bellows", "besides", "bias", "biceps", "billiards", "biogas", "bls", "bos", "bourgeois", "bps",
    "brickworks", "brs", "brussels", "btrfs", "bus", "butterfingers", "caas", "calais", "candlemas",
    "canvas", "chamois", "chaos", "charles", "chatops", "checkers", "christmas", "chronos", "cls", "cms",
    "collins", "corps", "cors", "cos", "cosmos", "cps", "crossroads", "cutlas", "cvs", "cyclops", "cyprus",
    "daas", "dais", "dallas", "darts", "dataops", "dbaas", "ddos", "dds", "demosthenes", "des", "devops",
    "devsecops", "dfs", "diabetes", "dickens", "dls", "dms", "dns", "dos", "downstairs", "ebs", "ecs",
    "eds", "efs", "eidos", "eks", "ellipsis", "elvis", "ems", "entremets", "eos", "eros", "ers",
    "erysipelas", "ethos", "exophthalmos", "eyas", "faas", "fakenews", "fes", "finops", "fls", "forceps",
    "fps", "fracas", "francois", "frs", "ftps", "gallows", "gas", "gasworks", "gbps", "gcs", "gfs", "gis",
    "gitops", "glans", "glassworks", "glottis", "gls", "goldilocks", "gps", "gros", "hades", "haggis",
    "has", "hdfs", "headquarters", "hercules", "hereabouts", "hermes", "herpes", "hijinks", "hippocrates",
    "his", "hives", "hls", "hms", "https", "hubris", "hydrops", "iaas", "ias", "ibs", "ics", "ides",
    "illinois", "imaps", "innings", "iops", "ios", "ipados", "ironworks", "irs", "is", "isis", "its",
    "jackanapes", "james", "jenkins", "jffs", "jones", "js", "judas", "kansas", "kbps", "kms", "kos",
    "kubernetes", "lammas", "lbs", "ldaps", "lens", "les", "lms", "logos", "lotos", "lrs", "lts", "lues",
    "maas", "macos", "madras", "mars", "marseilles", "materfamilias", "matins", "mbps", "means", "measles",
    "menses", "mers", "mews", "michaelmas", "microlens", "midas", "miniseries", "minos", "mis", "mlops",
    "mls", "mms", "molasses", "mos", "moses", "mpegts", "mps", "mqtts", "mrs", "ms", "mts", "mucous",
    "muggins", "mumps", "mythos", "naas", "naples", "nas", "nbs", "ncs", "news", "nextjs", "nfs", "nls",
    "nodejs", "nous", "nrs", "ntfs", "nts", "obs", "omphalos", "oms", "ops", "os", "osiris", "overseas",
    "paas", "palais", "pampas", "pancreas", "paris", "paterfamilias", "pathos", "patois", "pbs", "perhaps",
    "pericles", "pharos", "phs", "pious", "pisces", "pls", "plus", "pms", "pos", "postgres", "procfs",
    "pus", "pythagoras", "qos", "qps", "quadriceps", "rabies", "ras", "rds", "reactjs", "relais", "rennes",
    "reredos", "revers", "rhesus", "rhinoceros", "rickets", "rls", "rollmops", "ros", "rps", "rts", "saas",
    "sars", "sas", "sassafras", "scabies", "secops", "series", "ses", "sftps", "shambles", "siemens", "sls",
    "sms", "smtps", "sns", "sophocles", "sos", "species", "sps", "sqs", "srs", "ssl", "steelworks", "sts",
    "subcanvas", "subseries", "subspecies", "summons", "svs", "sweepstakes", "syngas", "sysfs", "talipes",
    "tbps", "tds", "teargas", "texas", "thames", "thermos", "this", "thrips", "thus", "tis", "tls", "tmpfs",
    "tms", "topos", "tos", "tournedos", "towards", "tps", "trias", "triceps", "triceratops", "tripos",
    "trs", "tvos", "ufs", "ulysses", "ups", "upstairs", "us", "usps", "valois", "vas", "vegas", "velours",
    "vfs", "vls", "vuejs", "wales", "was", "watchos", "waterworks", "wds", "webcanvas", "wes", "wgs",
    "whereas", "williams", "wls", "wms", "wos", "xaas", "xerxes", "xfs", "xls", "xps", "yaws", "yes", "zfs",
]);

/// Singulars that end in -men.
#[rustfmt::skip]
pub(crate) const SINGULAR_MEN: &[Key] = &sorted([
    "abdomen", "acumen", "agnomen", "albumen", "amen", "bitumen", "catechumen", "cerumen", "cognomen",
    "culmen", "cyclamen", "dolmen", "duramen", "examen", "flamen", "foramen", "gravamen", "hymen", "limen",
    "lumen", "nomen", "numen", "omen", "praenomen", "putamen", "ramen", "regimen", "rumen", "semen",
    "specimen", "stamen", "tegmen", "turkmen", "yemen",
]);

/// Singulars in -ics: fields of study and of work.
#[rustfmt::skip]
pub(crate) const FIELDS: &[Key] = &sorted([
    "acoustics", "aerobics", "aeromechanics", "aerostatics", "aesthetics", "analytics", "apologetics",
    "athletics", "avionics", "bibliotics", "biomechanics", "biometrics", "calisthenics", "callisthenics",
    "catechetics", "civics", "cladistics", "cliometrics", "cryptanalytics", "dialectics", "didactics",
    "dietetics", "dramatics", "dynamics", "econometrics", "economics", "electrostatics",
    "energetics", "esthetics", "ethics", "eurythmics", "euthenics", "exegetics",
    "forensics", "genomics", "geomechanics", "graphics", "gymnastics", "haptics", "hermeneutics",
    "histrionics", "homiletics", "hydraulics", "hydromechanics", "hydrostatics", "kinesics", "linguistics",
    "liturgics", "logistics", "macrobiotics", "magnetostatics", "mathematics", "metaphysics",
    "micrographics", "micromechanics", "numismatics", "obstetrics", "onomastics", "optics", "orthoptics",
    "orthotics", "pharmaceutics", "phonemics", "pneumatics", "poetics", "polemics", "politics",
    "pragmatics", "propaedeutics", "prosthetics", "proxemics", "psychometrics", 
    "pyrotechnics", "robotics", "sabermetrics", "semantics", "semiotics", "spherics", "systematics",
    "technics", "tectonics", "theatrics", "therapeutics", "thermostatics",
]);

/// Singulars in -ais, -eis, -ois, -jis, -kis: the others are plurals.
#[rustfmt::skip]
pub(crate) const SINGULAR_IS: &[Key] = &sorted([
    "bourgeois", "calais", "chamois", "dais", "fauxbourdois", "francois", "hyperbois-no", "illinois",
    "iroquois", "marais", "palais", "patois", "reis", "relais", "thais", "trois", "valois",
]);

/// Singulars in -use: the plural of the others in -uses ends in -us.
#[rustfmt::skip]
pub(crate) const USE: &[Key] = &sorted([
    "abuse", "accuse", "applause", "berceuse", "blouse", "cause", "cayuse", "chanteuse", "clause",
    "coiffeuse", "cruse", "danseuse", "disuse", "douse", "druse", "excuse", "fuse", "grouse", "house",
    "hypotenuse", "masseuse", "misuse", "muse", "overuse", "pause", "peruse", "recluse", "refuse", "reuse",
    "rouse", "ruse", "spouse", "use",
]);
