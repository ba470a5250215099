//! Expressions of CEL, of options and of `matching`: their evaluation, and why one has no value.

use std::collections::HashMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use cel::common::ast::{Expr, IdedExpr};
use cel::parser::Parser;
use cel::{Context, ExecutionError, Value as CelValue};
use serde_json::Value;

use super::fields::{self, FieldRead};
use super::model::EventView;
use crate::event::key::read_condition;

/// Where an expression stands: an option of a function, or `matching`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExpressionPlace {
    If,
    Idempotency,
    RateLimit,
    Batch,
    BatchIf,
    Debounce,
    Singleton,
    Throttle,
    Concurrency,
    Priority,
    CancelOn,
    Matching,
}

impl ExpressionPlace {
    /// The name, as it is written.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::Idempotency => "idempotency",
            Self::RateLimit => "rate_limit",
            Self::Batch => "batch",
            Self::BatchIf => "batch(if)",
            Self::Debounce => "debounce",
            Self::Singleton => "singleton",
            Self::Throttle => "throttle",
            Self::Concurrency => "concurrency",
            Self::Priority => "priority",
            Self::CancelOn => "cancel_on",
            Self::Matching => "matching",
        }
    }

    /// Whether it is evaluated for each run that waits for an event, and not once for the event.
    pub(crate) const fn is_evaluated_for_each_run(self) -> bool {
        matches!(self, Self::CancelOn | Self::Matching)
    }
}

/// Why an expression has no value for an event. It holds nothing of the event, since it is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoValue {
    /// A field that it reads is not there.
    Missing,
    /// An operator or a function does not take these values.
    Failed,
    /// A condition has a value that is neither true nor false.
    NotABoolean,
    /// A priority has a value that is not a number.
    NotANumber,
}

impl fmt::Display for NoValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "a field that it reads is missing",
            Self::Failed => "it cannot be evaluated for these values",
            Self::NotABoolean => "its value is neither true nor false",
            Self::NotANumber => "its value is not a number",
        })
    }
}

/// A parsed expression.
#[derive(Debug)]
pub(crate) enum Expression {
    Cel {
        tree: IdedExpr,
        /// A field of the later event that must equal something of the earlier one: where it stands, and what it must equal.
        equality: Option<(Arc<str>, IdedExpr)>,
        /// The fields that it reads of the payloads of both events.
        fields: Vec<FieldRead>,
    },
    /// The later event has a key: the fields of its payload, and their values. There is one such condition for each run that
    /// waits so, and it takes a fraction of the time of CEL.
    Key(Vec<(String, Value)>),
}

impl Expression {
    /// Parses an expression, or says in one line what is wrong with it.
    pub(crate) fn parse(source: &str) -> Result<Self, String> {
        read_condition(source).map_or_else(|| Self::parse_cel(source), |fields| Ok(Self::Key(fields)))
    }

    /// Parses it as any other one.
    pub(crate) fn parse_cel(source: &str) -> Result<Self, String> {
        // The parser is generated code of another project.
        let parsed = catch_unwind(|| {
            Parser::new().parse(source).map_err(|error| {
                let first = error.errors.first();
                first
                    .map_or_else(String::new, |error| error.msg.lines().next().unwrap_or_default().to_owned())
            })
        });
        match parsed {
            Ok(Ok(tree)) => {
                Ok(Self::Cel { equality: equality(&tree), fields: fields::read(&tree.expr), tree })
            }
            Ok(Err(problem)) => Err(problem),
            Err(_) => Err("it cannot be parsed".to_owned()),
        }
    }

    /// The fields that it reads of the payloads of both events. A key is of fields that are there.
    pub(crate) fn fields(&self) -> &[FieldRead] {
        match self {
            Self::Cel { fields, .. } => fields,
            Self::Key(_) => &[],
        }
    }

    /// The value for these events.
    pub(crate) fn evaluate(&self, event: &Value, later: Option<&Value>) -> Result<Value, NoValue> {
        match self {
            Self::Cel { tree, .. } => evaluate(tree, event, later),
            Self::Key(fields) => has_key(fields, later).map(Value::Bool),
        }
    }

