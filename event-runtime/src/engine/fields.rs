//! The fields of events that an expression reads, and whether the events have them.

use std::fmt;

use cel::common::ast::{EntryExpr, Expr, IdedExpr};
use event_conventions::nearest;

use crate::event::EventDescriptor;

/// A field of the payload of one of the two events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldRead {
    pub(crate) of: Variable,
    pub(crate) name: String,
}

/// The event that started a run, or the one that has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variable {
    Event,
    Async,
}

impl fmt::Display for FieldRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variable = match self.of {
            Variable::Event => "event",
            Variable::Async => "async",
        };
        write!(f, "{variable}.data.{}", self.name)
    }
}

/// Collects the fields.
pub(super) fn read(expr: &Expr) -> Vec<FieldRead> {
    let mut found = Vec::new();
    visit(expr, &mut found);
    found
}

/// Finds a field that none of the events behind its variable has. Events whose fields are not known are skipped.
pub(super) fn missing(
    fields: &[FieldRead],
    own: &[&EventDescriptor],
    later: Option<&EventDescriptor>,
) -> Option<String> {
    fields.iter().find_map(|field| {
        let events = match field.of {
            Variable::Event => own,
            Variable::Async => later.as_slice(),
        };
        let names = || events.iter().flat_map(|event| event.fields).map(|field| field.name);
        if events.is_empty() || names().any(|name| name == field.name) {
            return None;
        }
        let event = events.iter().map(|event| format!("`{}`", event.name)).collect::<Vec<_>>().join(", ");
        let meant = nearest(&field.name, names()).map(|name| format!(": did you mean `{name}`?"));
        Some(format!("reads `{field}`, a field that {event} does not have{}", meant.unwrap_or_default()))
    })
}

fn visit(expr: &Expr, found: &mut Vec<FieldRead>) {
    match expr {
        Expr::Select(select) => {
            found.extend(field(&select.operand.expr, &select.field));
            visit(&select.operand.expr, found);
        }
        Expr::Call(call) => {
            call.target.iter().for_each(|target| visit(&target.expr, found));
            each(&call.args, found);
        }
        Expr::List(list) => each(&list.elements, found),
        Expr::Map(map) => map.entries.iter().for_each(|entry| visit_entry(&entry.expr, found)),
        Expr::Struct(object) => object.entries.iter().for_each(|entry| visit_entry(&entry.expr, found)),
        // A variable of a macro, such as `exists(event, ..)`, hides the one of that name.
        Expr::Comprehension(over) if !["event", "async"].contains(&over.iter_var.as_str()) => {
            visit(&over.iter_range.expr, found);
            for part in [&over.accu_init, &over.loop_cond, &over.loop_step, &over.result] {
                visit(&part.expr, found);
            }
        }
        _ => {}
    }
}

fn each(exprs: &[IdedExpr], found: &mut Vec<FieldRead>) {
    for expr in exprs {
        visit(&expr.expr, found);
    }
}

fn visit_entry(entry: &EntryExpr, found: &mut Vec<FieldRead>) {
    match entry {
        EntryExpr::StructField(field) => visit(&field.value.expr, found),
        EntryExpr::MapEntry(entry) => {
            visit(&entry.key.expr, found);
            visit(&entry.value.expr, found);
        }
    }
}

/// `id` of `async.data.id`.
fn field(operand: &Expr, name: &str) -> Option<FieldRead> {
    let Expr::Select(data) = operand else { return None };
    let Expr::Ident(root) = &data.operand.expr else { return None };
    let of = match (root.as_str(), data.field.as_str()) {
        ("event", "data") => Variable::Event,
        ("async", "data") => Variable::Async,
        _ => return None,
    };
    Some(FieldRead { of, name: name.to_owned() })
}
