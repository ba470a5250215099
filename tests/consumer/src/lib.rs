//! Uses every macro without the prelude, with the dependency renamed, with names of the prelude shadowed, and with every
//! lint denied.
#![deny(warnings)]
#![no_implicit_prelude]

extern crate durable;
extern crate serde_json;
extern crate std;
extern crate uuid;

pub mod local;
pub mod shadowed;
pub mod shapes;

use std::clone::Clone;
use std::string::String;
use std::vec::Vec;

use uuid::Uuid;

/// A line of an order.
#[durable::payload(crate = ::durable)]
pub struct Line {
    /// What is ordered.
    #[validate(pattern("^[A-Z]{3}-[0-9]+$"))]
    pub product: String,
    /// How many.
    #[validate(range(min = 1, max = 99))]
    pub quantity: u8,
}

/// The life of an order.
#[durable::domain_events(crate = ::durable)]
#[derive(PartialEq, Eq)]
pub enum OrderEvent {
    /// An order was placed.
    Placed {
        /// Which order.
        id: Uuid,
        /// Raw identifiers keep their name in JSON.
        r#type: String,
        /// At least one.
        #[validate(length(min = 1))]
        lines: Vec<OrderLine>,
        /// Only in tests.
        #[cfg(test)]
        seed: u64,
        #[serde(rename = "couponCode", default, skip_serializing_if = "std::option::Option::is_none")]
        #[validate(length(min = 3))]
        coupon: std::option::Option<String>,
    },
    /// An order was shipped.
    Shipped {
        /// Which order.
        id: Uuid,
    },
    /// The shop was closed for the day.
    Closed,
    /// Nobody sees this one outside tests.
    #[cfg(test)]
    Tested {
        /// Which order.
        id: Uuid,
    },
}

/// A line that can be compared.
pub type OrderLine = Comparable;

/// A nested type with its own serde and JSON Schema implementations.
#[durable::payload(crate = ::durable)]
#[derive(PartialEq, Eq)]
pub struct Comparable {
    /// What is ordered.
    #[validate(length(equal = 5))]
    pub product: String,
}

/// Reserves what was ordered.
///
/// # Errors
///
/// When the event cannot be sent.
#[durable::function(id = "order-placed-reservation", emits(OrderShipped), crate = ::durable)]
pub async fn reserve(ctx: &durable::Context<OrderPlaced>) -> durable::Result<usize> {
    std::mem::drop(ctx.step.send("ship", OrderShipped { id: ctx.event.id }).await?);
    durable::Result::Ok(ctx.event.lines.len())
}

/// Packs and ships.
#[derive(Debug)]
pub struct Warehouse {
    /// Where it is.
    pub city: String,
}

#[durable::controller(crate = ::durable)]
impl Warehouse {
    /// Tells the city.
    #[durable::function(id = "order-shipped-city-teller", name = "Tell the city")]
    async fn tell(&self, _ctx: &durable::Context<OrderShipped>) -> durable::Result<String> {
        std::future::ready(durable::Result::Ok(Clone::clone(&self.city))).await
    }

    /// Looks at every event of the domain.
    #[durable::function(id = "order-audit", retries = 0)]
    pub(crate) async fn audit(&self, ctx: &durable::Context<OrderEvent>) -> durable::Result<&'static str> {
        let seen = match &ctx.event {
            OrderEvent::Placed(_) => OrderEvent::PLACED,
            OrderEvent::Shipped(_) => OrderEvent::SHIPPED,
            OrderEvent::Closed(_) => OrderEvent::CLOSED,
            #[cfg(test)]
            OrderEvent::Tested(_) => OrderEvent::TESTED,
        };
        std::future::ready(durable::Result::Ok(seen)).await
    }
}

/// Sends events without knowing the application that it is part of.
#[derive(Debug)]
pub struct Shop {
    events: durable::Client<ShopEvents>,
}

impl Shop {
    /// Sends with this client.
    #[must_use]
    pub const fn new(events: durable::Client<ShopEvents>) -> Self {
        Self { events }
    }

    /// Closes for the day.
    ///
    /// # Errors
    ///
    /// When the events cannot be sent.
    pub async fn close(&self, order: Uuid) -> std::result::Result<usize, durable::SendError> {
        let receipts = self.events.send_all((OrderShipped { id: order }, OrderClosed)).await?;
        std::result::Result::Ok(receipts.len())
    }
}

durable::registry! {
    /// Every event of the shop.
    pub ShopEvents = [OrderEvent, shadowed::UserEvent];
}

durable::functions! {
    /// Every function of the shop.
    pub ShopFunctions in ShopEvents = [reserve, Warehouse, shadowed::UserFunctions];
}

#[cfg(test)]
mod tests {
    use ::durable;
    use ::serde_json;
    use ::std;
    use std::option::Option::{None, Some};
    use std::{assert, assert_eq};

    use durable::{App, Event, FunctionList, Payload, Registry};

    use std::convert::From;
    use std::iter::Iterator;
    use std::string::String;
    use std::vec::Vec;

    use super::{OrderClosed, OrderPlaced, ShopEvents, ShopFunctions, Warehouse};

    #[test]
    fn parses_raw_identifiers_renamed_and_conditional_fields() {
        let json = br#"{ "id": "67e55044-10b1-426f-9247-bb680e5fe0c8", "type": "gift", "seed": 7,
                         "lines": [{ "product": "ABC-1" }], "couponCode": "SPRING" }"#;
        let placed = OrderPlaced::parse(json).unwrap();
        assert_eq!((&*placed.r#type, placed.seed, placed.coupon.as_deref()), ("gift", 7, Some("SPRING")));
        let written = serde_json::to_value(&placed).unwrap();
        assert_eq!(written["couponCode"], "SPRING");
        assert_eq!(OrderPlaced::schema().to_value()["properties"]["couponCode"]["minLength"], 3);
    }

    #[test]
    fn names_renamed_fields_in_issues() {
        let issues = OrderPlaced::parse(br#"{ "type": 1, "lines": [{ "product": "" }], "couponCode": "" }"#)
            .unwrap_err();
        let paths: Vec<_> = issues.iter().map(|issue| &*issue.path).collect();
        assert_eq!(paths, ["id", "type", "lines[0].product", "seed", "couponCode"]);
    }

    #[test]
    fn writes_a_unit_variant_as_an_empty_object() {
        assert_eq!(serde_json::to_string(&OrderClosed).unwrap(), "{}");
        let closed = OrderClosed::parse(b"{}");
        assert!(closed.is_ok());
    }

    #[test]
    fn registers_every_event_and_function() {
        let names: Vec<_> = ShopEvents::events().map(|event| event.name).collect();
        assert_eq!(
            names,
            [
                "order/placed",
                "order/shipped",
                "order/closed",
                "order/tested",
                "user/signed-up",
                "user/ipv4-assigned"
            ]
        );
        assert!(ShopEvents::find("order/lost").is_none());
        let ids: Vec<_> = ShopFunctions::descriptors().iter().map(|function| function.id).collect();
        assert_eq!(
            ids,
            [
                "order-placed-reservation",
                "order-shipped-city-teller",
                "order-audit",
                "user-signed-up-greeter"
            ]
        );
        let app = App::<ShopFunctions>::builder("shop")
            .provide(Warehouse { city: String::from("Ulm") })
            .build()
            .unwrap();
        assert_eq!(app.functions().count(), 4);
        assert_eq!(super::local::functions(), 2);
        assert_eq!(None::<()>, None);
    }
}
