//! What a database must hold, whatever happened to the process that wrote it.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Result};

use crate::result;

/// What stands in a database.
#[derive(Debug, Default)]
pub struct Contents {
    /// The events, by their place in the order.
    pub events: BTreeMap<i64, Event>,
    /// The runs, likewise.
    pub runs: BTreeMap<i64, Run>,
}

/// An event.
#[derive(Debug)]
pub struct Event {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The number of the order.
    pub number: u32,
}

/// A run.
#[derive(Debug)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// Its function.
    pub function: String,
    /// Its event.
    pub event: i64,
    /// 0 and below: it has not ended; 1: completed.
    pub status: i64,
    /// What it returned.
    pub result: Option<String>,
    /// Its steps that have a result.
    pub steps: HashMap<String, Step>,
}

/// A step that has a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its place in the order of results.
    pub ord: i64,
    /// What it returned.
    pub value: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
}

impl Contents {
    /// Reads a database.
    ///
    /// # Errors
    ///
    /// When SQLite cannot.
    pub fn read(connection: &Connection) -> Result<Self> {
        let mut contents = Self::default();
        let mut events =
            connection.prepare("SELECT seq, id, name, data ->> 'number' FROM events ORDER BY seq")?;
        let rows = events.query_map([], |row| {
            Ok((row.get(0)?, Event { id: row.get(1)?, name: row.get(2)?, number: row.get(3)? }))
        })?;
        contents.events = rows.collect::<Result<_>>()?;
        let mut runs = connection.prepare(
            "SELECT runs.seq, runs.id, functions.id, event, status, result FROM runs JOIN functions ON num = function",
        )?;
        let rows = runs.query_map([], |row| {
            let run = Run {
                id: row.get(1)?,
                function: row.get(2)?,
                event: row.get(3)?,
                status: row.get(4)?,
                result: row.get(5)?,
                steps: HashMap::new(),
            };
            Ok((row.get(0)?, run))
        })?;
        contents.runs = rows.collect::<Result<_>>()?;
        let mut steps =
            connection.prepare("SELECT run, key, ord, value, error FROM steps WHERE ord IS NOT NULL")?;
        let mut rows = steps.query([])?;
        while let Some(row) = rows.next()? {
            let step = Step { ord: row.get(2)?, value: row.get(3)?, error: row.get(4)? };
            if let Some(run) = contents.runs.get_mut(&row.get(0)?) {
                run.steps.insert(row.get(1)?, step);
            }
        }
        Ok(contents)
    }

    /// The functions that were started by an event, by the event's place.
    fn started(&self) -> HashMap<i64, Vec<&str>> {
        let mut started = HashMap::<i64, Vec<&str>>::new();
        for run in self.runs.values() {
            started.entry(run.event).or_default().push(&run.function);
        }
        for functions in started.values_mut() {
            functions.sort_unstable();
        }
        started
    }

