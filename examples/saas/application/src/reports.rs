//! Reports.

use std::collections::BTreeSet;

use event_runtime::prelude::*;
use example_saas_mail::Mailer;

use crate::Index;

/// Writes reports.
#[derive(Debug)]
pub struct Reports {
    /// What is reported on.
    pub index: Index,
    /// Sends them.
    pub mailer: Mailer,
}

#[controller]
impl Reports {
    /// Mails the number of contacts to the team, every night.
    #[function(id = "nightly-report", name = "Nightly report", cron = "TZ=Europe/Paris 0 3 * * *")]
    pub(crate) async fn report(&self, ctx: &Context<Cron>) -> Result<usize> {
        let count = async || Ok(self.index.accounts().values().map(BTreeSet::len).sum());
        let contacts: usize = ctx.step.run("count", count).await?;
        let (key, text) = (format!("report-{}", ctx.meta.event_id), format!("{contacts} contacts"));
        ctx.step.run("mail", async || Ok(self.mailer.send(&*key, "team@example.org", &text)?)).await?;
        Ok(contacts)
    }
}