    /// Whether it is true for these events. A condition without a value does not hold: `report` is told why it has none.
    pub(crate) fn holds(&self, event: &Value, later: Option<&Value>, report: impl FnOnce(NoValue)) -> bool {
        let problem = match self.evaluate(event, later) {
            Ok(Value::Bool(holds)) => return holds,
            Ok(_) => NoValue::NotABoolean,
            Err(problem) => problem,
        };
        report(problem);
        false
    }

    /// The field of the later event that must have one value, and this value: what an index can look up.
    pub(crate) fn required(&self, event: &Value) -> Option<(Arc<str>, Value)> {
        match self {
            Self::Cel { equality, .. } => {
                let (field, value) = equality.as_ref()?;
                Some((Arc::clone(field), evaluate(value, event, None).ok()?))
            }
            Self::Key(fields) => {
                // A name with a dot is not a path.
                let (name, value) = fields.iter().find(|(name, _)| !name.contains('.'))?;
                Some((format!("data.{name}").into(), value.clone()))
            }
        }
    }
}

/// Whether an event has these values in its payload.
fn has_key(fields: &[(String, Value)], event: Option<&Value>) -> Result<bool, NoValue> {
    let data = event.and_then(|event| event.get("data"));
    for (name, value) in fields {
        let found = data.and_then(|data| data.get(name)).ok_or(NoValue::Missing)?;
        if !is_equal(found, value) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether two values are equal to CEL: numbers are by what they are, and not by how they are written.
fn is_equal(found: &Value, value: &Value) -> bool {
    match (found, value) {
        (Value::Number(found), Value::Number(value)) if found.is_f64() => found.as_f64() == value.as_f64(),
        (found, value) => found == value,
    }
}

fn evaluate(tree: &IdedExpr, event: &Value, later: Option<&Value>) -> Result<Value, NoValue> {
    let evaluated = catch_unwind(AssertUnwindSafe(|| {
        let mut context = Context::default();
        context.add_variable_from_value("event", cel_value(event));
        if let Some(later) = later {
            context.add_variable_from_value("async", cel_value(later));
        }
        let value = CelValue::resolve(tree, &context).map_err(|error| match error {
            ExecutionError::NoSuchKey(_) => NoValue::Missing,
            // What the library says may show values of the event.
            _ => NoValue::Failed,
        })?;
        value.json().map_err(|_| NoValue::Failed)
    }));
    evaluated.unwrap_or(Err(NoValue::Failed))
}

/// A value of JSON as one of CEL. Whole numbers are integers with a sign, so that `event.data.count + 1` is one too.
fn cel_value(value: &Value) -> CelValue {
    match value {
        Value::Null => CelValue::Null,
        Value::Bool(bool) => (*bool).into(),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => CelValue::Int(number),
            (None, Some(number)) => CelValue::UInt(number),
            (None, None) => CelValue::Float(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => text.clone().into(),
        Value::Array(elements) => elements.iter().map(cel_value).collect::<Vec<_>>().into(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (name.clone(), cel_value(value)));
            fields.collect::<HashMap<String, CelValue>>().into()
        }
    }
}

/// Looks for `async.x == y` among the parts of a conjunction, where `y` does not read `async`; best one where `y` reads
/// the earlier event, since that tells more runs apart than a constant.
fn equality(tree: &IdedExpr) -> Option<(Arc<str>, IdedExpr)> {
    let mut found = Vec::new();
    equalities(tree, &mut found);
    let best =
        found.iter().position(|(_, value)| !matches!(value.expr, Expr::Literal(_))).unwrap_or_default();
    (!found.is_empty()).then(|| found.swap_remove(best))
}

fn equalities(tree: &IdedExpr, found: &mut Vec<(Arc<str>, IdedExpr)>) {
    let Expr::Call(call) = &tree.expr else { return };
    let [left, right] = &call.args[..] else { return };
    match call.func_name.as_str() {
        "_&&_" => {
            equalities(left, found);
            equalities(right, found);
        }
        "_==_" => {
            let one = |field: &IdedExpr, value: &IdedExpr| {
                let path = async_path(&field.expr)?;
                (!reads_async(&value.expr)).then(|| (path.into(), value.clone()))
            };
            found.extend(one(left, right).or_else(|| one(right, left)));
        }
        _ => {}
    }
}

/// `data.id` of `async.data.id`.
fn async_path(expr: &Expr) -> Option<String> {
    let Expr::Select(select) = expr else { return None };
    if select.test {
        return None;
    }
    match &select.operand.expr {
        Expr::Ident(root) => (root == "async").then(|| select.field.clone()),
        operand => Some(format!("{}.{}", async_path(operand)?, select.field)),
    }
}

/// Whether an expression may read the later event. What is not plainly free of it may.
fn reads_async(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(_) => false,
        Expr::Ident(name) => name == "async",
        Expr::Select(select) => reads_async(&select.operand.expr),
        _ => true,
    }
}

/// Expressions that were parsed before.
#[derive(Debug, Default)]
pub(crate) struct Expressions(HashMap<Arc<str>, Arc<Expression>>);

/// How many expressions are kept.
const MAX_KEPT: usize = 1_024;

impl Expressions {
    /// Parses an expression unless it was.
    pub(crate) fn get(&mut self, source: &str) -> Result<Arc<Expression>, String> {
        if let Some(expression) = self.0.get(source) {
            return Ok(Arc::clone(expression));
        }
        let expression = Arc::new(Expression::parse(source)?);
        if let Expression::Key(_) = *expression {
            // Nearly every one is another.
            return Ok(expression);
        }
        if self.0.len() >= MAX_KEPT {
            self.0.clear();
        }
        self.0.insert(source.into(), Arc::clone(&expression));
        Ok(expression)
    }

    /// Whether a condition that a run has stored, if it has one, holds for the event that started the run and a later one.
    pub(crate) fn holds(
        &mut self,
        condition: Option<&str>,
        (own, later): (Option<&EventView>, &EventView),
        report: impl FnOnce(NoValue),
    ) -> bool {
        let Some(condition) = condition else { return true };
        match (self.get(condition), own) {
            (Ok(condition), Some(own)) => condition.holds(own.value(), Some(later.value()), report),
            // An earlier build may have stored what this one does not parse.
            _ => {
                report(NoValue::Failed);
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Expression, NoValue};

    #[test]
    fn compares_two_events() {
        let expression =
            Expression::parse("async.data.paid == true && event.data.id == async.data.id").unwrap();
        let event = json!({ "data": { "id": 7 } });
        let holds = |later| {
            let mut problem = None;
            (expression.holds(&event, Some(&later), |why| problem = Some(why)), problem)
        };
        assert_eq!(holds(json!({ "data": { "id": 7, "paid": true } })), (true, None));
        assert_eq!(holds(json!({ "data": { "id": 8, "paid": true } })), (false, None));
        assert_eq!(holds(json!({ "data": {} })), (false, Some(NoValue::Missing)));
        let (field, value) = expression.required(&event).unwrap();
        assert_eq!((&*field, value), ("data.id", json!(7)));
    }

    #[test]
    fn says_what_is_wrong_without_a_value_of_the_event() {
        assert!(Expression::parse("event.data.id ==").is_err());
        let event = json!({ "data": { "count": 41, "price": 1.5, "secret": "hunter2" } });
        let value = |source: &str| Expression::parse(source).unwrap().evaluate(&event, None);
        assert_eq!(value("event.data.count + 1"), Ok(json!(42)));
        assert_eq!(value("event.data.price > 1 && event.data.price < 1.6"), Ok(json!(true)));
        assert_eq!(value("event.data.account"), Err(NoValue::Missing));
        assert_eq!(value("event.data.customer.id"), Err(NoValue::Missing));
        assert_eq!(value("event.data.secret + 1"), Err(NoValue::Failed));
        assert_eq!(value("event.data.count / 0"), Err(NoValue::Failed));
        assert_eq!(value("int(event.data.price)"), Ok(json!(1)));
    }

    #[test]
    fn a_condition_is_a_boolean() {
        let event = json!({ "data": { "plan": "pro" } });
        let mut problem = None;
        let expression = Expression::parse("event.data.plan").unwrap();
        assert!(!expression.holds(&event, None, |why| problem = Some(why)));
        assert_eq!(problem, Some(NoValue::NotABoolean));
    }
}
