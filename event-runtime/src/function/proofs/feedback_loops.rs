//! Feedback loops: functions that start each other by what they declare to send. Found by constant evaluation.

use crate::const_text::{Message, same};
use crate::function::{FunctionDescriptor, Listed};

/// The most loops that are told, and the most functions of each.
const TOLD: usize = 8;

type Functions<const N: usize> = [Option<&'static FunctionDescriptor>; N];

/// The number of pairs of a function and one of its triggers.
#[must_use]
pub const fn pairs(listed: &[Listed]) -> usize {
    let (mut pairs, mut at) = (0, 0);
    while at < listed.len() {
        pairs += match listed[at] {
            Listed::One { function, .. } => function.triggers.len(),
            Listed::Many(entries) => self::pairs(entries),
        };
        at += 1;
    }
    pairs
}

/// The loops, each as functions in the order of the events; the last one starts the first again.
#[derive(Debug, Clone, Copy)]
pub struct Loops {
    /// The entry of the list that closes the loop, and its functions.
    found: [Option<(usize, Functions<TOLD>)>; TOLD],
    told: usize,
}

impl Loops {
    /// Finds them. `N` is the number of functions, `PAIRS` that of [`pairs`], `SLOTS` a power of two above it.
    #[must_use]
    pub const fn find<const N: usize, const PAIRS: usize, const SLOTS: usize>(listed: &[Listed]) -> Self {
        let mut graph = Graph::<N, PAIRS, SLOTS>::EMPTY;
        let mut entry = 0;
        while entry < listed.len() {
            graph.add(listed[entry], entry);
            entry += 1;
        }
        let mut loops = Self { found: [None; TOLD], told: 0 };
        let mut at = 0;
        while at < N {
            if !graph.done[at] {
                graph.search(at, &mut loops);
            }
            at += 1;
        }
        loops
    }

    /// Fails when a loop is closed by this entry of the list.
    ///
    /// # Panics
    ///
    /// When one is: a panic of a constant evaluation is an error of the compiler.
    #[track_caller]
    pub const fn assert_none_of(&self, entry: usize) {
        let (mut message, mut loops, mut at) = (Message::new(), 0, 0);
        while at < self.told {
            if let Some((of, functions)) = self.found[at]
                && of == entry
            {
                message = message.add(&[if loops == 0 { "" } else { "\n" }, "event feedback loop:"]);
                message = tell(&functions, message);
                loops += 1;
            }
            at += 1;
        }
        if loops > 0 {
            message.fail();
        }
    }
}

/// Spells a loop out: its events, then its functions.
const fn tell(functions: &Functions<TOLD>, mut message: Message) -> Message {
    let (mut lines, mut first, mut at) = (Message::new(), "", 0);
    while at < TOLD {
        if let Some(function) = functions[at] {
            let event = connection(function, next(functions, at));
            if at == 0 {
                first = event;
            }
            message = message.add(&[if at == 0 { " `" } else { " -> `" }, event, "`"]);
            lines = lines.place(function.path, function.file, function.line).add(&[" emits `", event, "`"]);
        }
        at += 1;
    }
    message.add(&[" -> `", first, "`"]).append(&lines).add(&[
        "\n    break the loop, or allow it at a function where it is meant: `#[function(.., allow_cycle)]`",
    ])
}

/// The function after that at `at`.
const fn next(functions: &Functions<TOLD>, at: usize) -> &'static FunctionDescriptor {
    let after = if at + 1 < TOLD && functions[at + 1].is_some() { at + 1 } else { 0 };
    match functions[after] {
        Some(function) => function,
        // A loop has a first function.
        None => unreachable!(),
    }
}

/// The event by which one function starts the other; of a loop with more functions than are told, an ellipsis at its end.
const fn connection(from: &FunctionDescriptor, to: &FunctionDescriptor) -> &'static str {
    let mut emit = 0;
    while emit < from.emits.len() {
        let mut trigger = 0;
        while trigger < to.triggers.len() {
            if same(from.emits[emit].name, to.triggers[trigger]) {
                return from.emits[emit].name;
            }
            trigger += 1;
        }
        emit += 1;
    }
    ".."
}

/// No pair.
const NONE: usize = usize::MAX;

/// The first pair of a chain that is not looked up yet.
const BEGIN: usize = usize::MAX - 1;

