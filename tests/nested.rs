//! Rules of nested types are checked in whatever holds them, and the verdict does not depend on other fields.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::fmt::Debug;
use std::marker::PhantomData;
use std::num::{Saturating, Wrapping};
use std::ops::{Bound, Range, RangeFrom, RangeInclusive, RangeTo};
use std::rc::Rc;
use std::sync::{Arc, Mutex, RwLock};

use event_runtime::Payload;
use event_runtime::prelude::*;
use event_runtime::validate::{Issue, Issues, Path, code};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A type with a rule.
#[payload]
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    #[validate(length(min = 1))]
    name: String,
}

/// A type with serde alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Takes more.
    Open,
    /// Takes no more.
    Shut,
}

/// A type whose rules are written by hand, and which may be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Code(u8);

impl Validate for Code {
    fn validate_into(&self, path: &Path<'_>, issues: &mut Issues) {
        if self.0 == 0 {
            issues.push(Issue::new(path, code::TOO_SMALL, "must not be 0"));
        }
    }
}

/// What stands behind a name.
type Lines = VecDeque<Line>;
type Pair = (u8, Line);
type ByName<T> = BTreeMap<String, T>;
type Maybe<T> = Vec<Option<T>>;
type Outcome<T> = Result<T, String>;

fn paths(issues: Result<(), Issues>) -> Vec<String> {
    issues.err().map(|issues| issues.iter().map(|issue| issue.path.clone()).collect()).unwrap_or_default()
}

fn parsed<T: Payload + Debug>(json: &str) -> Vec<String> {
    paths(T::parse(json.as_bytes()).map(drop))
}

