//! Uses `sqlx` with SQLite, its macros and its migrations, beside the embedded engine: one SQLite is linked, for both.

/// A row that a macro of `sqlx` reads.
#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    /// Whose account.
    pub owner: String,
    /// What is on it.
    pub cents: i64,
}

#[cfg(test)]
mod tests {
    use event_runtime::prelude::*;
    use sqlx::SqlitePool;

    use super::Account;

    /// The life of an account.
    #[domain_events]
    pub(crate) enum AccountEvent {
        /// An account was opened.
        Opened { owner: String },
    }

    /// Opens accounts, in the database of the user.
    pub(crate) struct Bank {
        pool: SqlitePool,
    }

    #[controller]
    impl Bank {
        /// Opens an account.
        #[function(id = "account-opened-book")]
        async fn open(&self, ctx: &Context<AccountOpened>) -> Result<i64> {
            let insert = async || {
                let insert =
                    sqlx::query("insert into account (owner, cents) values (?, 100) on conflict do nothing");
                insert.bind(&ctx.event.owner).execute(&self.pool).await?;
                Ok(100)
            };
            Ok(ctx.step.run("insert", insert).await?)
        }
    }

    registry! { pub AppEvents = [AccountEvent]; }
    functions! { pub AppFunctions in AppEvents = [Bank]; }

    #[tokio::test]
    async fn an_engine_and_sqlx_use_one_sqlite() -> Result<()> {
        let pool =
            sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
        sqlx::migrate!("./migrations").run(&pool).await?;
        let app = App::<AppFunctions>::builder("bank").provide(Bank { pool: pool.clone() }).build()?;
        let engine = app.embedded(":memory:").start().await?;
        engine.client().send(AccountOpened { owner: "ada".into() }).await?;
        engine.wait_idle().await?;
        let account: Account = sqlx::query_as("select * from account").fetch_one(&pool).await?;
        assert_eq!(account, Account { owner: "ada".into(), cents: 100 });
        engine.shutdown().await;
        Ok(())
    }
}