    /// What is wrong at any time: an event without all of its runs, or with one twice; a result that is not the one that
    /// the step returned; two results in one place.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let started = self.started();
        let mut ids = HashMap::new();
        for (place, event) in &self.events {
            if let Some(other) = ids.insert(&event.id, place) {
                problems.push(format!("the event {} stands at {other} and at {place}", event.id));
            }
            let found = started.get(place).map_or(&[][..], Vec::as_slice);
            if found != expected(&event.name) {
                problems.push(format!("the event {} ({}) has started {found:?}", event.id, event.name));
            }
        }
        for run in self.runs.values() {
            let Some(event) = self.events.get(&run.event) else {
                problems.push(format!("the run {} has no event", run.id));
                continue;
            };
            let mut places: Vec<i64> = run.steps.values().map(|step| step.ord).collect();
            places.sort_unstable();
            if places != (0..i64::try_from(places.len()).unwrap_or_default()).collect::<Vec<_>>() {
                problems.push(format!("the results of {} stand at {places:?}", run.id));
            }
            for (key, step) in &run.steps {
                let wanted = wanted(key, event.number);
                let is_right = match (&wanted, &step.value) {
                    (Some(wanted), Some(value)) => wanted == value,
                    (None, Some(_)) => true,
                    (_, None) => false,
                };
                if !is_right {
                    problems.push(format!("the step {key} of {} has {step:?}, not {wanted:?}", run.id));
                }
            }
        }
        problems
    }

    /// What is wrong besides when everything should have ended: a run that has not completed, a step that has no result,
    /// an event of a step that was sent twice or not at all.
    #[must_use]
    pub fn problems_at_the_end(&self) -> Vec<String> {
        let mut problems = self.problems();
        let mut counts = HashMap::<(&str, u32), i64>::new();
        for run in self.runs.values() {
            let number = self.events.get(&run.event).map_or(0, |event| event.number);
            let mut keys: Vec<&str> = run.steps.keys().map(String::as_str).collect();
            keys.sort_unstable();
            let mut steps = steps(&run.function).to_vec();
            steps.sort_unstable();
            if run.status != 1 || keys != steps {
                problems.push(format!(
                    "the run {} of {} ends with {} and {keys:?}: {:?}",
                    run.id, run.function, run.status, run.result
                ));
            }
            let output = output(&run.function, number).to_string();
            if run.result.as_ref() != Some(&output) {
                problems.push(format!("the run {} returned {:?}, not {output}", run.id, run.result));
            }
            match run.function.as_str() {
                "order-placed-pipeline" => *counts.entry(("order/shipped", number)).or_default() += 1,
                "order-placed-payment" => *counts.entry(("order/priced", number)).or_default() += 1,
                _ => {}
            }
        }
        for event in self.events.values() {
            if ["order/shipped", "order/priced"].contains(&event.name.as_str()) {
                *counts.entry((&event.name, event.number)).or_default() -= 1;
            }
        }
        counts.retain(|_, count| *count != 0);
        if !counts.is_empty() {
            problems.push(format!("events of steps that are missing, or too many: {counts:?}"));
        }
        problems
    }

    /// Which of these ids no event has.
    #[must_use]
    pub fn missing<'a>(&self, ids: impl IntoIterator<Item = &'a String>) -> Vec<&'a String> {
        let found: std::collections::HashSet<&String> = self.events.values().map(|event| &event.id).collect();
        ids.into_iter().filter(|id| !found.contains(id)).collect()
    }

    /// What another state of the same database has forgotten or changed of the recorded results.
    #[must_use]
    pub fn changed_in(&self, later: &Self) -> Vec<String> {
        let mut problems = Vec::new();
        for (place, run) in &self.runs {
            let Some(after) = later.runs.get(place) else {
                problems.push(format!("the run {} is gone", run.id));
                continue;
            };
            for (key, step) in &run.steps {
                if after.steps.get(key) != Some(step) {
                    problems.push(format!(
                        "{key} of {} was {step:?} and is {:?}",
                        run.id,
                        after.steps.get(key)
                    ));
                }
            }
        }
        problems
    }
}

/// Which functions an event starts.
fn expected(event: &str) -> &'static [&'static str] {
    match event {
        "order/placed" => &["order-placed-flaky", "order-placed-payment", "order-placed-pipeline"],
        "order/paid" => &["order-paid-ledger"],
        "order/shipped" => &["order-shipped-notice"],
        "order/priced" => &["order-priced-price"],
        _ => &[],
    }
}

/// The steps of a function.
fn steps(function: &str) -> &'static [&'static str] {
    match function {
        "order-placed-pipeline" => &["reserve", "charge", "cool-down", "left", "right", "ship", "close"],
        "order-placed-payment" => &["paid", "price", "receipt"],
        "order-placed-flaky" => &["unsteady"],
        "order-paid-ledger" => &["book"],
        "order-shipped-notice" => &["notify"],
        "order-priced-price" => &["compute"],
        _ => &[],
    }
}

/// What a step returns; `None`: one of several.
fn wanted(step: &str, number: u32) -> Option<String> {
    match step {
        "cool-down" => Some("null".to_owned()),
        "paid" | "ship" => None,
        "price" => Some(result(number, "compute").to_string()),
        body => Some(result(number, body).to_string()),
    }
}

/// What a function returns.
fn output(function: &str, number: u32) -> u64 {
    match function {
        "order-placed-payment" => result(number, "compute") + result(number, "receipt"),
        other => steps(other)
            .iter()
            .filter(|step| !["cool-down", "ship"].contains(*step))
            .map(|step| result(number, step))
            .sum(),
    }
}

/// What `PRAGMA integrity_check` finds, if anything.
///
/// # Errors
///
/// When SQLite cannot even look.
pub fn damage(connection: &Connection) -> Result<Option<String>> {
    let found: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    Ok((found != "ok").then_some(found))
}
