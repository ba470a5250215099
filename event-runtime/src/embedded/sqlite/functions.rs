//! Functions as the database knows them: by numbers, so that their order in the application means nothing.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use crate::engine::model::FunctionIndex;
use crate::engine::store::Result;
use crate::function::Application;

/// The numbers of the functions of the application.
#[derive(Debug, Default)]
pub(super) struct Functions {
    /// By the index: its own number, then those of functions that it was renamed from.
    numbers: Vec<Vec<i64>>,
    /// The way back.
    indexes: HashMap<i64, FunctionIndex>,
}

impl Functions {
    /// Notes the functions of the application, and hands those that were renamed to their heirs. A function that is listed
    /// under its old name again, since a deployment was taken back, has its runs back.
    pub(super) fn note(connection: &Connection, application: &Application) -> Result<Self> {
        let descriptors = || application.functions.iter().map(|function| function.descriptor);
        for descriptor in descriptors() {
            connection.execute("INSERT OR IGNORE INTO functions (id) VALUES (?1)", [descriptor.id])?;
            let sql = "UPDATE functions SET heir = NULL WHERE id = ?1 AND heir IS NOT NULL";
            connection.execute(sql, [descriptor.id])?;
            fail_point!("open-function");
        }
        for descriptor in descriptors() {
            for was in descriptor.was {
                connection.execute("INSERT OR IGNORE INTO functions (id) VALUES (?1)", [was])?;
                connection.execute(
                    "UPDATE functions SET heir = (SELECT num FROM functions WHERE id = ?1)
                     WHERE id = ?2 OR heir = (SELECT num FROM functions WHERE id = ?2)",
                    params![descriptor.id, was],
                )?;
            }
        }
        let mut functions = Self::default();
        let own = "SELECT num FROM functions WHERE id = ?1";
        let former = "SELECT num FROM functions WHERE heir = ?1 ORDER BY num";
        for (index, descriptor) in descriptors().enumerate() {
            let own: i64 = connection.query_row(own, [descriptor.id], |row| row.get(0))?;
            let mut numbers = vec![own];
            let mut statement = connection.prepare_cached(former)?;
            for number in statement.query_map([own], |row| row.get(0))? {
                numbers.push(number?);
            }
            let index = FunctionIndex::new(index);
            functions.indexes.extend(numbers.iter().map(|number| (*number, index)));
            functions.numbers.push(numbers);
        }
        Ok(functions)
    }

    /// The number that is written for a function.
    pub(super) fn number(&self, function: FunctionIndex) -> i64 {
        self.numbers(function).first().copied().unwrap_or(-1)
    }

    /// Every number under which something of a function may stand.
    pub(super) fn numbers(&self, function: FunctionIndex) -> &[i64] {
        self.numbers.get(function.get()).map_or(&[], Vec::as_slice)
    }

    /// The function with this number, if it is in the application.
    pub(super) fn index(&self, number: i64) -> Option<FunctionIndex> {
        self.indexes.get(&number).copied()
    }
}
