//! The parser of CEL expressions, and the collector of what they read.

use std::panic::catch_unwind;

use cel::common::ast::{EntryExpr, Expr, LiteralValue};
use cel::parser::Parser;

use super::Kind;

/// The variables and fields that an expression reads.
pub(super) struct Read {
    /// Paths below the variables that it may use, from the variable on.
    pub(super) paths: Vec<Vec<String>>,
    /// Names of variables that it may not use.
    pub(super) unknown: Vec<String>,
    /// What its value may be.
    pub(super) values: Vec<Kind>,
}

/// Parses an expression that may use `variables`, or says in one line what is wrong with it.
pub(super) fn read(source: &str, variables: &[&str]) -> Result<Read, String> {
    // The parser is generated code of another project; that it might panic must not be the user's problem.
    let parsed = catch_unwind(|| Parser::new().parse(source).map_err(|error| summary(&error.errors)));
    let tree = match parsed {
        Ok(Ok(tree)) => tree,
        Ok(Err(problem)) => return Err(format!("this is not a CEL expression: {problem}")),
        Err(_) => return Err("this is not a CEL expression".to_owned()),
    };
    let read = Read { paths: Vec::new(), unknown: Vec::new(), values: Vec::new() };
    let mut walk = Walk { variables, read, bound: Vec::new() };
    walk.visit(&tree.expr);
    values(&tree.expr, &mut walk.read.values);
    Ok(walk.read)
}

/// The first thing that is wrong, in one line.
fn summary(errors: &[cel::ParseError]) -> String {
    errors.first().map_or_else(
        || "it is empty".to_owned(),
        |error| {
            if error.msg.contains("'<EOF>'") {
                return "it ends too early".to_owned();
            }
            // What the parser would have taken instead is a list of its own tokens.
            let message = error.msg.split(" expecting ").next().unwrap_or_default();
            format!("{} (column {})", message.lines().next().unwrap_or_default(), error.pos.1 + 1)
        },
    )
}

/// Collects what the value of an expression may be, where its form tells.
fn values(expr: &Expr, found: &mut Vec<Kind>) {
    match expr {
        Expr::Literal(LiteralValue::String(_)) => found.push(Kind::Text),
        Expr::Literal(LiteralValue::Boolean(_)) => found.push(Kind::Boolean),
        Expr::Select(select) if select.test => found.push(Kind::Boolean),
        Expr::Select(_) => found.extend(whole_path(expr).map(Kind::Field)),
        Expr::Call(call) => match (call.func_name.as_str(), &call.args[..]) {
            ("_?_:_", [_, yes, no]) => {
                values(&yes.expr, found);
                values(&no.expr, found);
            }
            ("_+_", [left, right]) => {
                let mut parts = Vec::new();
                values(&left.expr, &mut parts);
                values(&right.expr, &mut parts);
                found.extend(parts.into_iter().find(|part| matches!(part, Kind::Text)));
            }
            ("string", _) => found.push(Kind::Text),
            (name, _) if BOOLEAN.contains(&name) => found.push(Kind::Boolean),
            _ => {}
        },
        _ => {}
    }
}

/// Operators and functions whose values are booleans.
const BOOLEAN: &[&str] = &[
    "_==_",
    "_!=_",
    "_<_",
    "_<=_",
    "_>_",
    "_>=_",
    "_&&_",
    "_||_",
    "!_",
    "@in",
    "startsWith",
    "endsWith",
    "contains",
    "matches",
];

/// `["event", "data", "id"]` of `event.data.id`.
fn whole_path(expr: &Expr) -> Option<Vec<String>> {
    match expr {
        Expr::Ident(root) => Some(vec![root.clone()]),
        Expr::Select(select) if !select.test => {
            let mut path = whole_path(&select.operand.expr)?;
            path.push(select.field.clone());
            Some(path)
        }
        _ => None,
    }
}

struct Walk<'a> {
    variables: &'a [&'a str],
    read: Read,
    /// Variables of macros such as `exists(x, ..)`.
    bound: Vec<String>,
}

impl Walk<'_> {
    fn visit(&mut self, expr: &Expr) {
        match expr {
            Expr::Ident(_) | Expr::Select(_) => self.path(expr),
            Expr::Call(call) => {
                call.target.iter().for_each(|target| self.visit(&target.expr));
                call.args.iter().for_each(|argument| self.visit(&argument.expr));
            }
            Expr::List(list) => list.elements.iter().for_each(|element| self.visit(&element.expr)),
            Expr::Map(map) => map.entries.iter().for_each(|entry| self.entry(&entry.expr)),
            Expr::Struct(object) => object.entries.iter().for_each(|entry| self.entry(&entry.expr)),
            Expr::Comprehension(over) => {
                self.visit(&over.iter_range.expr);
                let before = self.bound.len();
                self.bound.push(over.iter_var.clone());
                self.bound.push(over.accu_var.clone());
                self.bound.extend(over.iter_var2.clone());
                for part in [&over.accu_init, &over.loop_cond, &over.loop_step, &over.result] {
                    self.visit(&part.expr);
                }
                self.bound.truncate(before);
            }
            _ => {}
        }
    }

    fn entry(&mut self, entry: &EntryExpr) {
        match entry {
            EntryExpr::StructField(field) => self.visit(&field.value.expr),
            EntryExpr::MapEntry(entry) => {
                self.visit(&entry.key.expr);
                self.visit(&entry.value.expr);
            }
        }
    }

    /// `event.data.id`, from its end to its root.
    fn path(&mut self, expr: &Expr) {
        let (mut path, mut at) = (Vec::new(), expr);
        loop {
            match at {
                Expr::Select(select) => {
                    path.push(select.field.clone());
                    at = &select.operand.expr;
                }
                Expr::Ident(root) => {
                    if self.bound.contains(root) {
                        return;
                    }
                    if !self.variables.contains(&root.as_str()) {
                        self.read.unknown.push(root.clone());
                        return;
                    }
                    path.push(root.clone());
                    path.reverse();
                    self.read.paths.push(path);
                    return;
                }
                other => return self.visit(other),
            }
        }
    }
}
