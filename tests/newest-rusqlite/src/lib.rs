//! The embedded engine with the newest `rusqlite`.

#[cfg(test)]
mod tests {
    use event_runtime::prelude::*;

    /// The life of an order.
    #[domain_events]
    pub enum OrderEvent {
        /// An order was placed.
        Placed { id: u64 },
    }

    /// Counts.
    #[function(id = "order-placed-count")]
    async fn count(ctx: &Context<OrderPlaced>) -> Result<u64> {
        Ok(ctx.step.run("count", async || Ok(ctx.event.id)).await?)
    }

    registry! { pub AppEvents = [OrderEvent]; }
    functions! { pub AppFunctions in AppEvents = [count]; }

    #[tokio::test]
    async fn the_engine_runs() -> Result<()> {
        let file = std::env::temp_dir().join(format!("newest-rusqlite-{}.db", std::process::id()));
        let app = App::<AppFunctions>::builder("shop").build()?;
        let engine = app.embedded(&file).start().await?;
        engine.client().send(OrderPlaced { id: 7 }).await?;
        engine.wait_idle().await?;
        engine.shutdown().await;
        let database = rusqlite::Connection::open(&file)?;
        let ended: i64 = database.query_row("select count(*) from runs", [], |row| row.get(0))?;
        assert_eq!(ended, 1);
        drop(database);
        std::fs::remove_file(&file)?;
        Ok(())
    }
}
