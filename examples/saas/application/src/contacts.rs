//! Contacts: imports, and the index in which they are found.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use event_runtime::prelude::*;
use example_saas_events::{ContactChanged, ContactImported, ContactListUploaded};

/// The addresses of the contacts of each account. A real one would be a search engine.
#[derive(Debug, Clone, Default)]
pub struct Index {
    accounts: Arc<Mutex<BTreeMap<Uuid, BTreeSet<String>>>>,
}

impl Index {
    /// Adds addresses to an account.
    ///
    /// # Errors
    ///
    /// Never here; a search engine may not be reached.
    pub fn add<'a>(&self, account: Uuid, addresses: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.entry(account).or_default().extend(addresses.into_iter().map(str::to_owned));
        Ok(())
    }

    /// Removes an account.
    ///
    /// # Errors
    ///
    /// Never here; a search engine may not be reached.
    pub fn forget(&self, account: Uuid) -> io::Result<()> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).remove(&account);
        Ok(())
    }

    /// Returns the addresses of each account.
    pub fn accounts(&self) -> BTreeMap<Uuid, BTreeSet<String>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Imports contacts, and keeps the index.
#[derive(Debug)]
pub struct Contacts {
    /// Where contacts are found.
    pub index: Index,
}

#[controller]
impl Contacts {
    /// Fans a list out into an event for each contact, a hundred at a time.
    #[function(id = "contact-list-uploaded-import", name = "Import a list", emits(ContactImported))]
    pub(crate) async fn import(&self, ctx: &Context<ContactListUploaded>) -> Result<usize> {
        let ContactListUploaded { account, rows, .. } = &ctx.event;
        for rows in rows.chunks(100) {
            let imported =
                rows.iter().map(|contact| ContactImported { account: *account, contact: contact.clone() });
            ctx.step.send_all("contacts", imported).await?;
        }
        Ok(rows.len())
    }

    /// Indexes imported contacts in batches of one account: a hundred, or what has come within five seconds.
    #[function(
        id = "contact-imported-index",
        name = "Index imported contacts",
        batch(max_size = 100, timeout = "5s", key = "event.data.account")
    )]
    pub(crate) async fn index_batch(&self, ctx: &Context<Batch<ContactImported>>) -> Result<usize> {
        let account = ctx.event[0].account;
        let addresses = ctx.event.iter().map(|imported| &**imported.contact.email);
        ctx.step.run("index", async || Ok(self.index.add(account, addresses.clone())?)).await?;
        Ok(ctx.event.len())
    }

    /// Indexes a contact that was changed, once its account has been quiet for ten seconds.
    #[function(
        id = "contact-changed-index",
        name = "Index a changed contact",
        debounce(period = "10s", timeout = "1m", key = "event.data.account + event.data.contact.email")
    )]
    pub(crate) async fn reindex(&self, ctx: &Context<ContactChanged>) -> Result<()> {
        let ContactChanged { account, contact } = &ctx.event;
        let body = async || Ok(self.index.add(*account, [&**contact.email])?);
        Ok(ctx.step.run("index", body).await?)
    }
}
