//! The parser of CEL expressions, and the collector of what they read.

use std::panic::catch_unwind;

use cel::common::ast::{EntryExpr, Expr};
use cel::parser::Parser;

/// The variables and fields that an expression reads.
pub(super) struct Read {
    /// Paths below the variables that it may use, from the variable on.
    pub(super) paths: Vec<Vec<String>>,
    /// Names of variables that it may not use.
    pub(super) unknown: Vec<String>,
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
    let mut walk =
        Walk { variables, read: Read { paths: Vec::new(), unknown: Vec::new() }, bound: Vec::new() };
    walk.visit(&tree.expr);
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