/// A payload with one field of the type: of the first value nothing is wrong, and of each other what stands beside it.
macro_rules! holds {
    ($($name:ident: $type:ty, $right:literal, $($wrong:literal => $paths:expr),+;)*) => {$(
        #[test]
        fn $name() {
            /// Holds something.
            #[payload]
            struct Holder {
                held: $type,
                n: u8,
            }

            let of = |held: &str, n: &str| parsed::<Holder>(&format!(r#"{{"held":{held},"n":{n}}}"#));
            assert_eq!(of($right, "1"), [""; 0]);
            assert_eq!(of($right, "999"), ["n"]);
            $(
                let expected: &[&str] = &$paths;
                assert_eq!(of($wrong, "1"), expected);
                assert_eq!(of($wrong, "999"), [expected, &["n"]].concat(), "with another field wrong");
            )+
        }
    )*};
}

holds! {
    a_type_by_itself: Line, r#"{"name":"a"}"#, r#"{"name":""}"# => ["held.name"];
    options: Option<Line>, "null", r#"{"name":""}"# => ["held.name"];
    boxes: Box<Line>, r#"{"name":"a"}"#, r#"{"name":""}"# => ["held.name"];
    cows: Cow<'static, Line>, r#"{"name":"a"}"#, r#"{"name":""}"# => ["held.name"];
    cows_of_lists: Cow<'static, [Line]>, "[]", r#"[{"name":""}]"# => ["held[0].name"];
    boxed_slices: Box<[Line]>, "[]", r#"[{"name":"a"},{"name":""}]"# => ["held[1].name"];
    lists: Vec<Line>, "[]", r#"[{"name":"a"},{"name":""}]"# => ["held[1].name"];
    queues: VecDeque<Line>, "[]", r#"[{"name":"a"},{"name":""}]"# => ["held[1].name"];
    linked_lists: LinkedList<Line>, "[]", r#"[{"name":"a"},{"name":""}]"# => ["held[1].name"];
    heaps: BinaryHeap<Line>, "[]", r#"[{"name":""}]"# => ["held[0].name"];
    arrays: [Line; 2], r#"[{"name":"a"},{"name":"b"}]"#, r#"[{"name":"a"},{"name":""}]"# => ["held[1].name"];
    sets: BTreeSet<Line>, "[]", r#"[{"name":""},{"name":"a"}]"# => ["held[0].name"];
    hash_sets: HashSet<Line>, "[]", r#"[{"name":""}]"# => ["held[0].name"];
    pairs: (u8, Line), r#"[1,{"name":"a"}]"#, r#"[1,{"name":""}]"# => ["held[1].name"];
    tuples_with_a_plain_type: (Status, Line, Status), r#"["open",{"name":"a"},"shut"]"#, r#"["open",{"name":""},"shut"]"# => ["held[1].name"];
    maps_by_texts: BTreeMap<String, Line>, "{}", r#"{"a b":{"name":""}}"# => [r#"held["a b"].name"#];
    maps_by_numbers: BTreeMap<u32, Line>, "{}", r#"{"7":{"name":""}}"# => [r#"held["7"].name"#];
    maps_by_negative_numbers: HashMap<i64, Line>, "{}", r#"{"-7":{"name":""}}"# => [r#"held["-7"].name"#];
    maps_by_ids: BTreeMap<Uuid, Line>, "{}",
        r#"{"67e55044-10b1-426f-9247-bb680e5fe0c8":{"name":""}}"# => [r#"held["67e55044-10b1-426f-9247-bb680e5fe0c8"].name"#];
    maps_by_characters: BTreeMap<char, Line>, "{}", r#"{"x":{"name":""}}"# => [r#"held["x"].name"#];
    maps_by_flags: BTreeMap<bool, Line>, "{}", r#"{"true":{"name":""}}"# => [r#"held["true"].name"#];
    maps_by_plain_types: BTreeMap<Status, Line>, "{}", r#"{"open":{"name":""}}"# => [r#"held["open"].name"#];
    maps_with_rules_for_keys: BTreeMap<Code, Line>, r#"{"1":{"name":"a"}}"#, r#"{"0":{"name":""}}"# => [r#"held["0"]"#, r#"held["0"].name"#];
    results: Result<Line, Code>, r#"{"Ok":{"name":"a"}}"#, r#"{"Ok":{"name":""}}"# => ["held.Ok.name"], r#"{"Err":0}"# => ["held.Err"];
    ranges: Range<Code>, r#"{"start":1,"end":2}"#, r#"{"start":1,"end":0}"# => ["held.end"], r#"{"start":0,"end":2}"# => ["held.start"];
    closed_ranges: RangeInclusive<Code>, r#"{"start":1,"end":2}"#, r#"{"start":0,"end":0}"# => ["held.start", "held.end"];
    bounds: Bound<Code>, r#""Unbounded""#, r#"{"Included":0}"# => ["held.Included"], r#"{"Excluded":0}"# => ["held.Excluded"];
    wrapped_numbers: Wrapping<Code>, "1", "0" => ["held"];
    reversed: Reverse<Line>, r#"{"name":"a"}"#, r#"{"name":""}"# => ["held.name"];
    types_with_their_own_rules: Code, "1", "0" => ["held"];
    lists_of_queues: Vec<VecDeque<Line>>, "[[]]", r#"[[],[{"name":""}]]"# => ["held[1][0].name"];
    pairs_in_options: Option<(Line, Line)>, "null", r#"[{"name":"a"},{"name":""}]"# => ["held[1].name"];
    lists_of_maps: Vec<BTreeMap<u8, Line>>, "[{}]", r#"[{"1":{"name":""}}]"# => [r#"held[0]["1"].name"#];
    everything_at_once: HashMap<u8, Option<Box<[(Status, Result<[Line; 1], Vec<Code>>)]>>>, r#"{"1":null}"#,
        r#"{"1":[["open",{"Ok":[{"name":""}]}]]}"# => [r#"held["1"][0][1].Ok[0].name"#],
        r#"{"1":[["open",{"Err":[1,0]}]]}"# => [r#"held["1"][0][1].Err[1]"#];
    lists_behind_a_name: Lines, "[]", r#"[{"name":""}]"# => ["held[0].name"];
    pairs_behind_a_name: Pair, r#"[1,{"name":"a"}]"#, r#"[1,{"name":""}]"# => ["held[1].name"];
    pairs_behind_a_name_in_a_list: Vec<Pair>, "[]", r#"[[1,{"name":""}]]"# => ["held[0][1].name"];
    maps_behind_a_generic_name: ByName<Line>, "{}", r#"{"a":{"name":""}}"# => [r#"held["a"].name"#];
    lists_behind_a_generic_name: Maybe<Line>, "[null]", r#"[null,{"name":""}]"# => ["held[1].name"];
    results_behind_a_generic_name: Outcome<Line>, r#"{"Err":""}"#, r#"{"Ok":{"name":""}}"# => ["held.Ok.name"];
}

/// Types that are named like others.
#[allow(unreachable_pub, reason = "a test has no public interface")]
mod named {
    use super::{Deserialize, Issues, JsonSchema, Path, Serialize, Validate, parsed, paths};
    use event_runtime::prelude::payload;

    /// No UUID.
    #[payload]
    pub struct Uuid {
        #[validate(range(min = 1))]
        bits: u8,
    }

    /// No text.
    #[payload]
    pub struct String {
        #[validate(range(min = 1))]
        bits: u8,
    }

    /// No list of the standard library.
    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
    #[serde(transparent)]
    pub struct Vec<T>(std::vec::Vec<T>);

    impl<T: Validate> Validate for Vec<T> {
        fn validate_into(&self, path: &Path<'_>, issues: &mut Issues) {
            self.0.validate_into(&path.field("own"), issues);
        }
    }

    /// Holds them.
    #[payload]
    struct Holder {
        id: Uuid,
        text: Option<String>,
        ids: Vec<Uuid>,
        n: u8,
    }

    #[test]
    fn names_decide_nothing() {
        let json = r#"{"id":{"bits":0},"text":{"bits":0},"ids":[{"bits":0}],"n":1}"#;
        assert_eq!(parsed::<Holder>(json), ["id.bits", "text.bits", "ids.own[0].bits"]);
        let json = json.replace(r#""n":1"#, r#""n":999"#);
        assert_eq!(parsed::<Holder>(&json), ["id.bits", "text.bits", "ids.own[0].bits", "n"]);
        assert_eq!(paths(Ok(())), [""; 0]);
    }
}

/// Containers that serde knows with a feature alone, or schemars not at all.
#[test]
fn rules_are_entered_without_serde() {
    #[derive(Validate)]
    struct Holder {
        shared: Rc<Line>,
        synced: Arc<[Line]>,
        weak: std::sync::Weak<Line>,
        cell: Cell<Code>,
        borrowed: RefCell<Line>,
        locked: Arc<Mutex<Line>>,
        read: RwLock<Vec<Line>>,
        saturating: Saturating<Code>,
        from: RangeFrom<Code>,
        to: RangeTo<Code>,
        _nothing: PhantomData<Line>,
    }

    let line = || Line { name: String::new() };
    let synced: Arc<[Line]> = Arc::new([line()]);
    let kept = Arc::new(line());
    let holder = Holder {
        shared: Rc::new(line()),
        synced,
        weak: Arc::downgrade(&kept),
        cell: Cell::new(Code(0)),
        borrowed: RefCell::new(line()),
        locked: Arc::new(Mutex::new(line())),
        read: RwLock::new(vec![line()]),
        saturating: Saturating(Code(0)),
        from: Code(0)..,
        to: ..Code(0),
        _nothing: PhantomData,
    };
    let found = paths(holder.validate());
    let expected = [
        "shared.name",
        "synced[0].name",
        "weak.name",
        "cell",
        "borrowed.name",
        "locked.name",
        "read[0].name",
        "saturating",
        "from.start",
        "to.end",
    ];
    assert_eq!(found, expected);
}

/// What a generic type that nobody knows holds is entered when it says how, and else only with leave.
#[test]
fn generic_types_say_how_they_are_entered() {
    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
    struct Page<T> {
        items: Vec<T>,
    }

    impl<T: Validate> Validate for Page<T> {
        fn validate_into(&self, path: &Path<'_>, issues: &mut Issues) {
            self.items.validate_into(&path.field("items"), issues);
        }
    }

    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
    struct Hidden<T>(T);

    /// Holds generic types.
    #[payload]
    struct Holder {
        page: Page<Line>,
        pages: Vec<Option<Page<Code>>>,
        #[validate(skip)]
        hidden: Hidden<Line>,
        #[validate(skip)]
        line: Line,
        // Nothing in it has rules.
        harmless: Hidden<(Status, String)>,
        n: u8,
    }

    let json = r#"{
        "page":{"items":[{"name":""}]},
        "pages":[null,{"items":[0]}],
        "hidden":{"name":""},
        "line":{"name":""},
        "harmless":["open","a"],
        "n":1
    }"#;
    assert_eq!(parsed::<Holder>(json), ["page.items[0].name", "pages[1].items[0]"]);
    let json = json.replace(r#""n":1"#, r#""n":999"#);
    assert_eq!(parsed::<Holder>(&json), ["page.items[0].name", "pages[1].items[0]", "n"]);
}

/// A default that breaks the rules inside is reported, whatever else is wrong.
#[test]
fn defaults_are_entered() {
    fn nameless() -> Line {
        Line { name: String::new() }
    }

    /// Holds a line.
    #[payload]
    struct Holder {
        #[serde(default = "nameless")]
        line: Line,
        n: u8,
    }

    assert_eq!(parsed::<Holder>(r#"{"n":1}"#), ["line.name"]);
    assert_eq!(parsed::<Holder>(r#"{"n":999}"#), ["line.name", "n"]);
}
