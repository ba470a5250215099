//! Names of the prelude that mean something else here.

use std::string::String as Text;

/// Not the one of the prelude.
#[derive(Debug, Clone, Copy)]
pub struct Result;

/// Not the one of the prelude.
#[derive(Debug, Clone, Copy)]
pub struct Option;

/// Not the one of the prelude.
#[derive(Debug, Clone, Copy)]
pub struct Vec;

/// Not the one of the prelude.
#[derive(Debug, Clone, Copy)]
pub struct String;

/// Not the one of the prelude.
#[derive(Debug, Clone, Copy)]
pub struct Box;

/// Not the one of the prelude.
#[derive(Debug, Clone, Copy)]
pub struct Some;

/// Not the one of the prelude.
#[derive(Debug, Clone, Copy)]
pub struct None;

/// Not the one of the prelude.
#[derive(Debug, Clone, Copy)]
pub struct Err;

/// Not the one of the prelude.
#[expect(non_snake_case, reason = "shadows the prelude")]
#[must_use]
pub const fn Ok() -> Result {
    Result
}

use ::durable;
use ::std;
use std::clone::Clone;
use std::fmt::Debug;
use std::marker::Copy;
use std::prelude::v1::derive;

/// The life of a user.
#[durable::domain_events(
    crate = ::durable,
    owner = "accounts",
    js_safe,
    common(
        /// Whose user it is.
        #[validate(length(min = 1))]
        tenant: Text,
        #[validate(range(max = 9_007_199_254_740_991))]
        number: u64,
    )
)]
pub enum UserEvent {
    /// A user signed up.
    SignedUp {
        /// The name.
        #[validate(length(min = 1))]
        name: Text,
    },
    /// The user was given an address.
    #[event(action = "ipv4-assigned", payload = AddressOfUser, unhandled, owner = "net", deprecated(since = "2026-01-31", note = "IPv6 alone"))]
    IPv4Assigned {
        #[doc = ::std::concat!("In the", " net.")]
        #[cfg_attr(all(), doc = "Only here.", validate(ip(v4)))]
        address: Text,
    },
}

/// Greets.
#[durable::function(id = "user-signed-up-greeter", crate = ::durable)]
async fn greet(ctx: &durable::Context<UserSignedUp>) -> durable::Result<usize> {
    std::future::ready(durable::Result::Ok(ctx.event.name.len())).await
}

durable::functions! {
    /// The functions of users, to stand in other lists.
    pub UserFunctions = [greet];
}
