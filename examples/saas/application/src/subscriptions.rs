//! Subscriptions: a service that both HTTP handlers and functions use.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use event_runtime::prelude::*;
use event_runtime::{Receipt, SendError};
use example_saas_events::{SaasEvents, SubscriptionCancelled, SubscriptionStarted, UserDeleted};

use crate::Index;

/// Starts and cancels subscriptions.
#[derive(Debug)]
pub struct Subscriptions {
    events: Client<SaasEvents>,
    /// The subscriptions of each user. A real service would have a table.
    of_users: Mutex<BTreeMap<Uuid, Vec<Uuid>>>,
}

impl Subscriptions {
    /// A service that publishes its events by this client.
    pub fn new(events: Client<SaasEvents>) -> Self {
        Self { events, of_users: Mutex::default() }
    }

    /// Starts a subscription. One that is started twice is the same event.
    ///
    /// # Errors
    ///
    /// The event is not valid, or the host does not take it.
    pub async fn start(&self, subscription: SubscriptionStarted) -> Result<Receipt, SendError> {
        let SubscriptionStarted { id, user, .. } = subscription;
        let receipt = self.events.send(subscription.with_id(format!("subscription-{id}"))).await?;
        let mut of_users = self.of_users.lock().unwrap_or_else(PoisonError::into_inner);
        let subscriptions = of_users.entry(user).or_default();
        if !subscriptions.contains(&id) {
            subscriptions.push(id);
        }
        Ok(receipt)
    }

    /// Cancels a subscription.
    ///
    /// # Errors
    ///
    /// The host does not take the event.
    pub async fn cancel(&self, id: Uuid) -> Result<Receipt, SendError> {
        self.events.send(SubscriptionCancelled { id }.with_id(format!("cancelled-{id}"))).await
    }

    /// Cancels every subscription of a user, and returns how many there were.
    ///
    /// # Errors
    ///
    /// The host does not take an event.
    pub async fn cancel_all_of(&self, user: Uuid) -> Result<usize, SendError> {
        let subscriptions = self.of_users.lock().unwrap_or_else(PoisonError::into_inner).get(&user).cloned();
        let subscriptions = subscriptions.unwrap_or_default();
        for id in &subscriptions {
            self.cancel(*id).await?;
        }
        Ok(subscriptions.len())
    }
}

/// Looks after users who leave.
#[derive(Debug)]
pub struct Users {
    /// Their subscriptions.
    pub subscriptions: Arc<Subscriptions>,
    /// Their contacts.
    pub index: Index,
}

#[controller]
impl Users {
    /// Cancels what a user has subscribed to, and forgets the contacts.
    #[function(id = "user-deleted-erasure", name = "Erase a user")]
    pub(crate) async fn erase(&self, ctx: &Context<UserDeleted>) -> Result<usize> {
        let id = ctx.event.id;
        // Both at once.
        let cancelled = ctx.step.run("cancel", async || Ok(self.subscriptions.cancel_all_of(id).await?));
        let forgotten = ctx.step.run("forget", async || Ok(self.index.forget(id)?));
        let cancelled = cancelled.await?;
        forgotten.await?;
        Ok(cancelled)
    }
}