/// A function and one of its triggers.
#[derive(Clone, Copy)]
struct Pair {
    function: usize,
    hash: u64,
    /// The next pair of the chain.
    next: usize,
}

/// A function on the path of the search, and where to go on with what it emits.
#[derive(Clone, Copy)]
struct Visit {
    function: usize,
    emit: usize,
    pair: usize,
}

/// Functions by what starts them: chains of pairs, found by the hash of the event's name.
struct Graph<const N: usize, const PAIRS: usize, const SLOTS: usize> {
    functions: Functions<N>,
    /// The entry of the list of each function.
    entries: [usize; N],
    count: usize,
    heads: [usize; SLOTS],
    pairs: [Pair; PAIRS],
    pair_count: usize,
    done: [bool; N],
}

impl<const N: usize, const PAIRS: usize, const SLOTS: usize> Graph<N, PAIRS, SLOTS> {
    const EMPTY: Self = Self {
        functions: [None; N],
        entries: [0; N],
        count: 0,
        heads: [NONE; SLOTS],
        pairs: [Pair { function: 0, hash: 0, next: NONE }; PAIRS],
        pair_count: 0,
        done: [false; N],
    };

    const fn add(&mut self, listed: Listed, entry: usize) {
        match listed {
            Listed::One { function, .. } => {
                self.functions[self.count] = Some(function);
                self.entries[self.count] = entry;
                let mut at = 0;
                while at < function.trigger_hashes.len() {
                    let hash = function.trigger_hashes[at];
                    let slot = slot::<SLOTS>(hash);
                    self.pairs[self.pair_count] = Pair { function: self.count, hash, next: self.heads[slot] };
                    self.heads[slot] = self.pair_count;
                    self.pair_count += 1;
                    at += 1;
                }
                self.count += 1;
            }
            Listed::Many(entries) => {
                let mut at = 0;
                while at < entries.len() {
                    self.add(entries[at], entry);
                    at += 1;
                }
            }
        }
    }

    /// The next function that is started by the one of `visit`.
    const fn next(&self, visit: &mut Visit) -> Option<usize> {
        let function = match self.functions[visit.function] {
            Some(function) if !function.allows_cycle => function,
            _ => return None,
        };
        while visit.emit < function.emits.len() {
            let hash = function.emits[visit.emit].hash;
            if visit.pair == BEGIN {
                visit.pair = self.heads[slot::<SLOTS>(hash)];
            }
            while visit.pair != NONE {
                let pair = self.pairs[visit.pair];
                visit.pair = pair.next;
                if pair.hash == hash {
                    return Some(pair.function);
                }
            }
            visit.emit += 1;
            visit.pair = BEGIN;
        }
        None
    }

    /// Searches in depth from a function; every edge back to the path is a loop.
    const fn search(&mut self, from: usize, loops: &mut Loops) {
        let mut path = [Visit { function: from, emit: 0, pair: BEGIN }; N];
        let mut on_path = [false; N];
        let mut depth = 1;
        on_path[from] = true;
        while depth > 0 {
            let function = path[depth - 1].function;
            match self.next(&mut path[depth - 1]) {
                None => {
                    self.done[function] = true;
                    on_path[function] = false;
                    depth -= 1;
                }
                Some(to) if on_path[to] => self.tell(&path, depth, to, loops),
                Some(to) if !self.done[to] => {
                    path[depth] = Visit { function: to, emit: 0, pair: BEGIN };
                    on_path[to] = true;
                    depth += 1;
                }
                Some(_) => {}
            }
        }
    }

    /// Notes the loop from the place of `to` in the path to its end.
    const fn tell(&self, path: &[Visit; N], depth: usize, to: usize, loops: &mut Loops) {
        if loops.told == TOLD {
            return;
        }
        let mut functions = [None; TOLD];
        let (mut length, mut at, mut begun) = (0, 0, false);
        while at < depth {
            begun = begun || path[at].function == to;
            if begun && length < TOLD {
                functions[length] = self.functions[path[at].function];
                length += 1;
            }
            at += 1;
        }
        loops.found[loops.told] = Some((self.entries[path[depth - 1].function], functions));
        loops.told += 1;
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
const fn slot<const SLOTS: usize>(hash: u64) -> usize {
    hash as usize & (SLOTS - 1)
}
