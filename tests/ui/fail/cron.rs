//! Times at which a function never starts, or that nobody understands.

use event_runtime::prelude::*;

/// Each expression has one mistake.
#[function(
    id = "late-report",
    cron(
        "61 * * * *",
        "0 9 * * monday",
        "0 0 30 2 *",
        "0 0 31 4,6,9,11 *",
        "0 9 * * fri-sun",
        "0 0 L * *",
        "TZ=Europe/Pariss 0 9 * * *",
        "TZ=europe/paris 0 9 * * *",
        "TZ=Middle-earth/Shire 0 9 * * *",
        "0 9 * * * Europe/Paris",
        "30 0 9 * * *",
        "@dayly",
        "@every 5m",
        "",
    )
)]
async fn late(ctx: &Context<Cron>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

/// Both start it on Sundays at nine.
#[function(id = "sunday-report", cron("0 9 * * 0", "0 9 * * 7"))]
async fn twice(ctx: &Context<Cron>) -> Result<()> {
    let _ = ctx;
    Ok(())
}

fn main() {}
