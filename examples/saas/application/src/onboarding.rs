//! The first days of a user.

use event_runtime::prelude::*;
use example_saas_events::{UserDeleted, UserEmailConfirmed, UserSignedUp};
use example_saas_mail::Mailer;

/// Welcomes new users.
#[derive(Debug)]
pub struct Onboarding {
    /// Sends the mails.
    pub mailer: Mailer,
}

#[controller]
impl Onboarding {
    /// The drip: a welcome, a reminder unless the address is confirmed within a day, and a tip a week later. It ends with the account.
    #[function(id = "user-signed-up-drip", name = "Onboarding mails", cancel_on(event = UserDeleted, key))]
    pub(crate) async fn drip(&self, ctx: &Context<UserSignedUp>) -> Result<bool> {
        let UserSignedUp { id, email, name } = &ctx.event;
        let mail = async |step: &str, text: String| {
            let key = format!("{id}-{step}");
            ctx.step.run(step, async || Ok(self.mailer.send(&*key, email, &text)?)).await
        };
        mail("welcome", format!("Welcome, {name}!")).await?;
        let confirmed = ctx.step.wait_for_event::<UserEmailConfirmed>("confirmed").by_key(ctx.event.key());
        let confirmed = confirmed.timeout(Duration::from_hours(24)).await?.is_some();
        if !confirmed {
            mail("remind", "Please confirm your address.".into()).await?;
        }
        ctx.step.sleep("week", Duration::from_hours(7 * 24)).await?;
        mail("tip", "Did you know that you can import contacts?".into()).await?;
        Ok(confirmed)
    }

    /// Tells the sales team, ten times a minute at most: the second function of one event.
    #[function(
        id = "user-signed-up-sales",
        name = "Tell the sales team",
        throttle(limit = 10, period = "1m")
    )]
    pub(crate) async fn tell_sales(&self, ctx: &Context<UserSignedUp>) -> Result<()> {
        let UserSignedUp { id, email, .. } = &ctx.event;
        let (key, text) = (format!("{id}-sales"), format!("{} signed up", **email));
        let body = async || Ok(self.mailer.send(&*key, "sales@example.org", &text)?);
        Ok(ctx.step.run("tell", body).await?)
    }
}
