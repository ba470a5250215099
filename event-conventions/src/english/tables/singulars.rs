//! Singulars that end like a plural.
//!
//! Chosen by hand, and checked against `WordNet` 3.0 (copyright 2006 by Princeton University) and SCOWL (copyright
//! 2000-2011 by Kevin Atkinson), whose notices stand in `tests/data/held-out.tsv`.

use super::{Key, sorted};

/// Singulars that end in -s and that the endings do not give away.
#[rustfmt::skip]
pub(crate) const SINGULAR_S: &[Key] = &sorted([
    "aas", "abs", "achilles", "acs", "adams", "afterwards", "aids", "aiops", "aks", "alas", "alias", "alms",
    "always", "amends", "amqps", "anabas", "ananas", "anopheles", "ans", "antares", "apfs", "apns", "ares",
    "aries", "arkansas", "arras", "arthritis", "as", "asbestos", "ascites", "athens", "atlas", "ats",
    "aurochs", "aws", "axios", "baas", "barracks", "bathos", "bds", "bellows", "benthos", "besides", "bias",
    "biceps", "billiards", "biogas", "bls", "bos", "bourgeois", "bps", "brickworks", "brs", "brussels",
    "btrfs", "bus", "butterfingers", "caas", "calais", "calvados", "candlemas", "canvas", "centos",
    "chamois", "chaos", "charles", "chatops", "checkers", "christmas", "chromeos", "chronos", "cls", "cmos",
    "cms", "collins", "contretemps", "corps", "cors", "cos", "cosmos", "cps", "crossroads", "cutlas", "cvs",
    "cyclops", "cyprus", "daas", "dais", "dallas", "darts", "dataops", "dbaas", "dbms", "ddos", "dds",
    "demosthenes", "des", "devops", "devsecops", "dfs", "diabetes", "dickens", "dls", "dms", "dns", "dos",
    "downstairs", "ebs", "ecs", "eds", "efs", "eidos", "eks", "ellipsis", "elvis", "ems", "entremets",
    "eos", "epos", "eros", "ers", "erysipelas", "ethos", "exophthalmos", "eyas", "faas", "fakenews", "fes",
    "finops", "fls", "forceps", "fps", "fracas", "francois", "freertos", "frs", "ftps", "gallows", "gas",
    "gasworks", "gbps", "gcs", "gfs", "gis", "gitops", "glans", "glassworks", "glottis", "gls",
    "goldilocks", "gprs", "gps", "gravitas", "gros", "hades", "haggis", "has", "hdfs", "headquarters",
    "helios", "hercules", "hereabouts", "hermes", "herpes", "hijinks", "hippocrates", "his", "hives", "hls",
    "hms", "hrms", "https", "hubris", "hydrops", "iaas", "ias", "ibs", "ics", "ides", "illinois", "imaps",
    "innings", "iops", "ios", "ipados", "ironworks", "irs", "is", "isis", "its", "itunes", "ius",
    "jackanapes", "james", "jenkins", "jffs", "jones", "js", "judas", "k0s", "k3s", "k8s", "kansas", "kbps",
    "kerberos", "kms", "kos", "kubernetes", "lammas", "lazybones", "lbs", "ldaps", "lens", "les", "litas",
    "litotes", "lms", "logos", "lotos", "lrs", "lts", "lues", "maas", "macos", "madras", "mars",
    "marseilles", "materfamilias", "matins", "mbps", "means", "measles", "menses", "mers", "mews",
    "michaelmas", "microlens", "midas", "miniseries", "minos", "mips", "mis", "mlops", "mls", "mms",
    "molasses", "mos", "moses", "mpegts", "mpls", "mps", "mqtts", "mrs", "ms", "mts", "mucous", "muggins",
    "mumps", "mythos", "naas", "naples", "nas", "nbs", "ncs", "news", "nfs", "nixos", "nls", "nous", "nrs",
    "ntfs", "nts", "obs", "omphalos", "oms", "ops", "os", "osiris", "overseas", "paas", "palais", "pampas",
    "pancreas", "paris", "paterfamilias", "pathos", "patois", "pbs", "peplos", "perhaps", "pericles",
    "pharos", "phs", "pious", "pisces", "pls", "plus", "pms", "pons", "pos", "postgres", "procfs", "pus",
    "pyrites", "pythagoras", "qos", "qps", "quadriceps", "rabies", "ras", "rdbms", "rds", "relais",
    "rennes", "reredos", "revers", "rhesus", "rhinoceros", "rickets", "rls", "rollmops", "ros", "rps",
    "rtos", "rts", "saas", "sars", "sas", "sassafras", "sawbones", "scabies", "schnapps", "secops",
    "series", "ses", "sftps", "shambles", "siemens", "sls", "sms", "smtps", "sns", "sophocles", "sos",
    "species", "sps", "sqs", "srs", "ssl", "stapes", "steelworks", "sts", "subcanvas", "subseries",
    "subspecies", "summons", "superficies", "svs", "sweepstakes", "syngas", "sysfs", "talipes", "tbps",
    "tds", "teargas", "texas", "thames", "thermos", "this", "thrips", "thus", "tis", "tls", "tmpfs", "tms",
    "topos", "tos", "tournedos", "towards", "tps", "trias", "triceps", "triceratops", "tripos", "trs",
    "tvos", "ufs", "ulysses", "umts", "ups", "upstairs", "us", "usps", "valois", "vas", "vegas", "velours",
    "vfs", "visionos", "vls", "wales", "was", "watchos", "waterworks", "wcms", "wds", "webcanvas", "wes",
    "wgs", "whereas", "williams", "wls", "wms", "wos", "xaas", "xerxes", "xfs", "xls", "xps", "yaws", "yes",
    "zfs",
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
    "catechetics", "catoptrics", "chiropractics", "civics", "cladistics", "cliometrics", "cryptanalytics",
    "dialectics", "didactics", "dietetics", "dramatics", "dynamics", "econometrics", "economics",
    "electrostatics", "energetics", "esthetics", "ethics", "eurhythmics", "eurythmics", "euthenics",
    "exegetics", "forensics", "genomics", "geomechanics", "glyptics", "graphics", "gymnastics", "haptics",
    "hermeneutics", "histrionics", "homiletics", "hydraulics", "hydromechanics", "hydrostatics",
    "hygienics", "kinesics", "linguistics", "liturgics", "logistics", "macrobiotics", "magnetostatics",
    "mathematics", "metaphysics", "micrographics", "micromechanics", "nucleonics", "numismatics",
    "obstetrics", "onomastics", "optics", "orthoptics", "orthotics", "pedagogics", "pharmaceutics",
    "phonemics", "pneumatics", "poetics", "polemics", "politics", "pragmatics", "propaedeutics",
    "prosthetics", "proxemics", "psychometrics", "pyrotechnics", "robotics", "sabermetrics", "semantics",
    "semiotics", "spherics", "statics", "strategics", "systematics", "technics", "tectonics", "theatrics",
    "therapeutics", "thermostatics",
]);

/// Singulars in -ais, -eis, -ois, -jis, -kis: the others are plurals.
#[rustfmt::skip]
pub(crate) const SINGULAR_IS: &[Key] = &sorted([
    "allantois", "avoirdupois", "bourgeois", "calais", "chamois", "dais", "fauxbourdois", "francois",
    "hautbois", "illinois", "iroquois", "marais", "palais", "patois", "reis", "relais", "thais", "trois",
    "valois",
]);

/// Singulars in -use: the plural of the others in -uses ends in -us.
#[rustfmt::skip]
pub(crate) const USE: &[Key] = &sorted([
    "abuse", "accuse", "amuse", "applause", "bemuse", "berceuse", "cause", "cayuse", "chanteuse", "clause",
    "coiffeuse", "cruse", "danseuse", "disuse", "douse", "druse", "excuse", "fuse", "house", "hypotenuse",
    "masseuse", "misuse", "muse", "overuse", "pause", "peruse", "recluse", "refuse", "reuse", "ruse",
    "spouse", "use",
]);
