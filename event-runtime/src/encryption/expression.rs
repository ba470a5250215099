//! Which fields an expression reads: what is sealed has no value for the host.

use std::panic::catch_unwind;

use cel::common::ast::{EntryExpr, Expr, LiteralValue};
use cel::parser::Parser;

use crate::event::EventDescriptor;
use crate::middleware::Expression;

/// Refuses an expression that reads something sealed. `sealed` names what is sealed of a field of an event that is read, or of its
/// payload as a whole.
pub(super) fn review(
    expression: &Expression<'_>,
    sealed: impl Fn(&EventDescriptor, Option<&str>) -> Option<String>,
) -> Result<(), String> {
    // What is not CEL is refused elsewhere.
    let Ok(Ok(tree)) = catch_unwind(|| Parser::new().parse(expression.text)) else { return Ok(()) };
    let mut reads = Vec::new();
    visit(&tree.expr, &mut reads);
    for Read { variable, field } in reads {
        let events = match variable {
            Variable::Event => expression.events,
            Variable::Async => expression.awaited.as_slice(),
        };
        for event in events {
            if let Some(field) = sealed(event, field.as_deref()) {
                return Err(refusal(expression, event, &field));
            }
        }
    }
    Ok(())
}

fn refusal(expression: &Expression<'_>, event: &EventDescriptor, field: &str) -> String {
    let Expression { option, text, .. } = expression;
    let key = if event.key.is_empty() {
        "mark the field that identifies it `#[event(key)]`, which is never encrypted, and use that".to_owned()
    } else {
        format!("use the key of the event, `{}`, which is never encrypted", event.key.join("`, `"))
    };
    format!(
        "`{option}` reads `{field}` of `{}`, which is encrypted, and has no value where `{text}` is evaluated: {key}; or encrypt \
         `.only_sensitive_fields()`",
        event.name
    )
}

#[derive(Clone, Copy)]
enum Variable {
    Event,
    Async,
}

/// A field of a payload that is read; without a name, the payload as a whole.
struct Read {
    variable: Variable,
    field: Option<String>,
}

/// What an expression is, as far as it leads to a payload.
enum Leads {
    ToEvent(Variable),
    ToPayload(Variable),
    Elsewhere,
}

fn leads(expr: &Expr) -> Leads {
    match expr {
        Expr::Ident(name) if name == "event" => Leads::ToEvent(Variable::Event),
        Expr::Ident(name) if name == "async" => Leads::ToEvent(Variable::Async),
        _ => match member(expr) {
            Some((of, "data")) => match leads(of) {
                Leads::ToEvent(variable) => Leads::ToPayload(variable),
                _ => Leads::Elsewhere,
            },
            _ => Leads::Elsewhere,
        },
    }
}

/// `operand.field` or `operand["field"]`.
fn member(expr: &Expr) -> Option<(&Expr, &str)> {
    match expr {
        Expr::Select(select) => Some((&select.operand.expr, &select.field)),
        Expr::Call(call) if call.func_name == "_[_]" => match &call.args[..] {
            [operand, index] => match &index.expr {
                Expr::Literal(LiteralValue::String(field)) => Some((&operand.expr, field.inner())),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// Collects what is read of payloads.
fn visit(expr: &Expr, reads: &mut Vec<Read>) {
    if let Some((operand, field)) = member(expr) {
        match leads(operand) {
            Leads::ToPayload(variable) => reads.push(Read { variable, field: Some(field.to_owned()) }),
            Leads::ToEvent(variable) if field == "data" => reads.push(Read { variable, field: None }),
            // An envelope's own fields are never sealed.
            Leads::ToEvent(_) => {}
            Leads::Elsewhere => visit(operand, reads),
        }
        return;
    }
    if let Leads::ToEvent(variable) = leads(expr) {
        reads.push(Read { variable, field: None });
        return;
    }
    match expr {
        Expr::Call(call) => {
            call.target.iter().for_each(|target| visit(&target.expr, reads));
            call.args.iter().for_each(|argument| visit(&argument.expr, reads));
        }
        Expr::List(list) => list.elements.iter().for_each(|element| visit(&element.expr, reads)),
        Expr::Map(map) => {
            for entry in &map.entries {
                if let EntryExpr::MapEntry(entry) = &entry.expr {
                    visit(&entry.key.expr, reads);
                    visit(&entry.value.expr, reads);
                }
            }
        }
        Expr::Comprehension(comprehension) => {
            for part in [
                &comprehension.iter_range,
                &comprehension.accu_init,
                &comprehension.loop_cond,
                &comprehension.loop_step,
                &comprehension.result,
            ] {
                visit(&part.expr, reads);
            }
        }
        _ => {}
    }
}
